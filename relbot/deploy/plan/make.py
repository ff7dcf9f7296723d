"""Two change logs to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.change_order import order_changes, unmet_needs
from relbot.deploy.plan.component_filter import filter_difference, filter_log
from relbot.deploy.plan.difference import compare_logs
from relbot.deploy.plan.holds import find_contracts, find_holds, find_waivers
from relbot.deploy.plan.model import Amendment, Change, Need, Plan, PlannedStep, StepKind
from relbot.deploy.plan.planned_steps import unsafe_step_findings
from relbot.deploy.plan.renames import find_renames, known_names
from relbot.deploy.plan.splits import find_splits
from relbot.deploy.plan.step_order import amended_steps, arrange_steps, sum_stated, way_back
from relbot.finding import Finding, Level, Place, in_reading_order
from relbot.fragment.model import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.difference import Difference
    from relbot.deploy.plan.model import Split
    from relbot.fragment.model import Fragment


def make_plan(a: ChangeLog, b: ChangeLog, *, component: str | None = None) -> Plan:
    """What it takes to deploy `b` where `a` runs: of all of the project, or of a component and what belongs to none.

    What a change needs, and what it waits for, is looked for in all components.

    Depends on what the fragments say and on the order in which they arrived; not on the order of the input, nor on
    the folders in which they lie. Never raises: what is wrong with the fragments is in the plan's findings.
    """
    everything = compare_logs(a, b)
    between = filter_difference(everything, component, a, b)
    do, cycles = order_changes(between.do, b.arrivals)
    undo, undo_cycles = order_changes(between.undo, a.arrivals)
    steps = arrange_steps(do, undo)
    known = {fragment.identity: fragment.path for fragment in (*do, *undo)}
    stops, hopeless = _all_splits(everything, a, b)
    impossible = [finding for finding in hopeless if finding.place.path in known.values()]
    own_a, own_b = (filter_log(log, component) for log in (a, b))
    unsafe = [
        found for f in (*do, *undo, *(now for _, now in between.amended), *between.mended) for found in unsafe_step_findings(f)
    ]
    faults = [fault for i in between.unreadable for fault in (*_start_faults(a, b, i), *b.faulty.get(i, ()))]
    faults += [fault._replace(level=Level.WARNING) for f in between.mended for fault in _start_faults(a, b, f.identity)]
    findings = [
        *b.findings,
        *(_vanished_finding(fragment, b) for fragment in between.vanished),
        *faults,
        *cycles,
        *undo_cycles,
        *unmet_needs(own_b.fragments, a, b),
        *impossible,
        *unsafe,
    ]
    return Plan(
        start=a.revision,
        target=b.revision,
        do=tuple(_make_change(fragment, b) for fragment in do),
        undo=tuple(_make_change(fragment, a) for fragment in reversed(undo)),
        amended=(
            *(_make_amendment(amended_steps(was), now, b) for was, now in between.amended),
            *_mended_amendments(between, a, b),
        ),
        unreadable=between.unreadable,
        steps=steps,
        holds=find_holds(do, a, b),
        splits=tuple(stop for stop in stops if stop.change in known),
        contracts=find_contracts(own_a, own_b),
        waivers=find_waivers(do),
        rollback=way_back(steps, StepKind.DO, between.unreadable),
        undoing=way_back(steps, StepKind.UNDO, between.unreadable),
        duration=sum_stated(steps, "duration"),
        downtime=sum_stated(steps, "downtime"),
        findings=tuple(in_reading_order(list(dict.fromkeys(findings)))),
        needs=tuple(_deployed_needs(do, a, b)),
        elsewhere=tuple(_needs_elsewhere(do, b, component)),
        renamed=tuple(sorted(between.renamed.items())),
        tidied=between.tidied,
        vanished=tuple(fragment.identity for fragment in between.vanished),
    )


def _deployed_needs(do: Iterable[Fragment], a: ChangeLog, b: ChangeLog) -> Iterator[Need]:
    """The needs that both trees meet. The others are a split, or a finding."""
    before, after = known_names(a), known_names(b)
    old = {now: was for was, now in find_renames(a, b).items()}
    for fragment in do:
        for need in fragment.needs:
            if need in after and (was := old.get(need, need)) in before:
                yield Need(fragment.identity, was)


def _needs_elsewhere(do: Iterable[Fragment], b: ChangeLog, component: str | None) -> Iterator[Need]:
    """The needs of a component's changes that are changes of other components."""
    if component is None:
        return
    for fragment in do:
        for name in fragment.needs:
            needed = b.fragments.get(name)
            if needed is not None and not needed.concerns(component):
                yield from (Need(fragment.identity, name, each) for each in needed.components)


def _vanished_finding(fragment: Fragment, b: ChangeLog) -> Finding:
    message = f"`{fragment.identity}` is deployed, and its fragment is missing in {b.revision.name}: was its change reverted?"
    tip = "Say so in a later commit, with a line `Relbot-Reverted: {0}`, or `Relbot-Tidied: {0}` if only the note was removed."
    return Finding("fragment-vanished", Place(fragment.path), message, tip.format(fragment.identity))


def _start_faults(a: ChangeLog, b: ChangeLog, identity: str) -> Iterator[Finding]:
    """What is wrong with a fragment where the deploy starts: there nobody can mend it any more."""
    for fault in a.faulty.get(identity, ()):
        if fault not in b.faulty.get(identity, ()):
            tip = f"The deployed fragment has errors. Read it, and find out what it asked for: {_show_command(a, fault)}"
            yield fault._replace(message=f"In {a.revision.name}: {fault.message}", tip=tip)


def _show_command(log: ChangeLog, fault: Finding) -> str:
    revision = log.revision.commit[:12] or log.revision.name
    return f"git show {revision}:./{fault.place.path}"


def _mended_amendments(between: Difference, a: ChangeLog, b: ChangeLog) -> Iterator[Amendment]:
    """Of a fragment that could not be read, nobody knows what was done: that is looked up and compared, too."""
    for now in between.mended:
        fault = a.faulty[now.identity][0]
        do = f"Unknown: relbot cannot read the deployed fragment. To see it: {_show_command(a, fault)}"
        changes = (now.identity,)
        was = PlannedStep(1, f"{now.identity}#1", StepKind.DO, PHASES[0], changes, do=do, path=fault.place.path)
        yield _make_amendment((was,), now, b)


def _make_amendment(was: tuple[PlannedStep, ...], now: Fragment, b: ChangeLog) -> Amendment:
    return Amendment(_make_change(now, b), was, amended_steps(now))


def _all_splits(between: Difference, a: ChangeLog, b: ChangeLog) -> tuple[tuple[Split, ...], list[Finding]]:
    back, hopeless = find_splits(between.undo, a.arrivals, StepKind.UNDO)
    onward, impossible = find_splits(between.do, b.arrivals, StepKind.DO)
    return (*back, *onward), [*hopeless, *impossible]


def _make_change(fragment: Fragment, log: ChangeLog) -> Change:
    origin = log.origins.get(fragment.identity)
    arrival = log.arrivals.get(fragment.identity)
    return Change(
        identity=fragment.identity,
        path=fragment.path,
        type=fragment.type,
        component=fragment.component,
        breaking=fragment.breaking,
        summary=fragment.summary,
        migration=fragment.prose_for_deploy,
        authors=fragment.authors or (origin.authors if origin else ()),
        issues=fragment.issues,
        prs=fragment.prs or (origin.prs if origin else ()),
        commit=arrival.commit if arrival else "",
        other_components=fragment.other_components,
    )
