"""Two change logs to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.arrange import amended_steps, arrange, total, way_back
from relbot.deploy.plan.difference import difference
from relbot.deploy.plan.holds import contracts, holds, waivers
from relbot.deploy.plan.model import Amendment, Change, Kind, Plan, PlannedStep
from relbot.deploy.plan.order import in_order, unmet_needs
from relbot.deploy.plan.part import of_component, of_log
from relbot.deploy.plan.splits import splits
from relbot.deploy.plan.steps import unsafe_steps
from relbot.finding import Level, in_reading_order
from relbot.fragment.model import PHASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.deploy.plan.difference import Difference
    from relbot.deploy.plan.model import Split
    from relbot.finding import Finding
    from relbot.fragment.model import Fragment


def plan(a: ChangeLog, b: ChangeLog, *, component: str | None = None) -> Plan:
    """What it takes to deploy `b` where `a` runs: of all of the project, or of a component and what belongs to none.

    DESIGN.md, "What holds always" 2. What a change needs, and what it waits for, is looked for in all components.

    Depends on what the fragments say and on the order in which they arrived; not on the order of the input, nor on
    the folders in which they lie. Never raises: what is wrong with the fragments is in the plan's findings.
    """
    everything = difference(a, b)
    between = of_component(everything, component)
    do, cycles = in_order(between.do, b.arrivals)
    undo, undo_cycles = in_order(between.undo, a.arrivals)
    steps = arrange(do, undo)
    known = {fragment.identity: fragment.path for fragment in (*do, *undo)}
    stops, hopeless = _stops(everything, a, b)
    impossible = [finding for finding in hopeless if finding.place.path in known.values()]
    own_a, own_b = (of_log(log, component) for log in (a, b))
    unsafe = [found for f in (*do, *undo, *(now for _, now in between.amended), *between.mended) for found in unsafe_steps(f)]
    faults = [fault for i in between.unreadable for fault in (*_of_start(a, b, i), *b.faulty.get(i, ()))]
    faults += [fault._replace(level=Level.WARNING) for f in between.mended for fault in _of_start(a, b, f.identity)]
    findings = [*b.findings, *faults, *cycles, *undo_cycles, *unmet_needs(own_b.fragments, a, b), *impossible, *unsafe]
    return Plan(
        start=a.revision,
        target=b.revision,
        do=tuple(_change(fragment, b) for fragment in do),
        undo=tuple(_change(fragment, a) for fragment in reversed(undo)),
        amended=(*(_amendment(amended_steps(was), now, b) for was, now in between.amended), *_mended(between, a, b)),
        unreadable=between.unreadable,
        steps=steps,
        holds=holds(do, a, b),
        splits=tuple(stop for stop in stops if stop.change in known),
        contracts=contracts(own_a, own_b),
        waivers=waivers(do),
        rollback=way_back(steps, Kind.DO, between.unreadable),
        undoing=way_back(steps, Kind.UNDO, between.unreadable),
        duration=total(steps, "duration"),
        downtime=total(steps, "downtime"),
        findings=tuple(in_reading_order(list(dict.fromkeys(findings)))),
    )


def _of_start(a: ChangeLog, b: ChangeLog, identity: str) -> Iterator[Finding]:
    """What is wrong with a fragment where the deploy starts: there nobody can mend it any more."""
    for fault in a.faulty.get(identity, ()):
        if fault not in b.faulty.get(identity, ()):
            tip = f"It is deployed like this. Read it, and judge what it asked for: {_shown(a, fault)}"
            yield fault._replace(message=f"In {a.revision.name}: {fault.message}", tip=tip)


def _shown(log: ChangeLog, fault: Finding) -> str:
    revision = log.revision.commit[:12] or log.revision.name
    return f"git show {revision}:./{fault.place.path}"


def _mended(between: Difference, a: ChangeLog, b: ChangeLog) -> Iterator[Amendment]:
    """Of a fragment that could not be read, nobody knows what was done: that is looked up and compared, too."""
    for now in between.mended:
        fault = a.faulty[now.identity][0]
        do = f"Not known: the fragment that was deployed could not be read. To see it: {_shown(a, fault)}"
        changes = (now.identity,)
        was = PlannedStep(1, f"{now.identity}#1", Kind.DO, PHASES[0], changes, do=do, path=fault.place.path)
        yield _amendment((was,), now, b)


def _amendment(was: tuple[PlannedStep, ...], now: Fragment, b: ChangeLog) -> Amendment:
    return Amendment(_change(now, b), was, amended_steps(now))


def _stops(between: Difference, a: ChangeLog, b: ChangeLog) -> tuple[tuple[Split, ...], list[Finding]]:
    back, hopeless = splits(between.undo, a.arrivals, Kind.UNDO)
    onward, impossible = splits(between.do, b.arrivals, Kind.DO)
    return (*back, *onward), [*hopeless, *impossible]


def _change(fragment: Fragment, log: ChangeLog) -> Change:
    origin = log.origins.get(fragment.identity)
    arrival = log.arrivals.get(fragment.identity)
    return Change(
        identity=fragment.identity,
        path=fragment.path,
        type=fragment.type,
        component=fragment.component,
        breaking=fragment.breaking,
        summary=fragment.summary,
        migration=fragment.migration_note,
        authors=fragment.authors or (origin.authors if origin else ()),
        issues=fragment.issues,
        prs=fragment.prs or (origin.prs if origin else ()),
        commit=arrival.commit if arrival else "",
    )
