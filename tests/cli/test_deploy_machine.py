"""The laws of deploys with the real commands: two clones over a bare remote, or a ledger on GitHub, and what really happened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.ledger.clones import Clock, clone_of, make_bare
from tests.tiers import examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commandline import Result, Run
    from tests.repository import Repo

STEPS = {
    "a": (("before-install", ()), ("later", ())),
    "b": (("before-restart", ("web",)),),
    "c": (("after-restart", ()),),
    "d": (("before-restart", ()),),
}
"""The phase of each step of each change, and what it restarts."""
TREES: dict[str, dict[str, str]] = {
    "v0": {},
    "v1": {"a": "a", "b": "b"},
    "v2": {"a": "a", "b": "b", "c": "c"},
    "v3": {"a": "a-renamed", "b": "b", "c": "c"},
    "v4": {"a": "a-renamed", "c": "c"},
    "side": {"a": "a", "b": "b", "d": "d"},
}
"""The fragments of each revision, by the change that they are about. `side` comes from `v1`, the others from each other."""
ORDER = ("before-install", "before-restart", "after-restart", "later")
POINTS = {"install": 1, "restart": 2, "done": 3}
MOVES = ("begin", "begin", "do", "do", "do", "do", "do", "do", "restart", "fail", "skip", "undo", "gate", "gate", "done", "done",
         "abort", "lock", "unlock", "offline", "switch")  # fmt: skip
HISTORIES = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 59)), min_size=8, max_size=14)


def text_of(change: str) -> str:
    lines = ["---", "type: changed", "migration: true", "deploy:"]
    for number, (phase, restart) in enumerate(STEPS[change], 1):
        lines += [f"  - phase: {phase}", f"    run: do-{change}-{number}", f"    undo: undo-{change}-{number}"]
        lines += [f"    restart: [{', '.join(restart)}]"] if restart else []
    return "\n".join([*lines, "---", "", f"Change {change}.", ""])


def build(folder: Path) -> tuple[Repo, Repo]:
    """Two clones of a remote with the revisions of `TREES`, each a tag."""
    bare = make_bare(folder / "bare")
    one = clone_of(bare, folder / "one")
    for tag, fragments in TREES.items():
        if tag == "side":
            one.git("switch", "--quiet", "--create", "line", "v1")
        for file in (one.path / "changes").glob("*.md"):
            file.unlink()
        for change, name in fragments.items():
            one.write(f"changes/{name}.md", text_of(change))
        one.write("code", tag)
        one.commit(f"This reverts commit {one.git('rev-parse', 'v1')}." if tag == "v4" else tag)
        one.tag(tag)
    one.git("push", "--quiet", "origin", "refs/tags/v4^{}:refs/heads/main", "line", "--tags")
    two = clone_of(bare, folder / "two")
    two.git("config", "user.name", "Bob")
    two.git("fetch", "--quiet", "--tags", "origin")
    two.switch("v4")
    one.switch("v4")
    return one, two


def configure(clones: tuple[Repo, Repo], name: str, store: str) -> None:
    """Each history has an environment of its own. All of them in one file would take most of the time to read."""
    for clone in clones:
        clone.write("relbot.toml", f'[environments.{name}]\ndeployed = "ledger"\ntarget = "v4"\nstore = "{store}"\n')


@dataclass
class World:
    """One environment, what was really done on it, and what its commands answered."""

    run: Callable[..., Result]
    clones: tuple[Repo, Repo]
    name: str
    may_be_offline: bool
    at: int = 0
    start: str = "v0"
    target: str = ""
    real: dict[tuple[str, int], bool] = field(default_factory=dict)
    excused: set[tuple[str, int]] = field(default_factory=set)
    unsure: set[tuple[str, int]] = field(default_factory=set)
    stale: bool = False
    recorded: list[tuple[str, str]] = field(default_factory=list)

    def relbot(self, command: str, *words: str) -> Result:
        said = self.run("deploy", command, self.name, *words, cwd=self.clones[self.at].path)
        assert said.code in (0, 1, 2, 3), (command, words, said)
        return said

    def play(self, move: str, x: int) -> None:
        match move:
            case "begin":
                self.begin(sorted(TREES)[x % len(TREES)], replaces=x % 4 == 0)
            case "do" | "offline" | "fail" | "skip" | "undo":
                self.tick(move, x)
            case "restart":
                if self.relbot("tick", "restart:web").code == 0:
                    self.stale = False
            case "gate":
                self.gate(sorted(POINTS)[x % 3])
            case "done":
                self.done()
            case "abort":
                if self.relbot("abort", "--reason", "x").code == 0:
                    assert not any(self.real.get(key) for key in self.differing()[0]) or self.excused | self.unsure
                    self.target = ""
            case "lock":
                self.relbot("lock", "--for", "1h", "--reason", "x")
            case "unlock":
                self.relbot("unlock", "--force")
            case _:
                self.at = 1 - self.at

    def begin(self, tag: str, *, replaces: bool) -> None:
        words = ("--replaces", self.target, "--reason", "x") if self.target and replaces else ()
        said = self.relbot("begin", "--to", tag, "--rollback", "--diverged", *words)
        if said.code == 0:
            assert words or self.target in ("", tag), "another deploy is under way"
            self.target = tag

    def differing(self) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """The steps that the deploy brings, and those that it takes away: the difference of two trees."""
        start, target = TREES[self.start], TREES[self.target or self.start]
        both = (target.keys() - start.keys(), start.keys() - target.keys())
        brought, taken = ([(change, n) for change in sorted(each) for n in range(1, len(STEPS[change]) + 1)] for each in both)
        return brought, taken

    def tick(self, how: str, x: int) -> None:
        brought, taken = self.differing()
        if not (brought or taken):
            return
        key = [*brought, *taken][x % len([*brought, *taken])]
        undo = key in taken
        step = f"{TREES[self.start if undo else self.target][key[0]]}#{key[1]}{':undo' if undo else ''}"
        options = {"fail": ("--failed", "x"), "skip": ("--skip", "x"), "undo": ("--undone",), "offline": ("--offline",)}
        if how == "offline" and not self.may_be_offline:
            how = "do"
        said = self.relbot("tick", step, *options.get(how, ()))
        if said.code != 0 and not (how == "offline" and "could not publish it" in said.err):
            return
        self.recorded.append((step, how))
        if how in ("do", "offline"):
            self.set(key, done=not undo)
            self.unsure |= {key} if how == "offline" else set()
        elif how == "undo":
            self.set(key, done=False)
        elif how == "skip":
            self.excused.add(key)
        else:
            self.real[key] = False
            self.unsure.add(key)

    def set(self, key: tuple[str, int], *, done: bool) -> None:
        self.real[key] = done
        self.excused.discard(key)
        self.stale = self.stale or bool(STEPS[key[0]][key[1] - 1][1])

    def open_steps(self, before: int) -> list[tuple[str, int]]:
        """The steps of the phases before a point that are neither done nor excused, and what was done and is not taken back."""
        brought, taken = self.differing()
        fine = self.excused | self.unsure
        due = [key for key in brought if ORDER.index(STEPS[key[0]][key[1] - 1][0]) < before and not self.real.get(key)]
        back = [key for key in taken if before == 3 and self.real.get(key)]
        return [key for key in (*due, *back) if key not in fine]

    def gate(self, point: str) -> None:
        to = ("--to", self.target) if self.target else ("--to", self.start)
        said = self.relbot("gate", "--before", point, *to)
        if said.code == 0:
            assert not self.open_steps(POINTS[point]), (point, self.open_steps(POINTS[point]), said.out)
            assert point != "done" or not (self.stale and self.target) or self.unsure, said.out
            self.target = self.target or (self.start if "already" not in said.out and point != "done" else "")

    def done(self) -> None:
        if not self.target or self.relbot("done").code != 0:
            return
        assert not self.open_steps(3), self.open_steps(3)
        brought, taken = self.differing()
        self.excused |= {key for key in brought if not self.real.get(key)}
        self.excused -= {key for key in taken if not self.real.get(key)}
        self.start, self.target = self.target, ""

    def end(self) -> None:
        """Both clones say the same, and no deed is lost."""
        self.relbot("note", "the end")
        both = []
        for self.at in (0, 1):
            log = json.loads(self.relbot("log", "--format", "json").out)["entries"]
            both.append((log, self.relbot("status", "--format", "json").out))
        assert both[0] == both[1], "two clones that have fetched say the same"
        steps = [each["step"] for each in both[0][0]]
        assert all(steps.count(step) >= 1 for step, _ in self.recorded), "no deed is lost"
        assert len(both[0][0]) >= len(self.recorded)


def play(one: tuple[Repo, Repo], run: Run, number: int, history: list[tuple[str, int]], *, store: str) -> None:
    name, may_be_offline = f"e{number}", store == "ref"
    configure(one, name, store)
    world = World(run, one, name, may_be_offline)
    assert world.relbot("adopt", "--at", "v0").code == 0
    for move, x in history:
        world.play(move, x)
    if may_be_offline:  # the other one may have records that nobody has seen
        world.at = 1 - world.at
        world.relbot("note", "still here")
    world.end()


SLOW = settings(
    max_examples=examples(30, 500),
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relbot.cli.deploy.options.utc_now", Clock())


@pytest.mark.usefixtures("clock", "home")
def test_the_laws_hold_with_the_commands(tmp_path: Path, relbot: Run) -> None:
    clones = build(tmp_path)
    numbers = count()

    @SLOW
    @given(HISTORIES)
    def run(history: list[tuple[str, int]]) -> None:
        play(clones, relbot, next(numbers), history, store="ref")

    run()


@pytest.mark.loopback
@pytest.mark.usefixtures("clock", "home")
def test_the_laws_hold_with_a_ledger_on_github(tmp_path: Path, relbot: Run, request: pytest.FixtureRequest) -> None:
    github = request.getfixturevalue("github")
    clones = build(tmp_path)
    github.state.git = tmp_path / "bare"
    numbers = count()

    @SLOW
    @given(HISTORIES)
    def run(history: list[tuple[str, int]]) -> None:
        github.left = 1_000_000  # each history has an hour of its own
        play(clones, relbot, next(numbers), history, store="github")

    run()
