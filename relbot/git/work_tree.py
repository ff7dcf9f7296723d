"""What differs between a commit and the work tree, asked for once: in ten thousands of files, git takes a while to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from relbot.files.folder import read_files
from relbot.git.differences import DIFF_FORM
from relbot.git.git_changes import GitChanges
from relbot.git.process import GitFailed, split_paths
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from relbot.fragment.location import Folder
    from relbot.git.process import Git


class WorkTreeDiff:
    """A comparison of a commit with the work tree that runs since this was made: git works while the caller does."""

    def __init__(self, git: Git, start: str, folders: Iterable[Folder]) -> None:
        """Of the files that git does not track yet, those below these folders count as added."""
        below = [f":(literal){folder.path}" for folder in folders]
        self._git, self._start = git, start
        self._tracked = git.start("diff", *DIFF_FORM, start)
        self._new = git.start("ls-files", "-z", "--others", "--exclude-standard", "--", *below)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs: the caller needed no answer."""
        for look in (self._tracked, self._new):
            with look:
                look.kill()

    def result(self) -> GitChanges:
        """What differs, when git has ended. GitFailed if git fails."""
        untracked = [path for path in split_paths(_wait_for_answer(self._new)) if not path.rpartition("/")[2].startswith(".")]
        raw = _forget_missing_blobs(self._git, _wait_for_answer(self._tracked))
        root = self._git.root
        return GitChanges(self._git, self._start, raw, untracked, lambda paths: read_files(root, paths))


_RENAMED_OR_GONE = re.compile(rb" (?:D|R\d+)\0")
_NEW_BLOB = re.compile(rb"(?<= )([0-9a-f]{40}(?:[0-9a-f]{24})?)(?= [A-Z]\d*\0)")


def _forget_missing_blobs(git: Git, raw: bytes) -> bytes:
    """An answer of `git diff --raw`, with zeros for blobs of the new side that git has not stored.

    While git looks for renames, it names the blobs that files of the work tree would have.
    """
    if not _RENAMED_OR_GONE.search(raw):
        return raw
    asked = b"\n".join(_NEW_BLOB.findall(raw)) + b"\n"
    said = git.run("cat-file", "--batch-check", stdin=asked)
    missing = {line.split(b" ")[0] for line in said.splitlines() if line.endswith(b" missing")}
    return _NEW_BLOB.sub(lambda found: b"0" * len(found[1]) if found[1] in missing else found[1], raw)


def _wait_for_answer(look: subprocess.Popen[bytes]) -> bytes:
    said, complaint = look.communicate()
    if look.returncode != 0:
        raise GitFailed(tuple(str(word) for word in look.args[5:]), look.returncode, said, complaint)  # type: ignore[index]  # started with a list
    return said
