"""Where fragments came from: the pull request that brought each, and who wrote it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from relbot.git.first_parent_walk import HORIZON, FirstParentWalk
from relbot.git.merge_messages import merged_pull_request
from relbot.git.process import GitFailed
from relbot.git.trees import split_stems
from relbot.release.notes import Attribution
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from relbot.fragment.location import Folder
    from relbot.git.process import Git

_MERGED = re.compile(
    r"Merge pull request #(\d+) from |Merge pull request #(\d+):|See merge request \S*!(\d+)|.*\(#(\d+)\)\s*$|.*\(!(\d+)\)\s*$"
)
_NOREPLY = re.compile(r"(?:\d+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com")
_COMMIT = b"\x01"
_FORMAT = "--format=format:%x01%H%x00%an%x00%ae%x00%P%x00%s%x00%b%x02"


class FragmentHistory:
    """A walk through the history of the fragments' folders, begun when this is made: git works meanwhile.

    It follows the first parents, newest first, and ends as soon as all that is looked for is found: its cost depends on how
    far back the changes lie, and not on how long the history is. `shallow` tells that the clone lacks history, so that the
    walk may have missed what it looked for.
    """

    def __init__(self, git: Git, folders: tuple[Folder, ...]) -> None:
        self._git, self._folders = git, folders
        self._state = git.start("rev-parse", "--is-shallow-repository", "--verify", "--quiet", "HEAD")
        self._listing = git.start("ls-tree", "-r", "-z", "--name-only", "HEAD", "--", *(folder.path for folder in folders))
        self._walk = FirstParentWalk(git, "HEAD", folders, likely=HORIZON)
        self.shallow = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs: the caller needed no answer."""
        for asked in (self._state, self._listing):
            with asked:
                asked.kill()
        with self._walk:
            pass

    def origins(self, wanted: frozenset[str]) -> dict[str, Attribution]:
        """The origin of each fragment in `wanted` (identities), as far as the history tells; by identity.

        The pull request is that of the first-parent commit by which the fragment arrived: GitHub's merge
        (`Merge pull request #N`), GitHub's squash (`… (#N)`), GitLab's merge (`See merge request …!N`). The author is
        that of the commit that added the file. A file that was only moved did not arrive again. Empty where there is no commit
        yet; GitFailed if git fails otherwise.
        """
        state, complaint = self._state.communicate()
        self.shallow = state.startswith(b"true")
        if self._state.returncode == 1:
            return {}
        if self._state.returncode != 0:
            raise GitFailed(("rev-parse", "HEAD"), self._state.returncode, state, complaint)
        listed, complaint = self._listing.communicate()
        if self._listing.returncode != 0:
            raise GitFailed(("ls-tree", "HEAD"), self._listing.returncode, listed, complaint)
        arrivals = self._walk.arrivals(frozenset(), certain=wanted & frozenset(split_stems(listed)))
        if not arrivals:
            return {}
        about = self._describe_commits({arrival.commit for arrival in arrivals.values()})
        merged = {identity for identity, arrival in arrivals.items() if " " in about[arrival.commit][3]}
        oldest = min(arrivals.values()).commit
        writers = self._find_writers(merged, oldest, has_parent=bool(about[oldest][3])) if merged else {}
        made: dict[tuple[str, str], Attribution] = {}  # many of a release come with one commit
        found = {}
        for identity, arrival in arrivals.items():
            written = writers.get(identity) if identity in merged else about[arrival.commit]
            key = arrival.commit, written[0] if written else ""
            found[identity] = made.get(key) or made.setdefault(key, _attribute(about[arrival.commit], written))
        return found

    def _describe_commits(self, commits: Iterable[str]) -> dict[str, list[str]]:
        """The fields of commits, as `_FORMAT` has them, by id."""
        asked = "".join(f"{commit}\n" for commit in commits).encode("ascii")
        said = self._git.run("log", "--no-walk=unsorted", "--no-show-signature", "--stdin", "-z", _FORMAT, stdin=asked)
        return {fields[0]: fields for fields, _ in _split_commits(said)}

    def _find_writers(self, merged: Collection[str], oldest: str, *, has_parent: bool) -> dict[str, list[str]]:
        """The fields of the commits that added what came by merges: none of them is older than the oldest merge's base."""
        since = [f"^{oldest}^1"] if has_parent else []
        below = [f":(literal){folder.path}" for folder in self._folders]
        log = ("log", "--relative", "--no-renames", "--no-show-signature", "--diff-filter=A", "--name-only", "-z", _FORMAT)
        found: dict[str, list[str]] = {}
        for fields, names in _split_commits(self._git.run(*log, "HEAD", *since, "--", *below)):
            for name in names:
                identity = os.fsdecode(name[name.rfind(b"/") + 1 :]).removesuffix(".md")
                if identity in merged:
                    found[identity] = fields  # newest first, so the oldest addition stays
        return found


def _split_commits(log: bytes) -> Iterator[tuple[list[str], list[bytes]]]:
    """The fields of each commit of a log, and the names that stand behind them."""
    for commit in log.split(_COMMIT)[1:]:
        about, _, names = commit.partition(b"\x02")
        yield about.decode("utf-8", "replace").split("\0"), names.strip(b"\0\n").split(b"\0")


def _attribute(arrived: list[str], written: list[str] | None) -> Attribution:
    number = _pull_request(arrived)
    return Attribution((number,) if number else (), (_author_name(written),) if written else ())


def _pull_request(fields: list[str]) -> str | None:
    if number := merged_pull_request("\n".join(fields[4:6])):
        return number
    for text in fields[4:6]:
        for line in text.splitlines()[:20]:
            if match := _MERGED.match(line):
                return next(number for number in match.groups() if number)
    return None


def _author_name(fields: list[str]) -> str:
    login = _NOREPLY.fullmatch(fields[2])
    return f"@{login.group(1)}" if login else fields[1]
