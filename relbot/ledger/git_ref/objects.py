"""A ledger as git objects: one file per entry, in folders of 256, in a tree that a commit holds."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from relbot.deploy.log.line import UnreadableRecord, format_line, read_record_file
from relbot.deploy.log.record import record_path
from relbot.errors import Unknown
from relbot.git.process import GitFailed
from relbot.git.trees import FOLDER, read_blobs
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.deploy.log.record import Record, Who
    from relbot.git.process import Git

_DURABLE = ("-c", "core.fsync=all")
"""What was recorded outlives a power cut. By default git leaves that to chance for single objects and refs."""
LOCK_PATIENCE = 5_000
"""Milliseconds for which git waits for another git that writes to the same ref. One that writes takes some 20."""
_ORDER = re.compile(r"\d+/(\d+)-")
_UNFIT = re.compile("[\x00-\x1f<>]")


class LedgerSnapshot(NamedTuple):
    """The files of a commit by path and its folders by name, each with its object's id. Empty without a commit."""

    commit: str = ""
    files: Mapping[str, str] = MappingProxyType({})
    folders: Mapping[str, str] = MappingProxyType({})

    @property
    def greatest(self) -> int:
        """The greatest order among the entries, 0 if there is none."""
        return max((int(match[1]) for match in map(_ORDER.match, self.files) if match), default=0)


def read_ledger_tree(git: Git, commit: str) -> LedgerSnapshot:
    """What a commit holds. GitFailed or Unknown if it cannot be read."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    trees = {"": f"{commit}^{{tree}}"}
    while trees:
        below: dict[str, str] = {}
        for (path, tree), entries in zip(trees.items(), git.objects.read_trees(list(trees.values())), strict=True):
            if entries is None:
                raise _unreadable_tree(git, tree)
            for name, entry in entries.items():
                (below if entry.mode == FOLDER else files)[path + name] = entry.blob
        folders |= below
        trees = {f"{path}/": tree for path, tree in below.items()}
    return LedgerSnapshot(commit, dict(sorted(files.items())), dict(sorted(folders.items())))


def _unreadable_tree(git: Git, tree: str) -> Unknown:
    """That git cannot read a tree of the ledger: GitFailed, where git says why."""
    git.run("ls-tree", tree)
    return Unknown(f"git cannot read the folder {tree[:12]} of the ledger.", tip="Run `git fsck` to check the repository.")


class LedgerReader:
    """Reads the files of an environment's ledger, each once."""

    def __init__(self, git: Git, environment: str) -> None:
        self._git = git
        self._environment = environment
        self._read: dict[tuple[str, str], Record | UnreadableRecord] = {}

    def read(self, held: LedgerSnapshot) -> tuple[tuple[Record, ...], dict[str, UnreadableRecord]]:
        """The records of a snapshot, and the errors of files that hold none, by the SHA-256 of their content."""
        new = [file for file in held.files.items() if file not in self._read]
        contents = read_blobs(self._git, (blob for _, blob in new)) if new else {}
        for path, blob in new:
            try:
                self._read[path, blob] = read_record_file(path, contents[blob], self._environment)
            except UnreadableRecord as error:
                self._read[path, blob] = error
        found = [(blob, self._read[path, blob]) for path, blob in held.files.items()]
        faults = {blob: each for blob, each in found if isinstance(each, UnreadableRecord)}
        again = read_blobs(self._git, faults) if faults else {}
        return (
            tuple(each for _, each in found if not isinstance(each, UnreadableRecord)),
            {hashlib.sha256(again[blob]).hexdigest(): error for blob, error in faults.items()},
        )


def write_entry(git: Git, held: LedgerSnapshot, entry: Record) -> str:
    """A new commit that holds one entry more. No ref is changed."""
    line = format_line(entry)
    blob = _write_object(git, "hash-object", "-w", "--stdin", stdin=line.encode("ascii"))
    tree = _write_tree(git, held, {record_path(entry, line): blob})
    about = " ".join(filter(None, (entry.deed.kind, entry.deed.step)))
    return _write_commit(git, tree, (held.commit,) if held.commit else (), entry.who, about)


def write_union(git: Git, ours: LedgerSnapshot, theirs: LedgerSnapshot, who: Who) -> str:
    """A new commit that holds the entries of both, and has both as parents."""
    lacking = {path: blob for path, blob in ours.files.items() if theirs.files.get(path) != blob}
    return _write_commit(git, _write_tree(git, theirs, lacking), (theirs.commit, ours.commit), who, "union")


def _write_tree(git: Git, held: LedgerSnapshot, added: Mapping[str, str]) -> str:
    changed = sorted({path.partition("/")[0] for path in added})
    files = {**held.files, **added}
    inside: dict[str, list[str]] = {folder: [] for folder in changed}
    for path, blob in files.items():
        folder, _, name = path.partition("/")
        if folder in inside:
            inside[folder].append(f"100644 blob {blob}\t{name}\0")
    listings = "\0".join("".join(lines) for lines in inside.values())
    trees = _write_object(git, "mktree", "-z", "--batch", stdin=_encode(listings))
    folders = {**held.folders, **dict(zip(changed, trees.split(), strict=True))}
    top = "".join(f"040000 tree {tree}\t{name}\0" for name, tree in folders.items())
    return _write_object(git, "mktree", "-z", stdin=_encode(top))


def _encode(listing: str) -> bytes:
    return listing.encode("utf-8", "surrogateescape")


def _write_commit(git: Git, tree: str, parents: tuple[str, ...], who: Who, about: str) -> str:
    names = ("-c", f"user.name={_UNFIT.sub(' ', who.name)}", "-c", f"user.email={_UNFIT.sub(' ', who.email)}")
    words = [word for parent in parents for word in ("-p", parent)]
    return _write_object(git, *names, "commit-tree", tree, *words, stdin=f"{about}\n".encode())


def _write_object(git: Git, *words: str, stdin: bytes) -> str:
    return git.run(*_DURABLE, *words, stdin=stdin).decode("ascii").strip()


def compare_and_swap(git: Git, ref: str, new: str, old: str) -> bool:
    """Points a ref at `new` if it is still at `old` ("": if there is none). False if somebody else was first.

    GitFailed if the ref did not move: a lock is still there after LOCK_PATIENCE, because a git that was killed has left it, or
    the disk is full, or nobody may write.
    """
    patient = ("-c", f"core.filesRefLockTimeout={LOCK_PATIENCE}")
    words = (*_DURABLE, *patient, "update-ref", "--create-reflog", "-m", "relbot", ref, new, old or "0" * len(new))
    code, out, err = git.answer(*words)
    if code != 0 and ref_tips(git, ref).get(ref, "") == old:
        raise GitFailed(words, code, out, err)
    return code == 0


def ref_tips(git: Git, *refs: str) -> dict[str, str]:
    """The commits at which refs point, by the refs that are there. GitFailed if git cannot tell."""
    pairs = (line.partition(" ") for line in git.text("for-each-ref", "--format=%(objectname) %(refname)", *refs).splitlines())
    return {ref: commit for commit, _, ref in pairs if ref in refs}


def remember_tip(git: Git, ref: str, commit: str) -> None:
    """Points a ref of relbot's own at a commit. Where git cannot, the ref stays."""
    git.answer("update-ref", ref, commit)
