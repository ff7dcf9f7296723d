"""Whole fragments, read without a YAML parser and without a look at most of their lines: those of plain keys and plain prose.

Nearly all fragments of a large release are so, and it is built while somebody waits. Plain keys are one plain word, flag or list
of numbers or names each, and steps of which every value is a plain line or such a list: they mean the same to every reader of
YAML. Whatever could mean more than it seems, right or wrong, is left to `relbot.fragment.yaml_parser`, and a test holds the two
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.body import may_have_headings
from relbot.fragment.model import PHASES, Fragment, Phase, Step
from relbot.fragment.prose import FILL_IN, PLACEHOLDER, is_surely_shown, read_prose
from relbot.schema import lazy_re as re
from relbot.schema.faults import Faults
from relbot.schema.hidden_characters import find_hidden_character

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.fragment.location import Location

_WORD = r"[a-z]+(?:-[a-z]+)*"
_NUMBERS = r"[1-9][0-9]{0,17}(?:, [1-9][0-9]{0,17})*"
_NAME = r"(?!(?i:yes|no|on|off|y|n|true|false|null)\b)[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
"""A login, host or service that no reader of YAML takes for a flag."""
_NAMES = rf"\[{_NAME}(?:, {_NAME})*\]"
_COMMON = re.compile(rf"---\ntype: ({_WORD})\n(?:issues: \[({_NUMBERS})\]\n)?(?:component: ({_WORD})\n)?---\n")
"""The front matter of most."""
_FRAME = re.compile(
    rf"---\n((?:(?:type|component): {_WORD}\n|(?:breaking|migration): (?:true|false)\n|(?:issues|prs): \[{_NUMBERS}\]\n"
    rf"|authors: {_NAMES}\n){{1,7}})"
    r"(?:deploy:\n((?:  (?:-| ) [a-z]+: [^\n]+\n)+))?---\n"
)
_LONGEST = 1_000
"""Characters of a front matter that is read here: below all bounds of `relbot.schema.yaml_nodes`."""
_LINE = re.compile(r"([a-z]+): (.*)\n")
_STEP_LINE = re.compile(
    r"  (-| ) (phase|run|do|check|undo): (?!(?i:yes|no|on|off|y|n|true|false|null)\n)((?:\./|/|[A-Za-z])[ !\"$-~]*)\n"
)
"""A value that begins as a word or a path and has no `#`: with no `: ` in it either, a line of text to every reader of YAML."""
_STEP_LIST = re.compile(rf"  (-| ) (on|restart): ({_NAMES})\n")
_UNSURE = "<["
"""With these begins a text of which perhaps nothing is shown."""
_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A})


def parse_plain_fragment(content: bytes, location: Location, words: Mapping[str, frozenset[str]]) -> Fragment | None:
    """The fragment in a file's bytes, or None if somebody more thorough has to look.

    `words` are those that may stand at `type` and `component`.
    """
    text = _plain_text(content)
    if text is None:
        return None
    common = _COMMON.match(text)
    if common is None or common.end() > _LONGEST:
        return _parse_less_common(text, location, words)
    kind, numbers, component = common.groups()
    body = text[common.end() :]
    home = location.folder.component
    if kind not in words["type"] or may_have_headings(body) or not is_surely_shown(body):
        return _parse_less_common(text, location, words)
    prose = body.strip("\n")
    if not prose or prose.isspace() or prose.lstrip()[0] in _UNSURE or PLACEHOLDER in prose or FILL_IN in prose:
        return None
    if not (component is None or (component in words["component"] and home in (None, component))):
        return None
    return Fragment(
        location.identity,
        location.path,
        kind,
        prose,
        issues=tuple(numbers.split(", ")) if numbers else (),
        component=component or home,
        version=location.version,
    )


def _plain_text(content: bytes) -> str | None:
    """The text of a file; None if it has a hidden character, or is no UTF-8."""
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n")
    if len(content.translate(None, _CONTROLS)) != len(content):
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isascii() or find_hidden_character(text) is None else None


def _parse_less_common(text: str, location: Location, words: Mapping[str, frozenset[str]]) -> Fragment | None:
    frame = _FRAME.match(text)
    if frame is None or frame.end() > _LONGEST:
        return None
    lines, step_lines = frame.groups()
    home = location.folder.component
    of = _parse_keys(lines, home, words)
    if of is None:
        return None
    steps = _parse_steps(step_lines or "", lines.count("\n") + 3)
    faults = Faults(location.path)
    prose = read_prose(text[frame.end() :], 1, faults)
    if steps is None or faults.findings:
        return None
    breaking, migration, note = of.get("breaking") == "true", of.get("migration"), prose.sections.get("Migration", "")
    if migration == "false" or (breaking and not note) or (migration and not note and not steps):
        return None
    return Fragment(
        location.identity,
        location.path,
        of["type"],
        prose.text,
        breaking=breaking,
        migration=bool(migration or note or steps),
        issues=_split_list(of.get("issues")),
        prs=_split_list(of.get("prs")),
        authors=_split_list(of.get("authors")),
        component=of.get("component") or home,
        steps=steps,
        migration_note=note,
        compatibility_note=prose.sections.get("Compatibility", ""),
        operators_note=prose.sections.get("For operators", ""),
        version=location.version,
    )


def _split_list(text: str | None) -> tuple[str, ...]:
    """The entries of a list in brackets, none where there is no list."""
    return tuple(text[1:-1].split(", ")) if text else ()


def _parse_keys(lines: str, home: str | None, words: Mapping[str, frozenset[str]]) -> dict[str, str] | None:
    """The keys of a front matter without its steps; None if the YAML parser has to look. `home` is the folder's component."""
    pairs = _LINE.findall(lines)
    of = dict(pairs)
    if len(of) != len(pairs) or "type" not in of or any(key in of and of[key] not in allowed for key, allowed in words.items()):
        return None
    return None if home is not None and of.get("component") not in (None, home) else of


def _parse_steps(lines: str, first_line: int) -> tuple[Step, ...] | None:
    """The steps that stand from this line of a file on, None if somebody more thorough has to look."""
    found: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines.splitlines(keepends=True), first_line):
        plain = _STEP_LINE.fullmatch(line) or _STEP_LIST.fullmatch(line)
        if plain is None:
            return None
        mark, key, value = plain.groups()
        if ": " in value or value[-1] in ": ":
            return None
        if mark == "-":
            found.append((number, {}))
        if not found or key in found[-1][1]:
            return None
        found[-1][1][key] = value
    if not all(_is_sound_step(of) for _, of in found):
        return None
    return tuple(
        Step(
            Phase(of["phase"]),
            of.get("run"),
            of.get("do"),
            on=_split_list(of.get("on")),
            check=of.get("check"),
            undo=of.get("undo"),
            restart=_split_list(of.get("restart")),
            line=number,
        )
        for number, of in found
    )


def _is_sound_step(of: Mapping[str, str]) -> bool:
    """Whether a step says when and what, and asks for no restart after the restarts."""
    if of.get("phase") not in PHASES or not ("run" in of or "do" in of) or not is_surely_shown(of.get("do", "A")):
        return False
    return "restart" not in of or of["phase"] not in (Phase.AFTER_RESTART, Phase.LATER)
