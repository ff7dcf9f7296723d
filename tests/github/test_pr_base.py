"""By which rules and against which tree a pull request is judged: those of its base, as they are now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from relbot.review.rules.evaluate import evaluate_change_set
from tests.github.site import CODE, FAULTY, FIXED, NOTED, annotated

if TYPE_CHECKING:
    from relbot.review.rules.model import Evaluation
    from tests.commandline import Run
    from tests.github.site import Site

pytestmark = pytest.mark.loopback


@pytest.mark.meets(32)
def test_the_rules_are_those_that_the_base_has_now(site: Site) -> None:
    """GitHub facts 31, 32: `base.sha` lags behind the branch until the next push."""
    pull = site.pull(CODE)
    assert site.run(pull).code == 1
    site.upstream.write("relbot.toml", "")
    site.upstream.commit("Ask for nothing")
    assert pull.base_sha != site.upstream.head
    assert site.run(pull).code == 0


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

    monkeypatch.setattr("relbot.review.rules.evaluate.evaluate_change_set", broken)
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


def test_a_broken_record_of_a_release_is_unknown(site: Site) -> None:
    pull = site.pull({**CODE, "changes/note.md": FIXED, "changes/released/1.0.0/release.json": "{"})
    ran = site.run(pull)
    assert (ran.code, "release.json: it is not JSON" in ran.err) == (3, True)
    assert site.outputs["verdict"] == "unknown"


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


def test_what_the_base_has_by_now_is_none_of_the_pull_request_s(site: Site) -> None:
    """Branches that began on another one, which was merged as a single commit since: its note and deletions are on the base."""
    site.upstream.write("changes/gone.md", BREAKING)
    site.upstream.commit()
    theirs: dict[str, str | bytes | None] = {"changes/theirs.md": FIXED, "lib/theirs.rb": "1\n", "changes/gone.md": None}
    alone = site.pull(theirs, branch="theirs")
    site.upstream.switch("theirs")
    beside = site.pull(CODE, branch="beside")
    site.upstream.switch("theirs")
    needs = site.pull({"changes/next.md": FIXED.replace("issues: [4075]", "needs: [theirs]")}, branch="needs")
    assert ("error", "changes/gone.md") in annotated(site.run(alone).out)
    assert ("error", "changes/next.md") in annotated(site.run(needs).out)
    site.upstream.git("merge", "--quiet", "--squash", "theirs")
    site.upstream.commit("Theirs")
    assert annotated(site.run(beside).out) == [("error", "app/login.rb")], "somebody else's note is no answer"
    assert [site.run(each).code for each in (needs, alone)] == [0, 0]
