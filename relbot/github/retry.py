"""How often relbot asks GitHub again, and how long it waits.

Repeated are requests that GitHub turned away before doing anything (rate limits, a connection that was never made), and
those whose repetition does no harm. A POST whose answer was lost is not: its caller looks whether it was done.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from relbot.github.errors import Unsure
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds that relbot waits where GitHub names a time. A job that waits for an hour costs more than one that is run again."""
SECONDARY_WAIT = 60.0
"""Seconds to wait after a secondary limit that names no time: "at least one minute", says GitHub."""
HARMLESS = frozenset({"GET", "HEAD", "PATCH", "PUT", "DELETE"})
_LIMITED = frozenset({403, 429})
_BROKEN = frozenset({500, 502, 503, 504})

wait = time.sleep
"""What waits; a test puts another in its place."""
clock = time.time
"""The seconds since 1970, in which GitHub tells when a limit is reset."""


class HttpAnswer(NamedTuple):
    """One answer of GitHub. The names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def request_patiently(send: Callable[[], HttpAnswer], method: str, timeout: float, what: str) -> HttpAnswer:
    """Returns the first answer that is not worth another try; each try has `timeout` seconds for its whole answer.

    Unsure if there is none: of a write nobody knows whether it was done. `what` follows "relbot could not".
    """
    import requests  # 100 ms that only what asks an address has to wait for
    import urllib3

    from relbot.http import within

    for attempt in range(1, TRIES + 1):
        pause = 0.5 * 2**attempt
        try:
            answer = within(timeout, send)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if attempt == TRIES or not (method in HARMLESS or _never_connected(error)):
                slow = isinstance(error, requests.Timeout | TimeoutError)
                kind = "GitHub did not answer in time" if slow else "the connection to GitHub broke off"
                text = f"relbot could not {what}: {kind} ({type(error).__name__})."
                raise Unsure(
                    text, tip="Run the command again. If the error persists, see https://www.githubstatus.com."
                ) from None
        else:
            if is_rate_limit(answer):
                asked = wait_asked_for(answer)
                pause = SECONDARY_WAIT if asked is None else asked
            if attempt == TRIES or pause > LONGEST_WAIT or not _worth_another_try(answer, method):
                return answer
        wait(pause)
    raise AssertionError("the last attempt returns or raises")


def _never_connected(error: Exception) -> bool:
    import requests  # 100 ms that only what asks an address has to wait for
    import urllib3

    if isinstance(error, requests.ConnectTimeout):
        return True
    inner = error.args[0] if error.args else None
    return isinstance(getattr(inner, "reason", None), urllib3.exceptions.NewConnectionError)


def _worth_another_try(answer: HttpAnswer, method: str) -> bool:
    return is_rate_limit(answer) or (answer.status in _BROKEN and method in HARMLESS)


def is_rate_limit(answer: HttpAnswer) -> bool:
    """Whether GitHub turned a request away because there were too many: with 429, or with 403 and a sign of it.

    A secondary limit may have no header that says so, only its words
    (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
    """
    limited = answer.status in _LIMITED
    said = answer.content[:2000].lower()
    return limited and (answer.status == 429 or wait_asked_for(answer) is not None or b"rate limit" in said)


def wait_asked_for(answer: HttpAnswer) -> float | None:
    """The seconds that an answer asks to wait for, None if it names no time. Source: as above."""
    headers = answer.headers
    if (after := headers.get("retry-after", "")).isdecimal():
        return float(after)
    if headers.get("x-ratelimit-remaining") == "0" and (reset := headers.get("x-ratelimit-reset", "")).isdecimal():
        return max(float(reset) - clock(), 0.0) + 1
    return None
