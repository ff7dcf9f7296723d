"""Reads an address on the web, within a time, up to a size, without leaving HTTPS.

GitHub has a client of its own, `relbot.github.client`.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from relbot.errors import RelbotError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

MOST_REDIRECTS = 5
LARGEST_ANSWER = 1_048_576
"""Bytes of an answer."""
T = TypeVar("T")


class HttpFailed(RelbotError):
    """An address did not answer. `what` follows the words that name the address: "answered with the status …"."""


class HttpRefused(HttpFailed):
    """An address did not take what was sent to it: it said so, or could not be reached at all."""


def http_get(url: str, timeout: float) -> bytes:
    """Returns what the address answers: the content of an answer of status 200, of at most LARGEST_ANSWER bytes.

    `timeout` is the number of seconds for everything: the name, the connection, redirects, headers and content. Redirects are
    followed, but not away from HTTPS. A password is taken from ~/.netrc, by requests, for each host anew. HttpFailed for
    anything but such an answer.
    """
    try:
        return within(timeout, lambda: _get_content(url, timeout))
    except TimeoutError:
        raise _too_slow(timeout) from None


def http_post_json(url: str, data: dict[str, Any], timeout: float) -> None:
    """Sends a JSON object to an address, once, and returns where that answers with a status from 200 to 299.

    `timeout` is the number of seconds for everything. Redirects are not followed. HttpRefused if the address did not take it;
    HttpFailed where nothing tells whether it did. No error has the path of the address in it, which is often a secret.
    """
    try:
        return within(timeout, lambda: _post_json(url, data, timeout))
    except TimeoutError:
        raise _too_slow(timeout) from None


def _post_json(url: str, data: dict[str, Any], timeout: float) -> None:
    import requests  # 100 ms that only what asks an address has to wait for
    import urllib3

    with _open_session() as session:
        try:  # the status says whether it was taken: what follows may be endless, or break off
            response = session.post(url, json=data, timeout=timeout, allow_redirects=False, stream=True)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            failure = _connection_failure(error, url, timeout)
            # Other errors of TLS may come when the message has been sent.
            never_sent = (
                socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError, requests.exceptions.ProxyError, ValueError
            )  # fmt: skip
            if any(isinstance(cause, never_sent) for cause in _all_causes(error)):
                raise HttpRefused(failure.what) from None
            raise failure from None
        with response:
            said = "" if response.ok else _read_reason(response)
        if response.status_code >= 500:
            raise HttpFailed(f"answered with the status {response.status_code}")
        if not 200 <= response.status_code < 300:
            raise HttpRefused(f"answered with the status {response.status_code}{said and f' ({said})'}")


def _read_reason(response: requests.Response) -> str:
    """What Slack says to what it does not take, as in `invalid_blocks`; "" for anything else."""
    import urllib3  # comes with requests

    try:
        said = next(_read_parts(response), b"").strip()
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return ""
    return said.decode("ascii") if re.fullmatch(rb"[a-z_]{1,40}", said) else ""


def within(seconds: float, function: Callable[[], T]) -> T:
    """Returns what the function returns, or raises what it raises. TimeoutError if that takes longer.

    A thread is the one thing that bounds all of a request: the time limits of sockets begin anew with every byte, and looking
    up a name has none. One that is too late is left behind, and does not keep the process from ending.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001  # it is raised where it belongs
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


def _get_content(url: str, timeout: float) -> bytes:
    import requests  # 100 ms that only what asks an address has to wait for
    import urllib3

    deadline = time.monotonic() + timeout
    with _open_session() as session:
        for _ in range(MOST_REDIRECTS + 1):
            left = deadline - time.monotonic()
            if left <= 0:
                raise _too_slow(timeout)
            try:
                with session.get(url, timeout=left, stream=True, allow_redirects=False) as response:
                    if not response.is_redirect:
                        return _read_content(response, deadline, timeout)
                    url = _follow_redirect(url, response.headers["Location"])
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _connection_failure(error, url, timeout) from None
    raise HttpFailed(f"redirected more than {MOST_REDIRECTS} times, at last to {display_url(url)}")


def _open_session() -> requests.Session:
    import requests  # 100 ms that only what asks an address has to wait for

    class Session(requests.Session):
        """Leaves redirects to this module, which judges where they lead."""

        def get_redirect_target(self, resp: requests.Response) -> str | None:
            return None

    session = Session()
    session.headers.update({"Accept-Encoding": "identity", "User-Agent": "relbot"})
    return session


def display_url(url: str) -> str:
    """An address without its password and its query, which may hold secrets."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an invalid address"
    return quoted(f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}", 200).strip("“”")


def display_host(url: str) -> str:
    """The scheme and the host of an address: all that is shown of one whose path is a secret."""
    return "/".join(display_url(url).split("/")[:3])


def _follow_redirect(url: str, location: str) -> str:
    """Where a redirect leads. NoAnswer if that is no place to go."""
    try:
        target = urljoin(url, location)
        scheme, has_host, has_secret = urlsplit(target).scheme, urlsplit(target).hostname, "@" in urlsplit(target).netloc
    except ValueError:
        raise HttpFailed(f"redirected to {quoted(location)}, which is not an address") from None
    if scheme not in ("http", "https") or not has_host or has_secret:
        raise HttpFailed(
            f"redirected to {display_url(target)}. relbot follows only http and https, without a password. "
            "Write the address that answers into the configuration"
        )
    if scheme == "http" and urlsplit(url).scheme == "https":
        raise HttpFailed(
            f"redirected to {display_url(target)}, which is not encrypted, so relbot did not follow. "
            "Serve that address with https"
        )
    return target


def _read_content(response: requests.Response, deadline: float, timeout: float) -> bytes:
    content = bytearray()
    for part in _read_parts(response):
        content += part
        if len(content) > LARGEST_ANSWER:
            raise HttpFailed(f"answered with more than {LARGEST_ANSWER} bytes, beginning with {quoted(bytes(content[:500]), 60)}")
        if time.monotonic() > deadline:
            raise _too_slow(timeout)
    if response.status_code != 200:
        raise _refused_status(response, bytes(content))
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != len(content):
        raise HttpFailed(f"broke off after {len(content)} of {length} bytes")
    if encoding := response.headers.get("Content-Encoding", "").strip():
        raise HttpFailed(f"answered with content encoded as {quoted(encoding, 40)}, which relbot did not ask for")
    return bytes(content)


def _read_parts(response: requests.Response) -> Iterator[bytes]:
    """The content as it comes in: with `read1` a server that is slow for ever is seen to be slow."""
    while part := response.raw.read1(65_536, decode_content=False):
        yield part


def _refused_status(response: requests.Response, content: bytes) -> HttpFailed:
    status = f"{response.status_code} {response.reason or ''}".strip()
    tip = "relbot takes a name and a password from ~/.netrc." if response.status_code in (401, 403, 407) else ""
    said = " and a page of HTML" if looks_like_html(content) else _quote_text(content)
    return HttpFailed(f"answered with the status {quoted(status, 60)}{said}", tip=tip)


def looks_like_html(content: bytes) -> bool:
    """Whether an answer is a page for people: a login, an error, a maintenance notice."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _quote_text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return ""
    return f" and {quoted(text)}" if text else ""


def _too_slow(timeout: float) -> HttpFailed:
    return HttpFailed(f"did not answer within {timeout:g} s", tip="`timeout` in the configuration is the time in seconds.")


def _connection_failure(error: Exception, url: str, timeout: float) -> HttpFailed:
    """What went wrong, in words that hold nothing of the request: that could have a secret in it."""
    import requests  # 100 ms that only what asks an address has to wait for
    import urllib3

    host = display_url(url).split("/")[2] if "//" in display_url(url) else "the host"
    causes = _all_causes(error)
    if any(isinstance(cause, requests.exceptions.ProxyError | urllib3.exceptions.ProxyError) for cause in causes):
        return HttpFailed("could not be reached through the proxy that the environment names (`https_proxy`, `http_proxy`)")
    for cause in causes:
        match cause:
            case requests.Timeout() | urllib3.exceptions.TimeoutError() | TimeoutError():
                return _too_slow(timeout)
            case ssl.SSLCertVerificationError():
                return HttpFailed(
                    f"has a certificate that relbot does not trust: {quoted(cause.verify_message)}. For a "
                    "private authority, set `REQUESTS_CA_BUNDLE` to its certificates"
                )
            case ssl.SSLError():
                return HttpFailed(f"does not support a TLS version of this Python: {quoted(cause.reason or 'it broke off')}")
            case socket.gaierror():
                return HttpFailed(f"could not be reached: the name {host} cannot be resolved")
            case ConnectionRefusedError():
                return HttpFailed(f"could not be reached: {host} refuses connections")
    return HttpFailed(f"could not be reached, or broke off ({type(error).__name__})")


def _all_causes(error: BaseException) -> list[BaseException]:
    """An error and all that it was made of, however it was wrapped, the inmost first."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if any(one is other for other in found):
            continue
        found.append(one)
        inner = (*one.args, one.__cause__, one.__context__, getattr(one, "reason", None))
        waiting += [each for each in inner if isinstance(each, BaseException)]
    return found[::-1]
