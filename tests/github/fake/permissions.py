"""What a token may do on the fake GitHub, and which permissions a refusal names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.github.fake.routing import Call
    from tests.github.fake.state import State


def find_pull_number(path: str, state: State) -> int | None:
    """The pull request whose issue is meant."""
    number = path.partition("/issues/")[2].partition("/")[0]
    return int(number) if number.isdecimal() and int(number) in state.pulls else None


def is_allowed(needs: str, may: frozenset[str], call: Call, path: str) -> bool:
    """Whether a token with the permissions `may` may do this.

    On a pull request, comments are open to `pull_requests` as well as to `issues`. A label needs `pull_requests` (GitHub
    fact 44), and one that the repository does not have `issues` as well (43).
    """
    pull = find_pull_number(path, call.state)
    if pull is not None and "/labels" in path and call.state.has(44):
        given = call.body["labels"] if isinstance(call.body, dict) else call.body or []
        makes = any((each["name"] if isinstance(each, dict) else each) not in call.state.labels for each in given)
        return "pull_requests" in may and ("issues" in may or not (makes and call.state.has(43)))
    on_pull = pull is not None or "/issues/comments/" in path
    return needs in may or (needs == "issues" and on_pull and "pull_requests" in may)


def accepted_permissions(needs: str, call: Call, path: str) -> str:
    """GitHub fact 45: permissions of which one would do, or in one part all."""
    pull = find_pull_number(path, call.state)
    if pull is not None and "/labels" in path:
        return "pull_requests=write"
    return "issues=write; pull_requests=write" if needs == "issues" and (pull or "/comments/" in path) else f"{needs}=write"
