"""The body of the issue: what it is for, and the checklist of the deploy under way. Pure."""

from __future__ import annotations

from relbot.render.comment.safe import span

_MARK = "<!-- relbot-ledger "


def first_page(environment: str, chapter: int) -> tuple[str, str, str]:
    """The title of a new issue, how its body begins, and the body."""
    mark = f"{_MARK}{environment} {chapter} -->"
    lines = (
        mark,
        f"relbot records here what was done at deploys to {span(environment)}, one comment for each record.",
        "They count if whoever wrote them may write to this repository. Do not edit or remove them;",
        "other comments are welcome. Closing this issue changes nothing.",
    )
    return f"Deploys to {environment}", mark, "\n".join(lines) + "\n"
