"""A change to the working tree as data: what `relbot.files.apply` carries out, a dry run shows and the journal keeps.

Paths are relative to the repository's root, with `/`. Names that are not UTF-8 are held with surrogate escapes.
"""

from __future__ import annotations

import json
from typing import Any

from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

FORMAT = 2
"""The version of the JSON form. A form of another version is not read."""


class Move(NamedTuple):
    """A file takes another path. Nothing may be at `target`."""

    source: str
    target: str


class Write(NamedTuple):
    """A file gets this content. `before` is the digest of what must be there now; None: nothing may be there."""

    path: str
    before: str | None
    content: bytes

    @property
    def after(self) -> str:
        """The digest of the content."""
        return content_digest(self.content)


class Removal(NamedTuple):
    """A file goes. `before` is the digest of what must be there now. A folder that is empty without it goes, too."""

    path: str
    before: str


class MoveBatch(NamedTuple):
    """Moves from one folder to another: of each of the `olds` names to that of the `news` at the same place."""

    source: str
    target: str
    olds: list[str]
    news: list[str]


class Operations(NamedTuple):
    """Everything that one command changes: all of it happens, or nothing. No path may be in it twice."""

    title: str
    moves: tuple[Move, ...] = ()
    writes: tuple[Write, ...] = ()
    removals: tuple[Removal, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.moves or self.writes or self.removals)

    @property
    def changed_paths(self) -> tuple[str, ...]:
        """The files that are written or removed where they are."""
        return (*(write.path for write in self.writes), *(removal.path for removal in self.removals))

    @property
    def runs(self) -> tuple[MoveBatch, ...]:
        """The moves, in their order, neighbours between the same two folders together."""
        runs: list[MoveBatch] = []
        here: tuple[str, str] | None = None
        for move in self.moves:
            source, slash, old = move.source.rpartition("/")
            target, other_slash, new = move.target.rpartition("/")
            if (source or slash, target or other_slash) != here:
                here = source or slash, target or other_slash
                runs.append(MoveBatch(*here, [], []))
            runs[-1].olds.append(old)
            runs[-1].news.append(new)
        return tuple(runs)

    def describe(self) -> str:
        """What would happen, for a dry run: a line for each file. Shows names and title as they are: escape them."""
        lines = [self.title]
        for run in self.runs:
            count = "1 file" if len(run.olds) == 1 else f"{len(run.olds)} files"
            lines.append(f"Move {count} from {run.source or '.'} to {run.target or '.'}:")
            lines += [f"  {old}" if old == new else f"  {old} -> {new}" for old, new in zip(run.olds, run.news, strict=True)]
        for write in self.writes:
            verb = "Create" if write.before is None else "Change"
            lines.append(f"{verb} {write.path} ({len(write.content)} bytes)")
        lines += [f"Remove {removal.path}" for removal in self.removals]
        return "\n".join(lines)

    def to_json(self) -> str:
        """The operations as JSON, ASCII only. `from_json` reads them back, equal."""
        moves = [{"from": run.source, "to": run.target, "names": _name_pairs(run)} for run in self.runs]
        writes = [{"path": write.path, "before": write.before, **_encode_content(write.content)} for write in self.writes]
        removals = [removal._asdict() for removal in self.removals]
        form = {"format": FORMAT, "title": self.title, "moves": moves, "writes": writes, "removals": removals}
        return json.dumps(form, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Operations:
        """What `to_json` made. ValueError if it is anything else."""
        form = load_json(text)
        try:
            if form["format"] != FORMAT:
                raise ValueError(f"format {form['format']!r} instead of {FORMAT}")
            moves = tuple(move for run in form["moves"] for move in _read_moves(run))
            writes = tuple(_read_write(write) for write in form["writes"])
            removals = tuple(Removal(*map(_require_text, (of["path"], of["before"]))) for of in form["removals"])
            return cls(_require_text(form["title"]), moves, writes, removals)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not operations: {error!r}") from error


def content_digest(content: bytes) -> str:
    """What `Write.before` holds of the bytes that must be there: their SHA-256, in hex."""
    from hashlib import sha256  # OpenSSL takes longer to load than most commands to run

    return sha256(content).hexdigest()


def present_digest(content: bytes | None) -> str | None:
    """What `Write.before` holds for a file that has this content, or that is not there."""
    return None if content is None else content_digest(content)


def split_path(path: str) -> tuple[str, str]:
    """The folder ("" for the root of the repository, "/" for that of the machine) and the name of a path."""
    folder, slash, name = path.rpartition("/")
    return folder or slash, name


def join_path(folder: str, name: str) -> str:
    """The path of a name in a folder ("" for the root)."""
    return f"{folder}/{name}" if folder else name


def _encode_content(content: bytes) -> dict[str, str]:
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        from base64 import b64encode  # few files are not UTF-8

        return {"base64": b64encode(content).decode()}


def _name_pairs(run: MoveBatch) -> list[str | list[str]]:
    """A name where it stays the same, else old and new."""
    if run.olds == run.news:
        return list(run.olds)
    return [old if old == new else [old, new] for old, new in zip(run.olds, run.news, strict=True)]


def _require_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _read_moves(run: dict[str, Any]) -> list[Move]:
    source, target = _require_text(run["from"]), _require_text(run["to"])
    pairs = [(name, name) if isinstance(name, str) else (_require_text(name[0]), _require_text(name[1])) for name in run["names"]]
    return [Move(join_path(source, old), join_path(target, new)) for old, new in pairs]


def _read_write(form: dict[str, Any]) -> Write:
    before = None if form["before"] is None else _require_text(form["before"])
    return Write(_require_text(form["path"]), before, _decode_content(form))


def _decode_content(form: dict[str, Any]) -> bytes:
    if "text" in form:
        return _require_text(form["text"]).encode()
    from base64 import b64decode  # few files are not UTF-8

    return b64decode(form["base64"], validate=True)
