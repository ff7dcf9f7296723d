"""Which changes an upgrade guide tells of, and below which heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.config.model import Component
    from relbot.deploy.plan.model import Change


def group_changes(changes: tuple[Change, ...], components: Sequence[Component]) -> Iterator[tuple[str, list[Change]]]:
    """Groups the changes for which somebody has to act by the title of their component, "" for those of none."""
    told = [change for change in changes if change.breaking or change.migration]
    known = {component.name: component.title for component in components}
    groups: list[tuple[str | None, str]] = [(None, ""), *known.items()]
    for name, title in groups:
        if own := [change for change in told if (change.component if change.component in known else None) == name]:
            yield title, own


def remaining_sentence(changes: tuple[Change, ...]) -> str:
    """Says how many changes need no action, "" if there are none."""
    told = sum(bool(change.breaking or change.migration) for change in changes)
    more = "more " if told else ""
    rest = len(changes) - told
    if rest > 1:
        return f"{count_noun(rest, f'{more}change')} that neither break anything nor come with a note."
    return f"1 {more}change that neither breaks anything nor comes with a note." if rest else ""
