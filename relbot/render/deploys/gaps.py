"""A gap of a ledger as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.invisible_characters import one_line

if TYPE_CHECKING:
    from relbot.deploy.log.proof import LedgerGap

_LONGEST = 300


def gap_sentence(gap: LedgerGap) -> str:
    """What is missing, who wrote it as far as that is known, what names it."""
    about = ", by ".join(filter(None, (gap.what, gap.who)))
    by = f" It is named by {gap.told_by}." if gap.told_by else ""
    return one_line(f"The record {gap.hash[:12]}{f' ({about})' if about else ''} {gap.problem.rstrip('.')}.{by}", _LONGEST)
