"""The workflows that `relbot init` writes, and the project's own, at the events of GitHub: what they leave on the pull request.

Which runs start, with which file and token, and which one cancels another, is `tests/github/fake/actions.py`; the jobs run in
this process. `act` carries them out in tests/github/test_workflows.py. Numbers are those of docs/github.md.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from relbot.render.comment.comment_body import MARKER
from tests.commandline import ROOT
from tests.github.fake.actions import FOLDER, Actions, Run
from tests.github.init_workflows import BY_ACTION, BY_HASH
from tests.github.site import FIXED, REQUIRE

if TYPE_CHECKING:
    from tests.github.site import Site

pytestmark = pytest.mark.loopback
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
NOTED: dict[str, str | bytes | None] = {**CODE, "changes/login.md": FIXED}
FILES = (f"{FOLDER}/relbot.yml", f"{FOLDER}/relbot-comment.yml")
CHECK = "relbot check"
CAREFUL = "github.event.action == 'synchronize' && github.event.number || github.run_id"
"""The part of the groups that keeps runs for one commit apart."""


def carry_out(site: Site, run: Run, job: str, token: str) -> bool:
    """The steps of a job that run relbot, with the job's token."""
    for step in run.workflow["jobs"][job]["steps"]:
        site.use_token(token if "GITHUB_TOKEN" in step.get("env", {}) or "uses" in step else "")
        words = shlex.split(step.get("run", ""))
        if step.get("uses", "").partition("@")[0] in ("./", "someone/relbot"):
            words = ["relbot", "pr", *(["--no-comment"] if step.get("with", {}).get("comment") == "false" else [])]
        if words[:2] == ["relbot", "pr"] and site.at_event(run.payload, *words[2:]).code:
            return False
    return True


@pytest.fixture(
    params=[
        "init, by a hash",
        pytest.param("init, by an action", marks=pytest.mark.long),
        pytest.param("own", marks=pytest.mark.long),
    ]
)
def actions(request: pytest.FixtureRequest, site: Site) -> Actions:
    """A repository with the workflows."""
    own = {path: (ROOT / path).read_text() for path in FILES}
    written = {"own": own, "init, by a hash": BY_HASH, "init, by an action": BY_ACTION}[request.param]
    for path in FILES:
        site.upstream.write(path, written[path])
    site.configure("")
    return Actions(site, lambda run, job, token: carry_out(site, run, job, token))


@pytest.mark.meets(4, 7)
def test_1_to_5_labels_and_pushes_leave_one_verdict_on_the_head(site: Site, actions: Actions) -> None:
    pull = site.pull(CODE)
    for name in ("bug", "help wanted"):
        site.state.label(pull.number, name, "maria")
    actions.open(pull)
    actions.label(pull, "urgent")
    actions.finish()
    old = pull.head_sha
    assert actions.checks(CHECK, old) == ["failure"] * 4
    assert (actions.required(CHECK, old), "**Required**" in site.said(pull)) == ("failure", True)
    actions.push(pull, {"app/login.rb": "remember = 2\n"})
    overtaken = pull.head_sha
    actions.push(pull, {"changes/login.md": FIXED})
    actions.label(pull, "ready")
    actions.finish()
    assert actions.checks(CHECK, overtaken) == ["cancelled"]
    assert actions.required(CHECK, pull.head_sha) == "success"
    assert site.said(pull) == f"{MARKER}\nrelbot: nothing is missing any more.\n"


@pytest.mark.meets(6, 8, 22)
def test_6_8_22_what_starts_no_check_gets_its_comment_all_the_same(site: Site, actions: Actions) -> None:
    skipped = site.pull(CODE, branch="skipped", message="Change\n\n[skip ci]")
    actions.open(skipped)
    conflict = site.pull(CODE, branch="conflict")
    site.upstream.write("app/login.rb", "remember = 3\n")
    site.upstream.commit()
    actions.open(conflict)
    actions.finish()
    for pull in (skipped, conflict):
        assert actions.required(CHECK, pull.head_sha) == "waiting"
        assert "**Required**" in site.said(pull)
    named = site.pull({"app/other.rb": "1\n"}, branch="a" * 40)
    actions.open(named)
    actions.finish()
    assert (actions.required(CHECK, named.head_sha), site.said(named)) == ("failure", "")


@pytest.mark.meets(15)
def test_15_the_file_of_check_is_the_pull_requests_and_that_of_comment_is_not(site: Site, actions: Actions) -> None:
    idle = "on: {pull_request: , pull_request_target: }\njobs:\n  check:\n    name: relbot check\n    steps: []\n"
    pull = site.pull({**CODE, FILES[0]: idle, FILES[1]: idle})
    actions.open(pull)
    actions.finish()
    assert set(actions.checks(CHECK, pull.head_sha)) == {"success"}
    assert "**Required**" in site.said(pull)


@pytest.mark.meets(16, 27, 28, 29)
def test_16_18_27_a_new_base_is_judged_anew_and_a_new_title_is_not(site: Site, actions: Actions) -> None:
    site.upstream.branch("1.0.x")
    site.upstream.write("relbot.toml", REQUIRE.replace("require", "off"))
    site.upstream.remove(FILES[1])  # the comment comes from the default branch's file
    site.upstream.commit("Ask for nothing")
    site.upstream.switch("main")
    pull = site.pull(CODE)
    actions.open(pull)
    actions.rename(pull, "Another title")
    actions.finish()
    assert actions.checks("relbot comment", pull.head_sha) == ["failure", "skipped"]
    assert actions.required(CHECK, pull.head_sha) == "failure"
    actions.retarget(pull, "1.0.x")
    actions.finish()
    assert actions.required(CHECK, pull.head_sha) == "success"
    assert "nothing is missing any more" in site.said(pull)


@pytest.mark.meets(39)
@pytest.mark.parametrize(
    ("author", "fork"),
    [
        pytest.param("ada", "ada/widgets", marks=pytest.mark.meets(37)),
        pytest.param("dependabot[bot]", None, marks=pytest.mark.meets(38)),
    ],
)
def test_37_38_39_a_token_that_only_reads_is_asked_for_nothing_more(
    site: Site, actions: Actions, author: str, fork: str | None
) -> None:
    """A newcomer's `relbot check` waits for approval; the comment does not."""
    files = {**CODE, "changes/login.md": "---\ntype: fixd\n---\n\nText.\n"}
    pull = site.pull(files, author=author, fork=fork)
    actions.newcomers = {"newcomer"}
    actions.open(pull)
    actions.finish()
    assert actions.required(CHECK, pull.head_sha) == "failure"
    [said] = site.comments(pull)
    assert "changes/login.md" in said.body
    [asking] = [run for run in actions.runs if run.event == "pull_request"]
    asking.workflow["jobs"]["check"]["permissions"] = {"pull-requests": "write"}
    assert site.github.tokens[actions.token(asking, "check")][1] == frozenset()
    new = site.pull(files, author="newcomer", fork="newcomer/widgets", branch="new")
    actions.open(new)
    actions.finish()
    assert (actions.required(CHECK, new.head_sha), "**Required**" in site.said(new)) == ("waiting", True)


@pytest.mark.meets(36)
def test_20_36_an_answer_is_seen_at_once_and_relbots_own_comment_starts_nothing(site: Site, actions: Actions) -> None:
    site.configure('"docs/**" = "ask"\n')
    pull = site.pull({"docs/notes.txt": "1\n"})
    actions.open(pull)
    actions.finish()
    before = len(actions.runs)
    actions.comment(pull, site.said(pull), "github-actions[bot]")
    assert len(actions.runs) == before
    site.state.comments.pop(max(site.state.comments))
    actions.comment(pull, "Thanks!", "maria")
    assert [*actions.runs[-1].jobs.values()] == ["skipped", "skipped"]
    actions.comment(pull, "/relbot none Nobody reads it.", "ada")
    actions.finish()
    assert "answered by `@ada`: `Nobody reads it.`" in site.said(pull)
    assert actions.required(CHECK, pull.head_sha) == "success"


def test_a_draft_is_asked_once_it_is_ready(site: Site, actions: Actions) -> None:
    pull = site.pull(CODE, draft=True)
    actions.open(pull)
    actions.finish()
    assert (actions.required(CHECK, pull.head_sha), site.said(pull)) == ("success", "")
    actions.ready(pull)
    actions.finish()
    assert (actions.required(CHECK, pull.head_sha), "**Required**" in site.said(pull)) == ("failure", True)


@pytest.mark.meets(33)
def test_13_20_33_a_waiver_holds_in_the_merge_queue_and_is_recorded_after_it(site: Site, actions: Actions) -> None:
    pull = site.pull(CODE)
    actions.open(pull)
    actions.queue(pull)
    actions.finish()
    assert actions.runs[-1].jobs == {"check": "failure"}
    actions.comment(pull, "/relbot waive The table is empty.", "maria")
    actions.label(pull, "relbot: waived")
    actions.queue(pull)
    actions.finish()
    assert actions.runs[-1].jobs == {"check": "success"}
    assert actions.required(CHECK, pull.head_sha) == "success"
    actions.merge(pull)
    actions.finish()
    assert actions.runs[-1].jobs == {"comment": "skipped", "record": "success"}
    assert "The table is empty." in site.upstream.git("show", f"main:changes/waived-{pull.number}.md")


def careless(site: Site, old: str, new: str) -> Actions:
    """The same workflows but for one text in that of `relbot check`, whose jobs do what the fragment in the change asks for."""
    assert old in BY_HASH[FILES[0]]
    site.upstream.write(FILES[0], BY_HASH[FILES[0]].replace(old, new))
    site.configure("")
    return Actions(site, lambda run, job, token: carry_out(site, run, job, token))


@pytest.mark.meets(1, 2)
def test_1_2_a_check_that_skips_labels_would_pass_what_it_never_looked_at(site: Site) -> None:
    """Why the job has no `if`: skipped counts as passed, and beside a real check of the same name as either."""
    actions = careless(site, "    name: relbot check\n", "    name: relbot check\n    if: github.event.action != 'labeled'\n")
    pull = site.pull(CODE)
    actions.label(pull, "bug")
    actions.finish()
    assert actions.required(CHECK, pull.head_sha) == "success"
    actions.open(pull)
    actions.finish()
    assert actions.required(CHECK, pull.head_sha) == "nobody knows"


@pytest.mark.meets(13)
def test_13_without_merge_group_a_queued_pull_request_waits(site: Site) -> None:
    actions = careless(site, "  merge_group:\n", "")
    pull = site.pull(NOTED)
    actions.open(pull)
    actions.queue(pull)
    actions.finish()
    assert [run.event for run in actions.runs if run.event == "merge_group"] == []


@pytest.mark.meets(3)
def test_3_a_run_that_a_label_cancels_blocks_the_merge(site: Site) -> None:
    """What the groups of these workflows are for."""
    actions = careless(site, CAREFUL, "github.ref")
    pull = site.pull(NOTED)
    actions.open(pull)
    actions.label(pull, "bug")
    actions.finish()
    assert actions.required(CHECK, pull.head_sha) == "blocked"
