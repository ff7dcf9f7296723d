"""What the files `routes_*.py` register their handlers with, and what a handler gets and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.github.fake.contract import document, example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.github.fake.state import State

    Handler = Callable[["Call"], "Reply"]

HANDLERS: dict[tuple[str, str], tuple[Handler, str]] = {}
"""By method and path, as in GitHub's document: the handler, and the permission that it needs."""
_REPO = "/repos/{owner}/{repo}"


class Call(NamedTuple):
    """A request whose contract holds: the values of its path, its query and its body, and who asks."""

    state: State
    values: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    user: str

    def number(self, name: str) -> int:
        """A number of the path. NotThere if it is none."""
        if not self.values[name].isdecimal():
            raise Refusal(404)
        return int(self.values[name])


class Reply(NamedTuple):
    """An answer. A list is cut into pages on its way out; `pages_of` names the list where an object wraps it."""

    value: Any
    status: int = 200
    listed: bool = False


class Refusal(Exception):
    """An answer that refuses."""

    def __init__(self, status: int, message: str = "Not Found", errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.value: dict[str, Any] = {"message": message, "documentation_url": "https://docs.github.com/rest"}
        if errors is not None:
            self.value["errors"] = errors


def invalid(resource: str, name: str, code: str, message: str = "") -> Refusal:
    """422, as GitHub says it: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api."""
    error = {"resource": resource, "field": name, "code": code}
    return Refusal(422, "Validation Failed", [error | ({"message": message} if message else {})])


def route(method: str, path: str, needs: str = "") -> Callable[[Handler], Handler]:
    """Registers the handler of an operation; `needs` is the permission without which a token is refused.

    The path stands below `/repos/{owner}/{repo}`, or begins with two slashes.
    """
    whole = path[1:] if path.startswith("//") else _REPO + path
    assert method.lower() in document()["paths"][whole], f"used.txt lacks {method} {whole}"

    def registered(handler: Handler) -> Handler:
        HANDLERS[method, whole] = handler, needs
        return handler

    return registered


def seed(method: str, path: str, status: int = 200) -> Any:
    """A copy of what GitHub's document gives as the example of an answer."""
    return example(method, _REPO + path, status)


def found(things: Mapping[int, Any], number: int) -> Any:
    """The one of that number. Refusal 404 if there is none."""
    if number not in things:
        raise Refusal(404)
    return things[number]
