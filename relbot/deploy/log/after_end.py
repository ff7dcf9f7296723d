"""Deeds that come after the end of their deploy: what they end of that which it left, and what is open again because of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.deeds import inverse_id, is_undo, order_deeds, own_id
from relbot.deploy.log.left_hosts import also_done_on, hosts_left, open_on_host, settle_on_host, without_steps
from relbot.deploy.log.record import DeedKind
from relbot.deploy.log.state import ATTEMPTS, SETTLING, Deploy, EnvironmentState, rename_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.deploy.log.record import Deed, Record


def apply_after_end(now: EnvironmentState, record: Record) -> EnvironmentState:
    """The state after a deed that is not of the deploy under way: it is of one that has ended, or of none that is known here."""
    after = _settle_or_open(now, record)
    if record in after.stray:
        return after
    if _is_of_ended(now, record.deed) or _is_left(now, record.deed):
        after = _without_known_before(after, record)
    return with_restarts(after, dict.fromkeys(record.deed.deferred, record))


def with_restarts(now: EnvironmentState, left: Mapping[str, Record]) -> EnvironmentState:
    """The state with the restarts that are open again, each since the deed of a step that needs it."""
    if not left:
        return now
    # The newest come last: a restart follows what is to be done again.
    deferred, not_done = ({**without_steps(of, *left), **left} for of in (now.deferred, now.not_done))
    return now._replace(deferred=deferred, not_done=not_done)


def _without_known_before(now: EnvironmentState, record: Record) -> EnvironmentState:
    """Without what is told apart of the step of a deed, and what its writer knew: the next deploy must not go on from that."""
    deed = record.deed
    if deed.kind not in ATTEMPTS or now.ended is None or not now.stray:
        return now
    lineage, step = now.ended.lineage, _base_now(now, deed)
    known = [
        each
        for each in now.stray
        if each.deed.kind in ATTEMPTS
        and _base_now(now, each.deed) == step
        and deed.host in ("", each.deed.host)
        and lineage.has_seen(record, each)
    ]
    return now._replace(stray=tuple(each for each in now.stray if each not in known)) if known else now


def _is_left(now: EnvironmentState, deed: Deed) -> bool:
    """Whether a deed is about a step that an earlier deploy left, or that takes one back."""
    steps = own_id(deed), inverse_id(own_id(deed))
    return any(step in of for of in (now.deferred, now.not_done) for step in steps)


def _base_now(now: EnvironmentState, deed: Deed) -> str:
    """The id of the step that a deed is about, done or taken back, by the name that it has since the end of the last deploy."""
    return _name_now(now, deed.step.removesuffix(":undo"))


def _settle_or_open(now: EnvironmentState, record: Record) -> EnvironmentState:
    deed = record.deed
    if rest := _without_slips_made_true(now, record):
        return forget_left(_into_ended(rest, record), record)
    left = next((of[own_id(deed)] for of in (now.deferred, now.not_done, now.made_good) if own_id(deed) in of), None)
    if left and deed.target in (left.deed.target, left.deed.start) and not _is_of_aborted(now, deed):
        return _apply_left(now, record)
    if _reverses_ended(now, deed):
        return _open_again(now, record)
    if _is_of_ended(now, deed) and deed.kind is DeedKind.FAILED:
        return failed_after_all(_into_ended(now, record), record)
    if _is_of_ended(now, deed) and now.ended and now.ended.name_of(own_id(deed)) in now.ended.ticks:
        return forget_left(_into_ended(now, record), record)
    if _is_done_knowingly(now, record):
        return forget_left(_into_ended(now, record), record)
    if deed.kind is DeedKind.UNDONE and (cleared := _strays_undone_by(now, record)):
        return now._replace(stray=tuple(each for each in now.stray if each not in cleared))
    if deed.kind in (DeedKind.STARTED, DeedKind.SKIPPED):
        return now
    return now._replace(stray=(*now.stray, record))


def _is_done_knowingly(now: EnvironmentState, record: Record) -> bool:
    """Whether a step of the last deploy that was overruled, or done elsewhere, is done by somebody who knew its end.

    Whoever does a step that environments share names what is known of it elsewhere.
    """
    deed, ended = record.deed, now.ended
    if ended is None or now.running is None or not _is_of_ended(now, deed) or is_undo(own_id(deed)):
        return False
    settled_otherwise = bool(deed.what) or f"step:{own_id(deed)}" in ended.overruled
    return deed.kind is DeedKind.DONE and settled_otherwise and ended.lineage.has_seen(record, now.running)


def _without_slips_made_true(now: EnvironmentState, record: Record) -> EnvironmentState | None:
    """The state after a deed that does what slips had only said of the target that runs; None if none of these is told apart."""
    deed = record.deed
    said = [
        each
        for each in now.stray
        if each.deed.kind is DeedKind.MISTAKEN and each.deed.target == deed.target and own_id(each.deed) == own_id(deed)
    ]
    if not said or deed.kind not in SETTLING or not _is_of_ended(now, deed):
        return None
    return now._replace(stray=tuple(each for each in now.stray if each not in said))


def _strays_undone_by(now: EnvironmentState, record: Record) -> list[Record]:
    """The stray deeds that an UNDONE settles: those about its step, but for a failure that its writer did not know."""
    own = own_id(record.deed)
    about = [each for each in now.stray if own_id(each.deed) in (own, inverse_id(own))]
    lineage = now.ended.lineage if now.ended else None
    return [each for each in about if each.deed.kind is not DeedKind.FAILED or lineage is None or lineage.has_seen(record, each)]


def _is_of_aborted(now: EnvironmentState, deed: Deed) -> bool:
    """Whether a deed is of the newest deploy, which was aborted, and not of one before it between the same commits."""
    aborted = now.aborted.deed if now.aborted else None
    return aborted is not None and (aborted.start, aborted.target) == (deed.start, deed.target)


def _apply_left(now: EnvironmentState, record: Record) -> EnvironmentState:
    """The state after a deed about a step that a finished deploy left, also if it was done since: a job may be tried again."""
    step, after = own_id(record.deed), _into_ended(now, record)
    if record.deed.kind is DeedKind.SKIPPED:
        if hosts := hosts_left(now, step, record):
            return settle_on_host(after, step, record, hosts)
        deferred, failed = (without_steps(of, step) for of in (now.deferred, now.failed))
        return after._replace(deferred=deferred, failed=failed, open_on=without_steps(now.open_on, step))
    after = after._replace(made_good={**now.made_good, step: record})
    if record.deed.kind is not DeedKind.FAILED:
        return forget_left(after, record)
    again = {} if step in now.deferred or step in now.not_done else {step: record}
    deferred, not_done = {**now.deferred, **again}, {**now.not_done, **again}
    after = open_on_host(after, step, record)
    return after._replace(deferred=deferred, failed={**now.failed, step: record}, not_done=not_done)


def failed_after_all(now: EnvironmentState, record: Record) -> EnvironmentState:
    """What failed although its deploy, the last one, has ended as if it were done is left, until somebody does it."""
    assert now.running is not None
    step = _name_now(now, own_id(record.deed))
    left = {step: now.running}
    now = open_on_host(now, step, record)
    return now._replace(deferred={**now.deferred, **left}, failed={**now.failed, step: record}, not_done={**now.not_done, **left})


def _reverses_ended(now: EnvironmentState, deed: Deed) -> bool:
    """Whether a deed reverses, or tried to, what was done in the deploy that ended last, or runs since an earlier one."""
    if now.ended is None or not _is_of_ended(now, deed) or deed.kind not in ATTEMPTS:
        return False
    other = _reversed_step(now, deed)
    left = now.deferred.get(other)
    reversed_before = left is not None and left.deed.kind in ATTEMPTS
    holds = now.ended.ticks.get(other)
    runs = holds not in now.stray if holds else deed.kind is DeedKind.UNDONE and not is_undo(other)
    return "#" in other and (runs or reversed_before)


def _is_of_ended(now: EnvironmentState, deed: Deed) -> bool:
    return now.ended is not None and (now.ended.start, now.ended.target) == (deed.start, deed.target)


def _name_now(now: EnvironmentState, step: str) -> str:
    """The name that a step has since the end of the last deploy."""
    return rename_step(step, now.ended.names if now.ended else {})


def _reversed_step(now: EnvironmentState, deed: Deed) -> str:
    """The step that a deed reverses, by the name that it has since the end of its deploy."""
    return _name_now(now, inverse_id(own_id(deed)))


def _open_again(now: EnvironmentState, record: Record) -> EnvironmentState:
    """The state after the reversal of what was done in the deploy that ended last: that is open again, until it is done."""
    step = _reversed_step(now, record.deed)
    left = {step: record}
    failed = {**now.failed, **left} if record.deed.kind is DeedKind.FAILED else now.failed
    after = open_on_host(_into_ended(now, record), step, record)
    return after._replace(deferred={**now.deferred, **left}, failed=failed, not_done={**now.not_done, **left})


def _into_ended(now: EnvironmentState, record: Record) -> EnvironmentState:
    if now.ended is None or not _is_of_ended(now, record.deed):
        return now
    return now._replace(ended=with_deed(now.ended, record))


def with_deed(deploy: Deploy, record: Record) -> Deploy:
    """The deploy with one more deed about a step."""
    step = deploy.name_of(record.deed.step).removesuffix(":undo")
    deeds = order_deeds((*deploy.deeds.get(step, ()), record), deploy.lineage)
    return deploy._replace(deeds={**deploy.deeds, step: deeds})


def forget_left(now: EnvironmentState, record: Record, step: str = "") -> EnvironmentState:
    """Without what a deed ends that earlier deploys had left: the step itself, and the one that it takes back.

    `step` is the id that the step has by now, "" for the one that it had.
    What failed without the knowledge of whoever recorded the deed stays.
    """
    deed = record.deed
    if deed.kind not in SETTLING or not any((*now.left, now.done_on)):
        return now
    own = step or own_id(deed)
    if any(_failed_unseen(now, step, record) for step in (own, inverse_id(own))) or _is_needed_since(now, own, record):
        return now
    if (own in now.deferred or own in now.not_done) and (hosts := hosts_left(now, own, record)):
        return settle_on_host(now, own, record, hosts)
    now = also_done_on(now, own, record)
    ended = [own, inverse_id(own)]
    never = ended if not is_undo(own) else [own]  # what was taken back was not done, still
    if own.endswith(":amended"):  # somebody compared what was deployed with what should be, and did what was missing
        mark = f"{own.removesuffix(':amended')}#"
        of_change = (step for step in (*now.deferred, *now.not_done) if step.startswith(mark))
        never = ended = [*ended, *(step for step in of_change if not _failed_unseen(now, step, record))]
    return now._replace(
        deferred=without_steps(now.deferred, *ended),
        failed=without_steps(now.failed, *ended),
        not_done=without_steps(now.not_done, *never),
        open_on=without_steps(now.open_on, *ended),
    )


def _is_needed_since(now: EnvironmentState, restart: str, record: Record) -> bool:
    """Whether a restart is needed since a step was done after the end, and whoever recorded the restart did not know that."""
    by, deploy = now.deferred.get(restart), now.deploy or now.ended
    if by is None or restart not in by.deed.deferred or by.deed.kind not in SETTLING or deploy is None:
        return False
    return not deploy.lineage.has_seen(record, by)


def _failed_unseen(now: EnvironmentState, step: str, record: Record) -> bool:
    """Whether a step that an earlier deploy left failed, and whoever recorded a deed did not know that."""
    failed, deploy = now.failed.get(step), now.deploy or now.ended
    return failed is not None and deploy is not None and not deploy.lineage.has_seen(record, failed)
