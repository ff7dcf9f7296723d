"""Puts together what people who log in to a host should know. It always has an answer, if need be that something is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.resolve_range import resolve_start
from relbot.app.deploys.session import Session, open_session
from relbot.app.deploys.show import ChecklistRequest, compare_revisions, make_status, show_checklist
from relbot.deploy.answers import Motd
from relbot.errors import Unknown, quoted
from relbot.ledger.git_ref.remote import Unreachable

if TYPE_CHECKING:
    from relbot.app.deploys.session import SessionRequest
    from relbot.app.project import Project
    from relbot.ledger.store import Surroundings


def show_motd(project: Project, request: SessionRequest, wanted: ChecklistRequest, around: Surroundings) -> Motd:
    """What people who log in to a host of an environment should know.

    If the remote does not answer, this is what the clone knew last, with its age. What cannot be learned is in `unknown` of the
    answer; only a UsageError is raised.
    """
    try:
        session = open_session(project, request, around)
    except Unreachable as error:
        return _offline_motd(project, request, wanted, around, error)
    except Unknown as error:
        return Motd(request.environment or project.root.name, unknown=(error.what,))
    return _session_motd(session, wanted)


def compare_motd(project: Project, start: str, target: str, component: str | None) -> Motd:
    """What a deploy between two revisions of this clone needs, without any environment."""
    if not project.in_git:
        return Motd(
            project.root.name, unknown=(f"There is no file {quoted(start)} here, and no clone that may have that revision.",)
        )
    try:
        answer = compare_revisions(project, start, target, component)
    except Unknown as error:
        return Motd(project.root.name, unknown=(error.what,))
    return Motd(project.root.name, answer.plan.start.commit, _date_of(project, answer.plan.start.commit), next=answer)


def _offline_motd(
    project: Project, request: SessionRequest, wanted: ChecklistRequest, around: Surroundings, error: Unreachable
) -> Motd:
    try:
        session = open_session(project, request._replace(offline=True), around)
    except Unknown:
        return Motd(request.environment or project.root.name, unknown=(error.what,))
    known = _session_motd(session, wanted)
    return known._replace(unknown=(error.what, *known.unknown))


def _session_motd(session: Session, wanted: ChecklistRequest) -> Motd:
    motd = Motd(session.environment)
    unknown: list[str] = []
    try:
        now = session.state()
        start = session.commit_of(wanted.start) if wanted.start else resolve_start(session, now)[0]
        motd = motd._replace(commit=start, date=_date_of(session.project, start))
    except Unknown as error:
        unknown.append(error.what)
    try:
        motd = motd._replace(status=make_status(session, session.state()))
    except Unknown as error:
        unknown.append(error.what)
    if not (motd.status and motd.status.state.deploy):
        try:
            motd = motd._replace(next=show_checklist(session, wanted))
        except Unknown as error:
            unknown.append(error.what)
    return motd._replace(unknown=tuple(dict.fromkeys(unknown)))


def _date_of(project: Project, commit: str) -> str:
    """The day of a commit, as YYYY-MM-DD. Unknown if this clone does not have it, as a shallow one may not."""
    code, out, _ = project.git.answer("show", "--no-patch", "--format=%cs", commit)
    if code != 0:
        raise Unknown(f"This clone does not have {commit[:12]}, which runs.", tip="Fetch it:", example="git fetch --unshallow")
    return out.decode("utf-8", "replace").strip()
