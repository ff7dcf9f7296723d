"""What the source of an environment says beside its ledger: which revision is installed, or runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.app.deploys.conflicts import find_direction
from relbot.app.deploys.resolve_range import ask_revision
from relbot.deploy.log.record import Direction
from relbot.errors import Unknown
from relbot.git.revisions import RevisionUnknown
from relbot.schema.named_tuples import NamedTuple
from relbot.sources.model import RunningRevisionElsewhere, RunningRevisionUnknown

if TYPE_CHECKING:
    from relbot.app.deploys.session import Session
    from relbot.deploy.log.state import EnvironmentState

_ON_THE_HOST = ("rpm", "debian", "file")
"""The sources that tell what is installed on the host on which relbot runs."""
_OPTIONS = {Direction.ROLLBACK: " --rollback", Direction.DIVERGED: " --diverged"}


class SourceAnswer(NamedTuple):
    """What the source of an environment answered: a full commit id, or why there is none.

    `elsewhere` is the error of a source that named a commit which this clone does not have: it is none that the ledger expects.
    """

    commit: str = ""
    problem: str = ""
    elsewhere: RunningRevisionUnknown | None = None


class SourceWord(NamedTuple):
    """What a source says beside the ledger, in sentences.

    `unclear` tells that relbot cannot tell what is there: a source that tells what runs has no answer, or another revision is
    installed than the ledger says. Then no answer is "nothing to do".
    """

    remarks: tuple[str, ...] = ()
    unclear: bool = False


def ask_source(session: Session) -> SourceAnswer | None:
    """What the source of the environment answers, None if it has no other source than the ledger."""
    environment = session.configured
    if environment is None or environment.deployed == "ledger":
        return None
    try:
        return SourceAnswer(ask_revision(session, environment))
    except RunningRevisionElsewhere as error:
        return SourceAnswer(problem=error.what, elsewhere=error)
    except RunningRevisionUnknown as error:
        return SourceAnswer(problem=error.what)


def hear_source(session: Session, now: EnvironmentState, asked: str = "") -> SourceWord:
    """What the source says beside the ledger, where both are there and differ, or where the target of a deploy is there already.

    `asked` is the commit that the answer is about, "" for what the ledger says: that may be there already. Unknown if a source
    that tells what runs contradicts the ledger.
    """
    environment = session.configured
    if environment is None or not (now.deploy or now.running):
        return SourceWord()
    answer = ask_source(session)
    if answer is None:
        return SourceWord()
    if answer.elsewhere and environment.tells_running and _expects_what_is_here(session, now):
        raise answer.elsewhere
    if answer.problem:
        return SourceWord((answer.problem,), environment.tells_running)
    expected = _expected(now)
    name, does = session.environment, "runs" if environment.tells_running else "is installed"
    if answer.commit in expected:
        there = now.deploy is not None and answer.commit == now.deploy.target != now.deploy.start
        return SourceWord((f"The source of {name} reports that {answer.commit[:12]} {does}.",) if there else ())
    begin = _begin_command(session, now, answer.commit)
    if environment.tells_running and answer.commit != asked:
        what = f"The source of {name} reports {answer.commit[:12]}, and the ledger says {expected[0][:12]}."
        looked = f"If all that it needs was done, record that: relbot deploy adopt {name} --at {answer.commit}."
        tip = f"A deploy happened without relbot. {looked} Else begin its deploy, and do what is open:"
        if now.deploy:
            tip = "Another revision was deployed meanwhile, without relbot. Begin its deploy, and do what is open:"
        raise Unknown(what, tip=tip, example=begin)
    where = f"The source of {name} reports that {answer.commit[:12]} {does}, and no deploy of it was begun"
    remark = f"{where}: relbot was not asked. The ledger says {expected[0][:12]}. To begin its deploy: {begin}"
    return SourceWord((remark,), answer.commit != asked)


def require_answer(session: Session, word: SourceWord) -> None:
    """Unknown if a source that tells what runs has no answer: the target may not run, and its deploy is not done."""
    environment = session.configured
    if word.unclear and environment and environment.tells_running:
        tip = "So relbot cannot tell whether the target runs. If you know that it does, say how you know it:"
        raise Unknown(word.remarks[0], tip=tip, example=f'relbot deploy done {session.environment} --anyway "WHY"')


def require_no_third_revision(session: Session, now: EnvironmentState) -> None:
    """Unknown if another revision is installed than a deploy under way starts from and brings: its steps are not looked at.

    Only a source that looks at the host of relbot tells: others may be about other hosts.
    """
    environment = session.configured
    if now.deploy is None or environment is None or environment.deployed not in _ON_THE_HOST:
        return
    answer = ask_source(session)
    if answer and answer.elsewhere and _expects_what_is_here(session, now):
        raise answer.elsewhere
    if answer is None or answer.problem or answer.commit in _expected(now):
        return
    name, installed = session.environment, answer.commit
    under_way = now.deploy.target[:12]
    what = f"The source of {name} reports that {installed[:12]} is installed, and a deploy of {under_way} is under way."
    tip = f"Install {under_way}, or begin the deploy of {installed[:12]} and do what is open:"
    raise Unknown(what, tip=tip, example=_begin_command(session, now, installed))


def installation_remark(session: Session, now: EnvironmentState) -> tuple[str, ...]:
    """That the source still reports what ran before, where the target should be installed by now, in a sentence.

    Only a source that looks at the host of relbot tells: others may be changed at the end of a deploy.
    """
    environment, deploy = session.configured, now.deploy
    if environment is None or environment.deployed not in _ON_THE_HOST or environment.tells_running or deploy is None:
        return ()
    answer = ask_source(session)
    if answer is None or answer.commit != deploy.start or deploy.start == deploy.target:
        return ()
    return (f"The source of {session.environment} reports that {answer.commit[:12]} is installed, not {deploy.target[:12]}.",)


def no_record_remark(session: Session, start: str) -> str:
    """The sentence that goes with every answer about an environment whose ledger has no record."""
    name = session.environment
    return (
        f"No deploy of {name} is recorded. relbot assumes that every step up to {start[:12]} is done."
        f" To record that: relbot deploy adopt {name} --at {start}"
    )


def _begin_command(session: Session, now: EnvironmentState, commit: str) -> str:
    """The command that begins the deploy of a commit that is there already, with all that has to be agreed to."""
    name, deploy = session.environment, now.deploy
    try:
        ends = dict.fromkeys((*_expected(now)[:1], *((deploy.target,) if deploy else ())))
        options = dict.fromkeys(_OPTIONS.get(find_direction(session.project.git, end, commit), "") for end in ends)
    except RevisionUnknown:  # a shallow clone does not tell the direction: the command says so
        options = {}
    again = f" --replaces {deploy.target} --reason WHY" if deploy else ""
    return f"relbot deploy begin {name} --to {commit}{again}{''.join(options)}"


def _expects_what_is_here(session: Session, now: EnvironmentState) -> bool:
    """Whether this clone has all the commits that may be there: another one is then none of them."""
    return all(session.project.git.answer("cat-file", "-e", f"{each}^{{commit}}")[0] == 0 for each in _expected(now))


def _expected(now: EnvironmentState) -> tuple[str, ...]:
    """The commits that may be there: with a deploy under way both of its ends."""
    if now.deploy:
        return now.deploy.start, now.deploy.target
    return (now.running.deed.target,) if now.running else ()
