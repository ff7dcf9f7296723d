"""What a build takes from elsewhere than the fragments: pull requests and authors from the history, and the day."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from relbot.git.history import FragmentHistory
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from datetime import date

    from relbot.app.project import Project
    from relbot.fragment.model import Fragment
    from relbot.release.build import Builder
    from relbot.release.notes import Attribution


def history_of(project: Project) -> AbstractContextManager[FragmentHistory | None]:
    """The walk through the history, begun so that git works while fragments are read; None where it is not asked."""
    if not project.config.links.history or not project.in_git:
        return nullcontext()
    return FragmentHistory(project.git, project.config.folders)


class Attributions(NamedTuple):
    """Pull requests and authors by identity; `notices` are sentences for people about what the history does not tell."""

    by_identity: Mapping[str, Attribution]
    notices: tuple[str, ...] = ()


def attribute_fragments(history: FragmentHistory | None, fragments: Iterable[Fragment]) -> Attributions:
    """Looks up in the history the pull requests and authors of fragments that do not name both. None of them: an empty answer.

    In a shallow clone the answer is empty, with a notice.
    """
    wanted = frozenset(fragment.identity for fragment in fragments if not (fragment.prs and fragment.authors))
    if not wanted or history is None:
        return Attributions({})
    origins = history.origins(wanted)
    if history.shallow:
        tip = "Fetch it (git fetch --unshallow), or switch this off: `history = false` below [links] in the configuration."
        return Attributions({}, (f"This clone is shallow, so the notes name no pull requests and authors. {tip}",))
    return Attributions(origins)


def release_day(builder: Builder, version: str | None, given: date | None, today: date) -> date:
    """The day given, else the one that an earlier build of the version wrote down, else today."""
    released = builder.tree.releases.get(version or "")
    if given is None and released is not None and released.record is not None:
        return released.record.date
    return given or today
