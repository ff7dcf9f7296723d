"""What a release says above its changes: `changes/_next.md` and the unreleased part of the changelog become `release.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.file import FragmentFile
from relbot.fragment.location import NEXT_PROSE, PROSE
from relbot.release.operations import Move, Removal, Write, content_digest
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class ProseChange(NamedTuple):
    """How the prose of a release gets its place, and how its file looks then; None where a release says nothing."""

    moves: tuple[Move, ...] = ()
    writes: tuple[Write, ...] = ()
    removals: tuple[Removal, ...] = ()
    file: FragmentFile | None = None


def join_prose(parts: Iterable[bytes]) -> str:
    """What the files of a release say, one after the other, as text with LF."""
    texts = (part.decode("utf-8", "replace").replace("\r\n", "\n").strip() for part in parts)
    return "\n\n".join(text for text in texts if text)


def place_prose(path: str, known: FragmentFile | None, following: FragmentFile | None, taken: str) -> ProseChange:
    """Puts what the next release says into the file of its release at `path`, below what is there already.

    `following` is `changes/_next.md`, `taken` what the build takes from the changelog.
    """
    if following is not None and known is None and not taken:
        return ProseChange((Move(following.path, path),), file=following._replace(path=PROSE))
    if following is None and not taken:
        return ProseChange(file=known)
    last = [following.content.rstrip() if taken else following.content] if following else []
    parts = [*([known.content.rstrip()] if known else []), *last, *([f"{taken}\n".encode()] if taken else [])]
    content = b"\n\n".join(parts)
    removals = (Removal(following.path, content_digest(following.content)),) if following else ()
    written = Write(path, content_digest(known.content) if known else None, content)
    return ProseChange((), (written,), removals, FragmentFile(PROSE, content))


def take_prose_back(file: FragmentFile, folder: str, taken: str) -> tuple[ProseChange, bool]:
    """Makes `changes/_next.md` of a release's prose again; and whether `taken` left it, to go back into the changelog.

    It does not where it was edited since: it stays in the prose then.
    """
    home = f"{folder}/{NEXT_PROSE}"
    text = file.content.decode("utf-8", "surrogateescape")
    if not taken or not text.rstrip("\n").endswith(taken):
        return ProseChange((Move(file.path, home),)), False
    rest = text.rstrip("\n").removesuffix(taken).rstrip("\n")
    writes = (Write(home, None, f"{rest}\n".encode("utf-8", "surrogateescape")),) if rest else ()
    return ProseChange((), writes, (Removal(file.path, content_digest(file.content)),)), True
