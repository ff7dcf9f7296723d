"""`relbot backtest` says of a change of the past what `relbot pr` says of it: reverts, tools, `paths`, what was left out."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from relbot.app.backtest_rules import BacktestRequest, backtest_rules
from relbot.app.project import open_project
from relbot.app.review_change_set import BetweenCommits, ReviewRequest, review_change_set
from relbot.review.every_change import warrants_comment
from tests.cli.past_changes import migration
from tests.detect.test_world import CASES
from tests.tiers import sample

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.repository import Repo


def compare_with_reviews(repo: Repo, changes: list[tuple[str, str]]) -> dict[str, str]:
    """The verdicts of `changes`, by their heads, after a comparison with what a pull request of the same commits is told."""
    with closing(open_project(repo.path).git) as git:
        report = backtest_rules(open_project(repo.path), BacktestRequest(jobs=1))
        past = {outcome.change.head: outcome for outcome in report.told}
        for start, head in changes:
            source = BetweenCommits(start, start, head, is_exempt=lambda _: False)
            evaluation = review_change_set(ReviewRequest(git, source)).evaluation
            facts = [(fact.level.value, fact.evidence.id, fact.evidence.path) for fact in evaluation.facts if fact.level.rank]
            asides = any(each.by == "revert" for each in evaluation.set_aside)
            outcome = past.get(head)
            spoke = [(level, evidence.id, evidence.path) for level, evidence in outcome.spoke] if outcome else []
            assert (outcome.verdict if outcome else "clean") == evaluation.verdict, head
            assert spoke == ([] if asides or outcome is None else list(dict.fromkeys(facts))), head
            assert (outcome is not None and outcome.commented) == warrants_comment(evaluation.findings), head
            if outcome:
                assert outcome.trace.observed.left_out == evaluation.left_out
                assert outcome.trace.observed.unknown == evaluation.unknown
    return {head: past[head].verdict if head in past else "clean" for _, head in changes}


def test_each_change_of_the_past_gets_the_verdict_of_a_pull_request(repo: Repo) -> None:
    """The rules of the project's file judge, `paths` among them; a small change of each of many tools, one after the other."""
    repo.write("relbot.toml", '[rules]\nexempt = []\n[rules.paths]\n"lib/**" = "ask"\n"src/**" = "require"\n')
    repo.commit("Start")
    changes = []
    told = [number for number, case in enumerate(CASES) if case.get("documentation")]
    for place in (*sample(range(len(CASES)), 9), *sample(told, 3)):
        repo.write("lib/unread.lua", f"x = {place}\n")
        repo.write("README.md", CASES[place].get("documentation", ""))
        before = {path: was for path, (was, _) in CASES[place]["files"].items() if was is not None}
        for path, content in before.items():
            repo.write(path, content)
        start = repo.commit("Before")
        for path, (_, content) in CASES[place]["files"].items():
            if content is not None:
                repo.write(path, content)
            else:
                repo.remove(path)
        changes.append((start, repo.commit(CASES[place]["name"])))
    compare_with_reviews(repo, changes)


def test_a_revert_of_the_past_is_set_aside_like_that_of_a_pull_request(repo: Repo, relbot: Run) -> None:
    """What was tagged between a change and its revert was deployed; what was tagged later has both."""
    repo.write("relbot.toml", '[rules]\nmigrations = "require"\nexempt = []\n')
    heads = {"start": repo.commit("Start")}
    repo.tag("v1.0")
    for number, what in ((1, "undeployed"), (2, "deployed"), (3, "with more"), (4, "on a branch")):
        migration(repo, number)
        heads[what] = repo.commit(f"Add {what}")
        if what == "deployed":
            repo.tag("v1.1")
        if what == "on a branch":
            repo.branch("back")
        repo.git("revert", "--no-edit", "HEAD")
        if what == "with more":
            migration(repo, 9)
            repo.git("add", "--all")
            repo.git("commit", "--quiet", "--amend", "--no-edit")
        heads[f"without {what}"] = repo.head
    repo.switch("main")
    heads["without on a branch"] = repo.merge("back")
    repo.tag("v1.2")
    ways = list(zip(heads.values(), list(heads.values())[1:], strict=False))
    name_of = {head: name for name, head in heads.items()}
    verdicts = {name_of[head]: verdict for head, verdict in compare_with_reviews(repo, ways).items()}
    assert {name: verdict for name, verdict in verdicts.items() if name.startswith("without")} == {
        "without undeployed": "clean",
        "without deployed": "require",
        "without with more": "require",
        "without on a branch": "clean",
    }
    said = relbot("backtest", "--jobs", "1").out
    assert "2 changes only took back what was never deployed" in said
    assert "relbot would have written 6 comments" in said
    repo.git("tag", "--delete", "v1.1")
    assert "3 changes only took back what was never deployed" in relbot("backtest", "--jobs", "1").out, "tags are no memory"


def test_the_tools_that_rules_name_are_asked_about_the_past(repo: Repo, relbot: Run) -> None:
    repo.write("relbot.toml", '[rules]\nmigrations = "off"\ninterfaces = "off"\nsquawk = "require"\n')
    start = repo.commit("Start")
    repo.write("db/2.sql", "CREATE INDEX slow ON invoices (day);\n")
    assert compare_with_reviews(repo, [(start, repo.commit("An index"))])[repo.head] == "require"
    rules = repo.write("other.toml", '[rules]\nmigrations = "off"\ninterfaces = "off"\n')
    judged = json.loads(relbot("backtest", "--jobs", "1", "--format", "json", "--rules", str(rules)).out)
    assert judged["changes"]["require"] == 0
