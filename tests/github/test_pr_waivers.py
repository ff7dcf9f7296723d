"""Waivers on a pull request: who gives one, what takes it back, and what it does not cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.decision import decide_response
from relbot.render.comment.comment_body import MARKER
from tests.github.site import CODE, FAULTY, FIXED

if TYPE_CHECKING:
    from tests.github.site import Site

pytestmark = pytest.mark.loopback


@pytest.mark.meets(47)
def test_47_maintain_is_a_right_to_write(site: Site) -> None:
    site.state.permissions["mona"] = "maintain"
    pull = site.pull(CODE)
    site.waive(pull, "mona")
    assert site.run(pull).code == 0


@pytest.mark.meets(46)
def test_a_maintainer_waives(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    site.waive(pull)
    assert site.run(pull).code == 0
    line = "relbot: nothing is missing (waived by `@maria`: `The table is empty.`)."
    assert site.said(pull).startswith(
        f"{MARKER}\n{line}\n\nSet aside:\n\n- The project wants a fragment for each change of `app/**`."
    )
    assert site.state.issues[pull.number].labels == ["relbot: waived"]
    assert site.state.statuses[-1].description == "Waived by a maintainer."
    assert "waived by `@maria`" in site.summary.read_text()
    assert len(site.github.requests) <= 9
    site.run(pull)
    assert len(site.github.requests) <= 6
    assert site.github.writes == []
    site.state.unlabel(pull.number, "relbot: waived", "maria")
    assert site.run(pull).code == 1


def test_what_later_commits_bring_under_a_waiver_is_told(site: Site) -> None:
    pull = site.pull(CODE)
    site.run(pull)
    site.waive(pull)
    site.run(pull)
    site.push(pull, {"lib/other.rb": "1\n"})
    assert site.run(pull).code == 0
    assert "`lib/**`" in site.said(pull)


@pytest.mark.parametrize(
    "login",
    ["ada", "mallory", pytest.param("rita", marks=pytest.mark.meets(49)), pytest.param("tina", marks=pytest.mark.meets(47))],
)
def test_who_may_not_waive_does_not(site: Site, login: str) -> None:
    site.state.permissions |= {"ada": "write", "tina": "triage"}  # ada is the author
    pull = site.pull(CODE)
    site.waive(pull, login)
    assert site.run(pull).code == 1
    assert "**Not waived yet.**" in site.said(pull)


@pytest.mark.meets(57)
@pytest.mark.parametrize("by", ["ada", "maria"])
def test_a_comment_that_was_edited_waives_nothing(site: Site, by: str) -> None:
    """Who may write can put a reason into the mouth of a maintainer, and GitHub still shows the comment as hers."""
    site.state.permissions["ada"] = "write"  # the author
    pull = site.pull(CODE)
    comment = site.state.add_comment(pull.number, "Looks good to me.", "maria")
    editor = GitHubRepository(site.state.repository, GitHubServers(site.github.url, ""), site.github.add_token(by, "issues"))
    editor.write("edit", "PATCH", f"/issues/comments/{comment.number}", {"body": "/relbot waive The table is empty."})
    assert comment.author == "maria"
    site.state.label(pull.number, "relbot: waived", "ada")
    assert site.run(pull).code == 1
    assert "`maria` was edited after it was written" in site.said(pull)
    site.waive(pull)
    assert site.run(pull).code == 0


@pytest.mark.parametrize(
    "how", [pytest.param("app", marks=pytest.mark.meets(55)), pytest.param("minimized", marks=pytest.mark.meets(61))]
)
def test_what_a_program_wrote_or_somebody_has_hidden_waives_nothing(site: Site, how: str) -> None:
    """GitHub facts 55, 61: a program writes with a person's token under that person's name; a hidden comment is still listed."""
    pull = site.pull(CODE)
    site.waive(pull)
    assert site.run(pull).code == 0
    [comment] = [each for each in site.state.comments_of(pull.number) if each.author == "maria"]
    setattr(comment, how, True)
    assert site.run(pull).code == 1


@pytest.mark.parametrize("how", ["push", "a new base", "the waiver is taken off", "it is ready"])
def test_an_overtaken_run_writes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """While it judged, somebody changed what it judges, and a newer run was through: its comment, status and label stay."""
    kept = '[pr]\nstatus = "relbot"\nlabel = "needs a note"\n'
    site.upstream.branch("free")
    site.upstream.write("relbot.toml", kept)
    site.upstream.commit("Without rules")
    site.upstream.switch("main")
    site.configure(kept)
    pull = site.pull({**CODE, "changes/login.md": FIXED} if how == "push" else CODE, draft=how == "it is ready")
    if how == "a new base":
        pull.base = "free"
    if how == "the waiver is taken off":
        site.waive(pull)

    def overtaken(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr("relbot.app.review_pull_request.decide_response", decide_response)
        pull.draft, pull.base = False, "main"
        if how == "push":
            site.push(pull, {"changes/login.md": None})
        if how == "the waiver is taken off":
            site.state.unlabel(pull.number, "relbot: waived", "maria")
        assert site.run(pull).code == 1
        return decide_response(*arguments, **options)

    monkeypatch.setattr("relbot.app.review_pull_request.decide_response", overtaken)
    site.run(pull)
    assert "This change needs a note" in site.said(pull)
    assert (site.state.statuses[-1].sha, site.state.statuses[-1].state) == (pull.head_sha, "failure")
    assert site.state.issues[pull.number].labels == ["needs a note"]


def test_a_waiver_does_not_mend_a_fragment(site: Site) -> None:
    pull = site.pull({**CODE, "changes/login.md": FAULTY})
    site.waive(pull)
    assert site.run(pull).code == 1
