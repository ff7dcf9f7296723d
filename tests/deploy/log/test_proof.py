"""A ledger proves that it is whole: whatever is removed, edited or by somebody without rights is told, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.deploy.log.graph import Lineage, find_heads, record_hash
from relbot.deploy.log.proof import LedgerGap, Witness, prove_records
from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.ledger.store import IncompleteLedger
from tests.tiers import examples

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
A, B = "a" * 40, "b" * 40


def write(known: list[Record], step: str, kind: DeedKind = DeedKind.DONE, what: str = "", who: str = "op1") -> Record:
    """A record by somebody who knows these."""
    order = max((each.order for each in known), default=0) + 1
    return Record(order, NOON, Who(who), "production", Deed(kind, A, B, step, what=what), find_heads(known))


@st.composite
def ledgers(draw: st.DrawFn) -> list[Record]:
    """Records of two clones that fetch each other's now and then, united in the end by a last one."""
    clones: tuple[list[Record], list[Record]] = ([], [])
    for number in range(draw(st.integers(1, 9))):
        mine, theirs = clones[:: draw(st.sampled_from((1, -1)))]
        mine.append(write(mine, f"x#{number}", who=f"op{clones.index(mine) + 1}"))
        if draw(st.booleans()):
            theirs += [each for each in mine if each not in theirs]
    united = [*clones[0], *(each for each in clones[1] if each not in clones[0])]
    return [*united, write(united, "last#1")]


@settings(max_examples=examples(100, 2_000), deadline=None)
@given(ledgers(), st.data())
def test_nothing_is_removed_edited_or_forged_unseen(records: list[Record], data: st.DataObject) -> None:
    order = data.draw(st.permutations(records))
    assert prove_records(order).gaps == (), "two who write at once are united, and the order says nothing"
    assert set(find_heads(order)) == {record_hash(records[-1])}
    lost = data.draw(st.sampled_from(records[:-1]))
    rest = [each for each in order if each != lost]
    edited = lost._replace(deed=lost.deed._replace(kind=DeedKind.FAILED))
    for changed in (rest, [*rest, edited], [*rest, lost._replace(who=Who("mallory"))]):
        (gap,) = prove_records(changed).gaps
        assert (gap.hash, gap.problem) == (record_hash(lost), "is missing: it was removed or edited")
        assert gap.told_by.startswith("the record “done "), "somebody names it"
    (gap, *_) = prove_records(rest, unproven={lost: "they left"}).gaps
    assert (gap.hash, gap.who, gap.problem) == (record_hash(lost), str(lost.who), "does not count: they left")
    vouched = write(rest, "", DeedKind.VOUCHED, record_hash(lost))
    assert prove_records([*rest, vouched]).gaps == ()
    assert lost in prove_records([*rest, vouched], unproven={lost: "they left"}).records, "it counts again"
    assert prove_records(order, [Witness("f" * 64, "op2", "done y#1", "there")]).gaps[0][:4] == (
        "f" * 64, "op2", "done y#1", "there",
    )  # fmt: skip
    assert prove_records(order, unproven={write([], "y#1", who="mallory"): "a stranger"}).gaps == (), "nobody relies on it"


def test_a_voucher_covers_what_its_record_knew_and_needs_rights() -> None:
    first = write([], "x#1", who="gone")
    second = write([first], "x#2", who="gone")
    last = write([first, second], "x#3")
    left = {first: "they left", second: "they left"}
    gaps = prove_records([last], unproven=left).gaps
    assert {gap.what: gap.covered for gap in gaps} == {"done x#1": True, "done x#2": False}
    voucher = write([last], "", DeedKind.VOUCHED, record_hash(second))
    assert set(prove_records([last, voucher], unproven=left).records) == {first, second, last, voucher}
    assert len(prove_records([last], unproven={**left, voucher: "a stranger"}).gaps) == 2


def test_who_knew_what_is_told_by_names_and_else_by_order() -> None:
    first = write([], "x#1")
    alone = write([], "y#1", who="op2")
    both = write([first, alone], "z#1")
    lineage = Lineage([first, alone, both])
    assert lineage.has_seen(both, first)
    assert lineage.has_seen(both, alone)
    assert not lineage.has_seen(first, both)
    later = write([first], "w#1")._replace(order=9)
    apart = Lineage([first, alone, both, later])
    assert not apart.has_seen(later, alone), "its order is greater, and its writer did not know of it"
    silent = later._replace(knew=())
    assert Lineage([first, alone, silent]).has_seen(silent, alone), "it names nothing, so its order tells"


@pytest.mark.parametrize(("gaps", "end"), [(5, "the record after it."), (6, "  and 1 more"), (8, "  and 3 more")])
def test_of_many_gaps_some_are_named_and_all_are_counted(gaps: int, end: str) -> None:
    many = tuple(LedgerGap(f"{number:064x}", "ann", "done x#1", "the record after it", "is missing") for number in range(gaps))
    told = IncompleteLedger("production", many).what.splitlines()
    assert (len(told), told[-1].endswith(end)) == (6 + (gaps > 5), True)
