"""What runs, as an address tells it: and everything that an address can tell instead."""

from __future__ import annotations

import json
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.deployed.server import Server, drop_by_drop, headers_drop_by_drop, never, page, raw, redirect, running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployed.conftest import Ask

pytestmark = pytest.mark.loopback

ABOUT = "<?xml version='1.0'?><about><title>Open Build Service API</title><commit>{}</commit></about>"
HTML = "<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.mark.parametrize("digits", [40, 12, 7])
def test_the_whole_answer(server: Server, ask: Ask, commit: str, digits: int) -> None:
    server.pages["/rev"] = page(f"{commit[:digits]}\n")
    assert ask("url", url=f"http://{server.address}/rev") == commit


@pytest.mark.parametrize("xpath", ["/about/commit", "//commit", "commit", "/about/commit/text()"])
def test_xml_as_the_open_build_service_has_it(server: Server, ask: Ask, commit: str, xpath: str) -> None:
    server.pages["/about"] = page(ABOUT.format(commit[:9]))
    assert ask("url", url=f"http://{server.address}/about", xpath=xpath) == commit


def test_an_attribute(server: Server, ask: Ask, commit: str) -> None:
    server.pages["/about"] = page(f"<apps><app name='web' commit='0'/><app name='api' commit='{commit}'/></apps>")
    assert ask("url", url=f"http://{server.address}/about", xpath="//app[@name='api']/@commit") == commit


def test_json(server: Server, ask: Ask, commit: str) -> None:
    server.pages["/"] = page(json.dumps({"a/b": [{"m~n": commit.upper()}]}))
    assert ask("url", url=f"http://{server.address}/", pointer="/a~1b/0/m~0n") == commit


def test_a_regular_expression_on_html_and_on_what_was_found(server: Server, ask: Ask, commit: str) -> None:
    server.pages["/"] = page(f"{HTML}<!-- rev: {commit[:10]} --> <!-- rev: {commit[:10]} -->")
    assert ask("url", url=f"http://{server.address}/", regex="rev: ([0-9a-f]+)") == commit
    server.pages["/"] = page(json.dumps({"version": f"2.10~git1533.{commit[:7]}"}))
    assert ask("url", url=f"http://{server.address}/", pointer="/version", regex=r"[^.]+$") == commit


def test_redirects_are_followed(server: Server, ask: Ask, commit: str) -> None:
    server.pages |= {"/old": redirect("/new?a=b"), "/new": page(commit)}
    assert ask("url", url=f"http://{server.address}/old") == commit


NOTHING: dict[str, tuple[Any, dict[str, str], str]] = {
    "404": (page("<h1>gone</h1>", 404), {}, "answered with the status “404 Not Found” and “<h1>gone</h1>”"),
    "404 for people": (page(HTML, 404), {}, "answered with the status “404 Not Found” and a page of HTML"),
    "401": (page("", 401), {}, "~/.netrc"),
    "429": (page("slow down", 429), {}, "“429 Too Many Requests” and “slow down”"),
    "204": (page("", 204), {}, "the status “204 No Content”"),
    "206": (page("abc1234", 206), {}, "the status “206 Partial Content”"),
    "304": (page("", 304), {}, "the status “304 Not Modified”"),
    "empty": (page(" \n"), {}, "answered with nothing"),
    "empty JSON": (page(""), {"pointer": "/a"}, "answered with nothing"),
    "empty XML": (page(""), {"xpath": "/a"}, "answered with nothing"),
    "empty text in XML": (page("<a><b/></a>"), {"xpath": "/a/b"}, "answered with nothing"),
    "HTML": (page(HTML), {}, "something that names no commit: “<!DOCTYPE html>"),
    "HTML for JSON": (page(HTML), {"pointer": "/a"}, "a page of HTML where JSON was expected: “<!DOCTYPE html>"),
    "HTML for XML": (page("<html><a>1234567</a></html>"), {"xpath": "//a"}, "a page of HTML where XML was expected"),
    "no JSON": (page("{'a': 1}"), {"pointer": "/a"}, "something that is not JSON where JSON was expected: “{'a': 1}”"),
    "deep JSON": (page("[" * 100_000), {"pointer": "/a"}, "something that is not JSON"),
    "twins": (page('{"a": "1234567", "a": "89abcde"}'), {"pointer": "/a"}, "a key stands twice"),
    "nothing there": (page('{"b": 1}'), {"pointer": "/a"}, 'has nothing at `/a`: “{"b": 1}”'),
    "past the end": (page('["b"]'), {"pointer": "/1"}, "has nothing at `/1`"),
    "a number": (page('{"a": 1234567}'), {"pointer": "/a"}, "no text at `/a`: “1234567”"),
    "null": (page('{"a": null}'), {"pointer": "/a"}, "no text at `/a`: “null”"),
    "no XML": (page("<a><b></a>"), {"xpath": "/a"}, "something that is not XML where XML was expected"),
    "nothing in XML": (page("<a/>"), {"xpath": "/a/b"}, "with XML, at `/a/b` nothing: “<a/>”"),
    "two in XML": (page("<a><b>1</b><b>2</b></a>"), {"xpath": "/a/b"}, "several different things: “1”, “2”"),
    "entities": (
        page('<!DOCTYPE a [<!ENTITY b "1234567">]><a>&b;</a>'),
        {"xpath": "/a"},
        "XML that declares a document type, which is not read",
    ),
    "no match": (page("x"), {"regex": "y"}, "for the regular expression `y` nothing: “x”"),
    "two matches": (page("a1 a2"), {"regex": r"a(\d)"}, "several different things: “1”, “2”"),
    "no text": (page(b"\xff\xfe\x00"), {}, "something that is not text"),
    "a terminal's language": (page("\x1b[2J\u202eabc"), {}, "names no commit: “\\x1b[2J\\u202eabc”"),
    "a branch": (page("main"), {}, "answered “main”, which is neither a commit nor a tag here"),
    "HEAD": (page("HEAD"), {}, "answered “HEAD”, which is neither a commit nor a tag here"),
    "an option": (page("--all"), {}, "which is neither a commit nor a tag here"),
    "a range": (page("HEAD~1"), {}, "names no commit: “HEAD~1”"),
    "half a character": (page('{"a": "\\ud800"}'), {"pointer": "/a"}, "names no commit: “\\ud800”"),
    "64 digits": (page("a" * 64), {}, "and there is no such commit in this clone"),
    "50 digits": (page("a" * 50), {}, "which is neither a commit nor a tag here"),
    "all zeros": (page("0" * 40), {}, "and there is no such commit in this clone"),
    "the reflog": (page("main@{1}"), {}, "names no commit"),
    "two lines": (page("1234567\n89abcde"), {}, "names no commit: “1234567 89abcde”"),
    "an unknown commit": (page("1234567"), {}, "answered “1234567”, and there is no such commit in this clone"),
    "too short": (page("abc123"), {}, "which is neither a commit nor a tag here"),
    "too much": (page("a" * 2_000_000), {}, "more than 1048576 bytes, beginning with “aaaa"),
    "a loop": (redirect("/"), {}, "redirected more than 5 times"),
    "another scheme": (redirect("file:///etc/passwd"), {}, "redirected to file:///etc/passwd. relbot follows only http"),
    "nowhere": (redirect("http://[::1"), {}, "redirected to “http://[::1”, which is not an address"),
    "a password": (redirect("http://a:secret@127.0.0.1:1/x"), {}, "redirected to http://127.0.0.1:1/x. relbot follows only"),
    "silence": (never, {}, "did not answer within 0.3 s"),
    "drops of headers": (headers_drop_by_drop, {}, "did not answer within 0.3 s"),
    "drops": (drop_by_drop, {}, "did not answer within 0.3 s"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH\r\n"), {}, "could not be reached, or broke off"),
    "closed": (raw(b""), {}, "could not be reached, or broke off"),
    "half": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n1234567"), {}, "broke off"),
    "half a chunk": (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n28\r\n1234567"), {}, "broke off"),
    "compressed": (page("1234567", Content_Encoding="gzip"), {}, "content encoded as “gzip”"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_what_is_no_answer_is_told_and_never_taken_for_nothing(server: Server, refused: Ask, commit: str, case: str) -> None:
    answer, where, told = NOTHING[case]
    server.pages["/"] = answer
    said = refused("url", url=f"http://{server.address}/?token=secret", timeout=0.3, **where)
    assert told in said
    assert "secret" not in said
    if case != "a loop":
        assert f"http://{server.address}/?… " in said


def test_an_abbreviated_commit_that_could_be_two(server: Server, refused: Ask, repo: Any, commit: str) -> None:
    repo.tag(commit[:7], "main")
    server.pages["/"] = page(commit[:7])
    assert f"answered “{commit[:7]}”, which could be any of: " in refused("url", url=f"http://{server.address}/")


def test_nobody_listens(refused: Ask, commit: str) -> None:
    with running() as server:
        address = server.address
    assert f"{address} refuses connections" in refused("url", url=f"http://{address}/")


def test_a_name_that_nobody_knows(refused: Ask, commit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("no_proxy", "*")
    assert "the name obs.example.org cannot be resolved" in refused("url", url="http://obs.example.org/about")


def test_a_proxy_that_is_not_there(refused: Ask, commit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "")
    assert "through the proxy" in refused("url", url="http://obs.example.org/about")


def test_a_password_from_netrc_goes_to_its_host_only_and_is_never_shown(
    server: Server, refused: Ask, commit: str, home: Path
) -> None:
    netrc = home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login relbot password secret\n")
    netrc.chmod(0o600)
    server.pages |= {"/a": redirect(f"http://localhost:{server.server_address[1]}/b"), "/b": page("no", 403)}
    said = refused("url", url=f"http://{server.address}/a")
    netrc.unlink()
    assert [path for path, credentials in server.seen if credentials] == ["/a"]
    assert "secret" not in said


def test_a_certificate_that_nobody_signed(refused: Ask, commit: str, tmp_path: Path) -> None:
    with running(tls=self_signed(tmp_path)) as server:
        server.pages["/"] = page(commit)
        assert "has a certificate that relbot does not trust: “self" in refused("url", url=f"https://{server.address}/")


def test_no_tls_at_all(server: Server, refused: Ask, commit: str) -> None:
    server.pages["/"] = page(commit)
    assert "does not support a TLS version" in refused("url", url=f"https://{server.address}/")


def self_signed(folder: Path) -> ssl.SSLContext:
    """The side of a server with a certificate for 127.0.0.1 of its own making."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
