"""The graph of a ledger's records: each names, by hash, the newest records that its writer knew."""

from __future__ import annotations

import hashlib
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from relbot.deploy.log.line import dump_without_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.deploy.log.record import Record


@lru_cache(maxsize=16_384)  # a command asks for each record's several times, and it takes as long as to read it
def record_hash(record: Record) -> str:
    """The hash by which other records name this one: 64 hexadecimal digits (SHA-256).

    It covers everything but `order`: a store that numbers records itself, as GitHub numbers comments, changes that.
    """
    return hashlib.sha256(dump_without_order(record).encode("ascii")).hexdigest()


def find_heads(records: Iterable[Record]) -> tuple[str, ...]:
    """The hashes that no other of the records names, sorted: what the next record says that its writer `knew`."""
    known = tuple(records)
    named = {each for record in known for each in record.knew}
    return tuple(sorted({record_hash(record) for record in known} - named))


class Lineage:
    """Answers which record was written in knowledge of which other one, among the records of one ledger."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = tuple(records)
        self._ancestors: dict[str, frozenset[str]] = {}

    @cached_property
    def _hashes(self) -> dict[int, str]:
        return {id(record): record_hash(record) for record in self._records}

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        return {self._hashes[id(record)]: record.knew for record in self._records}

    def has_seen(self, later: Record, earlier: Record) -> bool:
        """Whether the writer of `later` knew `earlier`. Where `later` names no record, its order tells."""
        if later.order <= earlier.order:
            return False
        return self._hashes[id(earlier)] in self._known_to(self._hashes[id(later)]) if later.knew else True

    def _known_to(self, record: str) -> frozenset[str]:
        if record not in self._ancestors:
            found: set[str] = set()
            waiting = [record]
            while waiting:
                new = set(self._parents.get(waiting.pop(), ())) - found
                found |= new
                waiting += new
            self._ancestors[record] = frozenset(found)
        return self._ancestors[record]
