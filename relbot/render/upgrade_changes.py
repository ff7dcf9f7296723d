"""Which changes an upgrade guide tells of, in which order, and below which headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.plan.model import StepKind
from relbot.deploy.upgrade import ReleasedChanges
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.units import count_noun, list_names
from relbot.render.notes.markdown_links import self_contained
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.config.model import Component
    from relbot.deploy.plan.model import Change, Plan
    from relbot.deploy.upgrade import UpgradeGuide

NOT_RELEASED = "Not released yet"
"""The heading of changes that no release has."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")


class ToldChange(NamedTuple):
    """A change for which people have to act.

    `heading` is the first sentence of its text, `marks` what a reader must not miss of it, `rest` the other sentences.
    `migration` is what its author says to do, "" where the checklist has it: `where` says at which step.
    """

    heading: str
    marks: str
    rest: str
    migration: str
    where: str


class ReleaseSection(NamedTuple):
    """The changes of a release, breaking ones first. `title` is "" where nothing tells releases apart."""

    title: str
    changes: tuple[ToldChange, ...]


def release_sections(guide: UpgradeGuide, changes: tuple[Change, ...]) -> Iterator[ReleaseSection]:
    """The changes for which people have to act, by the release that brings them."""
    told = [change for change in changes if change.breaking or change.migration]
    known = {identity for release in guide.releases for identity in release.identities}
    left = ReleasedChanges("", frozenset(change.identity for change in told) - known)
    for release in (*guide.releases, left):
        own = [change for change in told if change.identity in release.identities]
        title = release.version or (NOT_RELEASED if guide.releases else "")
        if own:
            ordered = sorted(own, key=lambda change: (not change.breaking, _component_place(change, guide.components)))
            yield ReleaseSection(title, tuple(_tell_change(change, guide) for change in ordered))


def _component_place(change: Change, components: Sequence[Component]) -> int:
    names = [component.name for component in components]
    return names.index(change.component) + 1 if change.component in names else 0


def _tell_change(change: Change, guide: UpgradeGuide) -> ToldChange:
    summary, migration = self_contained((make_visible(change.summary), make_visible(change.migration)), change.identity)
    heading, *rest = _SENTENCE_END.split(summary, maxsplit=1) if summary.count("`") % 2 == 0 else [summary]
    if heading.count("`") % 2:  # the sentence ends in code
        heading, rest = summary, []
    titles = {component.name: component.title for component in guide.components}
    named = [titles[name] for name in (change.component, *change.other_components) if name in titles]
    marks = [list_names(named) if named else "", "breaking" if change.breaking else ""]
    where = _first_step(change, guide.plan) if migration else ""
    return ToldChange(
        " ".join(heading.split()).removesuffix(".") or change.identity,
        ", ".join(filter(None, marks)),
        rest[0] if rest else "",
        "" if where else migration,
        where,
    )


def _first_step(change: Change, plan: Plan) -> str:
    """Says at which step the checklist has what the author of a change says to do; "" if it has no step of it."""
    legs = [(f" of leg {number}", leg.steps) for number, leg in enumerate(plan.legs, 1)] or [("", plan.steps)]
    for of_leg, steps in legs:
        for step in steps:
            if step.kind is StepKind.DO and change.identity in step.changes:
                return f"What to do: step {step.number}{of_leg} below."
    return ""


def remaining_sentence(changes: tuple[Change, ...]) -> str:
    """Says how many changes need no action, "" if there are none."""
    told = sum(bool(change.breaking or change.migration) for change in changes)
    more = "more " if told else ""
    rest = len(changes) - told
    if rest > 1:
        return f"{count_noun(rest, f'{more}change')} without breaking changes or notes."
    return f"1 {more}change without a breaking change or a note." if rest else ""
