"""What differs between a commit and the work tree, asked for once: in ten thousands of files, git takes a while to look."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from relbot.git.differences import DIFF_FORM, parse_changed_paths, parse_rows
from relbot.git.process import GitFailed, split_paths
from relbot.review.changed_paths import ChangedPath

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from relbot.fragment.location import Folder
    from relbot.git.differences import DiffRow
    from relbot.git.process import Git


class WorkTreeDiff:
    """A look at what differs between a commit and the work tree, under way since this was made: git works meanwhile.

    All but the constructor raise GitFailed if git does not tell.
    """

    def __init__(self, git: Git, base: str, folders: Iterable[Folder]) -> None:
        """Of the files that git does not track yet, those below these folders count as added."""
        below = [f":(literal){folder.path}" for folder in folders]
        self._tracked = git.start("diff", *DIFF_FORM, base)
        self._new = git.start("ls-files", "-z", "--others", "--exclude-standard", "--", *below)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs: the caller needed no answer."""
        for look in (self._tracked, self._new):
            with look:
                look.kill()

    def rows(self) -> list[DiffRow]:
        """The files that git tracks and that differ, as `git diff` tells, with renames found."""
        return parse_rows(self._differing)

    @cached_property
    def changed(self) -> tuple[ChangedPath, ...]:
        """What changed, renames as a deletion and an addition, by path; then what is new."""
        new = [ChangedPath("A", path) for path in split_paths(_wait_for_answer(self._new))]
        return (*sorted(parse_changed_paths(self._differing), key=lambda change: change.path), *new)

    @cached_property
    def _differing(self) -> bytes:
        return _wait_for_answer(self._tracked)


def _wait_for_answer(look: subprocess.Popen[bytes]) -> bytes:
    said, complaint = look.communicate()
    if look.returncode != 0:
        raise GitFailed(tuple(str(word) for word in look.args[5:]), look.returncode, said, complaint)  # type: ignore[index]
    return said
