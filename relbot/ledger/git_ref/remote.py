"""The remote on which a ledger is shared. It either answers or is Unreachable: silence is never an empty ledger."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from relbot.errors import Unknown, UsageError
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git

PATIENCE = 60
"""Seconds after which a remote that says nothing counts as unreachable."""
SETTING = "relbot.remote"
"""The git setting that says which of several remotes has the ledger: in a clone of a fork it is not `origin`."""
_QUIET = ("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.fsync=all")
_FETCH = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-filter", "--refmap=")
_FETCH_ATTEMPTS = 20
_OTHER_FETCH = ("cannot lock ref", ".lock': File exists", "incorrect old value provided")
"""What git says if another fetch in the same clone moves the same refs at this moment: then both want the same."""

_LOCKED = (
    "Another git process works in the repository of the remote, or one was killed there. Wait until it ends, then try again. If "
    "no git process runs there, remove the file that git names from that repository."
)
_RIGHTS = "To record deploys, you need permission to push to refs/relbot/*."


class Unreachable(Unknown):
    """The remote could not be asked, or did not answer."""


class Remote(NamedTuple):
    """A remote of a clone, by its name there."""

    git: Git
    name: str

    def refs(self, pattern: str) -> dict[str, str]:
        """The refs there that match a pattern, each with its commit."""
        code, out, said = self._ask("ls-remote", "--quiet", self.name, pattern)
        if code != 0:
            raise self._unreachable(said)
        pairs = [line.split("\t") for line in out.splitlines()]
        return {ref: commit for commit, ref in pairs}

    def tip(self, ref: str) -> str:
        """The commit at which a ref points there, "" if there is none."""
        return self.refs(ref).get(ref, "")

    def fetch(self, ref: str) -> None:
        """Brings what a ref holds there into this clone. No ref changes here, whatever the clone is set up to do."""
        words = _FETCH
        code, _, said = self._ask("fetch", *words, self.name, ref)
        if code != 0:
            raise self._unreachable(said)

    def fetch_refs(self, refspecs: Iterable[str]) -> None:
        """Brings refs there into refs of relbot's own, and removes those that are gone there. No other ref changes here.

        A HEAD that leads to no branch there is removed here, too. Unreachable if the remote does not answer.
        """
        words = (*_FETCH, "--prune")
        wanted, said = list(refspecs), ""
        for _ in range(_FETCH_ATTEMPTS):
            code, _, said = self._ask("fetch", *words, self.name, *wanted)
            if code == 0:
                return
            if "couldn't find remote ref HEAD" in said:
                # git's `--prune` does not remove it: what was fetched earlier would count as what is there now.
                head = next(each for each in wanted if each.startswith("+HEAD:"))
                self.git.text("update-ref", "-d", head.removeprefix("+HEAD:"))
                wanted.remove(head)
            elif not any(words in said for words in _OTHER_FETCH):
                break
        raise self._unreachable(said)

    def default_branch(self) -> str:
        """The branch at which HEAD points there, "" if it does not tell."""
        code, out, _ = self._ask("ls-remote", "--quiet", "--symref", self.name, "HEAD")
        first = out.partition("\t")[0]
        return first.removeprefix("ref: refs/heads/") if code == 0 and first.startswith("ref: refs/heads/") else ""

    def push(self, commit: str, ref: str) -> str:
        """Moves a ref forward to a commit there. "" if it moved, else why not.

        Without `--force` git moves it only if the commit holds all that is there, and the remote compares before it
        swaps. Hooks of the clone are for its branches and are not run.
        """
        assert commit, "an empty source deletes the ref"
        words = ("--quiet", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no")
        code, _, said = self._ask("push", *words, self.name, f"{commit}:{ref}")
        return "" if code == 0 else said or f"git push failed (exit {code})"

    def _ask(self, *words: str) -> tuple[int, str, str]:
        with self.git.start(*_QUIET, *words) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                return 124, "", f"It did not answer within {PATIENCE} seconds."
        return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace").strip()

    def _unreachable(self, said: str) -> Unreachable:
        what = f"relbot could not fetch from `{self.name}`, so it does not know what others did: {said or 'git gave no reason'}"
        return Unreachable(what, tip="Check the connection with the command below.", example=f"git ls-remote {self.name}")


def find_remote(git: Git, named: str | None) -> Remote | None:
    """The remote of that name; else that of the git setting `relbot.remote`, `origin`, or the only one.

    None if the clone has none: its ledger is its own then. UsageError if there is no such remote, or if one of several has
    to be chosen.
    """
    names = git.text("remote").split()
    if named is None and len(names) > 1:
        named = git.find("config", "--get", SETTING) or None
    if named is not None and named not in names:
        raise UsageError(f"There is no remote `{named}`.", tip=f"There are: {', '.join(names) or 'none'}.")
    if named is None and len(names) > 1 and "origin" not in names:
        what = f"This clone has {len(names)} remotes: {', '.join(names)}. Which one has the ledger?"
        raise UsageError(what, tip="Choose it once for this clone:", example=f"git config {SETTING} {names[0]}")
    name = named or ("origin" if "origin" in names else next(iter(names), None))
    return Remote(git, name) if name else None


def tell_way_out(refusal: str) -> str:
    """What helps where a remote does not take a push."""
    return _LOCKED if ".lock': File exists" in refusal else _RIGHTS
