"""Versions as a table: what they are, how they are ordered, what comes next."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from relbot.config.model import Versions
from relbot.errors import UsageError
from relbot.release.version import bump_version, parse_version, readable_versions

DAY = date(2018, 8, 15)


@pytest.mark.parametrize(
    ("scheme", "text", "prerelease"),
    [
        ("auto", "2.10.0", False),
        ("auto", "2.10", False),
        ("auto", "2.0.0-rc.1", True),
        ("auto", "2.0.0rc1", True),
        ("auto", "1.0.post1", False),
        ("auto", "1.0.dev3", True),
        ("auto", "1.0.0+build.5", False),
        ("auto", "v1.2.3", False),
        ("auto", "2018.08.0", False),
        ("semver", "1.0.0-alpha.beta", True),
        ("pep440", "2018.8", False),
        ("calendar", "2018.08.0", False),
        ("calendar", "2018.08.0rc1", True),
    ],
)
def test_what_a_version_is(scheme: str, text: str, prerelease: bool) -> None:
    version = parse_version(text, Versions(scheme))
    assert (version.text, version.prerelease) == (text, prerelease)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("auto", ""),
        ("auto", "one"),
        ("auto", "../1.0"),
        ("auto", "1.0/2"),
        ("auto", ".1"),
        ("auto", "1.0\n"),
        ("auto", "1" * 101),
        ("auto", "1..2"),
        ("semver", "2.10"),
        ("semver", "2.0.0rc1"),
        ("semver", "01.2.3"),
        ("pep440", "2.0.0-alpha.beta"),
        ("calendar", "1.2.3"),
        ("calendar", "2018.08"),
        ("calendar", "2018.8.0"),
    ],
)
def test_what_a_version_is_not(scheme: str, text: str) -> None:
    with pytest.raises(UsageError):
        parse_version(text, Versions(scheme))


@pytest.mark.parametrize(
    ("scheme", "texts"),
    [
        ("semver", "1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta 1.0.0-rc.1 1.0.0-rc.2 1.0.0-rc.10 1.0.0 1.2.0 1.10.0 2.0.0"),
        ("pep440", "1.0.dev1 1.0a1 1.0b1 1.0rc1 1.0rc10 1.0 1.0.post1 1.2 1.10 2.0"),
        ("auto", "1.0.0-rc.1 1.0.0 1.1rc1 1.1 1.1.1 1.2.0-alpha.beta 1.2.0 2018.08.0"),
        ("calendar", "2018.07.9 2018.07.10 2018.08.0rc1 2018.08.0 2019.01.0"),
    ],
)
def test_the_order(scheme: str, texts: str) -> None:
    versions = [parse_version(text, Versions(scheme)) for text in texts.split()]
    assert sorted(versions, reverse=True)[::-1] == versions
    assert all(first < second for first, second in pairwise(versions))


@pytest.mark.parametrize(
    ("first", "second", "leads"),
    [
        ("2.0.0rc1", "2.0.0", True),
        ("2.0rc1", "2.0.0", True),
        ("2.0.0-rc.1", "2.0", True),
        ("2.0.0rc1", "2.0.0rc2", False),
        ("2.0.0", "2.0.0", False),
        ("2.0.0rc1", "2.0.1", False),
    ],
)
def test_which_release_a_prerelease_leads_to(first: str, second: str, leads: bool) -> None:
    assert parse_version(first, Versions()).leads_to(parse_version(second, Versions())) is leads


def test_names_that_are_no_versions_are_left_out() -> None:
    assert [version.text for version in readable_versions(["1.0", "nightly", "1.1"], Versions())] == ["1.0", "1.1"]


@pytest.mark.parametrize(
    ("scheme", "current", "part", "pre", "expected"),
    [
        ("auto", "1.2.3", "patch", None, "1.2.4"),
        ("auto", "1.2.3", "minor", None, "1.3.0"),
        ("auto", "1.2.3", "major", None, "2.0.0"),
        ("auto", "0.9.1", "major", None, "0.10.0"),
        ("auto", "1", "minor", None, "1.1"),
        ("auto", "1.0", "major", None, "2.0"),
        ("auto", "1.0", "patch", None, "1.0.1"),
        ("auto", "1.0.post1", "minor", None, "1.1"),
        ("auto", "1.0.0+build", "patch", None, "1.0.1"),
        ("auto", "v1.2.0", "minor", None, "v1.3.0"),
        ("auto", "1.2.3", "major", "rc", "2.0.0-rc.1"),
        ("auto", "2.0.0-rc.1", "patch", "rc", "2.0.0-rc.2"),
        ("auto", "2.0.0-rc.9", "major", "rc", "2.0.0-rc.10"),
        ("auto", "2.0.0-beta.3", "patch", "rc", "2.0.0-rc.1"),
        ("auto", "2.0.0-rc.2", "none", None, "2.0.0"),
        ("auto", "1.1.0-rc.1", "major", "rc", "2.0.0-rc.1"),
        ("auto", "1.1.1-rc.1", "minor", None, "1.2.0"),
        ("auto", "2.9", "minor", "rc", "2.10rc1"),
        ("auto", "2.10rc1", "patch", "rc", "2.10rc2"),
        ("auto", "2.10rc2", "patch", None, "2.10"),
        ("pep440", "1.0.0", "minor", "rc", "1.1.0rc1"),
        ("pep440", "1.1.0rc1", "patch", "rc", "1.1.0rc2"),
        ("calendar", "2018.07.3", "minor", None, "2018.08.0"),
        ("calendar", "2018.08.3", "major", None, "2018.08.4"),
        ("calendar", "2018.08.3", "minor", "rc", "2018.08.4rc1"),
        ("calendar", "2018.08.4rc1", "minor", "rc", "2018.08.4rc2"),
        ("calendar", "2018.08.4rc2", "minor", None, "2018.08.4"),
    ],
)
def test_what_comes_next(scheme: str, current: str, part: str, pre: str | None, expected: str) -> None:
    versions = Versions(scheme)
    before = parse_version(current, versions)
    named = bump_version(before, part, pre, DAY, versions)
    assert named == expected
    assert before < parse_version(named, versions)


@pytest.mark.parametrize(
    ("calendar", "current", "expected"),
    [
        ("YYYY.MM.MICRO", "2018.8.1", "2018.8.2"),
        ("YY.MM", "18.7", "18.8"),
        ("YYYY.0M.0D", "2018.08.01", "2018.08.15"),
        ("YYYY.WW.MICRO", "2018.33.0", "2018.33.1"),
        ("YYYY.MICRO", "2017.9", "2018.0"),
    ],
)
def test_calendars(calendar: str, current: str, expected: str) -> None:
    versions = Versions("calendar", calendar)
    assert bump_version(parse_version(current, versions), "minor", None, DAY, versions) == expected
