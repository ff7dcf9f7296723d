"""The body of the issue: what runs, and the checklist of the deploy under way, whose boxes people tick in the browser. Pure.

A box carries invisibly which step it means, what that step said, and how relbot drew it. A box that is not as it was drawn is
one that somebody has ticked or emptied since: GitHub lets only those do that who may write. Who it was, GitHub does not tell.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from relbot.deploy.log.progress import restarts_by_step, step_digest
from relbot.deploy.log.proof import Witness
from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.ledger.github.event import LedgerItem, parse_html_comment, to_html_comment
from relbot.render.common.inert_markdown import code_span, inert_name, inert_sentence
from relbot.render.common.units import format_commit, format_time
from relbot.render.deploys.record_lines import deed_text
from relbot.render.deploys.task_list import full_task_list, short_task_list
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from relbot.deploy.log.progress import Progress, StepStatus
    from relbot.deploy.log.state import Deploy, EnvironmentState

LONGEST = 65_536
"""Characters of an issue's body."""
SOMEBODY = Who("a person on GitHub")
_MARK = "<!-- relbot-ledger "
_UNDER_WAY = "<!-- relbot-under-way "
_STEP = "<!-- relbot-step "
_NEWEST = "<!-- relbot-newest "
_DATA = re.compile(r"(\{.*\}) -->")
_BOX = re.compile(rf"- \[([ xX])\] .*{re.escape(_STEP)}(\{{.*\}}) -->")


class BoxToggle(NamedTuple):
    """A box that somebody ticked or emptied; `key` is its record's, the same for everybody who sees it."""

    key: str
    deed: Deed


def new_issue_body(environment: str, chapter: int) -> tuple[str, str, str]:
    """The title of a new issue, how its body begins, and the body."""
    mark = f"{_MARK}{environment} {chapter} -->"
    return f"Deploys to {environment}", mark, _join_lines([mark, *_introduction_lines(environment)])


def closed_issue_body(environment: str, chapter: int, following: str) -> str:
    """The body of an issue after which another one goes on."""
    return _join_lines(
        [f"{_MARK}{environment} {chapter} -->", *_introduction_lines(environment), "", f"It goes on in {following}."]
    )


def issue_body(
    environment: str, chapter: int, now: EnvironmentState, progress: Progress | None, newest: Iterable[Witness]
) -> str:
    """The body: what runs, what is under way, and its boxes, as many as fit. Without `progress` no deploy is under way.

    `newest` are the newest records: they stand in the body invisibly, so that their removal is noticed.
    """
    told = [[each.hash, each.who, each.what] for each in newest]
    head = [f"{_MARK}{environment} {chapter} -->", to_html_comment(_NEWEST, {"records": told})]
    head += [*_introduction_lines(environment), "", *_state_lines(now)]
    if now.deploy is None or progress is None:
        return _join_lines(head)
    deploy = now.deploy
    head += ["", to_html_comment(_UNDER_WAY, {"begun": deploy.begun.order})]
    begun = f"begun {format_time(deploy.begun.time)} by {inert_name(str(deploy.begun.who))}"
    head += [f"**Under way:** {_revision_range(deploy)}, {begun}."]
    head += ["Tick a box to record its step as done, or clear it to record it as failed. relbot reads the boxes at its next run."]
    page = code_span(f"relbot checklist {environment} --format html > checklist.html")
    head += [f"For a page to print, or to read on a phone: {page}"]
    restarts = restarts_by_step(progress.plan)
    whole = _join_lines([*head, *full_task_list(progress, lambda standing: _step_comment(standing, deploy.target, restarts))])
    if len(whole) <= LONGEST:
        return whole
    lines = [*short_task_list(progress, lambda standing: _step_comment(standing, deploy.target, restarts))]
    if len(short := _join_lines([*head, *lines])) <= LONGEST:
        return short
    return _fitting_lines(
        [*head, "", f"This list is not complete; `relbot deploy status {environment}` shows all steps.", ""], lines
    )


def newest_records(body: str) -> tuple[Witness, ...]:
    """The newest records when relbot drew this body, none if it does not tell."""
    for line in body.replace("\r\n", "\n").split("\n"):
        if line.startswith(_NEWEST) and (match := _DATA.fullmatch(line.removeprefix(_NEWEST))):
            try:
                found = parse_html_comment(match.group(1))["records"]
                return tuple(Witness(str(each[0]), str(each[1]), str(each[2]), "the issue's checklist") for each in found)
            except (ValueError, KeyError, TypeError, IndexError):
                return ()
    return ()


def read_toggles(body: str, page_number: int, now: EnvironmentState, known: Collection[str]) -> list[BoxToggle]:
    """What people did to the boxes of the deploy under way since they were drawn, without what is recorded of that."""
    deploy = now.deploy
    lines = body.replace("\r\n", "\n").split("\n")
    if deploy is None or _begun_order(lines) != deploy.begun.order:
        return []
    found = (_as_toggle(line, page_number, deploy) for line in lines)
    return [toggle for toggle in found if toggle and toggle.key not in known]


def toggles_as_items(found: Iterable[BoxToggle], environment: str, order: int, time: datetime) -> tuple[LedgerItem, ...]:
    """Toggles as if they were recorded: after all that is known, at the time at which the issue was changed last."""
    return tuple(LedgerItem(Record(order + 1, time, SOMEBODY, environment, toggle.deed)) for toggle in found)


def _as_toggle(line: str, page_number: int, deploy: Deploy) -> BoxToggle | None:
    match = _BOX.fullmatch(line.rstrip())
    if not match:
        return None
    ticked = match.group(1) != " "
    try:
        drawn = parse_html_comment(match.group(2))
        step, said, since = drawn["step"], drawn["digest"], drawn["since"]
        restarts = tuple(drawn.get("restarts", ()))  # an older relbot drew none
        if drawn["ticked"] is ticked or not all(isinstance(each, str) for each in (step, said, *restarts)):
            return None
        last = deploy.ticks.get(step)
        if ticked and since != (last.order if last else 0):
            return None  # it was drawn before somebody recorded how the step went
    except (ValueError, KeyError, TypeError, RecursionError):
        return None  # whoever edits this line away can do so: the records are the comments
    kind, reason = (DeedKind.DONE, "its box was ticked") if ticked else (DeedKind.FAILED, "its box was cleared")
    deed = Deed(kind, deploy.start, deploy.target, step=step, digest=said, reason=reason)
    if ticked:
        deed = deed._replace(deferred=restarts)
    told = json.dumps([page_number, deploy.begun.order, step, said, since, ticked])
    return BoxToggle(hashlib.sha256(told.encode("ascii")).hexdigest()[:32], deed)


def _begun_order(lines: list[str]) -> int | None:
    """The order of the begin whose boxes these are."""
    for line in lines:
        if line.startswith(_UNDER_WAY) and (match := _DATA.fullmatch(line.rstrip().removeprefix(_UNDER_WAY))):
            try:
                begun = parse_html_comment(match.group(1))["begun"]
            except (ValueError, KeyError, TypeError, RecursionError):
                return None
            return begun if type(begun) is int else None
    return None


def _step_comment(standing: StepStatus, target: str, restarts: Mapping[str, tuple[str, ...]]) -> str:
    drawn = {"step": standing.step.id, "digest": step_digest(standing.step, target), "ticked": standing.mark.settled}
    if needed := restarts.get(standing.step.id.removesuffix(":undo")):
        drawn["restarts"] = needed
    return to_html_comment(_STEP, {**drawn, "since": standing.entry.order if standing.entry else 0})


def _introduction_lines(environment: str) -> Iterator[str]:
    yield f"relbot records here the deploys to {inert_name(environment)}, one comment for each record."
    yield "Comments count if their author may write to this repository. Do not edit or remove them;"
    yield "other comments are welcome. Closing this issue changes nothing."


def _state_lines(now: EnvironmentState) -> Iterator[str]:
    if runs := now.running:
        commit = code_span(format_commit(runs.deed.target))
        yield f"**Runs:** {commit} since {format_time(runs.time)}, by {inert_name(str(runs.who))}."
    if now.lock:
        until = f" until {format_time(now.lock.deed.until)}" if now.lock.deed.until else ""
        yield f"**Locked**{until} by {inert_name(str(now.lock.who))}: {inert_sentence(now.lock.deed.reason)}"
    for notice in now.notices:
        until = f", until {format_time(notice.deed.until)}" if notice.deed.until else ""
        yield f"**Notice** of {inert_name(str(notice.who))}{until}: {inert_sentence(notice.deed.reason)}"
    for record in now.deploy.overruled.values() if now.deploy else now.early:
        what, reason = code_span(record.deed.what), inert_sentence(record.deed.reason)
        yield f"**Overruled** by {inert_name(str(record.who))}: {what}: {reason}"
    if now.held:
        yield f"**Held since a rollback:** {', '.join(code_span(format_commit(commit)) for commit in now.held)}"
    for record in now.open_stray:
        yield f"**Belongs to no deploy:** {inert_sentence(deed_text(record))}, by {inert_name(str(record.who))}"
    if now.deferred:
        yield f"**Left for later:** {', '.join(code_span(step) for step in now.deferred)}"


def _revision_range(deploy: Deploy) -> str:
    return f"{code_span(format_commit(deploy.start))} → {code_span(format_commit(deploy.target))}"


def _join_lines(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _fitting_lines(head: list[str], lines: Iterable[str]) -> str:
    """As many lines as fit."""
    kept, size = list(head), len(_join_lines(head)) + 1
    for line in lines:
        size += len(line) + 1
        if size > LONGEST:
            break
        kept.append(line)
    return _join_lines(kept)
