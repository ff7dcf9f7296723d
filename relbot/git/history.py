"""Where fragments came from: the pull request that brought each, and who wrote it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Self

from relbot.git.merge_messages import merged_pull_request
from relbot.git.process import GitFailed
from relbot.release.notes import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git

_MERGED = re.compile(
    r"Merge pull request #(\d+) from |Merge pull request #(\d+):|See merge request \S*!(\d+)|.*\(#(\d+)\)\s*$|.*\(!(\d+)\)\s*$"
)
_NOREPLY = re.compile(r"(?:\d+\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com")
_COMMIT = b"\x01"
_FORMAT = "--format=format:%x01%H%x00%an%x00%ae%x00%P%x00%s%x00%b%x02"


class FragmentHistory:
    """A walk through the history of the fragments' folders, under way since this was made: git works meanwhile.

    The walk reads only commits that touch `folders`; it is git's own, once along the first parents and once along all.
    `shallow` tells that the clone lacks history, so that the walk may have missed what it looked for.
    """

    def __init__(self, git: Git, folders: Iterable[str]) -> None:
        below = [f":(literal){folder}" for folder in folders]
        log = ("log", "--relative", "--no-renames", "--diff-filter=A", "--name-only", "-z", _FORMAT)
        self._state = git.start("rev-parse", "--is-shallow-repository", "--verify", "--quiet", "HEAD")
        self._arrivals = git.start(*log, "--first-parent", "-m", "HEAD", "--", *below)
        self._writing = git.start(*log, "HEAD", "--", *below)
        self.shallow = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs: the caller needed no answer."""
        for walk in (self._state, self._arrivals, self._writing):
            with walk:
                walk.kill()

    def origins(self, wanted: frozenset[str]) -> dict[str, Attribution]:
        """The origin of each fragment in `wanted` (identities), as far as the history tells; by identity.

        The pull request is that of the first-parent commit by which the fragment arrived: GitHub's merge
        (`Merge pull request #N`), GitHub's squash (`… (#N)`), GitLab's merge (`See merge request …!N`). The author is
        that of the commit that added the file. Empty where there is no commit yet; GitFailed if git fails otherwise.
        """
        state = self._state.communicate()[0]
        merged, complaint = self._arrivals.communicate()
        authored = self._writing.communicate()[0]
        self.shallow = state.startswith(b"true")
        if self._state.returncode != 0:
            return {}
        if self._arrivals.returncode or self._writing.returncode:
            raise GitFailed(("log",), self._arrivals.returncode, b"", complaint)
        prs: dict[str, str] = {}
        for identities, fields in _list_additions(merged, wanted):
            number = _pull_request(fields)
            for identity in identities:
                if number:
                    prs[identity] = number  # newest first, so the oldest addition stays
                else:
                    prs.pop(identity, None)
        authors: dict[str, str] = {}
        for identities, fields in _list_additions(authored, wanted):
            authors |= dict.fromkeys(identities, _author_name(fields))
        made: dict[tuple[str | None, str | None], Attribution] = {}  # a release comes from few authors, and often at once
        found = {}
        for identity in prs.keys() | authors.keys():
            pair = prs.get(identity), authors.get(identity)
            found[identity] = made.get(pair) or made.setdefault(
                pair, Attribution(*(() if one is None else (one,) for one in pair))
            )
        return found


def _list_additions(log: bytes, wanted: frozenset[str]) -> Iterable[tuple[list[str], list[str]]]:
    """The identities of `wanted` that a commit added, and its fields, commit by commit."""
    for commit in log.split(_COMMIT)[1:]:
        about, _, names = commit.partition(b"\x02")
        paths = os.fsdecode(names.strip(b"\0\n")).split("\0")
        stems = [path[path.rfind("/") + 1 :].removesuffix(".md") for path in paths]
        if identities := [stem for stem in stems if stem in wanted]:
            yield identities, about.decode("utf-8", "replace").split("\0")


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
