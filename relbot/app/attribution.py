"""What a build takes from elsewhere than the fragments: pull requests and authors from the history, and the day."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from relbot.app.project import current_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from datetime import date

    from relbot.app.project import Project
    from relbot.fragment.model import Fragment
    from relbot.git.history import FragmentHistory
    from relbot.release.build import Builder
    from relbot.release.notes import Attribution


def history_of(project: Project) -> AbstractContextManager[FragmentHistory | None]:
    """The walk through the history, begun so that git works while fragments are read; None where it is not asked."""
    if not project.config.links.history or not project.in_git:
        return nullcontext()
    from relbot.git.history import FragmentHistory

    return FragmentHistory(project.git, [folder.path for folder in project.config.folders])


def attribute_fragments(history: FragmentHistory | None, fragments: Iterable[Fragment]) -> Mapping[str, Attribution]:
    """What the history tells of fragments that do not tell it themselves. Says so where a shallow clone hides it."""
    wanted = frozenset(fragment.identity for fragment in fragments if not (fragment.prs and fragment.authors))
    if not wanted or history is None:
        return {}
    origins = history.origins(wanted)
    if history.shallow:
        tip = "Fetch it (git fetch --unshallow), or switch this off: `history = false` below [links] in the configuration."
        click.echo(f"relbot: This clone is shallow, so the notes name no pull requests and authors. {tip}", err=True)
        return {}
    return origins


def release_day(builder: Builder, version: str | None, given: str | None) -> date:
    """The day given, else the one that an earlier build of the version wrote down, else today."""
    released = builder.tree.releases.get(version or "")
    if given is None and released is not None and released.record is not None:
        return released.record.date
    return current_day(given)
