"""Change logs for property tests: few identities, so that two of them share some."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from relbot.deploy.plan.changelog import Arrival, ChangeLog, Revision
from relbot.fragment.model import PHASES, Compat, Fragment, Step
from tests.tiers import examples

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

PATIENT = settings(max_examples=examples(40, 1_000), deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For property tests: a busy machine is no fault."""

IDENTITIES = ("2-two", "10-ten", "alpha", "beta", "gamma", "zeta")
SERVICES = ("apache2", "obsapidelayed", "memcached")
TEXTS = (
    "One sentence.",
    "`config/options.yml` now groups its keys.\n\nSecond paragraph with **bold** and a [link](x).",
    "<img src=x> @everyone #12 ``` `` | 漢字 and ä 🎉 in the first line\n\n- a list\n- of two",
    "Hidden \u202e and \u200b here, and one very long word: " + "w" * 120,
    "Run this:\n\n```\nrake a\n```\n\n~~~\nrake b\n~~~",
)
PROSE = st.sampled_from(TEXTS)
COMMANDS = (
    "bundle exec rake convert",
    "grep -q '^a:' b.yml",
    "cat <<END > f\n```\n# a\n  indented\nEND",
    "psql -c 'DROP TABLE x' \\\n  --single",
    "echo ä漢 [bold]no[/bold] {x} ~~~~ `date`",
    "longcommand --with=" + "option," * 20,
)


def _step(chance: random.Random) -> Step:
    """A step that `relbot.fragment` would let pass."""
    phase = chance.choice(PHASES)
    maybe = (None, None, *COMMANDS)
    restart = tuple(chance.sample(SERVICES, chance.randint(0, 2))) if phase in PHASES[:2] else ()
    run, do, undo = (chance.choice(maybe) for _ in range(3))
    irreversible = undo is None and chance.random() < 0.3
    return Step(
        phase,
        run,
        do if run or do or restart else "Tell the operators.",
        tuple(chance.sample(("frontend", "db"), chance.randint(0, 2))),
        chance.choice(maybe),
        undo,
        irreversible,
        "It drops a column." if irreversible else None,
        restart,
        chance.choice((None, 0, 90, 4_000)),
        chance.choice((None, 5)),
        chance.randint(2, 40),
    )


STEPS = st.sampled_from([_step(random.Random(seed)) for seed in range(150)])  # noqa: S311  # a stock, no secret
"""Drawn from a stock: to draw each key of each step anew takes twenty times as long."""


@st.composite
def fragments(draw: DrawFn, identity: str) -> Fragment:
    """A valid fragment of that identity."""
    others = st.lists(st.sampled_from([i for i in IDENTITIES if i != identity]), max_size=2, unique=True).map(tuple)
    own: list[Step] = draw(st.lists(STEPS, max_size=3))
    note = draw(st.just("") | PROSE)
    waived = not own and not note and draw(st.booleans())
    return Fragment(
        identity=identity,
        path=f"changes/{identity}.md",
        type="changed",
        text=draw(PROSE),
        migration=bool(own or note),
        waived=waived,
        reason=draw(PROSE) if waived else None,
        authors=(identity,),  # so that no two say the same: that would be a rename
        issues=draw(st.lists(st.sampled_from(("7", "8")), max_size=1).map(tuple)),
        compat=draw(st.sampled_from((None, Compat.SHIM))),
        steps=tuple(own),
        needs=draw(others),
        hold=draw(st.lists(st.sampled_from(("7", "9", "alpha")), max_size=2, unique=True).map(tuple)),
        migration_note=note,
    )


@st.composite
def logs(draw: DrawFn, name: str = "A") -> ChangeLog:
    """A change log of some of the identities, of which some are known to have arrived, at times together."""
    chosen = draw(st.lists(st.sampled_from(IDENTITIES), unique=True))
    orders = st.none() | st.integers(0, 4)
    arrivals = {i: Arrival(order, f"{order:040x}") for i in chosen if (order := draw(orders)) is not None}
    return ChangeLog(Revision(name, name.lower() * 40), {i: draw(fragments(i)) for i in chosen}, arrivals=arrivals)


@st.composite
def histories(draw: DrawFn, length: int = 2) -> list[ChangeLog]:
    """Change logs of which one follows from the other: what both have is mostly the same, and arrived at the same time."""
    history = [draw(logs("A"))]
    for name in "BCDEF"[: length - 1]:
        before, drawn = history[-1], draw(logs(name))
        kept = [i for i in before.fragments if draw(st.integers(0, 3))]
        amended = [i for i in kept if not draw(st.integers(0, 3)) and i in drawn.fragments]
        merged: dict[str, Any] = {**drawn.fragments, **{i: before.fragments[i] for i in kept if i not in amended}}
        arrivals = {**drawn.arrivals, **{i: before.arrivals[i] for i in kept if i in before.arrivals}}
        history.append(drawn._replace(fragments=merged, arrivals=arrivals))
    return history
