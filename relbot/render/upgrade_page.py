"""The upgrade guide as a page: what changes, component by component, then the steps to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.render.checklist.page import PageSurroundings, make_checklist_page
from relbot.render.page.render import render_page
from relbot.render.upgrade_changes import group_changes, remaining_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.config.model import Component
    from relbot.deploy.plan.model import Change, Plan


class ChangeGroup(NamedTuple):
    """Changes below one heading, and how many more there are, in a sentence."""

    title: str
    changes: tuple[Change, ...]
    rest: str


def upgrade_page(plan: Plan, components: Sequence[Component]) -> str:
    """Renders the page of an upgrade from one release to another."""
    title = f"Upgrade: {plan.start.name} → {plan.target.name}"
    page = make_checklist_page(title, plan, PageSurroundings())
    return render_page("upgrade.html.j2", page=page, groups=tuple(_groups(plan, components)))


def _groups(plan: Plan, components: Sequence[Component]) -> Iterator[ChangeGroup]:
    for heading, changes in (("What changes", plan.do), ("What is taken back", plan.undo)):
        groups = list(group_changes(changes, components))
        for title, group in groups:
            yield ChangeGroup(f"{heading}: {title}" if title else heading, tuple(group), "")
        if rest := remaining_sentence(changes):
            yield ChangeGroup("" if groups else heading, (), rest)
