"""A change of the past, what was seen in it, and what the rules make of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.detect.engine.model import Evidence
    from relbot.review.rules.evaluate import Observed

EXEMPT = "exempt"
"""The verdict on a change of an author of whom nothing is asked."""


class Label(NamedTuple):
    """What somebody found out about a change: whether it needed a note, of which kind, and who sees it (`scope`).

    `stratum` is `random` or `hard` for one without a note: taken by chance, or because it looks as if it needed one.
    """

    needs_note: bool
    kind: str = ""
    subkind: str = ""
    scope: str = ""
    stratum: str = ""
    bot: bool = False
    repo: str = ""
    why: str = ""


class PastChange(NamedTuple):
    """A change to be judged: the diff from the commit `base` to the commit `head`.

    `authors` has the names of each of its authors; `masked` are paths that are not looked at.
    """

    base: str
    head: str
    date: str = ""
    subject: str = ""
    authors: tuple[tuple[str, ...], ...] = ()
    masked: tuple[str, ...] = ()
    label: Label | None = None


class ChangeRecord(NamedTuple):
    """What was seen in a change: of the evidence the first of each fact and path.

    `noted` are the notes among its files, `reverted` the commits that it takes back in full.
    """

    observed: Observed
    noted: tuple[str, ...] = ()
    reverted: tuple[str, ...] = ()


class ChangeOutcome(NamedTuple):
    """What the rules say of a change: a verdict, or EXEMPT, and the evidence that spoke with its level.

    Nothing is asked of one that `only_reverts` what was never deployed.
    """

    change: PastChange
    trace: ChangeRecord
    verdict: str
    spoke: tuple[tuple[str, Evidence], ...] = ()
    only_reverts: bool = False

    @property
    def flagged(self) -> bool:
        """Whether a note is required or asked for."""
        return self.verdict in ("require", "ask")

    @property
    def commented(self) -> bool:
        """Whether `relbot pr` would write a comment: something is required or asked, whatever else is unknown."""
        return any(level in ("require", "ask") for level, _ in self.spoke)

    @property
    def noted(self) -> bool:
        """Whether the team wrote a note, or somebody found that it needed one."""
        return self.change.label.needs_note if self.change.label else bool(self.trace.noted)

    @property
    def told(self) -> bool:
        """Whether it is told of by itself: it is labelled, has a note, is flagged, or something is unknown."""
        return self.change.label is not None or self.noted or self.flagged or self.verdict == "unknown"
