"""The formats of the answers about deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.deploys.as_json import gate_json, log_json, status_json
from relbot.render.deploys.proof import proof_json, proof_text
from relbot.render.deploys.text import gate_text, log_text, status_text
from relbot.render.formats import FormatRegistry, text_and_json

if TYPE_CHECKING:
    from relbot.deploy.answers import DeployStatus, GateAnswer, LedgerProof, RecordedLog

STATUS_FORMATS: FormatRegistry[DeployStatus] = text_and_json(
    "The status of an environment", "deploy status", "status", status_text, status_json
)
GATE_FORMATS: FormatRegistry[GateAnswer] = text_and_json("The answer of a gate", "deploy gate", "gate", gate_text, gate_json)
LOG_FORMATS: FormatRegistry[RecordedLog] = text_and_json(
    "The log of an environment", "deploy log", "log", log_text, log_json, "for people, a line for each record"
)
PROOF_FORMATS: FormatRegistry[LedgerProof] = text_and_json(
    "Whether the ledger of an environment is whole",
    "deploy verify",
    "verify",
    proof_text,
    proof_json,
    "for people, with what to do",
)
