"""A template of the project's own runs in a process that has limits: each is a fault of the template, with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.templates import run_template
from relbot.templates.run_template import TemplateLimits

if TYPE_CHECKING:
    from tests.commandline import Result, Run
    from tests.repository import Repo

FRAGMENT = "---\ntype: fixed\n---\n\nA.\n"
MANY = "{% set ten = [0,1,2,3,4,5,6,7,8,9] %}\n"
ENDLESS = {
    "loops over lists": MANY + "".join(f"{{% for v{n} in ten %}}" for n in range(10)) + "{% endfor %}" * 10,
    "macros that call each other": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}\n{{ m(40) }}",
    "a filter that counts": "\n{{ range(1000000) | batch(2) | map('length') | list | length }}" * 50,
}
LARGE = {
    "texts that double": "{% set n = namespace(t='x' * 999) %}{% for i in range(40) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
    "slices": "\n{{ [1] | slice(999999999) | list | length }}",
    "texts replaced by texts": "{% set x = 'x' * 99999 %}{{ x | replace('x', x) | length }}",
    "padded lists": "{{ [1] | batch(999999999, 'x') | list | length }}",
}


@pytest.fixture
def draft(repo: Repo, relbot: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    repo.write("relbot.toml", 'template = "notes.j2"\n')
    repo.write("changes/1-a.md", FRAGMENT)
    monkeypatch.setattr(run_template, "LIMITS", TemplateLimits(0.2, 400_000_000))

    def render(*args: str, **_: object) -> Result:
        repo.write("notes.j2", args[0])
        return relbot("build", "--draft", "1.1.0")

    return render


@pytest.mark.parametrize("case", ENDLESS)
def test_a_template_that_computes_for_too_long_is_a_fault_with_its_line(draft: Run, case: str) -> None:
    done = draft(ENDLESS[case])
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("relbot: notes.j2:"), done
    assert "The template takes more than 0.2 s." in done.err


@pytest.mark.parametrize("case", LARGE)
def test_a_template_that_needs_too_much_memory_is_a_fault(draft: Run, case: str) -> None:
    done = draft(LARGE[case])
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("relbot: notes.j2:"), done
    assert "too much memory" in done.err or "takes more than 0.2 s" in done.err or "exceeds a limit" in done.err


def test_a_template_that_writes_too_much_is_a_fault(draft: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_template, "LARGEST_NOTES", 5_000)
    done = draft("{{ 'x' * 6000 }}")
    assert (done.code, done.out) == (2, ""), done
    assert "The template exceeds a limit: " in done.err


def test_an_answer_that_does_not_come_is_unknown(draft: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/nothing-here")
    assert draft("x").code == 3
    monkeypatch.setattr("sys.executable", "/bin/true")
    assert draft("x").code == 3


def test_a_template_is_rendered_with_what_relbot_gives_it(draft: Run) -> None:
    done = draft(
        "{{ notes.release.version }} {{ '7' | link_issue }} \N{BUG}{% for g in notes.groups %} {{ g.title }}{% endfor %}"
    )
    assert (done.code, done.out) == (0, "1.1.0 #7 \N{BUG} Fixed\n"), done
