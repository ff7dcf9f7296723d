"""`[environments.NAME]`: what it takes, and that all that is wrong with it is told at once."""

from __future__ import annotations

import pytest

from relbot.config.environments import EXAMPLE
from relbot.config.model import Environment
from relbot.config.read import read_config
from relbot.errors import ConfigError


def environments(text: str) -> tuple[Environment, ...]:
    config = read_config("relbot.toml", text)
    assert config is not None
    return config.environments


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_config("relbot.toml", text)
    return [f"{found.place.line}: {found.message} {found.tip}" for found in caught.value.findings]


def test_the_example_is_one() -> None:
    assert environments(EXAMPLE) == (
        Environment("production", "url", url="https://build.example.org/about", xpath="/about/commit"),
    )


def test_every_source() -> None:
    text = """
    [components.api]
    [environments.a]
    deployed = "tag"
    tag = "deployed/*"
    newest = "date"
    [environments.b]
    deployed = "ledger"
    target = "origin/main"
    component = "api"
    [environments.c]
    deployed = "command"
    command = ["ssh", "www1", "cat", "/srv/REVISION"]
    timeout = 30
    [environments.d]
    deployed = "file"
    file = "/srv/REVISION"
    pointer = "/commit"
    regex = "[0-9a-f]+"
    [environments.e]
    deployed = "rpm"
    package = "obs-api"
    [environments.f]
    deployed = "debian"
    package = "obs-api:amd64"
    regex = "git(.*)-"
    [environments.g]
    deployed = "url"
    url = "https://example.org/rev"
    """
    assert [environment.deployed for environment in environments(text)] == "tag ledger command file rpm debian url".split()
    assert {environment.store for environment in environments(text)} == {"ref"}


def test_a_ledger_on_github() -> None:
    text = '[environments.a]\ndeployed = "ledger"\nstore = "github"\nrepository = "acme/widgets"'
    assert environments(text) == (Environment("a", "ledger", store="github", repository="acme/widgets"),)
    assert environments('[environments.a]\ndeployed = "file"\nfile = "REVISION"\nstore = "github"')[0].store == "github"
    assert faults(text.replace('store = "github"', 'store = "ref"')) == [
        "4: `repository` says nothing where `deployed` is `ledger`. It belongs to: github. Remove it."
    ]


def test_all_faults_at_once() -> None:
    found = faults("""
[environments.production]
deployed = "url"
tag = "v*"
pointer = "commit"
xpath = "/a["
timeout = 0
component = "web"
colour = "red"

[environments.staging]
deployed = "urll"
url = "https://me:secret@example.org/"
regex = "(a)(b)"

[environments.test]
deployed = "command"
command = "ssh www1"
""")
    assert not any("secret" in fault for fault in found)
    for told in (
        "`url` is missing: `deployed` is `url`.",
        "4: `tag` says nothing where `deployed` is `url`. It belongs to: tag. Remove it.",
        "5: `pointer`: `commit` does not begin with `/`.",
        "6: `xpath`: relbot does not support the path `/a[`.",
        "7: `timeout` is 0.",
        "9: `colour` is not a key of `environments.production`.",
        "12: `deployed` is `urll`. Did you mean `url`?",
        "13: `url`: A password does not belong here: put it into ~/.netrc, which is read.",
        "14: `regex`: `(a)(b)` has 2 groups.",
        "18: `command` is one word with spaces in it, and no shell takes it apart.",
    ):
        assert [fault for fault in found if told in fault], (told, found)


def test_an_answer_is_json_or_xml() -> None:
    text = '[environments.a]\ndeployed = "url"\nurl = "https://a.example"\npointer = "/a"\nxpath = "/a"'
    assert faults(text) == ["5: `pointer` is for JSON and `xpath` for XML: an answer cannot be both. Keep one of them."]


def test_a_component_that_is_not_there() -> None:
    text = '[components.api]\n[environments.a]\ndeployed = "ledger"\ncomponent = "app"'
    assert faults(text) == [
        "4: The environment `a` runs the component `app`, and there is none of that name. Did you mean `api`? Allowed: api."
    ]


@pytest.mark.parametrize(
    "line",
    [
        'deployed = "url"\nurl = "ftp://example.org/"',
        'deployed = "url"\nurl = "example.org"',
        'deployed = "url"\nurl = "http://[::1"',
        'deployed = "url"\nurl = "http://a.example:port/"',
        'deployed = "tag"\ntag = "v{version}*"',
        'deployed = "tag"\ntag = "v{name}"',
        'deployed = "tag"\ntag = "a b"',
        'deployed = "tag"\ntag = "--all"',
        'deployed = "rpm"\npackage = "--root=/"',
        'deployed = "file"\nfile = "a"\npointer = "/~2"',
        'deployed = "file"\nfile = "a"\nregex = "("',
        'deployed = "command"\ncommand = []',
        'deployed = "command"\ncommand = ["a", 1]',
        'deployed = "ledger"\nstore = "gitlab"',
    ],
)
def test_what_is_not_taken(line: str) -> None:
    assert len(faults(f"[environments.a]\n{line}")) == 1
