"""The ways in which GitHub fails. `github.fail(FAULT, ...)` plans one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One bad answer.

    `breaks` is how the connection ends: "" if it does not, `reset`, or `hang` for no answer until the client gives up.
    `done` means that the request was carried out, and only its answer is lost.
    """

    name: str
    status: int = 0
    message: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    breaks: str = ""
    done: bool = False
    content: bytes | None = None


def status(code: int, message: str = "Server Error") -> Fault:
    """An answer with this status, and nothing done."""
    return Fault(f"status {code}", code, message)


RESET = Fault("reset", breaks="reset")
HANG = Fault("time-out", breaks="hang")
LOST = Fault("reset after it was done", breaks="reset", done=True)
LATE = Fault("time-out after it was done", breaks="hang", done=True)
BAD_GATEWAY_DONE = Fault("502 after it was done", 502, "Server Error", done=True)
SERVER_ERROR = status(500)
BAD_GATEWAY = status(502)
UNAVAILABLE = status(503)
NOT_FOUND = status(404, "Not Found")
BAD_TOKEN = status(401, "Bad credentials")
REFUSED = status(403, "Resource not accessible by integration")
PRIMARY_LIMIT = Fault(
    "primary rate limit",
    403,
    "API rate limit exceeded for installation.",
    (("x-ratelimit-limit", "1000"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "4102444800")),
)
NOT_JSON = Fault("not JSON", 200, content=b"<html><body>Unicorn!</body></html>")
EMPTY = Fault("an empty object", 200, content=b"{}")
CUT = Fault("JSON that breaks off", 200, content=b'{"id": 1, ')


def secondary_limit(retry_after: int = 7) -> Fault:
    """Too much at once: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return Fault("secondary rate limit", 403, message, (("retry-after", str(retry_after)), ("x-ratelimit-remaining", "4000")))


@dataclass
class Planned:
    """A fault for the requests that match: from the `nth` of them on, `times` of them."""

    fault: Fault
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int = 1
    seen: int = field(default=0)

    def meets(self, method: str, path: str) -> bool:
        """Whether this request is to fail; counts it."""
        if (self.method is not None and method != self.method) or (self.path is not None and not re.search(self.path, path)):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times
