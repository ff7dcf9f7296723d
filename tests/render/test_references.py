"""What references are called and where they lead; which format a changelog's name tells."""

from __future__ import annotations

import pytest

from relbot.config.model import Links
from relbot.render.notes import NOTES_FORMATS, format_of
from relbot.render.notes.references import Reference, author_reference, issue_reference, pull_request
from tests.render.example import LINKS

HOST = "https://git.example.org"
JIRA = Links(repository=LINKS.repository, issue="https://jira.example.org/browse/{number}")


@pytest.mark.parametrize(
    ("links", "reference", "expected"),
    [
        (LINKS, "4075", Reference("#4075", f"{HOST}/obs/build/issues/4075")),
        (Links(), "4075", Reference("#4075")),
        (LINKS, "obs/deploy#12", Reference("obs/deploy#12", f"{HOST}/obs/deploy/issues/12")),
        (Links(), "obs/deploy#12", Reference("obs/deploy#12")),
        (LINKS, "PROJ-7", Reference("PROJ-7")),
        (JIRA, "PROJ-7", Reference("PROJ-7", "https://jira.example.org/browse/PROJ-7")),
        (JIRA, "obs/deploy#12", Reference("obs/deploy#12", f"{HOST}/obs/deploy/issues/12")),
        (Links(issue="https://x.example.org/issues/{number}"), "PROJ-7", Reference("PROJ-7")),
        (LINKS, f"{HOST}/obs/build/issues/9", Reference("#9", f"{HOST}/obs/build/issues/9")),
        (LINKS, f"{HOST}/obs/other/pull/9", Reference("obs/other#9", f"{HOST}/obs/other/pull/9")),
        (LINKS, "https://a.example.org/x y", Reference("https://a.example.org/x y", "https://a.example.org/x%20y")),
    ],
)
def test_issue(links: Links, reference: str, expected: Reference) -> None:
    assert issue_reference(reference, links) == expected


def test_pull_request_and_author() -> None:
    assert pull_request("7", LINKS) == Reference("#7", f"{HOST}/obs/build/pull/7")
    assert author_reference("@jane", LINKS) == Reference("@jane", f"{HOST}/jane")
    assert author_reference("@jane", Links()) == Reference("@jane")
    assert author_reference("Jane Doe", LINKS) == Reference("Jane Doe")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("CHANGELOG.md", "markdown"),
        ("docs/News.RST", "rst"),
        ("notes.json", "json"),
        ("debian/changelog", "debian"),
        ("packaging/debian/changelog", "debian"),
        ("obs-api.changes", "rpm"),
    ],
)
def test_format_of(path: str, name: str) -> None:
    assert format_of(path) is NOTES_FORMATS[name]


@pytest.mark.parametrize("path", ["CHANGES", "notdebian/changelog", "changes.txt"])
def test_no_format(path: str) -> None:
    assert format_of(path) is None


def test_layout() -> None:
    assert NOTES_FORMATS["markdown"].preamble == "# Changelog\n\n<!-- relbot: releases below -->\n"
    for form in NOTES_FORMATS.values():
        assert form.marker in form.preamble
