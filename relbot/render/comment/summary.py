"""The summary of a run: what the comment says, and the notes and steps that the pull request would add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.markdown import render_markdown
from relbot.render.comment.body import MARKER, full, solved
from relbot.render.comment.safe import fence, words
from relbot.render.notes.context import Context
from relbot.render.notes.markdown import render as render_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.deploy.plan.model import Plan
    from relbot.release.notes import Notes
    from relbot.render.comment.body import Around
    from relbot.review.rules.model import Evaluation

_MOST_NOTES = 100_000


def summary(judgement: Evaluation, around: Around, notes: Notes | None, plan: Plan | None, said: Sequence[str] = ()) -> str:
    """Markdown for the page of the run. `said` are sentences on what could not be done. None where nothing would be added."""
    return "\n".join([*_judgement(judgement, around), *_said(said), *_notes(notes), *_steps(plan)]).rstrip() + "\n"


def _judgement(judgement: Evaluation, around: Around) -> Iterator[str]:
    text = full(judgement, around) if judgement.findings or judgement.unknown else solved(judgement)
    yield text.removeprefix(f"{MARKER}\n")


def _said(said: Sequence[str]) -> Iterator[str]:
    for sentence in said:
        yield f"> {words(sentence)}"
        yield ""


def _notes(notes: Notes | None) -> Iterator[str]:
    if notes is None or not notes.groups:
        return
    yield "### The notes that it would add"
    yield ""
    yield from fence(render_notes(notes, Context())[:_MOST_NOTES], "markdown")
    yield ""


def _steps(plan: Plan | None) -> Iterator[str]:
    if plan is None or plan.quiet:
        return
    yield "### The steps that it would add to a deploy"
    yield ""
    yield render_markdown(plan)
