"""Goes on where the ledger cannot be reached, in writing."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.app.deploys.gate import GateRequest, ask_gate, evaluate_gate
from relbot.app.deploys.resolve_range import resolve_range, resolve_target
from relbot.app.deploys.write_down import require_reason
from relbot.deploy.answers import GateAnswer
from relbot.deploy.log.line import format_line, parse_line
from relbot.deploy.log.record import Deed, DeedKind, Record
from relbot.deploy.log.state import EnvironmentState
from relbot.errors import CannotWrite, Unknown, UsageError
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.github.errors import GitHubError
from relbot.render.common.units import format_time

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session


LARGEST_RECORDS = 67_108_864
"""Bytes of a file of records. A record has a few hundred."""


def ask_unverified(session: Session, request: GateRequest, record_file: str | None) -> GateAnswer:
    """The answer of a gate; where the ledger cannot be reached, that it is open because somebody takes the responsibility.

    That is recorded in this clone, or in the file `record_file`, and published later. UsageError without a reason, or if the
    ledger is on GitHub and nobody names a file.
    """
    require_reason(request.consent.reason)
    if not session.unreachable:
        try:
            return ask_gate(session, request)
        except GitHubError:
            if record_file is None:
                tip = "relbot keeps no copy of a ledger on GitHub. Say where to keep the record:"
                raise UsageError("relbot cannot reach the ledger.", tip=tip, example="--record unverified.json") from None
    reason = request.consent.reason.strip()
    now = EnvironmentState()
    if session.unreachable:
        now = session.state()
    start, target = _revisions(session, now, request)
    deed = Deed(DeedKind.BREAK_GLASS, start, target, reason=reason)
    if record_file is None:
        session.ledger.record(deed)
    else:
        _write_record(session, deed, Path(record_file))
    remarks = _known_facts(session, now, request)
    return GateAnswer(
        environment=session.environment,
        start=start,
        target=target,
        before=request.point,
        obstacles=(),
        unsettled=(),
        orphaned_ticks=(),
        remarks=tuple(remarks),
        unverified=reason,
    )


def import_records(session: Session, path: Path) -> tuple[Deed, ...]:
    """Records what `ask_unverified` has kept in a file, one record a line, and gives the deeds.

    It leaves out what is recorded already.
    UsageError if the file cannot be read; Unknown if it is empty, or a line is not a record of this environment.
    """
    try:
        lines = read_regular_file(path, LARGEST_RECORDS).splitlines()
    except CannotOpen as error:
        raise UsageError(f"`{path}` {error.what}.") from error
    if not lines:
        tip = "`relbot deploy gate --unverified --record FILE` writes the file. Name that file, or look for a copy of it."
        raise Unknown(f"`{path}` is empty: it holds no record.", tip=tip)
    records = [parse_line(line, f"{path}:{number}", f"cat {shlex.quote(str(path))}") for number, line in enumerate(lines, 1)]
    for record in records:
        if record.environment != session.environment:
            what = f"`{path}` has a record of `{record.environment}`, not of `{session.environment}`."
            raise UsageError(what, tip="Name that environment.")
    known = {each.deed for each in session.entries()}
    deeds = tuple(deed for deed in dict.fromkeys(map(_imported, records)) if deed not in known)
    for deed in deeds:
        session.ledger.record(deed)
    return deeds


def _imported(record: Record) -> Deed:
    deed = record.deed
    by = f"{record.who} at {format_time(record.time)}"
    return Deed(deed.kind, deed.start, deed.target, reason=f"{deed.reason} ({by})", what=deed.what, until=deed.until)


def _revisions(session: Session, now: EnvironmentState, request: GateRequest) -> tuple[str, str]:
    try:
        return resolve_range(session, now, request.target).commits
    except Unknown:  # what runs may be unknown; what is deployed must not be
        return "", resolve_target(session, now, request.target).commit


def _known_facts(session: Session, now: EnvironmentState, request: GateRequest) -> list[str]:
    """What this clone knows against the deploy, in sentences."""
    try:
        gate = evaluate_gate(session, now, resolve_range(session, now, request.target), request)
    except Unknown as error:
        return [error.what]
    steps = [f"As far as this clone knows, {each.step.id} is {each.mark}." for each in gate.unsettled]
    return [*gate.remarks, *(f"As far as this clone knows: {each}" for each in gate.obstacles), *steps]


def _ends_its_last_line(path: Path) -> bool:
    """Whether what is written to a file begins a line: a full disk may have cut the last one."""
    try:
        return read_regular_file(path, LARGEST_RECORDS)[-1:] in (b"", b"\n")
    except CannotOpen:  # it is made, or is a pipe or a terminal
        return True


def _write_record(session: Session, deed: Deed, path: Path) -> None:
    line = format_line(Record(1, session.now(), session.who, session.environment, deed)).encode("ascii")
    try:
        with path.open("ab") as file:
            file.write(line if _ends_its_last_line(path) else b"\n" + line)
            file.flush()
            if path.is_file():
                os.fsync(file.fileno())  # the deploy goes on: nothing else will tell of it
    except OSError as error:
        raise CannotWrite(f"relbot cannot write `{path}`: {error.strerror}.", tip="Name another file.") from error
