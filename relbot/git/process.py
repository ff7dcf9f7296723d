"""Runs git: one place for its environment, its failures and its words."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from functools import cached_property, partial
from shlex import quote
from typing import TYPE_CHECKING

from relbot.errors import Unknown, quoted
from relbot.git.object_reader import ObjectReader
from relbot.git.output_buffer import open_nameless_file, widen_pipe
from relbot.git.own_files import find_waiting_file, is_index_damaged
from relbot.processes import child_environment
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator, Mapping
    from pathlib import Path

_OWN_VARIABLES = frozenset(
    # What says where the repository and its index are (a hook sets them), and what a test or CI pins down.
    ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR",
     "GIT_EXEC_PATH", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY", "GIT_ASKPASS",
     "GIT_CEILING_DIRECTORIES")
)  # fmt: skip
_OWN_FAMILIES = ("GIT_CONFIG", "GIT_AUTHOR", "GIT_COMMITTER")
_FOR_GIT = ("SSH_", "GIT_", "EMAIL", "GCM_", "GPG_", "DISPLAY", "WAYLAND_")
"""Families of variables that git, ssh and their helpers for passwords read."""

_READ_INDEX = frozenset(("diff", "ls-files", "diff-files", "diff-index", "status", "update-index"))


class GitFailed(Unknown):
    """git did not answer. Carries the command, its exit code and both streams."""

    def __init__(
        self, command: tuple[str, ...], code: int, out: bytes, err: bytes, *, what: str = "", tip: str = "", example: str = ""
    ) -> None:
        said = (err or out).decode("utf-8", "replace").strip()
        line = " ".join(("git", *command[:6]))
        locked = re.search(r"Unable to create '([^'\n]+\.lock)': File exists", said)
        if locked:
            what = f"Another git process works here, or one was killed: `{locked[1]}` is there."
            tip, example = "Wait until it ends, then try again. If no git process runs, remove the file:", f"rm '{locked[1]}'"
        elif re.search(r"index file corrupt|bad index file|bad signature 0x|null sha1|malformed index|index file smaller", said):
            tip = "The index of this clone is damaged. Write it again. The files of the work tree do not change:"
            example = 'rm "$(git rev-parse --git-path index)" && git reset'
        elif not tip and re.search(
            r"is corrupt|unable to read|not a tree object|data stream error|unable to unpack|bad tree object", said
        ):
            tip, example = (
                "An object of this clone is missing or damaged. Find out which one, then fetch it or clone again:",
                "git fsck",
            )
        super().__init__(what or f"`{line}` failed (exit {code}): {said or 'it said nothing'}", tip=tip, example=example)
        self.locked = locked is not None
        self.command = command
        self.code = code
        self.out = out
        self.err = err


class NotARepository(GitFailed):
    """There is no git repository here."""


class RepositoryPlace(NamedTuple):
    """Where in a repository a folder lies: the folders above it, each with a `/`; and files in git's own folder."""

    prefix: str
    shallow: Path
    fetched: Path


class Git:
    """git in the work tree at `root`. Paths in and out are relative to `root`, with `/`.

    What can never change is asked for once: the place of `root`, the objects, and which commit is an ancestor of another one.
    """

    def __init__(self, root: Path, environment: Mapping[str, str] | None = None) -> None:
        """`environment` is what git finds in its own beside what it needs: where secrets go, which no argument may hold."""
        self.root = root
        self.environment = {
            name: value
            for name, value in child_environment(*_FOR_GIT).items()
            if not name.startswith("GIT_") or name in _OWN_VARIABLES or name.startswith(_OWN_FAMILIES)
        } | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **(environment or {})}
        self._files = _OwnFiles(self.root, looks_at_index="GIT_INDEX_FILE" not in self.environment)
        self.objects = ObjectReader(partial(_stay, self._files, self.root, self.environment, "cat-file", "--batch"))
        self.ancestors: set[tuple[str, str]] = set()

    def close(self) -> None:
        """Ends the process that reads objects."""
        self.objects.close()

    @cached_property
    def place(self) -> RepositoryPlace:
        """Where `root` lies in its repository. NotARepository outside of one."""
        names = ("--git-path", "shallow"), ("--git-path", "relbot-fetched"), ("--show-prefix",)
        lines = self.text("rev-parse", *(word for each in names for word in each)).split("\n")
        if len(lines) > len(names):  # a line end in the name of a folder
            lines = [self.text("rev-parse", *each) for each in names]
        shallow, fetched, prefix = (*lines, "")[: len(names)]
        return RepositoryPlace(prefix, self.root / shallow, self.root / fetched)

    def run(self, *words: str, stdin: bytes | None = None) -> bytes:
        """What `git WORDS` prints. GitFailed if it fails."""
        return self._sure(words, self.answer(*words, stdin=stdin))

    def _sure(self, words: tuple[str, ...], answer: tuple[int, bytes, bytes]) -> bytes:
        code, out, err = answer
        if code != 0:
            if b"not a git repository" in err:
                what, tip = (
                    f"{self.root} is not in a git repository.",
                    "Run this inside the repository whose changes you want to see.",
                )
                if os.path.lexists(self.root / ".git"):
                    what = f"git does not take {self.root / '.git'} for a repository."
                    tip = "A file in it is missing or damaged, for example HEAD. Mend it, or clone the repository anew."
                raise NotARepository(words, code, out, err, what=what, tip=tip)
            raise GitFailed(words, code, out, err)
        return out

    def text(self, *words: str) -> str:
        """What `git WORDS` prints, without the line end. GitFailed if it fails."""
        return self.run(*words).decode("utf-8", "surrogateescape").rstrip("\n")

    def find(self, *words: str) -> str | None:
        """What `git WORDS` prints, without the line end; None where git ends with 1: there is none. GitFailed if it fails."""
        answer = self.answer(*words)
        return None if answer[0] == 1 else self._sure(words, answer).decode("utf-8", "surrogateescape").rstrip("\n")

    def answer(self, *words: str, stdin: bytes | None = None) -> tuple[int, bytes, bytes]:
        """Exit code and both streams of `git WORDS`, for callers to whom a failure is an answer."""
        with self.start(*words, stdin=stdin is not None) as process:
            out, err = process.communicate(stdin)
        return process.returncode, out, err

    def answers(self, *commands: tuple[str, ...]) -> list[tuple[int, bytes, bytes]]:
        """Exit code and both streams of `git WORDS` for each of the commands, which run at the same time."""
        with ExitStack() as running:
            processes = [running.enter_context(self.start(*words)) for words in commands]
            said = [process.communicate() for process in processes]
        return [(process.returncode, out, err) for process, (out, err) in zip(processes, said, strict=True)]

    def runs(self, *commands: tuple[str, ...]) -> list[bytes]:
        """What `git WORDS` prints for each of the commands, which run at the same time. GitFailed if one fails."""
        return [self._sure(words, answer) for words, answer in zip(commands, self.answers(*commands), strict=True)]

    def start(self, *words: str, stdin: bool = False) -> subprocess.Popen[bytes]:
        """Starts git and does not wait. GitFailed if there is no git to start."""
        import subprocess  # takes as long to load as git to answer, and not every command asks git

        return self._start(words, subprocess.PIPE if stdin else subprocess.DEVNULL, subprocess.PIPE)

    def begin(self, *words: str, stdin: bytes) -> RunningGit:
        """Starts git with all of its input: it comes to its end whatever becomes of relbot. GitFailed if there is no git."""
        import subprocess  # loaded with the first git process, so that start-up stays short

        try:
            with open_nameless_file() as file:  # a pipe would break off with relbot, and half a path is a path too
                file.write(stdin)
                file.seek(0)
                process = self._start(words, file.fileno(), subprocess.PIPE)
                widen_pipe(process)
                return RunningGit(words, process)
        except OSError as error:
            tip = "Check whether the folder for temporary files is full."
            raise GitFailed(words, 127, b"", b"", what=f"relbot cannot write to git: {error.strerror}.", tip=tip) from error

    def stay(self, *words: str) -> subprocess.Popen[bytes]:
        """`stay_git` here."""
        return _stay(self._files, self.root, self.environment, *words)

    def _start(self, words: tuple[str, ...], stdin: int, stderr: int) -> subprocess.Popen[bytes]:
        self._files.require_sound(words)
        return start_git(self.root, self.environment, words, stdin, stderr)


class _OwnFiles:
    """Git's own files around `root`. Each kind is looked at once, before the first git that reads it."""

    def __init__(self, root: Path, *, looks_at_index: bool) -> None:
        self._root = root
        self._is_plain = False
        self._is_index_sound = not looks_at_index

    def require_sound(self, words: tuple[str, ...]) -> None:
        """GitFailed if git would wait for one of them, or if the index, which the command `words` reads, is damaged."""
        if not self._is_plain:
            if waiting := find_waiting_file(self._root):
                what = f"git would wait for ever for `{waiting}`, which is not a regular file."
                tip = "Remove it, then fetch, or clone the repository again:"
                raise GitFailed(words, 128, b"", b"", what=what, tip=tip, example=f"rm {quote(waiting)}")
            self._is_plain = True
        if not self._is_index_sound and words[0] in _READ_INDEX:
            if is_index_damaged(self._root):
                raise GitFailed(words, 128, b"", b"index file corrupt: its hash does not fit its content")
            self._is_index_sound = True


def start_git(
    root: Path, environment: Mapping[str, str], words: tuple[str, ...], stdin: int, stderr: int
) -> subprocess.Popen[bytes]:
    """Starts git in a folder with these streams, and does not wait. GitFailed if there is no git to start."""
    from subprocess import PIPE  # loaded with the first git process, so that start-up stays short

    from relbot.git.waiting import WaitingGit

    try:
        plain = ("git", "-c", "core.quotePath=false", "-c", "color.ui=false", *words)
        return WaitingGit(plain, cwd=root, env=environment, stdin=stdin, stdout=PIPE, stderr=stderr)
    except OSError as error:
        tip = "Install git, and check that it is on the PATH."
        raise GitFailed(words, 127, b"", b"", what=f"git could not be started: {error.strerror}.", tip=tip) from error
    except ValueError as error:  # for a NUL, which no name in git has
        raise GitFailed(words, 128, b"", b"", what=f"git cannot be asked for {quoted(' '.join(words))}: {error}.") from error


def stay_git(root: Path, environment: Mapping[str, str], *words: str) -> subprocess.Popen[bytes]:
    """Starts a git that is asked again and again on its standard input.

    Nobody reads its complaints while it works, so it has nowhere to put them: a full pipe would stop it for good.
    """
    import subprocess  # loaded with the first git process, so that start-up stays short

    return start_git(root, environment, words, subprocess.PIPE, subprocess.DEVNULL)


def _stay(files: _OwnFiles, root: Path, environment: Mapping[str, str], *words: str) -> subprocess.Popen[bytes]:
    """`stay_git` with files that are sound. Without the `Git` that has the reader, since the reader ends with it."""
    files.require_sound(words)
    return stay_git(root, environment, *words)


class RunningGit:
    """A git that works by itself."""

    def __init__(self, words: tuple[str, ...], process: subprocess.Popen[bytes]) -> None:
        self.words = words
        self._process = process
        self._said: tuple[bytes, bytes] | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it was waited for."""
        return self._process.returncode is not None

    def result(self) -> bytes:
        """What it printed, when it has ended. GitFailed if it failed."""
        out, err = self.wait()
        if self._process.returncode != 0:
            raise GitFailed(self.words, self._process.returncode, out, err)
        return out

    def pieces(self) -> Generator[bytes, None, None]:
        """What it prints, as it comes. Whoever has enough closes this, and git is ended. GitFailed if it failed."""
        with self._process as process:
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                while piece := process.stdout.read1(1 << 16):  # type: ignore[attr-defined]  # it is buffered
                    yield piece
            except GeneratorExit:
                process.kill()
                raise
            complaint = process.stderr.read()
        if process.returncode != 0:
            raise GitFailed(self.words, process.returncode, b"", complaint)

    def end(self) -> None:
        """Ends it, if it has not ended: nobody needs what it would print."""
        with self._process:
            self._process.kill()

    def wait(self) -> tuple[bytes, bytes]:
        """What it printed on both streams, when it has ended, failed or not."""
        if self._said is None:
            with self._process:
                self._said = self._process.communicate()
        return self._said


def split_paths(listing: bytes) -> list[str]:
    """The paths of a NUL-separated listing."""
    return [path for path in os.fsdecode(listing).split("\0") if path]
