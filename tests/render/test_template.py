"""Templates of the project's own: what they see, what they may, how their faults are told."""

from __future__ import annotations

import pytest

from relbot.errors import UsageError
from relbot.render.notes.template import render
from tests.render.example import CONTEXT, NOTES

HERE = CONTEXT._replace(template_path="changes/notes.md.j2")


def rendered(source: str) -> str:
    return render(NOTES, HERE._replace(template=source))


def test_data() -> None:
    source = "{{ notes.release.version }} {{ notes.groups | length }} {{ notes.groups[0].entries[0].identity }}\n"
    assert rendered(source) == f"2.10.0-rc.1 {len(NOTES.groups)} role\n"


def test_filters() -> None:
    assert rendered("{{ '### a' | shift_headings(1) }}") == "#### a\n"
    assert rendered("{{ '7' | link_issue }}") == "[#7](https://git.example.org/obs/build/issues/7)\n"
    assert (
        rendered("{{ notes.groups[1].entries[0].prs[0] | link_pr }}") == "[#5622](https://git.example.org/obs/build/pull/5622)\n"
    )
    assert rendered("{{ '@ada' | link_author }}") == "[@ada](https://git.example.org/ada)\n"
    assert rendered("{{ 'a\n\nb' | bullet }}") == "- a\n\n  b\n"


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("a\n{% if %}", 2, "Expected an expression"),
        ("a\nb\n{{ notes.nothing }}", 3, "nothing"),
        ("{{ missing }}", 1, "missing"),
        ("\n{% include 'other' %}", 2, "no loader"),
        ("a\n{{ 1 + 'a' }}", 2, "unsupported operand"),
        ("{{ 1 / 0 }}", 1, "division"),
        ("{{ 'a' | nofilter }}", 1, "nofilter"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ cycler() }}", 1, "at least one item"),
        ("a\n" + "{% if 1 %}" * 200 + "{% endif %}" * 200, None, "indentation"),
        ("{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 1, "recursion"),
    ],
)
def test_faults_have_file_and_line(source: str, line: int | None, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        rendered(source)
    assert raised.value.what.startswith(f"changes/notes.md.j2:{line}: " if line else "changes/notes.md.j2: ")
    assert words in raised.value.what


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(10 ** 9) %}x{% endfor %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ 10 ** 9 * [1] }}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ 'x'.ljust(10 ** 9) }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'x' | center(10 ** 9) }}",
        "{{ 'x' | indent(10 ** 9, true) }}",
        "{{ 'x' | indent(width=10 ** 9, first=true) }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ lipsum(n=10 ** 9) }}",
    ],
)
def test_it_cannot_run_for_ever(source: str) -> None:
    with pytest.raises(UsageError, match=r"is not allowed|are not allowed|unsafe|undefined|No filter"):
        rendered(source)
