"""One file to one fragment, or to every fault it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from frontmatter.default_handlers import YAMLHandler

from relbot.fragment.body import SECTIONS, headings, sections
from relbot.fragment.keys import fragment_keys
from relbot.fragment.model import Compat, Fragment
from relbot.fragment.plain import plain_values
from relbot.fragment.quick import quick_fragment
from relbot.schema.faults import Faults, nearest
from relbot.schema.kinds import INVALID, Key, describe, read_keys
from relbot.schema.nodes import MappingNode, Node, NodeLoader, read_yaml

if TYPE_CHECKING:
    from relbot.finding import Finding
    from relbot.fragment.body import Heading
    from relbot.fragment.location import Location

LARGEST = 1_000_000
"""Bytes of a fragment. Somebody has to read it."""
_HANDLER = YAMLHandler(fm_boundary=re.compile(r"^---[ \t]*$", re.MULTILINE))
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_EXAMPLE = "---\ntype: fixed\n---\n\nThe login page no longer forgets who you are."


class Source(NamedTuple):
    """A file as it was found: its bytes, or why it has none (`problem`, a sentence)."""

    path: str
    content: bytes
    problem: str = ""


class Parser:
    """Parses the fragments of a project with these types and components."""

    def __init__(self, types: tuple[str, ...], components: tuple[str, ...]) -> None:
        keys = fragment_keys(types, components)
        self._keys: dict[str, Key] = {key.name: key for key in keys}
        self._defaults = {key.name: key.default for key in keys}
        surprises = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
        self._words = {"type": frozenset(types).difference(surprises), "component": frozenset(components).difference(surprises)}

    def parse(self, source: Source, location: Location) -> Fragment | list[Finding]:
        """The fragment in `source`, or its faults, in no particular order.

        The text may begin with a byte order mark and have lines that end in CR LF.
        """
        if len(source.content) <= LARGEST and (quick := quick_fragment(source.content, location, self._words)):
            return quick
        faults = Faults(source.path, first_line=2)
        text = _decoded(source, faults)
        if text is None:
            return faults.findings
        split = _split(text, faults)
        if split is None:
            return faults.findings
        front_matter, body, body_line = split
        parts = _body(body, body_line, faults)
        plain = plain_values(front_matter, self._words, self._defaults)
        if plain is not None and not faults.findings and _agree(plain, parts, location):
            return _fragment(plain, parts, location)
        values = self._front_matter(front_matter, faults)
        if values is not None:
            _judge(values, parts, location, faults)
        if faults.findings or values is None:
            return faults.findings
        return _fragment(values.of, parts, location)

    def _front_matter(self, text: str, faults: Faults) -> _Values | None:
        node = read_yaml(text, faults, lambda yaml: _HANDLER.load(yaml, Loader=NodeLoader))
        if node is None and faults.findings:
            return None
        if not isinstance(node, MappingNode):
            found = "empty" if node is None else describe(node)
            tip = "Allowed: one `key: value` a line."
            faults.on_line(2, "front-matter-shape", f"The front matter is {found}.", tip, _EXAMPLE)
            return None
        return _Values(node, read_keys(node, self._keys, faults))


class _Values(NamedTuple):
    """The values of a front matter and the nodes they came from."""

    root: MappingNode
    of: dict[str, Any]

    def node(self, key: str) -> Node:
        return next((value for name, value in self.root.value if name.value == key), self.root)


class _Body(NamedTuple):
    text: str
    sections: dict[str, str]


def _decoded(source: Source, faults: Faults) -> str | None:
    if source.problem:
        faults.on_line(None, "file-kind", source.problem, "Allowed: a regular file.")
        return None
    if len(source.content) > LARGEST:
        message = f"The fragment has {len(source.content)} bytes."
        faults.on_line(None, "file-size", message, f"Allowed: {LARGEST} bytes. Link to what is longer.")
        return None
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.content.count(b"\n", 0, error.start) + 1
        message = f"This line is not UTF-8: byte 0x{source.content[error.start]:02X}."
        faults.on_line(line, "file-encoding", message, "Save the file as UTF-8.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _split(text: str, faults: Faults) -> tuple[str, str, int] | None:
    """Front matter, body, and the line on which the body begins, from 1."""
    if not _HANDLER.detect(text):
        tip = "The first line is `---`; then come the keys; then `---` again."
        faults.on_line(1, "front-matter-missing", "There is no front matter.", tip, _EXAMPLE)
        return None
    try:
        front_matter, body = _HANDLER.split(text)
    except ValueError:
        tip = "Put `---` on a line of its own below the last key."
        faults.on_line(1, "front-matter-unclosed", "The front matter has no end.", tip, _EXAMPLE)
        return None
    return front_matter.removeprefix("\n"), body, front_matter.count("\n") + 1


def _body(body: str, first_line: int, faults: Faults) -> _Body:
    if control := _CONTROL.search(body):
        line = first_line + body.count("\n", 0, control.start())
        message = f"The text has a control character (U+{ord(control.group()):04X})."
        faults.on_line(line, "control-character", message, "Remove it.")
    found = headings(body)
    parts = sections(body, found)
    for heading in found:
        _judge_heading(heading, first_line, faults)
    by_title: dict[str, str] = {}
    for part in parts[1:]:
        title = part.title.capitalize()
        if title not in SECTIONS:
            continue
        if title in by_title:
            message = f"`## {title}` is there twice."
            faults.on_line(first_line + part.line, "duplicate-section", message, "Make one section of the two.")
        elif not part.text.strip():
            tip = "Say what to do, or remove the heading."
            faults.on_line(first_line + part.line, "empty-section", f"`## {title}` is empty.", tip)
        by_title[title] = part.text
    if not parts[0].text.strip() and all(part.title.capitalize() in SECTIONS for part in parts[1:]):
        tip = "Say in a sentence what changes for whoever uses this."
        faults.on_line(first_line, "empty-body", "There is no text.", tip, _EXAMPLE)
    return _Body(parts[0].text, by_title)


def _judge_heading(heading: Heading, first_line: int, faults: Faults) -> None:
    if heading.level > 2 or (heading.level == 2 and heading.text.capitalize() in SECTIONS):
        return
    line = first_line + heading.line
    allowed = "Allowed: `## Migration`, `## Compatibility`, and headings from `###` on."
    if heading.lines > 1:
        underline = "-" if heading.level == 2 else "="
        message = f"The line of `{underline}` below `{heading.text[:60]}` makes it a heading of level {heading.level}."
        tip = f"Leave an empty line above it, or write `### `. {allowed}"
        faults.on_line(line + heading.lines - 1, "heading-level", message, tip, f"### {heading.text[:60]}")
        return
    near = nearest(heading.text, SECTIONS) if heading.level == 2 else None
    message = f"`{'#' * heading.level} {heading.text[:60]}` would break the notes: that level is theirs."
    tip = f"Did you mean `## {near}`? {allowed}" if near else allowed
    faults.on_line(line, "heading-level", message, tip, f"## {near}" if near else f"### {heading.text[:60]}")


def _agree(of: dict[str, Any], body: _Body, location: Location) -> bool:
    """Whether plain keys and the text leave nothing for `_judge` to report; it looks closer where they may."""
    noted = "Migration" in body.sections
    needed = of["breaking"] or of["migration"]
    at_home = of["component"] is None or location.folder.component in (None, of["component"])
    return at_home and of["migration"] is not False and (noted or not needed)


def _judge(values: _Values, body: _Body, location: Location, faults: Faults) -> None:
    """What the keys and the text say together."""
    of = values.of
    waived = of["migration"] is False
    noted = "Migration" in body.sections
    if waived and not of["reason"]:
        tip = "Say in `reason:` why nobody has to act; it is reviewed like code."
        faults.at(
            values.node("migration"),
            "reason-missing",
            "`migration: false` has no reason.",
            tip,
            "reason: The file is only used in tests.",
        )
    if waived and (noted or of["deploy"]):
        what = "`## Migration`" if noted else "`deploy`"
        tip = "Write `migration: true`, or remove the other."
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
        message = "`compat` is about a breaking change, and this is none."
        faults.at(
            values.node("compat"),
            "compat-without-breaking",
            message,
            "Write `breaking: true`, or remove `compat`.",
            "breaking: true",
        )
    if of["component"] not in (None, INVALID) and location.folder.component not in (None, of["component"]):
        message = f"This folder is of `{location.folder.component}`, the fragment says `{of['component']}`."
        faults.at(values.node("component"), "misplaced-fragment", message, "Move the file, or correct `component`.")
    if of["needs"] is not INVALID and location.identity in of["needs"]:
        faults.at(
            values.node("needs"), "needs-cycle", "A fragment cannot need itself.", f"Remove `{location.identity}` from `needs`."
        )


def _fragment(of: dict[str, Any], body: _Body, location: Location) -> Fragment:
    note = body.sections.get("Migration", "")
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
        component=of["component"] or location.folder.component,
        compat=Compat(of["compat"]) if of["compat"] else None,
        steps=of["deploy"],
        needs=of["needs"],
        hold=of["hold"],
        migration_note=note,
        compatibility_note=body.sections.get("Compatibility", ""),
        version=location.version,
    )
