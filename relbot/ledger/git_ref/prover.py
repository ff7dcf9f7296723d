"""Proves a snapshot of a ledger on a git ref: all that this clone ever saw on the remote is there, and can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.proof import LedgerGap, ProvenRecords, Witness, describe_deed, prove_records, vouched_hashes
from relbot.ledger.git_ref.current_refs import OWN_REFS
from relbot.ledger.git_ref.objects import LedgerReader, LedgerSnapshot, read_ledger_tree, remember_tip
from relbot.ledger.store import IncompleteLedger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.line import UnreadableRecord
    from relbot.deploy.log.record import Record
    from relbot.git.process import Git

_SEEN = f"{OWN_REFS}seen/"
"""What the remote had when this clone saw it last: a remote that has lost some of it is not believed."""


class LedgerProver:
    """Reads the records of an environment's ledger, and tells which are missing.

    `own` is what counts of this clone's ledger when a snapshot of the remote is proven: its vouchers. `vouching` are hashes
    for which somebody is about to vouch.
    """

    def __init__(self, git: Git, environment: str, remote: str) -> None:
        self.vouching: frozenset[str] = frozenset()
        self.seen_ref = _SEEN + environment
        self._git = git
        self._environment = environment
        self._remote = remote
        self._reader = LedgerReader(git, environment)

    def read(self, held: LedgerSnapshot) -> tuple[Record, ...]:
        """The records of a snapshot that can be read."""
        return self._reader.read(held)[0]

    def require_whole(
        self, held: LedgerSnapshot, witnesses: Iterable[Witness] = (), own: LedgerSnapshot | None = None
    ) -> tuple[Record, ...]:
        """The records of a snapshot, all of which count.

        UnreadableRecord if it has a file that holds none; IncompleteLedger if a record is missing.
        """
        proven, faults = self._examine(held, witnesses, own)
        for error in faults.values():
            raise error
        if proven.gaps:
            raise IncompleteLedger(self._environment, proven.gaps)
        return proven.records

    def find_gaps(
        self, held: LedgerSnapshot, witnesses: Iterable[Witness] = (), own: LedgerSnapshot | None = None
    ) -> list[LedgerGap]:
        """What is missing in a snapshot, and what cannot be read."""
        proven, faults = self._examine(held, witnesses, own)
        unread = [LedgerGap(each, "", "", "", f"does not count: {error.what}") for each, error in faults.items()]
        return [*unread, *proven.gaps]

    def lost_records(self, their: LedgerSnapshot, seen: str | None) -> list[Witness]:
        """The records that the remote had when this clone saw it last, at `seen`, and that are not in this snapshot of it."""
        if seen is None or seen == their.commit:
            return []
        files = read_ledger_tree(self._git, seen).files
        lost = {path: blob for path, blob in files.items() if their.files.get(path) != blob}
        where = f"this clone, which saw it on `{self._remote}`"
        return [
            Witness(record_hash(each), str(each.who), describe_deed(each), where)
            for each in self.read(LedgerSnapshot(files=lost))
        ]

    def note_seen(self, commit: str) -> None:
        """Remembers that the remote has a commit."""
        if commit and not self.vouching:
            remember_tip(self._git, self.seen_ref, commit)

    def _examine(
        self, held: LedgerSnapshot, witnesses: Iterable[Witness], own: LedgerSnapshot | None
    ) -> tuple[ProvenRecords, dict[str, UnreadableRecord]]:
        records, faults = self._reader.read(held)
        vouched = self.vouching | vouched_hashes((*records, *(self.read(own) if own else ())))
        proven = prove_records(records, witnesses, vouched=vouched)
        return proven, {key: error for key, error in faults.items() if key not in vouched}
