"""One file to one fragment, or to every fault it has, whatever is in it: with the parsers of others for front matter and YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontmatter.default_handlers import YAMLHandler

from relbot.fragment.file import LARGEST
from relbot.fragment.keys import fragment_keys
from relbot.fragment.model import Compat, Fragment, NotesAudience
from relbot.fragment.prose import EXAMPLE, check_conflict_markers, read_prose
from relbot.schema import lazy_re as re
from relbot.schema.describe import describe_node
from relbot.schema.faults import Faults
from relbot.schema.kinds import INVALID, Key, read_keys
from relbot.schema.named_tuples import NamedTuple
from relbot.schema.nodes import MappingNode, Node
from relbot.schema.yaml_nodes import NodeLoader, parse_yaml

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.fragment.file import FragmentFile
    from relbot.fragment.location import Location
    from relbot.fragment.prose import FragmentProse

_DOTS = re.compile(r"---[ \t]*\n(?:(?!---[ \t]*$).*\n)*?(?=\.\.\.[ \t]*$)", re.MULTILINE)
"""A front matter up to the line of three dots by which YAML, and some other tools, would end it."""
_FOLDED = re.compile("\x85|^\ufeff", re.MULTILINE)
"""What libyaml takes for the end of a line, or leaves out, and other readers do not."""
_COMMENT_AS_VALUE = re.compile(r"[ \t]*(?:-[ \t]+)?(\w+):[ \t]+#[ \t]*([^\s,]+)")
"""A line on which only a comment stands where the value of a key is expected."""
_HANDLER = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))


class YamlParser:
    """Parses the fragments of a project with these types and components."""

    def __init__(self, types: tuple[str, ...], components: tuple[str, ...], hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self._keys: dict[str, Key] = {key.name: key for key in fragment_keys(types, components)}

    def parse(self, source: FragmentFile, location: Location) -> Fragment | list[Finding]:
        """What `relbot.fragment.parse.Parser.parse` gives."""
        faults = Faults(source.path, first_line=2)
        text = _decode_content(source, faults)
        if text is None:
            return faults.findings
        check_conflict_markers(text, 1, faults)
        if faults.findings:
            return faults.findings  # what is between the lines of a conflict are two texts and no text
        split = _split_front_matter(text, faults)
        if split is None:
            return faults.findings
        front_matter, body, body_line = split
        prose = read_prose(body, body_line, faults)
        values = self._front_matter(front_matter, faults)
        if values is not None and values.of["type"] in self._hidden:  # of which nothing is shown
            faults.findings[:] = [finding for finding in faults.findings if finding.rule != "empty-body"]
        if values is not None:
            _check_fragment(values, prose, location, faults)
        if faults.findings or values is None:
            return faults.findings
        return _make_fragment(values.of, prose, location)

    def _front_matter(self, text: str, faults: Faults) -> _Values | None:
        before = len(faults.findings)
        if hidden := _FOLDED.search(text):
            line, column = 2 + text.count("\n", 0, hidden.start()), hidden.start() - text.rfind("\n", 0, hidden.start())
            message = f"The front matter has a control character (U+{ord(hidden[0]):04X})."
            faults.on_line(line, "control-character", message, "Remove it.", column=column)
        node = parse_yaml(text, faults, lambda yaml: _HANDLER.load(yaml, Loader=NodeLoader))
        if node is None and len(faults.findings) > before:
            return None
        if not isinstance(node, MappingNode):
            found = "empty" if node is None else describe_node(node)
            tip = "Allowed: one `key: value` a line."
            faults.on_line(2, "front-matter-shape", f"The front matter is {found}.", tip, EXAMPLE)
            return None
        values = read_keys(node, self._keys, faults)
        lines = text.split("\n")
        faults.findings[:] = [_about_comment(finding, lines) for finding in faults.findings]
        return _Values(node, values)


def _about_comment(finding: Finding, lines: list[str]) -> Finding:
    """The finding, with the reason if the value that it is about is not there because `#` begins a comment."""
    line = (finding.place.line or 0) - 2
    hidden = _COMMENT_AS_VALUE.match(lines[line]) if finding.rule == "wrong-type" and 0 <= line < len(lines) else None
    if hidden is None:
        return finding
    tip = f"`#` begins a comment in YAML. Write `{hidden[2]}` alone, or put it into quotes."
    return finding._replace(tip=tip, example=f"{hidden[1]}: [{hidden[2]}]")


class _Values(NamedTuple):
    """The values of a front matter and the nodes they came from."""

    root: MappingNode
    of: dict[str, Any]

    def node(self, key: str) -> Node:
        return next((value for name, value in self.root.value if name.value == key), self.root)


def _decode_content(source: FragmentFile, faults: Faults) -> str | None:
    if source.problem:
        faults.on_line(None, "file-kind", source.problem, "Allowed: a regular file.")
        return None
    if len(source.content) > LARGEST:
        message = f"The fragment has {len(source.content)} bytes."
        faults.on_line(None, "file-size", message, f"Allowed: {LARGEST} bytes. Link to what is longer.")
        return None
    content = source.content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"This line is not UTF-8: byte 0x{content[error.start]:02X}."
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8")) + 1
        faults.on_line(line, "file-encoding", message, "Save the file as UTF-8.", column=column)
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _split_front_matter(text: str, faults: Faults) -> tuple[str, str, int] | None:
    """Front matter, body, and the line on which the body begins, from 1."""
    if not _HANDLER.detect(text):
        tip = "The first line is `---`; then come the keys; then `---` again."
        faults.on_line(1, "front-matter-missing", "There is no front matter.", tip, EXAMPLE)
        return None
    if dots := _DOTS.match(text):
        line = dots.group().count("\n") + 1
        faults.on_line(line, "front-matter-unclosed", "`...` does not end a front matter.", "Write `---` instead.", EXAMPLE)
        return None
    try:
        front_matter, body = _HANDLER.split(text)
    except ValueError:
        tip = "Put a line with `---` below the last key."
        faults.on_line(1, "front-matter-unclosed", "The front matter is not closed.", tip, EXAMPLE)
        return None
    return front_matter.removeprefix("\n"), body, front_matter.count("\n") + 1


def _check_fragment(values: _Values, body: FragmentProse, location: Location, faults: Faults) -> None:
    """What the keys and the text say together."""
    of = values.of
    waived = of["migration"] is False
    noted = "Migration" in body.sections
    if waived and not of["reason"]:
        tip = "Say in `reason:` why no action is needed. It is reviewed like code."
        faults.at(
            values.node("migration"),
            "reason-missing",
            "`migration: false` has no reason.",
            tip,
            "reason: The file is only used in tests.",
        )
    if waived and (noted or of["deploy"]):
        what = "`## Migration`" if noted else "`deploy`"
        tip = "Write `migration: true`, or remove the instructions."
        faults.at(
            values.node("migration"),
            "migration-contradicted",
            f"`migration: false`, but there is {what}.",
            tip,
            "migration: true",
        )
    if of["breaking"] is True and not noted and not waived:
        tip = "Say below `## Migration` what to do, or write `migration: false` and a `reason:`."
        faults.at(
            values.node("breaking"), "migration-missing", "A breaking change needs `## Migration`.", tip, "## Migration\n\nRun …"
        )
    elif of["migration"] is True and not noted and not of["deploy"]:
        tip = "Say below `## Migration` what to do, or list steps below `deploy:`."
        faults.at(
            values.node("migration"),
            "migration-missing",
            "`migration: true`, but nothing says what to do.",
            tip,
            "## Migration\n\nRun …",
        )
    if of["compat"] not in (None, INVALID) and of["breaking"] is False:
        message = "`compat` needs a breaking change, and this change is not breaking."
        faults.at(
            values.node("compat"),
            "compat-without-breaking",
            message,
            "Write `breaking: true`, or remove `compat`.",
            "breaking: true",
        )
    if of["component"] and of["component"] is not INVALID and location.folder.component not in (None, *of["component"]):
        message = f"This folder is of `{location.folder.component}`, the fragment says `{', '.join(of['component'])}`."
        faults.at(values.node("component"), "misplaced-fragment", message, "Move the file, or correct `component`.")
    if of["needs"] is not INVALID and location.identity in of["needs"]:
        faults.at(
            values.node("needs"), "needs-cycle", "A fragment cannot need itself.", f"Remove `{location.identity}` from `needs`."
        )


def _make_fragment(of: dict[str, Any], body: FragmentProse, location: Location) -> Fragment:
    note = body.sections.get("Migration", "")
    home = location.folder.component
    components = tuple(dict.fromkeys(of["component"])) or ((home,) if home else ())
    return Fragment(
        identity=location.identity,
        path=location.path,
        type=of["type"],
        text=body.text,
        breaking=of["breaking"],
        migration=bool(of["migration"] or note or of["deploy"]),
        waived=of["migration"] is False,
        reason=of["reason"],
        issues=of["issues"],
        prs=of["prs"],
        authors=of["authors"],
        component=components[0] if components else None,
        other_components=components[1:],
        compat=Compat(of["compat"]) if of["compat"] else None,
        steps=of["deploy"],
        needs=of["needs"],
        hold=of["hold"],
        migration_note=note,
        compatibility_note=body.sections.get("Compatibility", ""),
        version=location.version,
        was=of["was"],
        audience=NotesAudience(of["audience"]),
        operators_note=body.sections.get("For operators", ""),
    )
