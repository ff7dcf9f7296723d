"""Whether a ledger is whole, in plain text and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.units import count_noun, format_time
from relbot.render.deploys.as_json import write_deploy_json
from relbot.render.deploys.gaps import gap_sentence
from relbot.render.deploys.json_shapes import GapShape, ProofShape
from relbot.render.deploys.record_lines import inert_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.deploy.answers import LedgerProof


def proof_text(proof: LedgerProof) -> str:
    """That the ledger is whole; else all its gaps, and what to do."""
    return inert_lines(_proof_lines(proof))


def _proof_lines(proof: LedgerProof) -> Iterator[str]:
    name = proof.environment
    yield from proof.remarks
    if proof.whole:
        heads = ", ".join(each[:12] for each in proof.heads)
        newest = f" The newest: {heads}." if heads else ""
        yield f"The ledger of {name} is complete: {count_noun(len(proof.records), 'record')}.{newest}"
    else:
        gaps = count_noun(len(proof.gaps), "gap")
        yield f"The ledger of {name} has {gaps}. relbot cannot use it until you close them."
        yield from (f"!!! {gap_sentence(gap)}" for gap in proof.gaps)
        yield "Find out what these records said and whether it is true. Then vouch for each:"
        for gap in (each for each in proof.gaps if not each.covered):
            yield f'    relbot deploy verify {name} --vouch {gap.hash} --reason "WHY"'
        yield "From then on, relbot uses the records that exist and ignores the missing ones."
    for record in proof.vouched:
        yield f"Vouched: {record.deed.what[:12]}, {record.who} at {format_time(record.time)}: {record.deed.reason}"


def proof_json(proof: LedgerProof) -> str:
    """The same as one JSON object."""
    gaps = tuple(GapShape(*gap) for gap in proof.gaps)
    vouched = tuple(record.deed.what for record in proof.vouched)
    return write_deploy_json(ProofShape(proof.environment, proof.whole, len(proof.records), proof.heads, gaps, vouched))
