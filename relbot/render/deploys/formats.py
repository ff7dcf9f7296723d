"""The formats of the answers about deploys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.media import Medium
from relbot.render.deploys.as_json import gate_json, log_json, status_json
from relbot.render.deploys.proof import proof_json, proof_text
from relbot.render.deploys.text import gate_text, log_text, status_text
from relbot.render.formats import FormatRegistry, OutputFormat

if TYPE_CHECKING:
    from relbot.deploy.answers import DeployStatus, GateAnswer, LedgerProof, RecordedLog

STATUS_FORMATS: FormatRegistry[DeployStatus] = FormatRegistry(
    "The status of an environment",
    ("deploy status",),
    (
        OutputFormat("text", "for people", Medium.TEXT, status_text),
        OutputFormat("json", "for programs (schema: `relbot schema status`)", Medium.JSON, status_json),
    ),
)
GATE_FORMATS: FormatRegistry[GateAnswer] = FormatRegistry(
    "The answer of a gate",
    ("deploy gate",),
    (
        OutputFormat("text", "for people", Medium.TEXT, gate_text),
        OutputFormat("json", "for programs (schema: `relbot schema gate`)", Medium.JSON, gate_json),
    ),
)
LOG_FORMATS: FormatRegistry[RecordedLog] = FormatRegistry(
    "The log of an environment",
    ("deploy log",),
    (
        OutputFormat("text", "for people, a line for each record", Medium.TEXT, log_text),
        OutputFormat("json", "for programs (schema: `relbot schema log`)", Medium.JSON, log_json),
    ),
)
PROOF_FORMATS: FormatRegistry[LedgerProof] = FormatRegistry(
    "Whether the ledger of an environment is whole",
    ("deploy verify",),
    (
        OutputFormat("text", "for people, with what to do", Medium.TEXT, proof_text),
        OutputFormat("json", "for programs (schema: `relbot schema verify`)", Medium.JSON, proof_json),
    ),
)
