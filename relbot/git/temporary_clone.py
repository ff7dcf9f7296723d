"""A repository of relbot's own, for a while: commits are fetched into it and read, and nothing of them is ever checked out."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import Unknown
from relbot.git.process import Git, GitFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TRIES = 2
_SETTINGS = (
    # one pack, not a file for each object: it is written, read and removed faster
    "-c", "fetch.unpackLimit=1", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30",
)  # fmt: skip


@contextmanager
def temporary_clone(address: str, commits: Sequence[str], token: str) -> Iterator[Git]:
    """A bare repository that has these commits, each with its tree and without its history. It is removed at the end.

    `address` is that of a repository on the web. The token goes into git's environment, for that server alone: into no
    argument, which everybody on the machine can read. Unknown if a commit cannot be fetched.
    """
    from tempfile import TemporaryDirectory  # few commands need it

    with TemporaryDirectory(prefix="relbot-", ignore_cleanup_errors=True) as folder:
        plain = Git(Path(folder))
        git = Git(plain.root, _with_token(plain.environment, address, token))
        git.run("init", "--quiet", "--bare", "--template=", "--initial-branch=none", ".")
        _fetch_commits(git, address, list(dict.fromkeys(commits)))
        with closing(plain):
            yield plain


def _fetch_commits(git: Git, address: str, commits: list[str]) -> None:
    words = (
        *_SETTINGS,
        "fetch",
        "--quiet",
        "--depth=1",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-write-fetch-head",
        "--end-of-options",
    )
    for number in range(1, TRIES + 1):
        try:
            git.run(*words, address, *commits)
        except GitFailed as error:
            if number == TRIES:
                said = " ".join((error.err or error.out).decode("utf-8", "replace").split())[:300]
                tip = "Check that the token has `contents: read` and that git can reach GitHub."
                raise Unknown(
                    f"relbot cannot fetch the commits of the pull request. git says: {said or 'nothing'}", tip=tip
                ) from None
        else:
            return


def _with_token(given: Mapping[str, str], address: str, token: str) -> dict[str, str]:
    """What git's environment, as `given`, gets for one setting more: the header that actions/checkout sends too."""
    before = given.get("GIT_CONFIG_COUNT", "0")
    number = int(before) if before.isdecimal() else 0
    server = "/".join(address.split("/", 3)[:3])
    return {
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{server}/.extraheader",
        f"GIT_CONFIG_VALUE_{number}": f"AUTHORIZATION: basic {b64encode(f'x-access-token:{token}'.encode()).decode()}",
    }
