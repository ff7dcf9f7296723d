"""Where fragments lie, and what a path says about one: its identity, its component, its release.

changes/IDENTITY.md                          unreleased
changes/released/VERSION/IDENTITY.md         released
changes/COMPONENT/...                        the same, of a component with a folder of its own
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Finding, Level, Place
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASED = "released"
RECORD = "release.json"
"""The file beside released fragments that tells when and how they were released."""
NEXT_PROSE = "_next.md"
"""The file with what the next release says above its changes."""
PROSE = "release.md"
"""The same file, beside the fragments of its release."""
_IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_PLAIN_NAME = re.compile(
    r"(?!README\.|release\.md|(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])\.)([A-Za-z0-9][A-Za-z0-9_+-]{0,99})\.md"
)
is_plain_name = _PLAIN_NAME.fullmatch
"""True of the file names of nearly all fragments: what is refused below is none of them."""


class Folder(NamedTuple):
    """A folder in which unreleased fragments lie, below it those released; `component` is whose they are."""

    path: str
    component: str | None = None

    def of_release(self, version: str) -> str:
        """The folder of a release's fragments."""
        return f"{self.path}/{RELEASED}/{version}"


class Location(NamedTuple):
    """What a fragment's path says about it."""

    path: str
    identity: str
    folder: Folder
    version: str | None = None


def locate_fragment(path: str, folders: tuple[Folder, ...]) -> Location | Finding | None:
    """What the path of a file below one of `folders` says. None for files that are no fragments; a finding if misplaced.

    `folders` in any order; the deepest one that holds the path counts.
    """
    return make_locator(folders)(path)


def make_locator(folders: tuple[Folder, ...]) -> Callable[[str], Location | Finding | None]:
    """`locate` for many paths: ten thousand files share a folder, which is looked at once."""
    known: dict[str, tuple[Folder | None, tuple[str, ...]]] = {}

    def located(path: str) -> Location | Finding | None:
        place, _, name = path.rpartition("/")
        folder, within = known.get(place) or known.setdefault(place, _innermost_folder(place, folders))
        if folder is None:
            return None
        if not within and (plain := is_plain_name(name)):
            return Location(path, plain.group(1), folder)
        return _locate_below(path, place, name, folder, within)

    return located


def _locate_below(path: str, place: str, name: str, folder: Folder, within: tuple[str, ...]) -> Location | Finding | None:
    if name.startswith(".") or is_readme(name) or (within[:1] == (RELEASED,) and name in (RECORD, PROSE)):
        return None
    if not within and name == NEXT_PROSE:
        return None
    if within and (within[0] != RELEASED or len(within) != 2):
        tip = f"Allowed: {folder.path}/NAME.md, {folder.path}/{RELEASED}/VERSION/NAME.md, and the folder of a component."
        message = f"relbot reads no fragments in `{place}`."
        return Finding("misplaced-fragment", Place(path), message, tip, f"{folder.path}/{name}")
    stem, dot, ending = name.rpartition(".")
    if not dot or ending != "md":
        example = f"{folder.path}/{as_identity(stem or name)}.md"
        level = Level.WARNING if ending in ("json", "toml", "j2", "jinja", "txt", "yml", "yaml") else Level.ERROR
        message = "This is not a fragment: its name does not end in `.md`."
        return Finding("file-name", Place(path), message, "Rename or move it.", example, level)
    if problem := identity_problem(stem):
        message = f"`{stem}` cannot name a change: {problem}."
        tip = "Allowed: letters, digits, `.`, `_`, `+` and `-`, beginning with a letter or digit, at most 100."
        return Finding("file-name", Place(path), message, tip, f"{folder.path}/{as_identity(stem)}.md")
    return Location(path, stem, folder, within[1] if within else None)


def _innermost_folder(place: str, folders: tuple[Folder, ...]) -> tuple[Folder | None, tuple[str, ...]]:
    """The deepest of the folders that holds the folder `place`, and the way from there."""
    holding = [folder for folder in folders if f"{place}/".startswith(f"{folder.path}/")]
    if not holding:
        return None, ()
    folder = max(holding, key=lambda folder: len(folder.path))
    return folder, tuple(part for part in place[len(folder.path) + 1 :].split("/") if part)


def is_readme(name: str) -> bool:
    """Whether a file of this name explains the folder that it is in: `README.md`, `README.de.md`."""
    return name.partition(".")[0] == "README"


_CHARACTERS = {" ": "a space", "\n": "a line break", "\t": "a tab"}


def describe_character(character: str) -> str:
    """A character in quotes, or its code where it would not be seen."""
    return f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"


def identity_problem(stem: str) -> str:
    """Why a file's stem cannot be an identity; "" if it can. It must be a plain file name on every system."""
    if not _IDENTITY.fullmatch(stem):
        strange = re.search("[^A-Za-z0-9._+-]", stem)
        if len(stem) > 100 or strange is None:
            return "it is too long" if len(stem) > 100 else f"it begins with `{stem[:1]}`" if stem else "it is empty"
        return f"it contains {_CHARACTERS.get(strange[0]) or describe_character(strange[0])}"
    if is_readme(stem):
        return "files of that name explain their folder"
    if f"{stem}.md" == PROSE:
        return "that file holds what a release says above its changes"
    if _RESERVED.fullmatch(stem):
        return "Windows cannot store a file of that name"
    return "it ends in a dot" if stem.endswith(".") else ""


def as_identity(text: str) -> str:
    """The nearest identity to a text, such as a branch name: `fix/Login page` is `fix-Login-page`."""
    words = re.sub(r"[^A-Za-z0-9._+]+", "-", text).strip("-._+")[:100].rstrip("-._+")
    return words if words and not identity_problem(words) else f"change-{words}".rstrip("-")


def in_natural_order(identity: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key by which `9-x` comes before `10-x`."""
    if identity.isdecimal():
        return ((0, int(identity), identity),)
    parts = re.findall(r"\d+|\D+", identity)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)
