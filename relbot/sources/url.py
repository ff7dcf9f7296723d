"""The source `url`: the revision that runs, from an address on the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.http import display_url, http_get
from relbot.sources.commit import find_told_commit
from relbot.sources.extract import extract_text
from relbot.sources.model import Source

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext


def _describe_address(environment: Environment) -> str:
    return display_url(environment.url)


def _resolve_address(environment: Environment, context: SourceContext) -> str:
    content = http_get(environment.url, environment.timeout)
    return find_told_commit(environment, context, extract_text(content, environment))


SOURCE = Source(
    id="url",
    keys=("url", "pointer", "xpath", "regex", "timeout"),
    title="An address that publishes its commit as XML, JSON or plain text",
    description="""Redirects are followed, but not from HTTPS to HTTP. A name and a password are taken from
`~/.netrc`, proxies from the environment. An XML document with a document type is refused: entities are declared
there. `timeout` holds for the whole answer.""",
    example="""[environments.production]
deployed = "url"
url = "https://build.example.org/about"
xpath = "/about/commit"       # or pointer = "/build/commit" for JSON; neither for plain text
target = "origin/master\"""",
    describe=_describe_address,
    resolve=_resolve_address,
)
