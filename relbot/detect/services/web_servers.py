"""Configuration of web servers: addresses that are gone, and other places that requests are passed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import FileChange
from relbot.detect.engine.networks import keeps_addresses
from relbot.detect.engine.phrases import quote_name
from relbot.detect.services.inner_names import with_old_names
from relbot.detect.services.reading import significant_lines
from relbot.detect.services.saying import service_evidence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import ChangeSet, Evidence

_FACTS = (
    (
        "web-address",
        re.compile(
            r"^(listen|server_name|bind|location|Listen|ServerName|ServerAlias|<VirtualHost|<Location|Alias|address|rule)\b"
            r"|^[\w*.-]+\.[a-z]{2,}(:\d+)?(,.*)? \{$|^:\d+ \{$"
        ),
    ),
    (
        "web-file",
        re.compile(
            r"^(ssl_certificate(_key)?|ssl_(trusted|client)_certificate|ssl_dhparam|auth_basic_user_file|SSLCertificate\w{0,20}+|AuthUserFile|tls)"
            r"\s[^/]*+/"
            r"|^(root|DocumentRoot|alias)\s"
        ),
    ),
    ("web-upstream", re.compile(r"^(proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass|server|reverse_proxy|ProxyPass\w*|upstream)\b")),
)


_INCLUDE = re.compile(r"^([ \t]*)include[ \t]+([\w./-]{1,200});", re.M)


def with_included(change: FileChange, changes: ChangeSet) -> FileChange:
    """The change with the files that it includes in their places, where the same change set brings them."""
    if change.before is None or change.after is None or b"include" not in change.after:
        return change
    come = [file for file in changes.files if file.before is None and file.path != change.path]

    def text_of_file(found: re.Match[str]) -> str:
        name = found[2].removeprefix("./")
        fitting = [file for file in come if f"/{name}".endswith(f"/{file.path}") or f"/{file.path}".endswith(f"/{name}")]
        return fitting[0].new if len(fitting) == 1 else found[0]

    text = _INCLUDE.sub(text_of_file, change.new) if come else change.new
    return change if text == change.new else FileChange(change.status, change.path, change.before, text.encode(), change.old_path)


def compare_web_server(change: FileChange) -> Iterator[Evidence]:
    """What changes in a web server's configuration: statements that only one side has, wherever they stand."""
    file = quote_name(change.path)
    if change.before is None or change.after is None:
        happened = ("added", "is new") if change.before is None else ("removed", "is gone")
        yield service_evidence(f"web-server-{happened[0]}", change, f"The web server's configuration {file} {happened[1]}.")
        return
    old, new = _statements(change.old), _statements(with_old_names(change.old, change.new))
    if _is_closed(old, new):
        message = f"The web server's configuration {file} no longer lets in all networks that it let in."
        yield service_evidence("web-access", change, message, tuple(f"- {line}" for line in old if line not in new))
    old, new = ([line for line in lines if not _ALLOWED.match(line)] for lines in (old, new))
    facts = _facts_of_statements(old, new)
    for fact, lines in facts.items():
        message = f"The web server's configuration {file} changes: {quote_name(lines[0][2:])}."
        yield service_evidence(fact, change, message, tuple(lines))


def _facts_of_statements(old: list[str], new: list[str]) -> dict[str, list[str]]:
    """The facts that statements are which only one side has, each with these statements."""
    gone = [line for line in old if line not in new]
    facts: dict[str, list[str]] = {}
    for line in gone:
        if _is_widened(line, new) or _HARMLESS.match(line):
            facts.setdefault("web-server-extended", []).append(f"- {line}")
            continue
        fact = next((fact for fact, pattern in _FACTS if pattern.search(line)), "web-server-changed")
        facts.setdefault(fact, []).append(f"- {line}")
    if not gone and (come := [line for line in new if line not in old]):
        refusing = any(map(_REFUSING.match, come))
        facts["web-server-changed" if refusing else "web-server-extended"] = [f"+ {line}" for line in come]
    return facts


_ALLOWED = re.compile(r"^(?:allow|Require ip|allow from|remote_ip) ([\w.:/ ]++);?$", re.I)


def _is_closed(old: list[str], new: list[str]) -> bool:
    """Whether a network is no longer let in that was."""
    before, after = (
        [word for line in lines if (said := _ALLOWED.match(line)) for word in said[1].split()] for lines in (old, new)
    )
    return bool(before) and not keeps_addresses(before, after)


_REFUSING = re.compile(
    r"^(limit_(req|conn)|deny|allow|auth_(basic|request)|satisfy|return [345]"
    r"|Require|AuthType|basicauth|basic_auth|http-request deny)\b"
)
"""Statements for which requests are refused that were answered."""
_HARMLESS = re.compile(
    r"^(expires|etag|sendfile|tcp_no\w+|keepalive_\w+|add_header Cache-Control|log_not_found|access_log off)\b"
)
"""Statements that change how fast answers are, not which."""
_WIDENED = re.compile(
    r"^((?:client_)?max_\w+|LimitRequestBody|\w*timeout|worker_\w+|maxconn|timeout \w+)\s+(\d{1,12})(\w?)\w*;?$", re.I
)


def _is_widened(line: str, new: list[str]) -> bool:
    """Whether a limit of size, number or time is higher on the new side, or a list of names has the old ones too."""
    if line.startswith(("server_name ", "ServerAlias ")):
        return any(set(line.rstrip(";").split()) <= set(other.rstrip(";").split()) for other in new)
    old = _WIDENED.match(line)
    if old is None:
        return False
    size = {"k": 1024, "m": 1024**2, "g": 1024**3}
    for other in new:
        now = _WIDENED.match(other)
        if now is not None and now[1] == old[1]:
            return int(now[2]) * size.get(now[3].lower(), 1) >= int(old[2]) * size.get(old[3].lower(), 1)
    return False


_UPSTREAM = re.compile(r"^[ \t]*upstream\s+([\w.-]+)\s*\{\s*server\s+([^\s;{}]+)\s*;\s*\}[ \t]*$", re.M)


_HOST = re.compile(r"(?<=://)[\w.-]+(?=[/;\s])")


def _with_servers_in_place(text: str) -> str:
    """The text with an upstream of one server put where its name is: both say the same."""
    if "upstream" not in text:
        return text
    servers = {name: server.replace("\\", "") for name, server in _UPSTREAM.findall(text)}
    text = _UPSTREAM.sub("", text)
    return _HOST.sub(lambda found: servers.get(found[0], found[0]), text)


_PUNCTUATION = re.compile(r"(?<!\$)\{[ \t]|;[ \t]")


def _statements(text: str) -> list[str]:
    text = _with_servers_in_place(text)
    if ";" in text:
        text = _PUNCTUATION.sub(lambda found: f"{found[0].strip()}\n", text).replace("}", "\n}\n")
    return [" ".join(line.split()) for line in significant_lines(text)]
