"""What GitHub Actions makes of an event: which runs start, by which file, with which token, and what they leave on the commit.

Numbers are those of docs/github.md, and can be left out like the others (`state.without`). Runs wait until `finish` carries
them out, so that the next event finds them under way. How a job is carried out is given: in this process, or by `act`.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.github.fake.state import BOT, run_git

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.github.fake.objects import Pull
    from tests.github.site import Site

FOLDER = ".github/workflows"
_DEFAULT_TYPES = {
    "pull_request": ("opened", "synchronize", "reopened"),
    "pull_request_target": ("opened", "synchronize", "reopened"),
    "merge_group": ("checks_requested",),
    "issue_comment": ("created", "edited", "deleted"),
}
_SKIP = re.compile(r"\[(skip ci|ci skip|no ci|skip actions|actions skip)\]")


@dataclass
class Run:
    """One run of a workflow: its jobs by id, and what each came to: success, failure, skipped or cancelled; "" while it runs."""

    number: int
    path: str
    workflow: dict[Any, Any]
    event: str
    payload: dict[str, Any]
    sha: str
    group: str
    needs_approval: bool = False
    jobs: dict[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is under way."""
        return self.needs_approval or all(self.jobs.values())


class Actions:
    """The workflows of a site's repository. `execute` carries out a job of a run with a token, and says whether it succeeded."""

    def __init__(self, site: Site, execute: Callable[[Run, str, str], bool]) -> None:
        self.site = site
        self.state = site.state
        self.runs: list[Run] = []
        self.newcomers: set[str] = set()
        self._execute = execute

    # what people do

    def open(self, pull: Pull) -> None:
        """Somebody opens a pull request, maybe with labels: each of them is an event of its own, at once (fact 4)."""
        self._pull_event("opened", pull)
        for name in self.state.issues[pull.number].labels:
            if self.state.has(4):
                self._pull_event("labeled", pull, label={"name": name})

    def label(self, pull: Pull, name: str) -> None:
        self.state.label(pull.number, name, "maria")
        self._pull_event("labeled", pull, label={"name": name})

    def push(self, pull: Pull, files: dict[str, str | bytes | None]) -> None:
        self.site.push(pull, files)
        self._pull_event("synchronize", pull)

    def retarget(self, pull: Pull, base: str) -> None:
        """The base changes, by hand or because GitHub merged and deleted the branch below (facts 27, 28)."""
        before, pull.base = pull.base, base
        pull.base_sha = self.state.refs.get(f"refs/heads/{base}", pull.base_sha)
        if self.state.has(27) and self.state.has(28):
            self._pull_event("edited", pull, changes={"base": {"ref": {"from": before}}})

    def rename(self, pull: Pull, title: str) -> None:
        """A new title is `edited`, too (fact 29)."""
        before, self.state.issues[pull.number].title = self.state.issues[pull.number].title, title
        if self.state.has(29):
            self._pull_event("edited", pull, changes={"title": {"from": before}})

    def ready(self, pull: Pull) -> None:
        pull.draft = False
        self._pull_event("ready_for_review", pull)

    def merge(self, pull: Pull) -> None:
        self.site.merge(pull)
        self._pull_event("closed", pull)

    def comment(self, pull: Pull, body: str, login: str) -> None:
        """A comment runs from the default branch (fact 20); one that a workflow wrote starts nothing (fact 36)."""
        said = self.state.add_comment(pull.number, body, login)
        issue = {"number": pull.number, "pull_request": {"url": ""}}
        payload = {"action": "created", "issue": issue, "comment": {"id": said.number, "body": body}, **self._around(login)}
        if not (login == BOT and self.state.has(36)):
            self._start("issue_comment", payload, self._default(), self.site.upstream.git("rev-parse", self._default()))

    def queue(self, pull: Pull) -> None:
        """The merge queue makes a commit on a ref of its own, whose name alone tells the pull request (facts 20, 33)."""
        base = self.site.upstream.git("rev-parse", pull.base)
        tree = self._merged_tree(pull)
        assert tree
        head = run_git(self._git, "-c", "user.name=q", "-c", "user.email=q@q", "commit-tree", tree, "-p", base, "-m", "Queued")
        ref = f"refs/heads/gh-readonly-queue/{pull.base}/pr-{pull.number}-{base}"
        group = {"head_sha": head, "head_ref": ref, "base_sha": base, "base_ref": f"refs/heads/{pull.base}"}
        payload = {"action": "checks_requested", "merge_group": group, **self._around(BOT)}
        if not self.state.has(33):
            payload["number"], group["head_ref"] = pull.number, f"refs/heads/gh-readonly-queue/{pull.base}/{base}"
        self._start("merge_group", payload, head, head)

    # what comes of it

    def finish(self) -> None:
        """Carries out what is under way."""
        for run in self.runs:
            if run.needs_approval:
                continue
            for name, conclusion in run.jobs.items():
                if not conclusion:
                    run.jobs[name] = "success" if self._execute(run, name, self.token(run, name)) else "failure"

    def checks(self, name: str, sha: str) -> list[str]:
        """What the checks of that name on a commit came to, the oldest first; a job that waits for approval has none."""
        return [
            conclusion
            for run in self.runs
            if (run.sha == sha or not self.state.has(7)) and not run.needs_approval
            for job, conclusion in run.jobs.items()
            if run.workflow["jobs"][job].get("name", job) == name
        ]

    def required(self, name: str, sha: str) -> str:
        """What branch protection makes of a required check: "waiting", or the newest conclusion, skipped being a success (1, 7).

        A cancelled one may block although a newer one is green (fact 3), and a skipped one beside a real one may do either (2).
        """
        found = self.checks(name, sha)
        if "skipped" in found and len(set(found)) > 1 and self.state.has(2):
            return "nobody knows"
        if "cancelled" in found and self.state.has(3):
            return "blocked"
        newest = found[-1] if found else "waiting"
        return "success" if newest == "skipped" and self.state.has(1) else newest

    def token(self, run: Run, job: str) -> str:
        """What `permissions` says; of a fork or of Dependabot it only reads at `pull_request` (facts 37, 38)."""
        asked = run.workflow["jobs"][job].get("permissions", run.workflow.get("permissions", {}))
        may = [name.replace("-", "_") for name, how in asked.items() if how == "write"]
        pull = run.payload.get("pull_request", {})
        is_fork = bool(pull) and pull["head"]["repo"]["full_name"] != self.state.repository and self.state.has(37)
        is_dependabot = run.payload["sender"]["login"] == "dependabot[bot]" and self.state.has(38)
        if run.event == "pull_request" and (is_fork or is_dependabot):
            may = []
        return self.site.github.add_token(BOT, *may)

    # how it works

    @property
    def _git(self) -> Any:
        return self.state.git

    def _default(self) -> str:
        return self.state.default_branch

    def _around(self, login: str) -> dict[str, Any]:
        repository = {"full_name": self.state.repository, "default_branch": self._default()}
        return {"repository": repository, "sender": {"login": login}}

    def _pull_event(self, action: str, pull: Pull, **more: Any) -> None:
        payload = {"action": action, "number": pull.number, "pull_request": self._shown(pull), **more}
        payload |= self._around(self.state.issues[pull.number].author)
        tree = self._merged_tree(pull)
        message = run_git(self._git, "log", "-1", "--format=%B", pull.head_sha)
        skips = _SKIP.search(message) and self.state.has(6)
        if not skips and (tree or not self.state.has(8)):  # fact 8: with a conflict there is no merge commit to run
            at = tree or pull.head_sha if self.state.has(15) else self._default()  # fact 15: the file is the pull request's
            self._start("pull_request", payload, at, pull.head_sha)
        if not (re.fullmatch(r"[0-9a-f]{40}", pull.head) and self.state.has(22)):
            at = self._default() if pull.base == self._default() or self.state.has(16) else pull.base
            self._start("pull_request_target", payload, at, pull.head_sha)

    def _shown(self, pull: Pull) -> dict[str, Any]:
        issue = self.state.issues[pull.number]
        head = {"sha": pull.head_sha, "ref": pull.head, "repo": {"full_name": pull.head_repo or ""}}
        return {
            "number": pull.number,
            "head": head,
            "base": {"sha": pull.base_sha, "ref": pull.base},
            "labels": [{"name": name} for name in issue.labels],
            "draft": pull.draft,
            "merged": pull.merged is not None,
            "title": issue.title,
        }

    def _merged_tree(self, pull: Pull) -> str:
        """The tree of the merge commit, "" with a conflict."""
        asked = ["git", "-C", str(self._git), "merge-tree", "--write-tree", pull.base, pull.head_sha]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        return done.stdout.split("\n")[0] if done.returncode == 0 else ""

    def _start(self, event: str, payload: dict[str, Any], at: str, sha: str) -> None:
        listed = run_git(self._git, "ls-tree", "--name-only", at, f"{FOLDER}/").splitlines()
        for path in listed:
            workflow = yaml.safe_load(run_git(self._git, "show", f"{at}:{path}"))
            on = workflow[True]
            if event not in on and (event != "merge_group" or self.state.has(13)):
                continue
            types = (on.get(event) or {}).get("types", _DEFAULT_TYPES[event])
            if payload["action"] not in types:
                continue
            run = Run(len(self.runs) + 1000, path, workflow, event, payload, sha, "")
            run.group = str(evaluate(workflow.get("concurrency", {}).get("group", str(run.number)), run))
            is_new = event == "pull_request" and payload["sender"]["login"] in self.newcomers
            run.needs_approval = is_new and self.state.has(39)
            for name, job in workflow["jobs"].items():
                run.jobs[name] = "" if evaluate(f"${{{{ {job.get('if', 'true')} }}}}", run) else "skipped"
            if workflow.get("concurrency", {}).get("cancel-in-progress"):
                self._cancel(run.group)
            self.runs.append(run)

    def _cancel(self, group: str) -> None:
        for run in self.runs:
            if run.group == group and not run.is_over:
                run.jobs = {name: conclusion or "cancelled" for name, conclusion in run.jobs.items()}


_TOKEN = re.compile(r"'(?:[^']|'')*'|github(?:\.[\w*-]+)+|&&|\|\||!=|==|contains|startsWith|true|false|[(),\s]|!")


def evaluate(text: str, run: Run) -> Any:
    """An expression of a workflow, as far as these workflows use any: others fail. Text around `${{ }}` stays.

    https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
    """
    parts = re.split(r"\$\{\{(.*?)\}\}", str(text), flags=re.DOTALL)
    values = [part if number % 2 == 0 else _value(part, run) for number, part in enumerate(parts)]
    told = [value for value in values if value != ""]
    return told[0] if len(told) == 1 else "".join(map(str, told))


def _value(expression: str, run: Run) -> Any:
    context = {"event": run.payload, "run_id": run.number, "event_name": run.event, "ref": run.payload.get("ref", "")}
    tokens = _TOKEN.findall(expression)
    assert "".join(tokens) == expression, f"the fake does not know {expression}"
    words = {"&&": " and ", "||": " or ", "true": "True", "false": "False", "!": " not "}
    shown = "".join(
        repr(token[1:-1].replace("''", "'"))
        if token[0] == "'"
        else f"at({token[7:]!r})"
        if token.startswith("github.")
        else words.get(token, " " if token.isspace() else token)
        for token in tokens
    )

    def at(path: str) -> Any:
        value: Any = context
        for name in path.split("."):
            if name == "*":
                continue
            if isinstance(value, list):
                value = [each.get(name) for each in value]
            else:
                value = value.get(name) if isinstance(value, dict) else None
        return value

    functions = {
        "at": at,
        "contains": lambda where, what: what in (where or ()),
        "startsWith": lambda whole, start: str(whole or "").startswith(start),
    }
    return eval(shown.strip(), {"__builtins__": {}}, functions)  # noqa: S307  # of this repository's own workflows, token by token
