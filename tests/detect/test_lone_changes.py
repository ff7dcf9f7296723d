"""Lines in which one name or one constant is another: what counts, and what is for developers and readers."""

from __future__ import annotations

import pytest

from relbot.detect.lone_changes.detector import DETECTOR
from relbot.schema import lazy_re
from tests.detect.changes import evidence, facts


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("src/log.js", "log.info('started', id)", "log.info('running', id)"),
        ("main.go", 'import (\n\t"io/ioutil"\n)', 'import (\n\t"os"\n)'),
        ("src/error.ts", "throw new Failure('bad')", "throw new Failure('wrong')"),
        ("src/a.ts", "const a = t('orders.title')", "const a = t('orders.heading')"),
        ("src/a.ts", "document.querySelector('.old')", "document.querySelector('.new')"),
        ("app/views/a.rb", "on('message')", "on('post')"),
        ("tests/a.js", "on('message')", "on('post')"),
        ("src/a.js", "on('message'); off('message')", "on('post'); off('message')"),
        ("src/a.js", "on('/orders/:id')", "on('/orders/:order')"),
        ("src/a.js", "// on('message')", "// on('post')"),
        ("A.java", "static final int PAGE = 20;\nreturn PAGE;", "static final int PAGE_SIZE = 20;\nreturn PAGE_SIZE;"),
        ("a.py", "level = logging.DEBUG", "level = logging.INFO"),
    ],
)
def test_what_is_for_developers_and_readers_does_not_count(path: str, before: str, after: str) -> None:
    assert facts(DETECTOR, {path: (f"{before}\n", f"{after}\n")}) == set()


@pytest.mark.parametrize(
    ("path", "before", "after", "fact"),
    [
        ("src/a.ts", "socket.on('message', m => m)", "socket.on('post', m => m)", "name-changed"),
        ("src/a.swift", 'post("message")', 'post("written")', "name-changed"),
        ("a.py", 'publish("orders.paid", order)', 'publish("orders.settled", order)', "message-renamed"),
        ("a.go", '\tPrice int `gorm:"column:price"`', '\tPrice int `gorm:"column:amount"`', "stored-name-changed"),
        ("a.php", "password_hash($p, PASSWORD_BCRYPT);", "password_hash($p, PASSWORD_ARGON2ID);", "choice-changed"),
    ],
)
def test_a_name_alone_counts_in_any_language(path: str, before: str, after: str, fact: str) -> None:
    found = evidence(DETECTOR, {path: (f"// before\n{before}\n", f"// before\n{after}\n")})
    assert [(one.fact, one.line) for one in found] == [(fact, 2)]


def test_each_name_is_a_subject() -> None:
    found = evidence(DETECTOR, {"a.js": ("on('a1', f)\non('b1', f)\n", "on('a2', f)\non('b2', f)\n")})
    assert [(one.subjects, one.message) for one in found] == [
        (("a1", "b1"), "One thing changes in a line of code: `a1` → `a2`, and 1 more.")
    ]


def test_many_other_lines_hide_no_name() -> None:
    before, after = ("".join(f"call{number}({value});\n" for number in range(1_600)) for value in (1, 2))
    found = facts(DETECTOR, {"a.js": (f"{before}on('message', f);\n", f"{after}on('post', f);\n")})
    assert found == {"name-changed"}


def test_no_expression_is_made_for_each_changed_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile and search one for each of 10,000 changed lines took seconds."""

    def refuse(*_: object) -> None:
        raise AssertionError

    for name in ("compile", "search", "match", "fullmatch", "findall", "sub"):
        monkeypatch.setattr(lazy_re, name, refuse)
    before, after = ("".join(f"on('{what}_{n}')\nmode = Kind.{what.upper()}_{n}\n" for n in range(9)) for what in ("old", "new"))
    assert facts(DETECTOR, {"src/a.js": (before, after)}) == {"name-changed", "choice-changed"}
