"""Trees to change, and children in which something goes wrong while they are: a kill, an error, a full disk."""

from __future__ import annotations

import ctypes
import itertools
import os
import pickle
import signal
import stat
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relbot.errors import RelbotError
from relbot.files.apply import apply_operations, finish_operations, read_unfinished
from relbot.release.operations import Move, Operations, Write, content_digest

if TYPE_CHECKING:
    from collections.abc import Callable

JOURNAL = "changes/.relbot-journal.json"
FILES = {
    "README.md": (b"Not touched.\n", 0o644),
    "CHANGELOG.md": (b"# Changes\n", 0o640),
    "api/CHANGELOG.md": (b"# Changes of the API\n" * 50, 0o604),
    "changes/one.md": (b"One.\n", 0o644),
    "changes/two.md": (b"Two.\n", 0o600),
    "changes/api/three.md": (b"Three.\n", 0o644),
    "changes/.gitkeep": (b"", 0o644),
}
RELEASE = Operations(
    "Release 1.0",
    (
        Move("changes/one.md", "changes/released/1.0/one.md"),
        Move("changes/two.md", "changes/released/1.0/2.md"),
        Move("changes/api/three.md", "changes/api/released/1.0/three.md"),
    ),
    (
        Write("CHANGELOG.md", content_digest(FILES["CHANGELOG.md"][0]), b"# Changes\n\n## 1.0\n"),
        Write("changes/released/1.0/release.json", None, b'{"not utf-8": "\xff"}'),
        Write("api/CHANGELOG.md", content_digest(FILES["api/CHANGELOG.md"][0]), b"# Changes of the API\n\n## 1.0\n"),
    ),
)
Snapshot = dict[str, tuple[int, bytes]]


def plant(root: Path) -> Path:
    """A tree that `RELEASE` can be applied to."""
    for path, (content, mode) in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
    return root


def snapshot(root: Path) -> Snapshot:
    """Everything below a folder: modes and contents."""
    return {str(p.relative_to(root)): (p.lstat().st_mode, _content(p)) for p in sorted(root.rglob("*"))}


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(path.readlink())
    return path.read_bytes() if stat.S_ISREG(path.stat().st_mode) else b""


def again(root: Path, operations: Operations = RELEASE) -> None:
    """What the next run does: finish what there is, else begin anew, unless the kill came after all was done."""
    if read_unfinished(root, JOURNAL) is not None:
        assert finish_operations(root, JOURNAL) == operations
    elif (root / operations.moves[0].source).exists():
        apply_operations(root, operations, JOURNAL)


@dataclass(frozen=True)
class Outcome:
    """How a child ended: `signal` if it was killed, else the relbot error, else what it returned."""

    value: Any = None
    error: RelbotError | None = None
    signal: int = 0


def in_child(work: Callable[[], Any]) -> Outcome:
    """Runs `work` in a forked child."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the other threads are pytest's own, and the child needs none
        child = os.fork()
    if child == 0:
        status = 70
        try:
            os.write(writing, pickle.dumps(_outcome(work)))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome(signal=os.WTERMSIG(status))
    assert os.waitstatus_to_exitcode(status) == 0, "the child failed; see its traceback"
    outcome: Outcome = pickle.loads(said)  # noqa: S301  # our own child's
    return outcome


def _outcome(work: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(work())
    except RelbotError as error:
        plain = type(error)(error.what, tip=error.tip, example=error.example)
        return Outcome(error=plain)
    except BaseException:
        import traceback

        traceback.print_exc()
        raise


EVENTS = {f"os.{name}" for name in "rename remove mkdir rmdir truncate link symlink chmod chown utime".split()}
EVENTS |= {"test.write", "test.fsync"}


def watch(strike: Callable[[int], None], *, processes: bool = False) -> Callable[[], int]:
    """Calls `strike` with a number, from 1, before each event that changes the disk. Only in a child: it cannot be undone.

    With `processes`, the start of another program is such an event, too. Every write is made in two halves, with an event before
    each; nothing is synced, as no power is cut. Gives a function that tells the events so far.
    """
    seen = 0

    def on(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes or event in EVENTS or (processes and event == "subprocess.Popen"):
            seen += 1
            strike(seen)

    real_write = os.write

    def write(handle: int, content: bytes) -> int:
        sys.audit("test.write")
        return real_write(handle, bytes(content)[: max(1, len(content) // 2)])

    def fsync(handle: int) -> None:
        sys.audit("test.fsync")

    os.write, os.fsync = write, fsync  # type: ignore[assignment]  # in a child that ends with it
    sys.dont_write_bytecode = True  # whether a module is compiled already is no event of relbot's
    sys.addaudithook(on)
    return lambda: seen


def killing(at: int) -> Callable[[int], None]:
    """Kills the process before event number `at`."""

    def strike(number: int) -> None:
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return strike


def refusing(code: int, at: int, until: int | None = None) -> Callable[[int], None]:
    """Lets the events from `at` to `until` (only that one if left out) fail."""
    last = at if until is None else until

    def strike(number: int) -> None:
        if at <= number <= last:
            raise OSError(code, os.strerror(code))

    return strike


def failing_program(at: int, said: str) -> None:
    """Lets the program that is started at number `at` end with code 128 and these words. Only in a child."""
    begin, started = subprocess.Popen.__init__, itertools.count(1)

    def begin_or_fail(self: Any, args: Any, *more: Any, **options: Any) -> None:
        begin(self, ["sh", "-c", f"echo '{said}' >&2; exit 128"] if next(started) == at else args, *more, **options)

    subprocess.Popen.__init__ = begin_or_fail  # type: ignore[method-assign]  # in a child that ends with it


def programs(work: Callable[[], Any]) -> int:
    """How many programs an undisturbed run of `work` starts."""

    def count() -> int:
        seen: list[str] = []
        sys.addaudithook(lambda event, _: seen.append(event) if event == "subprocess.Popen" else None)
        work()
        return len(seen)

    number: int = in_child(count).value
    return number


def events(work: Callable[[], Any], *, processes: bool = False) -> int:
    """How many events there are in an undisturbed run of `work`."""

    def count() -> int:
        seen = watch(lambda number: None, processes=processes)
        work()
        return seen()

    number: int = in_child(count).value
    return number


def as_nobody() -> None:
    """Gives up the rights of root, to which no file mode applies. Only in a child."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def mount(target: Path, kind: str, flags: int = 0, options: str = "", source: str = "none") -> bool:
    """Mounts something at `target`, for this process only. False where the system does not allow it. Only in a child."""
    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.mount(source.encode(), str(target).encode(), kind.encode(), flags, options.encode())
    return done == 0


def own_mounts() -> bool:
    """Gives this process mounts of its own. False where the system does not allow it. Only in a child."""
    libc, uid, gid = ctypes.CDLL(None, use_errno=True), os.geteuid(), os.getegid()
    new_mounts, new_users, recursive_private = 0x20000, 0x10000000, 0x44000
    if libc.unshare(new_mounts | (new_users if uid else 0)) != 0:
        return False
    if uid:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
            Path(f"/proc/self/{name}").write_text(text)
    return bool(libc.mount(b"none", b"/", None, recursive_private, None) == 0)
