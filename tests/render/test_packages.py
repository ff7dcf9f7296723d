"""The changelogs of packages, read by the tools that will read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from functools import cmp_to_key

import pytest
from debian.changelog import Changelog
from debian.debian_support import version_compare
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.config.model import Links, Package
from relbot.errors import UsageError
from relbot.fragment.model import Fragment
from relbot.render.notes import NOTES_FORMATS, NotesContext
from relbot.render.notes.debian import debian_version
from tests.render.example import CONTEXT, NOTES, PACKAGE, notes_of
from tests.render.test_markdown_bodies import BODIES, LINES
from tests.tiers import examples

DEBIAN, RPM = NOTES_FORMATS["debian"].render, NOTES_FORMATS["rpm"].render
DPKG = shutil.which("dpkg-parsechangelog")


def test_debian_is_read_back() -> None:
    changelog = Changelog(DEBIAN(NOTES, CONTEXT), strict=True)
    assert (changelog.package, str(changelog.version)) == ("obs-api", "2.10.0~rc.1-1")
    assert (changelog.distributions, changelog.urgency) == ("unstable", "medium")
    assert (changelog.author, changelog.date) == (PACKAGE.maintainer, "Wed, 15 Aug 2018 00:00:00 +0000")


@pytest.mark.skipif(DPKG is None, reason="dpkg-parsechangelog is a part of Debian")
@pytest.mark.parametrize(
    "notes", [NOTES, notes_of(), *(notes_of(Fragment("a", "a.md", "fixed", body)) for body in BODIES.values())]
)
def test_debian_is_read_by_dpkg(notes: object) -> None:
    text = DEBIAN(notes, CONTEXT)  # type: ignore[arg-type]  # ids of parametrized values
    done = subprocess.run([str(DPKG), "-l-", "--all"], input=text, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stderr == ""


@settings(max_examples=examples(100, 2000), deadline=None)
@given(st.lists(LINES, min_size=1, max_size=7))
def test_any_body_stays_in_its_entry(lines: list[str]) -> None:
    notes = notes_of(Fragment("a", "a.md", "fixed", "\n".join(lines), migration_note="Act."))
    text = DEBIAN(notes, CONTEXT)
    (block,) = Changelog(text, strict=True)
    assert "Migration: Act." in "\n".join(block.changes())
    assert RPM(notes, CONTEXT).count("-" * 67) == 1


@pytest.mark.parametrize(("name", "width"), [("debian", 80), ("rpm", 67)])
def test_words_are_wrapped(name: str, width: int) -> None:
    body = "Words " * 100 + "\n\n- " + "a longer item " * 20
    text = NOTES_FORMATS[name].render(notes_of(Fragment("a", "a.md", "fixed", body)), CONTEXT)
    assert max(map(len, text.splitlines())) <= width


def test_rpm() -> None:
    lines = RPM(NOTES, CONTEXT).split("\n")
    assert lines[:4] == ["-" * 67, "Wed Aug 15 00:00:00 UTC 2018 - Jane Doe <jane@example.org>", "", "- update to 2.10.0-rc.1:"]
    assert lines[-2:] == ["", ""]
    early = NOTES._replace(date=date(2021, 2, 3))
    assert RPM(early, CONTEXT).split("\n")[1].startswith("Wed Feb  3 00:00:00 UTC 2021 - ")


@pytest.mark.parametrize(
    ("name", "package", "key"),
    [
        ("debian", PACKAGE._replace(name=""), "package.name"),
        ("debian", PACKAGE._replace(name="Obs API"), "package.name"),
        ("debian", PACKAGE._replace(maintainer=""), "package.maintainer"),
        ("rpm", Package(), "package.maintainer"),
        ("rpm", Package(maintainer="Jane"), "package.maintainer"),
    ],
)
def test_missing_keys_are_named(name: str, package: Package, key: str) -> None:
    with pytest.raises(UsageError, match=re.escape(key)) as raised:
        NOTES_FORMATS[name].render(NOTES, NotesContext(Links(), package))
    assert raised.value.example.startswith(f"[package]\n{key.removeprefix('package.')} = ")


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.0", "1.2.0-1"),
        ("v1.2.0", "1.2.0-1"),
        ("1.2.0-rc.1", "1.2.0~rc.1-1"),
        ("1.2.0-alpha-x.1+build.5", "1.2.0~alpha-x.1+build.5-1"),
        ("1.2.0rc1", "1.2.0~rc1-1"),
        ("1.2.0.dev3", "1.2.0~~dev3-1"),
        ("1.2.0a1.dev3", "1.2.0~a1~~dev3-1"),
        ("1.2.0.post1", "1.2.0+post1-1"),
        ("1.2.0rc1.post2", "1.2.0~rc1+post2-1"),
        ("1!2.0", "1:2.0-1"),
        ("2024.08.1", "2024.08.1-1"),
    ],
)
def test_debian_version(version: str, expected: str) -> None:
    assert debian_version(version, "1") == expected


@pytest.mark.parametrize(
    "versions",
    [
        ["1.2.0.dev1", "1.2.0a1.dev1", "1.2.0a1", "1.2.0b1", "1.2.0rc1", "1.2.0rc1.post1", "1.2.0", "1.2.0.post1", "1.2.1"],
        ["1.2.0-alpha", "1.2.0-alpha.1", "1.2.0-beta", "1.2.0-beta.2", "1.2.0-beta.11", "1.2.0-rc.1", "1.2.0", "1.2.1"],
    ],
)
def test_the_order_stays(versions: list[str]) -> None:
    converted = [debian_version(version, "1") for version in versions]
    order = [debian_version(version, "1") for version in reversed(versions)]
    assert sorted(order, key=cmp_to_key(version_compare)) == converted


def test_a_native_package_has_no_dash() -> None:
    assert debian_version("1.2.0-a-b", "") == "1.2.0~a.b"
