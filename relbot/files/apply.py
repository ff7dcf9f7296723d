"""Carries out operations: all of them, or none, whatever happens meanwhile.

Look at everything (`survey`), write the journal, write new contents beside the old ones, then rename only, then remove the
journal. An error puts back what was done. A kill or a power cut leaves the journal, and the next run finishes what it says.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite
from relbot.files.disk import Draft, make_folders, open_folder, remove_file, sync_folder, write_draft, write_drafts
from relbot.files.journal import Journal
from relbot.files.lock import lock_tree
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.files.os_errors import cannot_write, report_os_errors
from relbot.files.preflight import LARGEST_WRITTEN, RemainingWork, Replacement, check_operations, check_unfinished
from relbot.release.operations import content_digest, join_path, split_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.release.operations import MoveBatch, Operations


class SideEffect:
    """What is done beside a change, in step with it. This one does nothing."""

    def begin(self) -> None:
        """The journal is there, and files are about to move. What this raises puts everything back."""

    def complete(self) -> None:
        """All is in place, and the journal goes next. What this raises puts everything back."""

    def take_back(self) -> None:
        """The files are back where they were, and the journal goes next. Raises nothing; `begin` may not have been called."""


def apply_operations(root: Path, operations: Operations, journal: str, beside: SideEffect | None = None) -> None:
    """Changes the tree at `root` as the operations say, or not at all.

    `journal` is the path, relative to `root`, of a file that is there while this runs (`journal.NAME` in the main folder of
    fragments; the folder is made if missing). CannotWrite if anything is not as expected or the file system
    refuses; then everything is as it was, or, if even that was refused, the tip says that the next run finishes it.
    """
    if operations.nothing:
        return
    book = Journal(str(root), journal)
    with _report_unchanged(), lock_tree(book.root):
        if book.exists():
            tip = "Run the command again. It finishes that change first."
            raise CannotWrite(f"An earlier change is unfinished: `{journal}` is there.", tip=tip)
        book.clean()
        _TreeChange(book, check_operations(book.root, operations), beside or SideEffect()).do_or_put_back(operations)


def read_unfinished(root: Path, journal: str) -> Operations | None:
    """What a run that was killed left to finish, None if nothing. Changes nothing.

    Unknown if the journal cannot be believed: damaged, or not written in this tree.
    """
    return Journal(str(root), journal).read()


def finish_operations(root: Path, journal: str, beside: SideEffect | None = None) -> Operations:
    """Finishes what the journal says, and returns it. May be killed and called again.

    CannotWrite, and nothing is touched, if a file was changed in between; CannotWrite if the file system refuses: then the
    journal stays, for another try. Unknown as with `unfinished`.
    """
    with lock_tree(str(root)):
        book = Journal(str(root), journal)
        operations = book.read()
        if operations is None:
            raise CannotWrite("There is no unfinished change.", tip="Another run has finished it. Run the command again.")
        book.clean()
        change = _TreeChange(book, _run_preflight(book, operations), beside or SideEffect())
        change.do()
        return operations


class _HalfDone(CannotWrite):
    """What was done could not be put back."""


@contextmanager
def _report_unchanged() -> Iterator[None]:
    """Lets every error but `_HalfDone` say that nothing was changed."""
    try:
        yield
    except _HalfDone as error:
        raise CannotWrite(error.what, tip=error.tip) from error
    except CannotWrite as error:
        raise CannotWrite(f"{error.what} Nothing was changed.", tip=error.tip, example=error.example) from error


def _run_preflight(book: Journal, operations: Operations) -> RemainingWork:
    try:
        return check_unfinished(book.root, operations)
    except CannotWrite as error:
        tip = f"{error.tip} Or remove `{book.path}` to leave “{operations.title}” half done: `git status` shows what was."
        raise CannotWrite(error.what, tip=tip.strip(), example=error.example) from error


class _TreeChange:
    """Work under way: what there is to put back if it fails."""

    def __init__(self, journal: Journal, work: RemainingWork, beside: SideEffect) -> None:
        self._journal = journal
        self._beside = beside
        self._root = journal.root
        self._work = work
        self._made: list[str] = []

    def do_or_put_back(self, operations: Operations) -> None:
        begun = False
        try:
            make_folders(self._root, [self._journal.folder], self._made)
            self._journal.begin(operations)
            begun = True
            self.do()
        except BaseException as error:
            if not begun or self._journal.exists():  # else all is done
                self._put_back_after(error)
            raise

    def do(self) -> None:
        """Does what is left to do, and removes the journal."""
        make_folders(self._root, self._work.folders, self._made)
        write_drafts(self._root, [Draft(of.write.path, of.draft, of.write.content, of.like) for of in self._work.replacements])
        self._beside.begin()
        for run in self._work.runs:
            self._move(run)
        for replacement in self._work.replacements:
            self._replace(replacement)
        for removed in self._work.removals:
            with report_os_errors(removed.path, "removed"):
                remove_file(self._full(removed.path))
        self._sync()
        self._beside.complete()
        for draft in self._work.drafts:
            with report_os_errors(draft, "removed"):
                remove_file(self._full(draft))
        self._remove_emptied()
        with report_os_errors(self._journal.path, "removed"):
            self._journal.end()
        with suppress(OSError):
            sync_folder(self._full(self._journal.folder))

    def _move(self, run: MoveBatch) -> None:
        old = new = ""
        source, target = self._full(run.source), self._full(run.target)
        try:
            with open_folder(source) as leaving, open_folder(target) as entering:
                if leaving is None or entering is None:
                    for old, new in zip(run.olds, run.news, strict=True):
                        os.rename(os.path.join(source, old), os.path.join(target, new))
                    return
                rename = os.rename
                for old, new in zip(run.olds, run.news, strict=True):
                    rename(old, new, src_dir_fd=leaving, dst_dir_fd=entering)
        except OSError as error:
            raise cannot_write(error, join_path(run.source, old), f"moved to `{join_path(run.target, new)}`") from error

    def _replace(self, replacement: Replacement) -> None:
        path = replacement.write.path
        with report_os_errors(path, "written"):
            os.replace(self._full(replacement.draft), self._full(path))

    def _remove_emptied(self) -> None:
        """Removes the folders that removals left empty, with those around them; git knows no empty folders either."""
        for folder in {self._remaining(folder) for folder in self._work.emptied} - {""}:
            with suppress(OSError):
                os.removedirs(self._full(folder))

    def _sync(self) -> None:
        folders = {run.source for run in self._work.runs} | set(self._work.folders) | set(self._work.emptied)
        folders |= {split_path(folder)[0] for folder in self._made}
        for folder in sorted({self._remaining(folder) for folder in folders}):
            with report_os_errors(folder or ".", "synced to the disk"):
                sync_folder(self._full(folder))

    def _remaining(self, folder: str) -> str:
        """A folder, or the nearest one above it if a run that was killed has removed it as empty already."""
        while folder.strip("/") and not os.path.lexists(self._full(folder)):
            folder = split_path(folder)[0]
        return folder

    def _put_back_after(self, error: BaseException) -> None:
        """Puts everything back. _HalfDone, which says who finishes, if that is refused too."""
        try:
            self._put_back()
        except OSError as refused:
            what = str(error) or type(error).__name__
            if self._journal.exists():
                tip = f"{getattr(error, 'tip', '')} The next `relbot build` finishes the change: `{self._journal.path}` holds it."
                raise _HalfDone(f"{what} relbot could not restore the files: {refused.strerror}.", tip=tip.strip()) from error
            tip = "Nothing else changed. The next run removes it, or you can: its name begins with `.relbot-`."
            raise _HalfDone(f"{what} relbot could not remove a temporary file: {refused.strerror}.", tip=tip) from error

    def _put_back(self) -> None:
        for folder in (*self._work.emptied, *(run.source for run in self._work.runs)):
            os.makedirs(self._full(folder), exist_ok=True)
        for removed in self._work.removals:
            if not os.path.lexists(self._full(removed.path)):
                write_draft(self._full(removed.draft), removed.content, removed.like)
                os.replace(self._full(removed.draft), self._full(removed.path))
        for replacement in reversed(self._work.replacements):
            self._restore(replacement)
        for run in reversed(self._work.runs):
            self._move_back(run)
        for draft in self._work.drafts:
            remove_file(self._full(draft))
        self._beside.take_back()
        self._journal.end()
        remove_file(self._journal.full + ".tmp")
        for folder in reversed(self._made):
            with suppress(OSError):
                os.rmdir(self._full(folder))

    def _restore(self, replacement: Replacement) -> None:
        path, draft = self._full(replacement.write.path), self._full(replacement.draft)
        try:
            found = content_digest(read_regular_file(Path(path), LARGEST_WRITTEN))
        except CannotOpen:
            return  # it is gone, or something that relbot did not write
        if found != replacement.write.after:
            return
        if replacement.old is None:
            os.remove(path)
        else:
            write_draft(draft, replacement.old, replacement.like)
            os.replace(draft, path)

    def _move_back(self, run: MoveBatch) -> None:
        source, target = self._full(run.source), self._full(run.target)
        for old, new in zip(reversed(run.olds), reversed(run.news), strict=True):
            was, now = os.path.join(source, old), os.path.join(target, new)
            if os.path.lexists(now) and not os.path.lexists(was):
                os.rename(now, was)

    def _full(self, path: str) -> str:
        return os.path.join(self._root, path) if path else self._root
