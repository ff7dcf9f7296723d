"""`relbot pr` on a GitHub that remembers: what it says and sets, and what it leaves alone."""

from __future__ import annotations

import copy
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from relbot.github.client import GitHubRepository, GitHubServers
from relbot.github.decision import decide_response
from relbot.github.pull import read_pull_request
from relbot.render.comment.comment_body import MARKER
from relbot.review.rules.evaluate import evaluate_change_set
from tests.github.fake import faults
from tests.github.markdown import shown
from tests.github.payloads import payloads
from tests.github.site import FAULTY, FIXED, STEPS, annotated

if TYPE_CHECKING:
    from relbot.review.rules.model import Evaluation
    from tests.commandline import Run
    from tests.github.fake.state import Pull
    from tests.github.site import Site

pytestmark = pytest.mark.loopback
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
NOTED: dict[str, str | bytes | None] = {**CODE, "changes/login.md": FIXED}


def test_without_a_note_it_asks_for_one(site: Site) -> None:
    pull = site.pull(CODE)
    ran = site.run(pull)
    assert (ran.code, ran.err) == (1, "")
    assert annotated(ran.out) == [("error", "app/login.rb")]
    body = site.said(pull)
    assert body.startswith(MARKER)
    assert "**Required**" in body
    [link] = shown(body).links
    assert link.startswith(
        "https://github.com/acme/widgets/new/fix/login?filename=changes%2Ffix-login.md&value=---%0Atype%3A%20changed"
    )
    assert site.outputs == {"findings": "1", "verdict": "require", "next-version": ""}
    assert "**Required**" in site.summary.read_text()
    assert len(site.github.requests) <= 8


def test_with_a_note_it_says_nothing(site: Site) -> None:
    pull = site.pull(NOTED)
    ran = site.run(pull)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert site.comments(pull) == []
    assert site.github.writes == []
    assert site.outputs == {"findings": "0", "verdict": "clean", "next-version": "1.0.1"}
    assert "The login page remembers you." in site.summary.read_text()
    assert len(site.github.requests) <= 6


def test_the_comment_is_changed_in_place_and_goes_down_to_one_line(site: Site) -> None:
    pull = site.pull(CODE)
    site.run(pull)
    [first] = site.comments(pull)
    before = first.body
    site.push(pull, {"changes/login.md": FAULTY})
    assert site.run(pull).code == 1
    [second] = site.comments(pull)
    assert second.number == first.number
    assert second.body != before
    assert "changes/login.md" in second.body
    site.push(pull, {"changes/login.md": FIXED})
    assert site.run(pull).code == 0
    assert site.said(pull) == f"{MARKER}\nrelbot: nothing is missing any more.\n"
    assert len(site.github.requests) <= 8


@pytest.mark.parametrize("solved", [False, True])
def test_nothing_is_written_when_nothing_changed(site: Site, solved: bool) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    if solved:
        site.push(pull, NOTED)
        site.run(pull)
    site.run(pull)
    assert site.github.writes == []
    assert len(site.github.requests) <= 6


def test_the_budget_of_requests(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    assert len(site.github.requests) <= 8, [f"{each.method} {each.path}" for each in site.github.requests]
    site.push(pull, NOTED)
    site.run(pull)
    assert len(site.github.requests) <= 8


def test_status_and_label_follow(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    labels = site.state.issues[pull.number].labels
    assert labels == ["needs a note"]
    assert [(each.sha, each.state, each.description) for each in site.state.statuses] == [
        (pull.head_sha, "failure", "1 thing required.")
    ]
    site.push(pull, NOTED)
    site.run(pull)
    assert labels == []
    assert (site.state.statuses[-1].sha, site.state.statuses[-1].state) == (pull.head_sha, "success")


def test_a_fork_gets_the_fragment_to_copy(site: Site) -> None:
    pull = site.pull(CODE, fork="ada/widgets")
    site.run(pull)
    assert shown(site.said(pull)).links == ()
    assert "changes/fix-login.md" in site.said(pull)


def test_a_fork_that_was_deleted() -> None:
    payload = copy.deepcopy(payloads("pull_request")[0]["pull_request"])
    payload["head"]["repo"] = None
    payload["user"] = None
    hub = GitHubRepository("Codertocat/Hello-World", GitHubServers("https://api.github.com", "https://github.com"), "")
    hub.read = lambda *_, **__: payload  # type: ignore[method-assign]
    pull = read_pull_request(hub, 2)
    assert (pull.branch, pull.name, pull.author) == ("", "changes", "")


def test_a_refused_permission_is_no_fault(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("github-actions[bot]"))
    pull = site.pull(CODE)
    ran = site.run(pull)
    assert (ran.code, ran.err) == (1, "")
    assert site.comments(pull) == []
    summary = site.summary.read_text()
    assert "**Required**" in summary
    assert summary.count("relbot could not") == 3
    assert "create it on" in summary
    assert len(site.github.requests) <= 8
    site.push(pull, NOTED)
    assert site.run(pull).code == 0


def test_a_run_that_shall_not_write_does_not(site: Site) -> None:
    pull = site.pull(CODE)
    assert site.run(pull, "--no-comment").code == 1
    assert site.github.writes == []
    assert [each.path for each in site.github.requests if "comments" in each.path] == []


def test_a_pasted_marker_is_not_relbots(site: Site) -> None:
    pull = site.pull(CODE)
    theirs = site.state.add_comment(pull.number, f"{MARKER}\nrelbot: nothing is missing.", "mallory")
    site.run(pull)
    assert theirs.body == f"{MARKER}\nrelbot: nothing is missing."
    assert "**Required**" in site.said(pull)


@pytest.mark.meets(89)
def test_its_comment_is_found_on_any_page(site: Site) -> None:
    pull = site.pull(CODE)
    for number in range(101):
        site.state.add_comment(pull.number, f"Comment {number}")
    site.run(pull)
    for number in range(5):
        site.state.add_comment(pull.number, f"Later {number}")
    site.push(pull, NOTED)
    site.run(pull)
    assert len(site.comments(pull)) == 1
    assert "any more" in site.said(pull)


def test_with_a_token_of_a_person_the_comment_is_theirs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("maria", "pull_requests"))
    pull = site.pull(CODE)
    site.run(pull)
    site.push(pull, NOTED)
    site.run(pull)
    [comment] = site.state.comments_of(pull.number)
    assert (comment.author, "any more" in comment.body) == ("maria", True)


@pytest.mark.meets(51)
def test_an_app_of_the_projects_own_keeps_one_comment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub does not tell an app's token its name."""
    site.state.bots.add("notes-of-acme[bot]")
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("notes-of-acme[bot]", "pull_requests"))
    pull = site.pull(CODE)
    pasted = site.state.add_comment(pull.number, f"{MARKER}\nrelbot: nothing is missing.", "mallory")
    site.run(pull)
    site.push(pull, {"app/other.rb": "1\n"})
    site.run(pull)
    [comment] = [each for each in site.state.comments_of(pull.number) if each is not pasted]
    assert (comment.author, "app/other.rb" in comment.body) == ("notes-of-acme[bot]", True)
    assert [each.method for each in site.github.writes] == ["PATCH"]
    site.push(pull, NOTED)
    assert site.run(pull).code == 0
    assert "nothing is missing any more" in comment.body
    assert "nothing is missing." in pasted.body
    assert site.github.asked("GET", "/user") == []
    refused, _ = site.github.take("GET", "/user", b"", f"Bearer {os.environ['GITHUB_TOKEN']}")
    assert refused.status == 403


def test_a_draft_is_left_in_peace(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE, draft=True)
    ran = site.run(pull)
    assert (ran.code, annotated(ran.out)) == (0, [("notice", "app/login.rb")])
    assert site.comments(pull) == []
    assert site.state.issues[pull.number].labels == []
    assert [each.state for each in site.state.statuses] == ["pending"]
    pull.draft = False
    assert site.run(pull).code == 1
    assert "**Required**" in site.said(pull)


@pytest.mark.parametrize(("author", "code"), [("dependabot[bot]", 0), ("dependabot-fan", 1)])
def test_bots_are_asked_for_nothing(site: Site, author: str, code: int) -> None:
    pull = site.pull(CODE, author=author)
    assert site.run(pull).code == code
    assert bool(site.comments(pull)) is bool(code)


def test_what_commits_say_of_their_author_exempts_nobody(site: Site) -> None:
    site.upstream.branch("fix/login")
    site.upstream.write("app/login.rb", "remember = true\n")
    head = site.upstream.commit("Change", author="dependabot[bot] <support@github.com>")
    site.upstream.switch("main")
    pull = site.state.add_pull(head="fix/login", head_sha=head, base_sha=site.upstream.head)
    assert site.run(pull).code == 1


def waive(site: Site, pull: Pull, login: str = "maria") -> None:
    site.state.add_comment(pull.number, "/relbot waive The table is empty.", login)
    site.state.label(pull.number, "relbot: waived", "maria")


@pytest.mark.meets(47)
def test_47_maintain_is_a_right_to_write(site: Site) -> None:
    site.state.permissions["mona"] = "maintain"
    pull = site.pull(CODE)
    waive(site, pull, "mona")
    assert site.run(pull).code == 0


@pytest.mark.meets(46)
def test_a_maintainer_waives(site: Site) -> None:
    site.configure('[pr]\nstatus = "relbot"\nlabel = "needs a note"\n')
    pull = site.pull(CODE)
    site.run(pull)
    waive(site, pull)
    assert site.run(pull).code == 0
    line = "relbot: nothing is missing (waived by `@maria`: `The table is empty.`)."
    assert site.said(pull).startswith(f"{MARKER}\n{line}\n\nSet aside:\n\n- The project's rules name this path: `app/**`.")
    assert site.state.issues[pull.number].labels == ["relbot: waived"]
    assert site.state.statuses[-1].description == "Waived by a maintainer."
    assert "waived by `@maria`" in site.summary.read_text()
    assert len(site.github.requests) <= 8
    site.run(pull)
    assert len(site.github.requests) <= 6
    assert site.github.writes == []
    site.state.unlabel(pull.number, "relbot: waived", "maria")
    assert site.run(pull).code == 1


def test_what_later_commits_bring_under_a_waiver_is_told(site: Site) -> None:
    pull = site.pull(CODE)
    site.run(pull)
    waive(site, pull)
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
    waive(site, pull, login)
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
    waive(site, pull)
    assert site.run(pull).code == 0


@pytest.mark.parametrize(
    "how", [pytest.param("app", marks=pytest.mark.meets(55)), pytest.param("minimized", marks=pytest.mark.meets(61))]
)
def test_what_a_program_wrote_or_somebody_has_hidden_waives_nothing(site: Site, how: str) -> None:
    """GitHub facts 55, 61: a program writes with a person's token under that person's name; a hidden comment is still listed."""
    pull = site.pull(CODE)
    waive(site, pull)
    assert site.run(pull).code == 0
    [comment] = [each for each in site.state.comments_of(pull.number) if each.author == "maria"]
    setattr(comment, how, True)
    assert site.run(pull).code == 1


@pytest.mark.meets(32)
def test_the_rules_are_those_that_the_base_has_now(site: Site) -> None:
    """GitHub facts 31, 32: `base.sha` lags behind the branch until the next push."""
    pull = site.pull(CODE)
    assert site.run(pull).code == 1
    site.upstream.write("relbot.toml", "")
    site.upstream.commit("Ask for nothing")
    assert pull.base_sha != site.upstream.head
    assert site.run(pull).code == 0


def test_an_overtaken_run_writes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it judged, somebody pushed: the newer run's comment stays."""
    pull = site.pull(CODE)

    def pushed(*arguments: Any, **options: Any) -> Any:
        site.push(pull, {"changes/login.md": FIXED})
        return decide_response(*arguments, **options)

    payload = site.payload(pull)
    monkeypatch.setattr("relbot.app.review_pull_request.decide_response", pushed)
    assert site.at_event(payload).code == 1
    assert site.said(pull) == ""


def test_a_waiver_does_not_mend_a_fragment(site: Site) -> None:
    pull = site.pull({**CODE, "changes/login.md": FAULTY})
    waive(site, pull)
    assert site.run(pull).code == 1


def test_the_rules_are_those_of_the_base(site: Site) -> None:
    pull = site.pull({**CODE, "relbot.toml": '[rules.paths]\n"app/**" = "off"\n'})
    assert site.run(pull).code == 1
    broken = site.pull({**CODE, "relbot.toml": "[["}, branch="broken")
    assert site.run(broken).code == 1


def test_a_base_without_relbot_has_the_defaults(site: Site) -> None:
    site.upstream.remove("relbot.toml")
    site.upstream.commit()
    pull = site.pull({"config/options.yml.example": "a: 1\n", **CODE})
    assert (site.run(pull).code, site.comments(pull)) == (0, [])
    drops = site.pull({"db/migrate/1_drop.sql": "DROP TABLE cars;\n"}, branch="drop")
    assert site.run(drops).code == 1
    assert "**Required**" in site.said(drops)


@pytest.mark.parametrize(("policy", "code", "level"), [("off", 0, None), ("ask", 0, "warning"), ("require", 1, "error")])
def test_that_every_change_needs_a_note_is_no_comment_of_its_own(site: Site, policy: str, code: int, level: str | None) -> None:
    site.upstream.write(
        "relbot.toml", f'[rules]\nevery-change = "{policy}"\nexempt = ["rita"]\n[rules.paths]\n"app/**" = "ask"\n'
    )
    site.upstream.commit()
    alone = site.pull({"docs/login.txt": "Log in.\n"})
    ran = site.run(alone)
    assert (ran.code, annotated(ran.out)) == (code, [(level, "changes")] if level else [])
    assert site.comments(alone) == []
    beside = site.pull(CODE, branch="beside")
    assert site.run(beside).code == code
    assert ("wants a fragment with every change" in site.said(beside)) is bool(level)
    exempt = site.pull({"docs/login.txt": "Log in.\n"}, branch="exempt", author="rita")
    assert (site.run(exempt).code, site.comments(exempt)) == (0, [])


def test_a_broken_configuration_of_the_base_is_told(site: Site) -> None:
    site.configure("[[\n")
    ran = site.run(site.pull(CODE))
    assert ran.code == 2
    assert "relbot.toml" in ran.err
    assert site.outputs["verdict"] == "unknown"


@pytest.mark.parametrize("files", [CODE, NOTED], ids=["required", "clean"])
def test_what_could_not_be_looked_at_is_never_green(
    site: Site, monkeypatch: pytest.MonkeyPatch, files: dict[str, str | bytes | None]
) -> None:
    site.configure('[pr]\nstatus = "relbot"\n')

    def broken(*given: Any, **more: Any) -> Evaluation:
        return evaluate_change_set(*given, **more)._replace(unknown=("The detector broke.",))

    monkeypatch.setattr("relbot.app.review_change_set.evaluate_change_set", broken)
    ran = site.run(site.pull(files))
    assert ran.code == 3
    assert "The detector broke." in ran.err
    assert site.outputs["verdict"] == "unknown"
    assert [each.state for each in site.state.statuses] == ["error"]
    assert "The detector broke" in site.summary.read_text()


def test_only_what_the_pull_request_changes_is_judged(site: Site) -> None:
    site.upstream.write("changes/old.md", FAULTY)
    site.upstream.commit()
    pull = site.pull(NOTED)
    ran = site.run(pull)
    assert (ran.code, ran.out) == (0, "")
    assert site.comments(pull) == []


def test_a_deletion_that_breaks_another_fragment_is_told(site: Site) -> None:
    site.upstream.write("changes/first-step.md", FIXED)
    site.upstream.write("changes/second-step.md", FIXED.replace("issues: [4075]", "needs: [first-step]"))
    site.upstream.commit()
    pull = site.pull({**NOTED, "changes/first-step.md": None})
    ran = site.run(pull)
    assert ("error", "changes/second-step.md") in annotated(ran.out)


BREAKING = "---\ntype: changed\nbreaking: true\n---\n\nOptions are grouped.\n\n## Migration\n\nRun `rake migrate`.\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"relbot.toml": "[[[\n"}, "relbot.toml"),
        ({"changes/released/1.0.0/login.md": FIXED}, "changes/released/1.0.0/login.md"),
        ({"changes/theirs.md": None}, "changes/theirs.md"),
        ({"changes/theirs.md": None, "changes/theirs-2.md": BREAKING}, "changes/theirs-2.md"),
        ({"changes/theirs.md": BREAKING.replace("grouped", "sorted")}, "changes/theirs.md"),
        ({"changes/theirs.md": None, "changes/released/1.0.0/theirs.md": BREAKING}, "changes/released/1.0.0/theirs.md"),
        ({"changes/released/1.0.0/first.md": FIXED.replace("remembers", "forgets")}, "changes/released/1.0.0/first.md"),
    ],
    ids=["configuration broken", "note in a release", "deleted", "renamed", "edited", "moved into a release", "released, edited"],
)
def test_a_note_of_its_own_is_no_excuse(site: Site, files: dict[str, str | bytes | None], place: str) -> None:
    """A change set that brings a note and breaks something else in the notes or the configuration."""
    site.upstream.write("changes/theirs.md", BREAKING)
    site.upstream.commit()
    pull = site.pull({**CODE, "changes/note.md": FIXED, **files})
    ran = site.run(pull)
    assert ran.code == 1
    assert ("error", place) in annotated(ran.out)
    assert site.outputs["verdict"] == "require"


def test_backtest_counts_the_comments_of_pull_requests(site: Site, relbot: Run) -> None:
    changes: list[tuple[dict[str, str | bytes | None], str, str]] = [
        (CODE, "ada", "Ada <ada@example.org>"),
        ({"docs/login.txt": "Log in.\n"}, "ada", "Ada <ada@example.org>"),
        ({"lib/login.rb": "1\n"}, "dependabot[bot]", "dependabot[bot] <support@github.com>"),
        ({"db/migrate/1_drop.sql": "DROP TABLE cars;\n"}, "ada", "Ada <ada@example.org>"),
    ]
    commented = 0
    start = site.upstream.head
    for number, (files, login, author) in enumerate(changes):
        pull = site.pull(files, branch=f"topic-{number}", author=login)
        site.upstream.switch(pull.head)
        site.upstream.git("commit", "--quiet", "--amend", "--no-edit", f"--author={author}")
        pull.head_sha = site.upstream.head
        site.upstream.switch("main")
        site.run(pull)
        commented += len(site.comments(pull))
        site.merge(pull)
    told = relbot("backtest", f"{start}..main", "--jobs", "1", "--format", "json", cwd=site.upstream.path)
    assert json.loads(told.out)["comments"] == commented == 2


def test_both_sides_of_a_fragment_are_unknown(site: Site) -> None:
    site.upstream.write("changes/theirs.md", BREAKING)
    site.upstream.commit()
    pull = site.pull({"changes/theirs.md": BREAKING.replace("grouped", "sorted")})
    site.upstream.write("changes/theirs.md", BREAKING.replace("grouped", "nested"))
    pull.base_sha = site.upstream.commit()
    ran = site.run(pull)
    assert ran.code == 3
    assert "`changes/theirs.md` was changed here and on the base" in ran.err
    assert "git merge" in ran.err


def test_a_name_that_the_base_has_taken_since_is_found(site: Site) -> None:
    pull = site.pull(NOTED)
    site.upstream.write("changes/released/1.0.0/login.md", FIXED.replace("4075", "4080").replace("login", "admin"))
    pull.base_sha = site.upstream.commit()
    assert ("error", "changes/login.md") in annotated(site.run(pull).out)


def test_the_base_going_on_is_not_the_pull_requests(site: Site) -> None:
    pull = site.pull(NOTED)
    site.upstream.write("app/other.rb", "1\n")
    pull.base_sha = site.upstream.commit("On main")
    assert site.run(pull).code == 0
    other = site.pull(CODE, branch="other")
    site.upstream.write("changes/on-main.md", FIXED)
    other.base_sha = site.upstream.commit("A note of somebody else")
    assert site.run(other).code == 1


def test_steps_and_notes_stand_in_the_summary(site: Site) -> None:
    site.run(site.pull({**CODE, "changes/options.md": STEPS}))
    summary = site.summary.read_text()
    assert "### Release notes of this change" in summary
    assert "bundle exec rake migrate_options_yml" in "".join(shown(summary).code)
    assert "- [ ]" in summary
    assert shown(summary).html == ()


def test_an_older_run_says_nothing_on_a_newer_state(site: Site) -> None:
    pull = site.pull(CODE)
    old = site.payload(pull)
    site.push(pull, NOTED)
    assert site.at_event(old).code == 1
    assert site.github.writes == []


def test_a_closed_pull_request_is_left_alone(site: Site) -> None:
    pull = site.pull(CODE)
    site.state.issues[pull.number].state = "closed"
    assert site.run(pull).code == 1
    assert site.github.writes == []


@pytest.mark.meets(90)
@pytest.mark.long
def test_three_thousand_files(site: Site) -> None:
    files: dict[str, str | bytes | None] = {f"app/{number % 50}/{number}.rb": f"{number}\n" for number in range(3_100)}
    pull = site.pull(files)
    ran = site.run(pull)
    assert ran.code == 1
    assert "beyond the first 3,000" in site.said(pull).replace("`", "")
    assert site.run(pull).code == 1


def test_in_a_merge_queue_the_waiver_counts_and_nothing_is_written(site: Site) -> None:
    pull = site.pull(CODE)
    group = {
        "head_sha": pull.head_sha,
        "base_sha": pull.base_sha,
        "head_ref": f"refs/heads/gh-readonly-queue/main/pr-{pull.number}-{'a' * 40}",
    }
    payload = {"merge_group": group, "repository": {"full_name": "acme/widgets"}}
    site.upstream.switch(pull.head)
    group["head_sha"] = site.upstream.commit("Queued")
    site.upstream.switch("main")
    assert site.at_event(payload).code == 1
    waive(site, pull)
    assert site.at_event(payload).code == 0
    assert site.github.writes == []


def test_a_push_is_judged_for_faults_only(site: Site) -> None:
    before = site.upstream.head
    site.upstream.write("app/login.rb", "remember = true\n")
    payload = {
        "ref": "refs/heads/main",
        "before": before,
        "after": site.upstream.commit(),
        "repository": {"full_name": "acme/widgets"},
    }
    assert site.at_event(payload).code == 0
    site.upstream.write("changes/login.md", FAULTY)
    assert site.at_event(payload | {"after": site.upstream.commit()}).code == 1
    assert site.github.writes == []


def test_anywhere_with_repo_and_number(site: Site, relbot: Run) -> None:
    pull = site.pull(CODE)
    assert relbot("pr", "--repo", "acme/widgets", "--number", str(pull.number), cwd=site.empty).code == 1
    assert "**Required**" in site.said(pull)
    alone = relbot("pr", "--number", "1", cwd=site.empty)
    assert (alone.code, "belong together" in alone.err) == (2, True)
    assert relbot("pr", cwd=site.empty).code == 2


def test_in_a_clone_that_has_the_commits_nothing_is_fetched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = site.pull(CODE)
    monkeypatch.setattr("relbot.app.review_pull_request.temporary_clone", None)
    assert site.run(pull, "--dir", str(site.upstream.path)).code == 1
    assert len(site.github.asked("GET", "/compare/")) == 1  # the tip of the base


@pytest.mark.parametrize("how", ["refused", "replaced by a push", "broken on the way", "no git"])
def test_commits_that_cannot_be_fetched_are_unknown(site: Site, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    pull = site.pull(CODE)
    assert site.run(pull).code == 1
    before = site.said(pull)
    head = site.push(pull, {"app/login.rb": "remember = 2\n"})
    payload = site.payload(pull)
    match how:
        case "refused":
            monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{(site.empty / 'nowhere').as_uri()}.insteadOf")
        case "replaced by a push":
            payload["pull_request"]["head"]["sha"] = "c" * 40
            site.github.fail(faults.NOT_FOUND, "GET", "/compare/")
        case "broken on the way":
            blob = site.upstream.git("rev-parse", f"{head}:app/login.rb").strip()
            (site.upstream.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
        case "no git":
            monkeypatch.setenv("PATH", str(site.empty))
    ran = site.at_event(payload)
    assert ran.code == 3
    assert ran.err.count("\n") > 1  # what is wrong, and what to do
    assert "Traceback" not in ran.err
    assert ("cannot fetch" in ran.err) == (how in ("refused", "broken on the way"))
    assert site.outputs == {"findings": "", "verdict": "unknown", "next-version": ""}
    assert site.github.writes == []
    assert site.said(pull) == before


def test_nothing_of_the_pull_request_is_checked_out_or_run(site: Site) -> None:
    trap = '#!/bin/sh\ntouch "$PWD/../trapped"\n'
    pull = site.pull(
        {
            **NOTED,
            ".gitattributes": "* filter=evil diff=evil\n",
            "hooks/post-checkout": trap,
            "relbot/__init__.py": "1/0\n",
            "sitecustomize.py": "1/0\n",
        }
    )
    assert site.run(pull).code == 0
    assert list(site.empty.iterdir()) == []
    assert not (site.empty.parent / "trapped").exists()
