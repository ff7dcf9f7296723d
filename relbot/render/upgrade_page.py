"""The upgrade guide as a page: what changes, release by release, then the steps to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.page import PageSurroundings, make_checklist_page
from relbot.render.page.render import render_page
from relbot.render.upgrade_changes import release_sections, remaining_sentence
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.upgrade import UpgradeGuide
    from relbot.render.upgrade_changes import ToldChange


class ChangeGroup(NamedTuple):
    """Changes below one heading, and how many more there are, in a sentence."""

    title: str
    changes: tuple[ToldChange, ...]
    rest: str


def upgrade_page(guide: UpgradeGuide) -> str:
    """Renders the page of an upgrade from one release to another."""
    plan = guide.plan
    title = f"Upgrade: {plan.start.name} → {plan.target.name}"
    page = make_checklist_page(title, plan, PageSurroundings())
    return render_page("upgrade.html.j2", page=page, groups=tuple(_groups(guide)))


def _groups(guide: UpgradeGuide) -> Iterator[ChangeGroup]:
    for heading, changes in (("What changes", guide.plan.do), ("Reverted changes", guide.plan.undo)):
        sections = list(release_sections(guide, changes))
        for section in sections:
            yield ChangeGroup(f"{heading}: {section.title}" if section.title else heading, section.changes, "")
        if rest := remaining_sentence(changes):
            yield ChangeGroup("" if sections else heading, (), rest)
