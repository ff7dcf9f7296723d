"""The summary of a run: what the comment says, and the notes and steps that the pull request would add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.checklist.markdown import checklist_markdown
from relbot.render.comment.comment_body import MARKER, findings_comment, solved_comment
from relbot.render.common.inert_markdown import fence_lines, inert_sentence
from relbot.render.notes.context import NotesContext
from relbot.render.notes.markdown import render as render_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.deploy.plan.model import Plan
    from relbot.release.notes import Notes
    from relbot.render.comment.comment_body import CommentContext
    from relbot.review.rules.model import Evaluation

_MOST_NOTES = 100_000


def step_summary(
    evaluation: Evaluation, around: CommentContext, notes: Notes | None, plan: Plan | None, said: Sequence[str] = ()
) -> str:
    """Markdown for the page of the run. `said` are sentences on what could not be done. None where nothing would be added."""
    return (
        "\n".join(
            [*_comment_text(evaluation, around), *_notice_lines(said), *_preview_notes(notes), *_preview_steps(plan)]
        ).rstrip()
        + "\n"
    )


def _comment_text(evaluation: Evaluation, around: CommentContext) -> Iterator[str]:
    text = findings_comment(evaluation, around) if evaluation.findings or evaluation.unknown else solved_comment(evaluation)
    yield text.removeprefix(f"{MARKER}\n")


def _notice_lines(said: Sequence[str]) -> Iterator[str]:
    for sentence in said:
        yield f"> {inert_sentence(sentence)}"
        yield ""


def _preview_notes(notes: Notes | None) -> Iterator[str]:
    if notes is None or not notes.groups:
        return
    yield "### Release notes of this change"
    yield ""
    yield from fence_lines(render_notes(notes, NotesContext())[:_MOST_NOTES], "markdown")
    yield ""


def _preview_steps(plan: Plan | None) -> Iterator[str]:
    if plan is None or plan.quiet:
        return
    yield "### Deploy steps of this change"
    yield ""
    yield checklist_markdown(plan, level=4)
