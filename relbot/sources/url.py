"""The revision that runs, from an address on the web."""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from relbot.errors import quoted
from relbot.sources.response import LARGEST, SourceUnavailable, decode_text, looks_like_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

MOST_REDIRECTS = 5


def http_get(url: str, timeout: float, headers: Mapping[str, str] | None = None) -> bytes:
    """What the address answers. NoAnswer for everything but a whole answer of status 200 within the time.

    Redirects are followed, but not away from HTTPS. A password is taken from ~/.netrc, by requests, for each host anew;
    `headers` go to the first host only.
    """
    import requests
    import urllib3

    deadline = time.monotonic() + timeout
    host = urlsplit(url).netloc
    with _open_session() as session:
        for _ in range(MOST_REDIRECTS + 1):
            left = deadline - time.monotonic()
            if left <= 0:
                raise _too_slow(timeout)
            own = headers if urlsplit(url).netloc == host else None
            try:
                with session.get(url, headers=own, timeout=left, stream=True, allow_redirects=False) as response:
                    if not response.is_redirect:
                        return _read_content(response, deadline, timeout)
                    url = _follow_redirect(url, response.headers["Location"])
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise _connection_failure(error, url, timeout) from None
    raise SourceUnavailable(f"redirected more than {MOST_REDIRECTS} times, at last to {display_url(url)}")


def _open_session() -> requests.Session:
    import requests

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
        return "an address that cannot be read"
    return quoted(f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}", 200).strip("“”")


def _follow_redirect(url: str, location: str) -> str:
    """Where a redirect leads. NoAnswer if that is no place to go."""
    try:
        target = urljoin(url, location)
        scheme, has_host, has_secret = urlsplit(target).scheme, urlsplit(target).hostname, "@" in urlsplit(target).netloc
    except ValueError:
        raise SourceUnavailable(f"redirected to something that is no address: {quoted(location)}") from None
    if scheme not in ("http", "https") or not has_host or has_secret:
        raise SourceUnavailable(f"redirected to {display_url(target)}, where relbot does not follow")
    if scheme == "http" and urlsplit(url).scheme == "https":
        raise SourceUnavailable(f"redirected to {display_url(target)}, which is not encrypted")
    return target


def _read_content(response: requests.Response, deadline: float, timeout: float) -> bytes:
    content = bytearray()
    for part in _read_parts(response):
        content += part
        if len(content) > LARGEST:
            raise SourceUnavailable(f"answered with more than {LARGEST} bytes, beginning with {quoted(bytes(content[:500]), 60)}")
        if time.monotonic() > deadline:
            raise _too_slow(timeout)
    if response.status_code != 200:
        raise _refused_status(response, bytes(content))
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != len(content):
        raise SourceUnavailable(f"broke off after {len(content)} of {length} bytes")
    if encoding := response.headers.get("Content-Encoding", "").strip():
        raise SourceUnavailable(f"answered with content encoded as {quoted(encoding, 40)}, which relbot has not asked for")
    return bytes(content)


def _read_parts(response: requests.Response) -> Iterator[bytes]:
    """The content as it comes in: with `read1` a server that is slow for ever is seen to be slow."""
    while part := response.raw.read1(65_536, decode_content=False):
        yield part


def _refused_status(response: requests.Response, content: bytes) -> SourceUnavailable:
    status = f"{response.status_code} {response.reason or ''}".strip()
    tip = "relbot takes a name and a password from ~/.netrc." if response.status_code in (401, 403, 407) else ""
    try:
        said = " and a page of HTML" if looks_like_html(content) else f" and {quoted(decode_text(content))}"
    except SourceUnavailable:
        said = ""
    return SourceUnavailable(f"answered with the status {quoted(status, 60)}{said}", tip=tip)


def _too_slow(timeout: float) -> SourceUnavailable:
    return SourceUnavailable(f"did not answer within {timeout:g} s", tip="`timeout` in the configuration is the time in seconds.")


def _connection_failure(error: Exception, url: str, timeout: float) -> SourceUnavailable:
    """What went wrong, in words that hold nothing of the request: that could have a secret in it."""
    import requests
    import urllib3

    host = display_url(url).split("/")[2] if "//" in display_url(url) else "the host"
    causes = _all_causes(error)
    if any(isinstance(cause, requests.exceptions.ProxyError | urllib3.exceptions.ProxyError) for cause in causes):
        return SourceUnavailable(
            "could not be reached through the proxy that the environment names (`https_proxy`, `http_proxy`)"
        )
    for cause in causes:
        match cause:
            case requests.Timeout() | urllib3.exceptions.TimeoutError() | TimeoutError():
                return _too_slow(timeout)
            case ssl.SSLCertVerificationError():
                return SourceUnavailable(f"has a certificate that is not trusted: {quoted(cause.verify_message)}")
            case ssl.SSLError():
                return SourceUnavailable(f"does not speak TLS that relbot understands: {quoted(cause.reason or 'it broke off')}")
            case socket.gaierror():
                return SourceUnavailable(f"could not be reached: the name {host} is not known here")
            case ConnectionRefusedError():
                return SourceUnavailable(f"could not be reached: {host} refuses connections")
    return SourceUnavailable(f"could not be reached, or broke off ({type(error).__name__})")


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
