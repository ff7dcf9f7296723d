"""Known attacks on bots, each as a whole run: by what a pull request holds, and by what a workflow would let it do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.commandline import ROOT
from tests.github.init_workflows import BY_ACTION, BY_HASH
from tests.github.markdown import shown
from tests.github.site import FIXED, annotated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.github.site import Site

CODE: dict[str, str | bytes | None] = {"app/login.rb": "remember = true\n"}
BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
STEP = "---\ntype: changed\nmigration: true\ndeploy:\n  - phase: later\n    run: {}\n---\n\nIt changed.\n"
CLEAR = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Characters that a terminal obeys or a reader does not see."""

ATTACKS: dict[str, tuple[dict[str, str | bytes | None], int]] = {
    "aliases that grow without end": ({"changes/a.md": f"---\ntype: fixed\nissues: *i\n{BOMB}---\n\nFixed.\n"}, 1),
    "aliases below a key": ({"changes/a.md": f"---\n{BOMB}type: *i\n---\n\nFixed.\n"}, 1),
    "nesting without end": ({"changes/a.md": f"---\ntype: {'[' * 50_000}\n---\n\nFixed.\n"}, 1),
    "nesting of what closes": ({"changes/a.md": f"---\ntype: {'[' * 9_000}{']' * 9_000}\n---\n\nFixed.\n"}, 1),
    "Markdown nested without end": ({"changes/a.md": f"{FIXED}\n{'>' * 3_000} x\n\n{'- ' * 3_000}x\n"}, 0),
    "a tag that makes an object": ({"changes/a.md": "---\ntype: !!python/object/apply:os.system ['true']\n---\n\nFixed.\n"}, 1),
    "a file name with a line end": ({"changes/a\n::error::hacked.md": FIXED, "changes/b\r::x::.md": FIXED}, 1),
    "a file name that is a command": ({"changes/::set-output name=verdict::clean.md": FIXED}, 1),
    "a file name with markup": ({"changes/[x](https://evil.example) @torvalds <img>.md": FIXED}, 1),
    "colours in a command": ({"changes/a.md": STEP.format('"make \\e[31mx"')}, 1),
    "directions in a command": ({"changes/a.md": STEP.format('"make \u202etset\u202c"')}, 1),
    "what cannot be seen in a command": ({"changes/a.md": STEP.format('"make x\u200b -f y"')}, 1),
    "a command for the runner in a text": ({"changes/a.md": FIXED + "\n::error::hacked\n\n::add-mask::x\n"}, 0),
    "HTML and mentions in a text": ({"changes/a.md": FIXED + "\n<script>@torvalds</script> ![](https://evil.example)\n"}, 1),
    "not UTF-8": ({"changes/a.md": b"---\ntype: fixed\n---\n\n\xff\xfe\x00\n"}, 1),
    "sheer size": ({"changes/a.md": FIXED + "x" * 3_000_000}, 1),
    "very many": ({f"changes/{n}.md": f"---\ntype: {n}\n---\n\n@torvalds\n" for n in range(1_000)}, 1),
    "a configuration that exempts": ({"relbot.toml": '[rules]\nexempt = ["*"]\n'}, 1),
    "a configuration that breaks": ({"relbot.toml": "[[[", "pyproject.toml": "[tool.relbot]\ndirectory = 1\n"}, 1),
}


@pytest.mark.loopback
@pytest.mark.parametrize(("held", "code"), ATTACKS.values(), ids=ATTACKS)
def test_what_a_pull_request_holds_does_no_harm(site: Site, held: dict[str, str | bytes | None], code: int) -> None:
    pull = site.pull({**CODE, **held})
    ran = site.run(pull)
    assert (ran.code, ran.err) == (code, "")
    known = r"::(error|warning|notice) file=|::notice title=relbot::GitHub shows 10 of"
    assert all(re.match(known, line) for line in ran.out.splitlines()), ran.out
    assert site.outputs["verdict"] == ("require" if code else "clean")
    for text in (ran.out, site.said(pull), site.summary.read_text()):
        assert not CLEAR.search(text.replace("\n", "").replace("\t", ""))
        assert len(text) < 1_000_000
    body = shown(site.said(pull))
    assert body.live == []
    assert all(link.startswith("https://github.com/acme/widgets/new/") for link in body.links)
    assert "<script" not in "".join(shown(site.summary.read_text()).html)


@pytest.mark.loopback
@pytest.mark.parametrize("mode", ["120000", "160000"], ids=["a symbolic link", "a submodule"])
def test_a_fragment_or_a_configuration_that_is_no_file_is_not_followed(site: Site, mode: str) -> None:
    site.upstream.branch("fix/login")
    site.upstream.write("app/login.rb", "remember = true\n")
    site.upstream.commit()
    target = site.upstream.git("hash-object", "-w", "--stdin", stdin="/etc/passwd")
    blob = target if mode == "120000" else site.upstream.head
    for path in ("changes/a.md", "relbot.toml"):
        site.upstream.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
    site.upstream.git("commit", "--quiet", "--message=Link")
    head = site.upstream.head
    site.upstream.git("reset", "--quiet", "--hard", "HEAD~1")
    site.upstream.switch("main")
    pull = site.state.add_pull(head="topic", head_sha=head, base_sha=site.upstream.head, fork="ada/widgets")
    ran = site.run(pull)
    assert ran.code == 1
    assert "symbolic link" in ran.out or "submodule" in ran.out
    assert {("error", "changes/a.md"), ("error", "relbot.toml")} <= set(annotated(ran.out))
    assert "root:" not in ran.out + site.said(pull) + site.summary.read_text()


WORKFLOWS = {
    "relbot.yml": (ROOT / ".github/workflows/relbot.yml").read_text(),
    "relbot-comment.yml": (ROOT / ".github/workflows/relbot-comment.yml").read_text(),
    "release.yml": (ROOT / ".github/workflows/release.yml").read_text(),
    "ci.yml": (ROOT / ".github/workflows/ci.yml").read_text(),
    **{f"init, by an action: {path}": text for path, text in BY_ACTION.items()},
    **{f"init, by a hash: {path}": text for path, text in BY_HASH.items()},
}


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All steps of all jobs."""
    for job in workflow["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_workflow_lets_nobody_in(text: str) -> None:
    workflow = yaml.safe_load(text)
    triggers = workflow[True]  # YAML 1.1 reads `on`
    assert "workflow_run" not in triggers  # it would take what a pull request's run has left
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for step in steps(workflow):
        assert "${{" not in step.get("run", "")  # an expression there is read by a shell
        if uses := step.get("uses", ""):
            assert uses == "./" or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", uses), uses
        if uses.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        if "pull_request_target" in triggers:
            assert "head" not in str(step.get("with", {}).get("ref", ""))
            assert "artifact" not in uses


def test_the_action_gives_no_expression_to_a_shell() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.get("uses", f"a/b@{'0' * 40}"))


TYPES = {"opened", "synchronize", "reopened", "ready_for_review", "edited", "labeled", "unlabeled"}


@pytest.mark.parametrize("name", ["", "init, by an action: .github/workflows/", "init, by a hash: .github/workflows/"])
def test_each_file_has_one_event_that_judges_and_follows_whatever_changes_what_it_says(name: str) -> None:
    """GitHub facts 1, 2: a job that its `if` skips passes a required check of its name. 27, 28: a new base fires `edited`."""
    check, comment = (yaml.safe_load(WORKFLOWS[f"{name}{file}"]) for file in ("relbot.yml", "relbot-comment.yml"))
    assert set(check[True]) == {"pull_request", "merge_group"}
    assert set(check[True]["pull_request"]["types"]) == TYPES
    assert set(comment[True]) == {"pull_request_target", "issue_comment"}
    assert set(comment[True]["pull_request_target"]["types"]) == TYPES | {"closed"}
    assert not any("if" in job for job in check["jobs"].values())
    names = [job["name"] for workflow in (check, comment) for job in workflow["jobs"].values()]
    assert names == ["relbot check", "relbot comment", "relbot record"]


def _group(expression: str, event: dict[str, Any], run: int) -> str:
    """What GitHub makes of the one expression that the groups of these workflows have."""
    inner = re.fullmatch(
        r"([\w-]+)\$\{\{ github\.event\.action == 'synchronize' && github\.event\.number \|\| github\.run_id \}\}", expression
    )
    assert inner, expression
    return f"{inner[1]}{event.get('number') if event.get('action') == 'synchronize' else run}"


@pytest.mark.parametrize("name", [name for name in WORKFLOWS if name.endswith(("relbot.yml", "relbot-comment.yml"))])
def test_no_label_cancels_a_check_of_the_same_commit(name: str) -> None:
    """GitHub facts 3, 4, 5: opening with labels starts several runs at once, and a cancelled check of the commit blocks it."""
    concurrency = yaml.safe_load(WORKFLOWS[name])["concurrency"]
    assert concurrency["cancel-in-progress"] is True
    actions = ("opened", "labeled", "labeled", "edited", "unlabeled", "reopened")
    events: list[dict[str, Any]] = [{"action": action, "number": 7} for action in actions]
    groups = [
        _group(concurrency["group"], event, run) for run, event in enumerate([*events, {"action": "checks_requested"}], 1000)
    ]
    assert len(set(groups)) == len(groups)
    pushed = [_group(concurrency["group"], {"action": "synchronize", "number": 7}, run) for run in (1, 2)]
    assert pushed[0] == pushed[1]
    assert pushed[0] not in groups


NODE_24 = {"actions/setup-python": 6, "actions/checkout": 6, "actions/upload-artifact": 7, "actions/download-artifact": 8}


@pytest.mark.parametrize("text", [*WORKFLOWS.values(), (ROOT / "action.yml").read_text()])
def test_every_action_is_made_for_a_node_that_runners_have(text: str) -> None:
    """GitHub facts 76, 77: the first versions made for Node 24."""
    for action, major in re.findall(r"uses: (actions/[\w-]+)@[0-9a-f]{40} # v(\d+)", text):
        assert int(major) >= NODE_24[action]
    assert not re.search(r"uses: actions/[\w-]+@(?![0-9a-f]{40} # v)", text)


@pytest.mark.parametrize("name", [name for name in WORKFLOWS if name.endswith(("relbot.yml", "relbot-comment.yml"))])
def test_only_what_was_merged_meets_a_token_that_may_commit(name: str) -> None:
    for job in yaml.safe_load(WORKFLOWS[name])["jobs"].values():
        may = {what for what, how in job["permissions"].items() if how == "write"}
        if "contents" in may:
            assert "github.event.pull_request.merged" in job["if"]
        else:
            assert may <= {"pull-requests"}


def test_nothing_of_the_repository_runs_beside_the_token_that_uploads() -> None:
    workflow = yaml.safe_load(WORKFLOWS["release.yml"])
    assert workflow["concurrency"] == {"group": "release"}  # and none is stopped half-way
    may_upload = [job for job in workflow["jobs"].values() if "id-token" in job["permissions"]]
    assert [job["permissions"] for job in may_upload] == [{"id-token": "write"}]
    [job] = may_upload
    assert job["environment"] == "release"
    assert [step["uses"].partition("@")[0] for step in job["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]
    assert not any("run" in step for step in job["steps"])
