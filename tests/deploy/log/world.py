"""A world of its own for the laws of deploys: what operators do in two clones of a remote ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.closing import ended_deed
from relbot.deploy.log.deeds import inverse_id
from relbot.deploy.log.obstacles import find_obstacles
from relbot.deploy.log.progress import measure_progress, step_digest
from relbot.deploy.log.reconcile import renamed_on_the_way, renamed_since_kept
from relbot.deploy.log.record import Deed, DeedKind, Direction
from relbot.deploy.log.replay import replay_records
from relbot.deploy.log.state import rename_step
from relbot.deploy.plan.model import StepKind
from relbot.fragment.model import Phase

if TYPE_CHECKING:
    from relbot.deploy.log.state import EnvironmentState
    from relbot.deploy.plan.model import Plan

from tests.deploy.log.changing_sources import commit_of, number_of
from tests.deploy.log.real_hosts import DONE, MAYBE, NOT_DONE
from tests.deploy.log.two_clones import Clone, TwoClones


class World(TwoClones):
    """Every method does one thing that can happen, if it can."""

    def begin(self, clone: Clone, target: int) -> None:
        self.sync(clone)
        now = replay_records(clone.known)
        target %= len(self.trees)
        if now.running and not (now.deploy and now.deploy.target == commit_of(target)):
            start, to = (now.deploy.start if now.deploy else now.running.deed.target), commit_of(target)
            made = self.plan_between(number_of(start), target)
            plan_from = lambda commit: self.plan_between(number_of(commit), target)  # noqa: E731
            renamed = {**renamed_since_kept(made, now, plan_from), **renamed_on_the_way(made, now, plan_from)}
            self._claim(clone, Deed(DeedKind.BEGUN, now.running.deed.target, to, renamed=tuple(sorted(renamed.items()))))

    def work(self, clone: Clone, which: int, how: int, online: bool) -> None:
        """Does, fails or skips a step that the clone believes to be open; also without having asked others."""
        if online:
            self.sync(clone)
        now = replay_records(clone.known)
        how_far = self.progress(clone, now)
        if how_far is None or now.deploy is None or find_obstacles(how_far.plan, now):
            return
        open_ones = how_far.unsettled(None)
        if not open_ones:
            return
        step = open_ones[0 if which % 3 else which % len(open_ones)].step
        kind = (DeedKind.DONE, DeedKind.DONE, DeedKind.FAILED, DeedKind.SKIPPED)[how % 4]
        apart = {key for each in now.stray for key in self.keys_of(each.deed.step)}  # which closes gates
        self._note_broken_needs(step, how_far.plan, now, self._unseen(clone) | self.doubtful() | apart)
        self._carry_out(step, kind, how_far.plan)
        digest = step_digest(step, how_far.plan.target.commit)
        deed = Deed(kind, now.deploy.start, now.deploy.target, step.id, digest, reason="why")
        if how % 5 == 4 and kind is not DeedKind.DONE:
            slip = self._record(clone, deed._replace(kind=DeedKind.DONE))  # said by mistake, and taken back
            self._was_a_slip(clone, slip, by_hash=bool(which % 2))
        record = self._record(clone, deed)
        if online:
            self.sync(clone)
            assert record not in replay_records(self.remote).stray, f"{step.id} is told apart from its deploy"

    def turn_back(self, clone: Clone) -> None:
        """Begins the way back to where the deploy under way began."""
        now = replay_records(clone.known)
        if now.deploy:
            self.begin(clone, number_of(now.deploy.start))

    def undo_by_script(self, clone: Clone) -> None:
        """Takes back the first step that the deploy under way takes back, and records that of the step itself."""
        self.sync(clone)
        now = replay_records(clone.known)
        how_far = self.progress(clone, now)
        back = [each.step for each in how_far.unsettled(None) if each.step.kind is StepKind.UNDO] if how_far else []
        if back and how_far and now.deploy and not find_obstacles(how_far.plan, now):
            self._carry_out(back[0], DeedKind.DONE, how_far.plan)
            self._record(clone, Deed(DeedKind.UNDONE, now.deploy.start, now.deploy.target, inverse_id(back[0].id)))
            self.sync(clone)

    def skip_what_was_done(self, clone: Clone, which: int) -> None:
        """A script that records a skip where it should not."""
        now = replay_records(clone.known)
        if now.deploy and now.deploy.touched:
            step = sorted(now.deploy.touched)[which % len(now.deploy.touched)]
            record = now.deploy.touched[step]
            if record.deed.kind is DeedKind.DONE:
                self._record(clone, record.deed._replace(kind=DeedKind.SKIPPED, reason="taken back"))

    def skip_inverse(self, clone: Clone, which: int) -> None:
        """Somebody writes down that what was done or tried is not taken back, or that what was taken back is not done again."""
        now = replay_records(clone.known)
        recorded = sorted(step for step in now.deploy.ticks if "#" in step) if now.deploy else []
        if recorded and now.deploy:
            step = inverse_id(recorded[which % len(recorded)])
            self._record(clone, Deed(DeedKind.SKIPPED, now.deploy.start, now.deploy.target, step, reason="it stays"))

    def answer_late(self, clone: Clone, which: int) -> None:
        """Shows somebody a step; the next time they answer that, whatever has become of its deploy since."""
        if clone.shown is None:
            now = replay_records(clone.known)
            how_far = self.progress(clone, now)
            open_ones = how_far.unsettled(None) if how_far and not find_obstacles(how_far.plan, now) else ()
            steps = [each.step for each in open_ones if "#" in each.step.id]
            if steps and now.deploy and how_far:
                clone.shown = (how_far.plan, steps[which % len(steps)])
            return
        (plan, step), clone.shown = clone.shown, None
        self._carry_out(step, DeedKind.DONE, plan)
        commits = plan.start.commit, plan.target.commit
        self._record(clone, Deed(DeedKind.DONE, *commits, step.id, step_digest(step, plan.target.commit)))
        self.contended.add(self.key(step.id.removesuffix(":undo")))  # nobody asked whether it was still to be done
        self.sync(clone)

    def take_back(self, clone: Clone, which: int, *, online: bool = True) -> None:
        """Takes back what was done for the deploy under way, and says so; also without having asked others."""
        if online:
            self.sync(clone)
        now = replay_records(clone.known)
        touched = sorted(step for step in now.deploy.touched if "#" in step and not step.endswith(":undo")) if now.deploy else []
        if touched and now.deploy:
            step = touched[which % len(touched)]
            self._set(step, NOT_DONE)
            self._needs_restart(step)
            self._record(clone, Deed(DeedKind.UNDONE, now.deploy.start, now.deploy.target, step))
            if online:
                self.sync(clone)

    def overrule(self, clone: Clone, which: int) -> None:
        self.sync(clone)
        now = replay_records(clone.known)
        how_far = self.progress(clone, now)
        if how_far is None or now.deploy is None:
            return
        open_ones = [each.step for each in how_far.unsettled(Phase.LATER)]
        what = [each.what for each in find_obstacles(how_far.plan, now)] + [f"step:{step.id}" for step in open_ones]
        if what:
            picked = what[which % len(what)]
            self._excuse(picked)
            self._claim(clone, Deed(DeedKind.OVERRULED, now.deploy.start, now.deploy.target, what=picked, reason="why"))

    def end_alone(self, clone: Clone) -> None:
        """`done` of somebody who does not know what others did meanwhile."""
        now = replay_records(clone.known)
        how_far = self.progress(clone, now)
        if how_far is None or find_obstacles(how_far.plan, now) or how_far.orphaned_ticks or how_far.unsettled(Phase.LATER):
            return
        deed = ended_deed(how_far, now, direction=_direction(how_far.plan))
        for step in (*deed.deferred, *deed.not_done):
            self._excuse(f"step:{step}")
        self._record(clone, deed)
        self.sync(clone)

    def end(self, clone: Clone) -> bool:
        """`done`: whether it was said that nothing is open."""
        self.sync(clone)
        now = replay_records(clone.known)
        how_far = self.progress(clone, now)
        if how_far is None or find_obstacles(how_far.plan, now) or how_far.orphaned_ticks or how_far.unsettled(Phase.LATER):
            return False
        deed = ended_deed(how_far, now, direction=_direction(how_far.plan))
        for step in (*deed.deferred, *deed.not_done):
            self._excuse(f"step:{step}")
        if now.deploy and "step:restart:web" in now.deploy.overruled:
            self._excuse("step:restart:web")  # for all of that deploy
        self._claim(clone, deed)
        self.taken_back = set()
        there = {self.uids[each] for each in self.trees[number_of(deed.target)]}
        self.excused = {key for key in self.excused if key[0] in there or self.real.get(key, NOT_DONE) != NOT_DONE}
        return True

    def abort(self, clone: Clone) -> None:
        self.sync(clone)
        now = replay_records(clone.known)
        if now.deploy is None:
            return
        written = now.deploy.overruled
        done = [step for step, record in now.deploy.touched.items() if record.deed.kind is DeedKind.DONE and "#" in step]
        way_back = measure_progress(self.plan_for(now, number_of(now.deploy.start)), now.deploy)
        restarts = [each for each in way_back.unsettled(None) if each.step.kind is StepKind.RESTART]
        if not restarts and all(f"step:{step}" in written for step in done):
            if "step:restart:web" in written:
                self._excuse("step:restart:web")  # for all of that deploy
            self._claim(clone, Deed(DeedKind.ABORTED, now.deploy.start, now.deploy.target, reason="why"))

    def do_deferred(self, clone: Clone, which: int, how: int, *, online: bool = True) -> None:
        """Does what a deploy left that has ended; also without having asked others."""
        if online:
            self.sync(clone)
        now = replay_records(clone.known)
        if now.deploy is None and now.deferred:
            step = sorted(now.deferred)[which % len(now.deferred)]
            by = now.deferred[step].deed
            deed = Deed(DeedKind.DONE, by.start, by.target, step)
            if how % 3 == 0:  # somebody said so by mistake, and takes that back
                slip = self._record(clone, deed)
                told = slip.deed
                self._was_a_slip(clone, slip, by_hash=bool(how % 2))
            else:
                if step.startswith("restart:"):
                    self.stale.clear()
                elif step.endswith(":amended"):
                    identity = step.removesuffix(":amended")
                    for number, each in enumerate(self.trees[number_of(by.target)][identity].steps, 1):
                        self._set(f"{identity}#{number}", DONE, each.run)
                else:
                    self._set(step.removesuffix(":undo"), NOT_DONE if step.endswith(":undo") else DONE)
                    self._needs_restart(step)
                told = self._record(clone, deed).deed
                if how % 3 == 2:  # a job that is tried again says so once more
                    self._record(clone, deed)
                if how % 3 == 1:  # and once more by mistake: that alone is taken back
                    kind = (DeedKind.DONE, DeedKind.FAILED)[how % 2]
                    self._was_a_slip(clone, self._record(clone, deed._replace(kind=kind, reason="slip")))
            if online:
                self.sync(clone)
                after = replay_records(self.remote)
                assert (step in after.deferred) == (how % 3 == 0), f"{step}: it is wrong whether it is left"
                mine = next(each for each in reversed(self.remote) if each.deed == told)
                assert mine not in after.stray, f"{step} is told apart from its deploy"

    def fail_deferred(self, clone: Clone, which: int) -> None:
        """Tries what a deploy left that has ended, without having asked others, and that fails."""
        now = replay_records(clone.known)
        steps = sorted(step for step in now.deferred if "#" in step)
        if now.deploy is None and steps:
            step = steps[which % len(steps)]
            by = now.deferred[step].deed
            self._set(step.removesuffix(":undo"), MAYBE)
            self._record(clone, Deed(DeedKind.FAILED, by.start, by.target, step, reason="why"))

    def _done_earlier(self, now: EnvironmentState) -> list[str]:
        """The steps of what runs of which the last deploy has no record."""
        assert now.ended is not None
        assert now.running is not None
        tree = self.trees[number_of(now.running.deed.target)]
        steps = (f"{identity}#{n}" for identity in sorted(tree) for n in range(1, len(tree[identity].steps) + 1))
        return [each for each in steps if self.real.get(self.key(each)) == DONE and each not in {*now.ended.ticks, *now.deferred}]

    def take_back_what_ended(self, clone: Clone, which: int, how: int) -> None:
        """Takes back what the deploy that ended last had done, or says so by mistake."""
        self.sync(clone)
        now = replay_records(clone.known)
        touched = sorted(step for step in now.ended.ticks if "#" in step and not step.endswith(":undo")) if now.ended else []
        done = [step for step in touched if now.ended and now.ended.ticks[step].deed.kind is DeedKind.DONE]
        if done and now.ended and now.deploy is None:
            step = done[which % len(done)]
            if how % 5 == 0 and now.running and (earlier := self._done_earlier(now)):
                step = earlier[which % len(earlier)]
            if how % 2 and now.running:  # by the name that it has now
                step = rename_step(step, dict(now.running.deed.renamed))
            record = self._record(clone, Deed(DeedKind.UNDONE, now.ended.start, now.ended.target, step))
            if how % 3 == 0:
                self._was_a_slip(clone, record, by_hash=True)
            else:
                self._set(step, NOT_DONE)
                self._needs_restart(step)
                self._excuse(f"step:{step}")  # the next deploy may end all the same, since every answer tells it
            self.sync(clone)
            told = {self.key(each) for each in replay_records(self.remote).deferred if "#" in each and not each.endswith(":undo")}
            wanted = self.key(step)[0] in {self.uids[each] for each in self.trees[number_of(now.ended.target)]}
            # What the target does not have was to be taken back anyway.
            is_open = wanted and self.real.get(self.key(step)) != DONE
            same = (self.key(step) in told) == is_open
            apart = {key for each in replay_records(self.remote).stray for key in self.keys_of(each.deed.step)}
            assert same or self.key(step) in self.doubtful() | apart, "what was taken back is open again"


def _direction(plan: Plan) -> Direction:
    """That of a deploy: what is committed later is newer."""
    older = number_of(plan.target.commit) < number_of(plan.start.commit)
    return Direction.ROLLBACK if older else Direction.FORWARD
