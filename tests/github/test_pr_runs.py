"""Where and when `relbot pr` runs: newer states, merge queues, pushes, other machines; and what it leaves in a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.github.fake import faults
from tests.github.markdown import shown
from tests.github.site import CODE, FAULTY, NOTED, STEPS

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.github.site import Site

pytestmark = pytest.mark.loopback


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
    site.waive(pull)
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
