"""How often relbot asks GitHub again, and how long it waits.

Repeated are requests that GitHub turned away before doing anything (rate limits, a connection that was never made), and
those whose repetition does no harm. A POST whose answer was lost is not: its caller looks whether it was done.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from urllib3.exceptions import MaxRetryError, ResponseError
from urllib3.util.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse
    from urllib3.connectionpool import ConnectionPool

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds that relbot waits where GitHub names a time. A job that waits for an hour costs more than one that is run again."""
HARMLESS = frozenset({"GET", "HEAD", "PATCH", "PUT", "DELETE"})
_LIMITED = frozenset({403, 429})
_BROKEN = frozenset({500, 502, 503, 504})

wait = time.sleep
"""What waits; a test puts another in its place."""
clock = time.time
"""The seconds since 1970, in which GitHub tells when a limit is reset."""


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait for, None if it is no matter of a rate limit.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    if (after := headers.get("retry-after", "")).isdecimal():
        return float(after)
    if headers.get("x-ratelimit-remaining") == "0" and (reset := headers.get("x-ratelimit-reset", "")).isdecimal():
        return max(float(reset) - clock(), 0.0) + 1
    return None


class RetryPolicy(Retry):
    """The policy, as urllib3 takes it. An answer that is not worth another try goes to the caller as it is."""

    @classmethod
    def usual(cls) -> Self:
        """The one for all of relbot's requests to GitHub."""
        return cls(
            total=TRIES - 1,
            redirect=0,
            backoff_factor=0.5,
            allowed_methods=HARMLESS,
            raise_on_status=False,
            respect_retry_after_header=True,
        )

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: FBT001, FBT002  # urllib3's
        """Whether to look closer at an answer; what a 403 is, its headers tell."""
        return status_code in _LIMITED or (status_code in _BROKEN and method.upper() in HARMLESS)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: Any = None,
    ) -> Self:
        """The policy for the next try. MaxRetryError if there shall be none."""
        if response is not None and response.status in _LIMITED and _pool is not None:
            wait = wait_asked_for(response.headers)
            if wait is None or wait > LONGEST_WAIT:
                raise MaxRetryError(_pool, url or "", ResponseError("not worth another try"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits as long as GitHub asks for, or longer each time."""
        asked = wait_asked_for(response.headers) if response is not None else None
        wait(min(self.get_backoff_time() if asked is None else asked, LONGEST_WAIT))
