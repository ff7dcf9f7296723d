"""A waiver that was merged: whoever deploys sees it, from git alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from relbot.render.comment.comment_body import MARKER
from tests.github.fake import faults
from tests.github.markdown import shown
from tests.tiers import sample

if TYPE_CHECKING:
    from tests.commandline import Run
    from tests.github.fake.faults import Fault
    from tests.github.fake.objects import Pull
    from tests.github.site import Site

pytestmark = pytest.mark.loopback
CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
REASON = "The table is empty in production."
FRAGMENT = """---
type: fixed
migration: false
reason: The table is empty in production. (maria waived paths)
audience: team
prs:
- 1
---

Remember who logs in

No note was needed, says maria: The table is empty in production.

Set aside:

- The project wants a fragment for each change of `app/**`.
"""


def waived(site: Site, files: dict[str, str | bytes | None] = CODE, **more: str) -> Pull:
    """A pull request whose note was waived."""
    pull = site.pull(files, **more)
    assert site.run(pull).code == 1
    site.state.add_comment(pull.number, f"/relbot waive {REASON}", "maria")
    site.state.label(pull.number, "relbot: waived", "maria")
    assert site.run(pull).code == 0
    return pull


def on_main(site: Site) -> list[str]:
    """The fragments on the base branch."""
    return site.upstream.git("ls-tree", "-r", "--name-only", "main", "changes").splitlines()


def test_it_becomes_a_fragment_that_checklists_and_notes_show(site: Site, relbot: Run) -> None:
    pull = waived(site)
    runs = site.upstream.head
    site.merge(pull)
    ran = site.run(pull)
    assert (ran.code, ran.err) == (0, "")
    assert site.upstream.git("show", "main:changes/waived-1.md") + "\n" == FRAGMENT
    assert site.upstream.git("log", "-1", "--format=%s", "main") == "Record the waiver of #1"
    assert site.said(pull) == (
        f"{MARKER}\nrelbot: waived by `@maria`: `{REASON}`. "
        "Checklists and notes for the team show it: `changes/waived-1.md` on `main`.\n"
    )
    assert "recorded the waiver in `changes/waived-1.md` on `main`" in site.summary.read_text()
    site.upstream.git("reset", "--quiet", "--hard")
    plan = relbot("checklist", "--from", runs, "--to", "main", cwd=site.upstream.path).out
    assert "no action needed, according to their authors" in plan.lower()
    assert f"waived-1: {REASON} (maria waived paths)" in plan
    data = json.loads(relbot("checklist", "--from", runs, "--to", "main", "--format", "json", cwd=site.upstream.path).out)
    assert data["waivers"] == [{"change": "waived-1", "reason": f"{REASON} (maria waived paths)"}]
    assert "maria" not in relbot("build", "1.1.0", "--draft", cwd=site.upstream.path).out
    assert relbot("check", cwd=site.upstream.path).code == 0


def test_it_is_recorded_once(site: Site, relbot: Run) -> None:
    pull = waived(site)
    site.merge(pull)
    site.run(pull)
    recorded = site.upstream.git("rev-parse", "main")
    assert site.run(pull).code == 0
    assert site.github.writes == []
    site.upstream.git("reset", "--quiet", "--hard")
    assert relbot("build", "1.1.0", "--date", "2018-08-15", cwd=site.upstream.path).code == 0
    site.upstream.commit("Release")
    assert site.run(pull).code == 0
    assert site.github.asked("PUT") == []
    assert site.upstream.git("log", "--format=%h", f"{recorded}..main").count("\n") == 0
    assert "changes/released/1.1.0/waived-1.md" in on_main(site)


@pytest.mark.parametrize("how", ["no permission", pytest.param("protected", marks=pytest.mark.meets(96))])
def test_where_relbot_may_not_commit_it_asks_somebody_to(site: Site, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    pull = waived(site)
    site.merge(pull)
    if how == "protected":
        site.state.protected.add("main")
    else:
        monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("github-actions[bot]", "pull_requests"))
    before = on_main(site)
    assert site.run(pull).code == 1
    assert on_main(site) == before
    body = site.said(pull)
    assert "no checklist will show this waiver" in body
    [link] = shown(body).links
    assert link.startswith("https://github.com/acme/widgets/new/main?filename=changes%2Fwaived-1.md&value=---%0A")
    assert FRAGMENT.strip() in "".join(shown(body).code)
    assert "could not record the waiver" in site.summary.read_text()
    assert len(site.github.asked("PUT")) == 1


def test_a_token_that_only_reads_says_so_in_the_summary(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = waived(site)
    before = site.said(pull)
    site.merge(pull)
    monkeypatch.setenv("GITHUB_TOKEN", site.github.add_token("github-actions[bot]"))
    assert site.run(pull).code == 1
    assert site.said(pull) == before
    assert "could not record the waiver" in site.summary.read_text()
    assert "may not write" in site.summary.read_text() or "403" in site.summary.read_text()


def test_what_needs_no_waiver_has_none(site: Site) -> None:
    unneeded = waived(site)
    site.push(unneeded, {"changes/login.md": "---\ntype: fixed\n---\n\nThe login page remembers you.\n"})
    site.merge(unneeded)
    assert site.run(unneeded).code == 0
    unwaived = site.pull({"app/other.rb": "1\n"}, branch="other")
    site.merge(unwaived)
    assert site.run(unwaived).code == 1
    closed = waived(site, {"app/third.rb": "1\n"}, branch="third")
    site.state.issues[closed.number].state = "closed"
    assert site.run(closed).code == 0
    assert site.github.asked("PUT") == []
    assert not any("waived" in path for path in on_main(site))


def test_a_run_that_shall_not_write_records_nothing(site: Site) -> None:
    pull = waived(site)
    site.merge(pull)
    assert site.run(pull, "--no-comment").code == 0
    assert site.github.writes == []


def test_nothing_of_a_title_or_a_reason_is_live_in_the_fragment(site: Site, relbot: Run) -> None:
    pull = site.pull(CODE, title="<img src=x> @ada ![x](http://x) #1 ---\n## Migration")
    site.state.add_comment(pull.number, "/relbot waive **@bob** <b>x</b> ## Migration # y: z", "maria")
    site.state.label(pull.number, "relbot: waived", "maria")
    site.merge(pull)
    assert site.run(pull).code == 0
    site.upstream.git("reset", "--quiet", "--hard")
    assert relbot("check", cwd=site.upstream.path).code == 0
    seen = shown(site.upstream.git("show", "main:changes/waived-1.md").split("---\n", 2)[2])
    assert (seen.links, seen.html, seen.live) == ((), (), [])


@pytest.mark.parametrize(
    "fault", [faults.LOST, faults.RESET, faults.BAD_GATEWAY, faults.BAD_GATEWAY_DONE, faults.NOT_JSON], ids=lambda each: each.name
)
def test_each_request_of_it_fails_once(site: Site, fault: Fault) -> None:
    pull = waived(site)
    site.merge(pull)
    merged = site.upstream.git("rev-parse", "main")
    site.run(pull)
    requests = len(site.github.requests)
    for nth in sample(range(1, requests + 1), 2, len(fault.name)):
        site.upstream.git("update-ref", "refs/heads/main", merged)
        site.github.plans.clear()
        site.github.fail(fault, nth=nth)
        ran = site.run(pull)
        assert ran.code == 0 or (ran.code == 3 and "relbot could not" in ran.err), (nth, ran)
        assert ran.code == 3 or "changes/waived-1.md" in on_main(site)
        site.github.plans.clear()
        assert site.run(pull).code == 0
        assert on_main(site).count("changes/waived-1.md") == 1
        assert site.upstream.git("log", "--format=%s", f"{merged}..main") == "Record the waiver of #1"


def test_others_who_push_at_the_same_time_do_not_keep_it_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = waived(site)
    site.merge(pull)
    site.github.fail(faults.status(409, "is at another commit"), "PUT")
    from relbot.app import record_waiver

    identities = record_waiver._list_identities

    def pushed(*words: object) -> set[str]:
        site.upstream.write("app/other.rb", f"{len(site.github.requests)}\n")
        site.upstream.commit("Somebody else")
        return identities(*words)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(record_waiver, "_list_identities", pushed)
    assert site.run(pull).code == 0
    assert "changes/waived-1.md" in on_main(site)
