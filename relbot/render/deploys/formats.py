"""The formats of the answers about deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.deploys.text import gate_text, log_text, status_text
from relbot.render.formats import FormatRegistry, text_and_json

if TYPE_CHECKING:
    from relbot.deploy.answers import DeployStatus, GateAnswer, LedgerProof, RecordedLog


def _status_json(status: DeployStatus) -> str:
    from relbot.render.deploys.as_json import status_json  # its shapes cost more than a gate may; text needs none

    return status_json(status)


def _gate_json(gate: GateAnswer) -> str:
    from relbot.render.deploys.as_json import gate_json  # its shapes cost more than a gate may; text needs none

    return gate_json(gate)


def _log_json(log: RecordedLog) -> str:
    from relbot.render.deploys.as_json import log_json  # its shapes cost more than a gate may; text needs none

    return log_json(log)


def _proof_text(proof: LedgerProof) -> str:
    from relbot.render.deploys.proof import proof_text  # it loads the shapes of JSON

    return proof_text(proof)


def _proof_json(proof: LedgerProof) -> str:
    from relbot.render.deploys.proof import proof_json  # it loads the shapes of JSON

    return proof_json(proof)


STATUS_FORMATS: FormatRegistry[DeployStatus] = text_and_json(
    "The status of an environment", "deploy status", "status", status_text, _status_json
)
GATE_FORMATS: FormatRegistry[GateAnswer] = text_and_json("The answer of a gate", "deploy gate", "gate", gate_text, _gate_json)
LOG_FORMATS: FormatRegistry[RecordedLog] = text_and_json(
    "The log of an environment", "deploy log", "log", log_text, _log_json, "for people, a line for each record"
)
PROOF_FORMATS: FormatRegistry[LedgerProof] = text_and_json(
    "Whether the ledger of an environment is complete",
    "deploy verify",
    "verify",
    _proof_text,
    _proof_json,
    "for people, with what to do",
)
