"""Proves that a ledger is whole: every record that somebody knew is there, and its writer may write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.record import DeedKind
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.deploy.log.record import Record


class Witness(NamedTuple):
    """What somebody who knew a record tells of it: its hash, who wrote it, what it reported, and where that is told."""

    hash: str
    who: str
    what: str
    told_by: str


class LedgerGap(NamedTuple):
    """Something of a ledger that does not count, although somebody relied on it.

    `hash` is what somebody vouches for. `who` wrote it and `what` it reported, "" where nothing tells. `told_by` is what
    names it. `problem` says what is wrong with it, as the end of a sentence. `covered` tells that the record of another gap
    names it: a voucher for that one covers it.
    """

    hash: str
    who: str
    what: str
    told_by: str
    problem: str
    covered: bool = False


class ProvenRecords(NamedTuple):
    """The records of a ledger that count, and its gaps, in the order in which they were found."""

    records: tuple[Record, ...]
    gaps: tuple[LedgerGap, ...]


def prove_records(
    records: Iterable[Record],
    witnesses: Iterable[Witness] = (),
    unproven: Mapping[Record, str] | None = None,
    vouched: Iterable[str] = (),
) -> ProvenRecords:
    """The records that count, and what is missing.

    `records` are by people who may write. `unproven` are there too, each with the reason why it does not count: it does if
    somebody vouched for it. `witnesses` tell of records from outside of them. `vouched` are hashes for which somebody is about
    to vouch. A hash covers what its writer knew, so somebody who vouches for a record vouches for that, too.
    """
    mine, others = tuple(dict.fromkeys(records)), dict(unproven or {})
    hash_of = {record: record_hash(record) for record in (*others, *mine)}
    by_hash = {key: record for record, key in hash_of.items()}
    fine = _with_known({*vouched, *vouched_hashes(mine)}, by_hash)
    accepted = (*mine, *(record for record in others if hash_of[record] in fine))
    counted = {hash_of[record] for record in accepted}
    named = {each.hash: each for each in reversed(tuple(witnesses))}
    for record in reversed(accepted):
        named |= {each: Witness(each, "", "", _naming(record)) for each in record.knew if each not in named}
    return ProvenRecords(accepted, tuple(_find_gaps(named, counted | fine, by_hash, others)))


def vouched_hashes(records: Iterable[Record]) -> frozenset[str]:
    """The hashes that have a voucher."""
    return frozenset(record.deed.what for record in records if record.deed.kind is DeedKind.VOUCHED)


def describe_deed(record: Record) -> str:
    """What a record reports, in two words."""
    return f"{record.deed.kind} {record.deed.step}".strip()


def _naming(record: Record) -> str:
    return f"the record “{describe_deed(record)}” by {record.who}"


def _find_gaps(
    named: dict[str, Witness],
    fine: set[str],
    by_hash: Mapping[str, Record],
    unproven: Mapping[Record, str],
) -> list[LedgerGap]:
    """The gaps: what is named and not fine, and what is known only to records that are gaps themselves."""
    found: dict[str, LedgerGap] = {}
    covered: set[str] = set()
    waiting = [each for key, each in reversed(named.items()) if key not in fine]
    while waiting:
        witness = waiting.pop(0)
        if witness.hash in found or witness.hash in fine:
            continue
        record = by_hash.get(witness.hash)
        if record is None:
            found[witness.hash] = LedgerGap(*witness, "is missing: it was removed or edited")
            continue
        problem = f"does not count: {unproven[record]}"
        found[witness.hash] = LedgerGap(witness.hash, str(record.who), describe_deed(record), witness.told_by, problem)
        covered.update(record.knew)
        waiting += [Witness(each, "", "", _naming(record)) for each in record.knew]
    return [gap._replace(covered=gap.hash in covered) for gap in found.values()]


def _with_known(hashes: set[str], by_hash: Mapping[str, Record]) -> set[str]:
    """The hashes, and those of all that the writers of these records knew."""
    found: set[str] = set()
    waiting = list(hashes)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += by_hash[each].knew if each in by_hash else ()
    return found
