"""A configuration file as keys: what all its formats have in common."""

from __future__ import annotations

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

Path = tuple[str, ...]


class Unreadable(Exception):
    """The text is not of the format that its name promises, or nests or grows beyond what is worth reading."""


class Entry(NamedTuple):
    """A key with its parents, its value as written ("" for none), the kind of it, and its line, counted from 1."""

    path: Path
    value: str
    kind: str
    line: int

    @property
    def name(self) -> str:
        """The key itself, without its parents."""
        return self.path[-1]

    @property
    def parent(self) -> Path:
        """The sections it stands below."""
        return self.path[:-1]


class Document(NamedTuple):
    """The keys that a file sets, those that it only shows in comments, and the lines of keys that it calls deprecated."""

    live: dict[Path, Entry]
    shown: dict[Path, Entry]
    deprecated: frozenset[int] = frozenset()

    def known(self) -> dict[Path, Entry]:
        """Whatever the file tells about, set or shown; what is set wins."""
        return {**self.shown, **self.live}

    def with_parted_keys(self) -> Document:
        """The document with each dotted key as keys below each other."""
        return Document(_parted(self.live), _parted(self.shown), self.deprecated)

    def spelled_like(self, other: Document) -> Document:
        """The document with its keys written as the other one has them where Spring takes both: `poll-time`, `pollTime`."""
        spelled = {_plain_path(path): path for path in other.known()}
        live, shown = (
            {
                new: entry._replace(path=new)
                for path, entry in side.items()
                for new in [path if path in other.live else spelled.get(_plain_path(path), path)]
            }
            for side in (self.live, self.shown)
        )
        return Document(live, shown, self.deprecated)

    def without_section(self, name: str) -> Document:
        """The document without what stands below a key of its top."""
        live, shown = ({path: entry for path, entry in side.items() if path[0] != name} for side in (self.live, self.shown))
        return Document(live, shown, self.deprecated)

    def without_builds(self) -> Document:
        """The document without what compose files say of builds, restarts and health checks."""
        live, shown = (
            {path: entry for path, entry in side.items() if _seen_by_operators(path)} for side in (self.live, self.shown)
        )
        return Document(live, shown, self.deprecated)

    def without_sections(self) -> Document:
        """The document without keys that have no value but keys below them."""
        parents = {path[:end] for path in self.known() for end in range(1, len(path))}
        return Document(
            {path: entry for path, entry in self.live.items() if entry.value or path not in parents},
            {path: entry for path, entry in self.shown.items() if entry.value or path not in parents},
            self.deprecated,
        )


_OF_BUILDS = frozenset(("build", "restart", "healthcheck", "labels", "logging", "ports", "volumes", "env_file"))
"""Keys of a service of compose by which nobody who runs it sees a difference, or which another detector compares."""


def _seen_by_operators(path: Path) -> bool:
    return not (len(path) > 2 and path[0] == "services" and path[2] in _OF_BUILDS)


def _plain_path(path: Path) -> Path:
    return tuple(key.lower().replace("-", "").replace("_", "") for key in path)


def _parted(entries: dict[Path, Entry]) -> dict[Path, Entry]:
    parted = [(tuple(part for key in path for part in _parts_of(key)), entry) for path, entry in entries.items()]
    return {path: entry._replace(path=path) for path, entry in parted}


def _parts_of(key: str) -> list[str]:
    return [key] if key.startswith("[") else key.split(".")


def make_document(live: list[Entry], shown: list[Entry], deprecated: frozenset[int] = frozenset()) -> Document:
    """The entries by path. Where a path comes more than once, as in lists, the first one counts."""
    return Document(_by_path(live), _by_path(shown), deprecated)


def dotted_path(path: Path) -> str:
    """A path as people write it: `production.host`."""
    return ".".join(path).replace(".[", "[")


def kind_of(value: str) -> str:
    """What a plain value is: yes/no, number, nothing, list or text. Quoted ones are text: ask before unquoting."""
    word = value.strip()
    if word.lower() in _NOTHING:
        return "nothing"
    if word.lower() in _YES_NO:
        return "yes/no"
    if _NUMBER.fullmatch(word):
        return "number"
    if word[:1] in "[{" and word[:2] not in {"{{", "{%"}:
        return "list" if word[0] == "[" else "section"
    return "text"


def strip_quotes(value: str) -> str:
    """The value without the quotes around it."""
    word = value.strip()
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"" else word


def _by_path(entries: list[Entry]) -> dict[Path, Entry]:
    found: dict[Path, Entry] = {}
    for entry in entries:
        found.setdefault(entry.path, entry)
    return found


_NOTHING = frozenset(("", "null", "~", "none", "nil", "<none>", "<no value>"))
_YES_NO = frozenset(("true", "false", "yes", "no", "on", "off"))
_NUMBER = re.compile(r"[-+]?\d[\d_]*(\.\d+)?")
