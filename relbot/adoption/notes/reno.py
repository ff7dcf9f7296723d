"""Notes of reno (https://docs.openstack.org/reno/latest/): YAML files with several sections, released by the tags of git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from relbot.adoption.notes.model import ForeignNote, ForeignNotes, ForeignRelease
from relbot.adoption.notes.rst_to_markdown import convert_rst
from relbot.config.model import ChangeType
from relbot.errors import UsageError
from relbot.fragment.location import as_identity
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.adoption.notes.model import ToolMaterial

FOLDER = "releasenotes/notes"
_SECTIONS = (
    ("prelude", "Prelude", "none"),
    ("features", "New Features", "minor"),
    ("issues", "Known Issues", "none"),
    ("upgrade", "Upgrade Notes", "major"),
    ("deprecations", "Deprecation Notes", "minor"),
    ("critical", "Critical Issues", "patch"),
    ("security", "Security Issues", "patch"),
    ("fixes", "Bug Fixes", "patch"),
    ("other", "Other Notes", "patch"),
)
"""The sections of reno by its documentation, in the order in which it prints them."""
_UID = re.compile(r"-[0-9a-f]{16}$")


def read_reno(material: ToolMaterial) -> ForeignNotes:
    """The notes of reno: each item of each section is one. Those whose file a tag has already are released with it.

    UsageError if there is no such note.
    """
    unreleased: list[ForeignNote] = []
    by_version: dict[str, list[ForeignNote]] = {}
    left_out = []
    sections = [*_SECTIONS, *_own_sections(material.files)]
    for path, text in sorted(material.files.items()):
        if not path.startswith(f"{FOLDER}/"):
            continue
        notes = _read_note(path, text, [name for name, _, _ in sections])
        if isinstance(notes, str):
            left_out.append(notes)
            continue
        versions = material.versions_of.get(path, ())
        (by_version.setdefault(versions[0], []) if versions else unreleased).extend(notes)
    if not unreleased and not by_version and not left_out:
        raise UsageError(f"There are no notes of reno below {FOLDER}/.", tip="relbot reads the files `.yaml` there.")
    releases = [ForeignRelease(version, None, tuple(notes)) for version, notes in by_version.items()]
    types = tuple(ChangeType(name, title, bump) for name, title, bump in sections)
    return ForeignNotes(tuple(unreleased), tuple(releases), types, left_out=tuple(left_out))


def _own_sections(files: Any) -> list[tuple[str, str, str]]:
    """The sections that the project's configuration of reno has beside those of reno itself."""
    known = {name for name, _, _ in _SECTIONS}
    for path in ("releasenotes/config.yaml", "reno.yaml"):
        told = _load_yaml(files.get(path, ""))
        pairs = told.get("sections", ()) if isinstance(told, dict) else ()
        if isinstance(pairs, list):
            names = [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) > 1]
            return [(name, title, "minor") for name, title in names if name not in known]
    return []


def _load_yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe loaders
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _read_note(path: str, text: str, sections: Sequence[str]) -> list[ForeignNote] | str:
    """The notes in a file, or why there are none."""
    told = _load_yaml(text)
    if not isinstance(told, dict):
        return f"{path}: this is not a note of reno: its YAML has no sections."
    stem = as_identity(_UID.sub("", path.rpartition("/")[2].removesuffix(".yaml")))[:80]
    unknown = [str(name) for name in told if str(name) not in sections]
    parts = [(name, item) for name in (*sections, *unknown) for item in _items(told.get(name))]
    if not parts:
        return f"{path}: it has no text."
    names = _part_names(stem, [name for name, _ in parts])
    return [_note(path, name, kind, item, names, sections) for name, (kind, item) in zip(names, parts, strict=True)]


def _items(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [str(each) for each in value if str(each).strip()] if isinstance(value, list) else []


def _part_names(stem: str, kinds: Sequence[str]) -> list[str]:
    """The names of the fragments of one file: that of the file, with section and number where it makes several."""
    if len(kinds) == 1:
        return [stem]
    names = []
    for at, kind in enumerate(kinds):
        number = kinds[: at + 1].count(kind)
        names.append(f"{stem}-{kind}" + (f"-{number}" if kinds.count(kind) > 1 else ""))
    return names


def _note(path: str, name: str, kind: str, item: str, names: Sequence[str], sections: Sequence[str]) -> ForeignNote:
    converted = convert_rst(item)
    remark = f"kept as reStructuredText: {converted.problem}" if converted.problem else ""
    text = converted.markdown
    if kind not in sections:
        remark = remark or f"reno has no section `{kind}`"
        text = f"**{kind}:** {text}" if text[:1].isalnum() else f"**{kind}:**\n\n{text}"
    return ForeignNote(
        path,
        as_identity(name),
        kind if kind in sections else "other",
        text,
        acts=kind == "upgrade",
        beside=tuple(other for other in names if other != name),
        remark=remark,
    )
