"""Verifies that the ledger of an environment is whole, and records who vouches for what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.begin import require_online
from relbot.app.deploys.write_down import require_reason
from relbot.deploy.answers import LedgerProof
from relbot.deploy.log.graph import find_heads
from relbot.deploy.log.record import DeedKind
from relbot.errors import UsageError
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.app.deploys.session import Session
    from relbot.deploy.log.proof import LedgerGap

_BEGINNING = re.compile("[0-9a-f]{12,64}")


def verify_ledger(session: Session) -> LedgerProof:
    """Whether every record that somebody knew is there, can be read, and is by somebody who may write.

    Unknown if that cannot be learned, or if nothing was ever recorded.
    """
    gaps = session.ledger.gaps()
    records = () if gaps else session.require_entries(session.ledger.history() if not session.offline else session.entries())
    return LedgerProof(
        environment=session.environment,
        records=records,
        heads=find_heads(records),
        gaps=gaps,
        vouched=tuple(record for record in records if record.deed.kind is DeedKind.VOUCHED),
        remarks=session.remarks(),
    )


def vouch_for_records(session: Session, hashes: tuple[str, ...], reason: str) -> LedgerProof:
    """Records that somebody stands for gaps of the ledger, and gives what is left of them.

    `hashes` are hashes of gaps, or at least the first 12 digits of one. UsageError if one is not that of a gap, or without a
    reason; NotAllowed if GitHub does not let this person record.
    """
    require_reason(reason)
    require_online(session, "Other people cannot see this voucher, so the gap stays open.")
    wanted = tuple(_find_hashes(hashes, session.ledger.gaps()))
    session.ledger.vouch(wanted, reason.strip())
    return verify_ledger(session)


def _find_hashes(hashes: tuple[str, ...], gaps: tuple[LedgerGap, ...]) -> Iterator[str]:
    for each in dict.fromkeys(hashes):
        found = [gap.hash for gap in gaps if _BEGINNING.fullmatch(each) and gap.hash.startswith(each)]
        if len(found) != 1:
            there = ", ".join(gap.hash[:12] for gap in gaps[:20]) or "none"
            raise UsageError(f"`{each}` is not the hash of a gap of this ledger.", tip=f"Its gaps are: {there}.")
        yield found[0]
