"""Sources that change: commits with fragments that come, go, are renamed and edited, and the plans between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import inverse_id
from relbot.deploy.plan.changelog import Arrival, ChangeLog, Revision
from relbot.deploy.plan.make import make_plan
from relbot.deploy.plan.model import StepKind
from relbot.fragment.model import Fragment, Phase, Step

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan


_PHASES = (Phase.BEFORE_INSTALL, Phase.BEFORE_RESTART, Phase.AFTER_RESTART, Phase.LATER)


class ChangingSources:
    """Starts with a commit without fragments. Every method does one thing that can happen, if it can."""

    def __init__(self) -> None:
        self.trees: list[dict[str, Fragment]] = [{}]
        self.arrivals: dict[str, int] = {}
        self.uids: dict[str, int] = {}
        """The change of each identity: a rename gives another identity to the same change."""
        self.renamed_in_silence: set[int] = set()
        self.amended: set[int] = set()
        self.shortened: set[int] = set()
        self._plans: dict[tuple[int, int], Plan] = {}

    def add_fragment(self, at: int, how: int) -> None:
        tree = dict(self.trees[at % len(self.trees)])
        number = len(self.uids)
        phase = _PHASES[how % 4]
        restart = ("web",) if how % 8 < 6 and phase in _PHASES[:2] else ()
        steps = [Step(phase, f"do-{number}", undo=f"undo-{number}", restart=restart)]
        if how % 5 < 2:
            steps.append(Step(Phase.LATER, f"do-{number}-later", undo=f"undo-{number}-later"))
        needs = (max(tree, key=lambda each: self.arrivals[each]),) if tree and how % 3 == 1 else ()
        self._add(
            tree,
            Fragment(
                f"c{number}",
                f"changes/c{number}.md",
                "changed",
                f"Change {number}.",
                migration=True,
                steps=tuple(steps),
                needs=needs,
            ),
            number,
        )

    def rename(self, at: int, which: int, says: int) -> None:
        tree = dict(self.trees[at % len(self.trees)])
        old = sorted(tree)[which % len(tree)] if tree else ""
        if old and "-" not in old and self.uids[old] not in self.shortened:  # `was` tells one former name
            fragment = tree.pop(old)
            new = f"{old.partition('-')[0]}-{len(self.trees)}"
            was = old if says % 2 or self.uids[old] in self.amended else None
            if was is None:
                self.renamed_in_silence.add(self.uids[old])
            self.arrivals[new] = self.arrivals[old]
            renamed = fragment._replace(identity=new, path=f"changes/{new}.md", was=was)
            self._add(tree, renamed, self.uids[old])

    def amend(self, at: int, which: int) -> None:
        tree = dict(self.trees[at % len(self.trees)])
        if tree:
            old = sorted(tree)[which % len(tree)]
            if self.uids[old] in self.renamed_in_silence:
                return  # nothing tells any more that it is the same change
            self.amended.add(self.uids[old])
            fragment = tree.pop(old)
            first = fragment.steps[0]._replace(run=f"{fragment.steps[0].run}-again")
            self._add(tree, fragment._replace(steps=(first, *fragment.steps[1:])), self.uids[old])

    def shorten(self, at: int, which: int) -> None:
        """A fragment loses its second step."""
        tree = dict(self.trees[at % len(self.trees)])
        names = {uid: sum(each == uid for each in self.uids.values()) for uid in self.uids.values()}
        two = sorted(each for each, fragment in tree.items() if len(fragment.steps) == 2 and names[self.uids[each]] == 1)
        if two:
            old = two[which % len(two)]
            self.amended.add(self.uids[old])
            self.shortened.add(self.uids[old])
            fragment = tree.pop(old)
            self._add(tree, fragment._replace(steps=fragment.steps[:1]), self.uids[old])

    def revert(self, at: int, which: int) -> None:
        tree = dict(self.trees[at % len(self.trees)])
        if tree:
            del tree[sorted(tree)[which % len(tree)]]
            self.trees.append(tree)

    def backport(self, to: int, which: int) -> None:
        tree, known = dict(self.trees[to % len(self.trees)]), [f for tree in self.trees for f in tree.values()]
        mine = {self.uids[each] for each in tree}
        picked = [each for each in known if self.uids[each.identity] not in mine]
        if picked:
            self._add(tree, picked[which % len(picked)], self.uids[picked[which % len(picked)].identity])

    def _add(self, tree: dict[str, Fragment], fragment: Fragment, uid: int) -> None:
        self.uids[fragment.identity] = uid
        self.arrivals.setdefault(fragment.identity, len(self.trees))
        tree[fragment.identity] = fragment
        self.trees.append(tree)

    def plan_between(self, start: int, target: int) -> Plan:
        key = start, target
        if key not in self._plans:
            self._plans[key] = make_plan(self.log(start), self.log(target))
        return self._plans[key]

    def log(self, at: int) -> ChangeLog:
        tree = self.trees[at]
        arrivals = {each: Arrival(self.arrivals[each], f"{self.arrivals[each]:040x}") for each in tree}
        return ChangeLog(Revision(f"r{at}", commit_of(at)), tree, arrivals=arrivals)

    def check_difference(self, start: int, target: int) -> None:
        """The plan between two trees is their difference, as the simplest comparison makes it."""
        there_again, back = self.plan_between(start, target), self.plan_between(target, start)
        assert {s.id for s in there_again.steps if s.kind is StepKind.DO} == {
            inverse_id(s.id) for s in back.steps if s.kind is StepKind.UNDO
        }
        assert self.plan_between(target, target).quiet
        a, b = ({self.uids[each]: fragment for each, fragment in self.trees[at].items()} for at in (start, target))
        done = {(self.uids[each.identity], each.identity) for each in there_again.do}
        undone = {(self.uids[each.identity], each.identity) for each in there_again.undo}
        assert done == {(uid, fragment.identity) for uid, fragment in b.items() if uid not in a}
        assert undone == {(uid, fragment.identity) for uid, fragment in a.items() if uid not in b}
        changed = {uid for uid, fragment in b.items() if uid in a and a[uid].steps != fragment.steps}
        assert {self.uids[each.change.identity] for each in there_again.amended} == changed


def commit_of(number: int) -> str:
    return f"{number + 1:040x}"


def number_of(commit: str) -> int:
    return int(commit, 16) - 1
