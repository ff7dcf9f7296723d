"""The facts of the detector `jobs`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, BEFORE_RESTART, NOTE, REQUIRE, Fact, FactAnswer, Subject, Table

_PATH = "app/jobs/mail_job.rb"
_JOB = "class MailJob < ApplicationJob\n  def perform(user)\n  end\nend\n"
_RENAMED = _JOB.replace("MailJob", "LetterJob")
_RIGHT: Table = {_PATH: (_JOB, _JOB.replace("user)", "user, template = nil)"))}
_BEAT = "SCHEDULE = {'report': crontab(hour=%s)}\n"
_LEFT = "Jobs queued under the old name fail when a new worker takes them."

FACTS = (
    Fact(
        "renamed",
        "a background job is renamed",
        REQUIRE,
        Subject.QUEUE,
        _LEFT,
        phases=ANY_PHASE,
        wrong={_PATH: (_JOB, _RENAMED)},
        right=_RIGHT,
        answers=(FactAnswer("jobs/old-name-kept", "the old name still works"),),
    ),
    Fact(
        "removed",
        "a background job is gone",
        REQUIRE,
        Subject.QUEUE,
        "Queued jobs, and jobs that a schedule starts, fail.",
        phases=ANY_PHASE,
        wrong={_PATH: (_JOB, None)},
        right=_RIGHT,
    ),
    Fact(
        "arguments-changed",
        "the arguments of a background job change",
        REQUIRE,
        Subject.QUEUE,
        "Queued jobs have the old arguments and fail. So do jobs that the old code adds before the restart.",
        phases=ANY_PHASE,
        wrong={_PATH: (_JOB, _JOB.replace("user)", "user, template)"))},
        right=_RIGHT,
    ),
    Fact(
        "schedule-changed",
        "the schedule of recurring work changes in code",
        ASK,
        Subject.SCHEDULE,
        "The work runs, and causes load, at other times.",
        phases=ANY_PHASE,
        wrong={"shop/beat.py": (_BEAT % 3, _BEAT % "'*'")},
        right={"shop/beat.py": (_BEAT % 3, _BEAT % "3 ")},
    ),
    Fact(
        "schedule-removed",
        "code no longer schedules recurring work",
        ASK,
        Subject.SCHEDULE,
        "Nothing starts the work any more.",
        phases=ANY_PHASE,
        wrong={"shop/beat.py": (_BEAT % 3, "SCHEDULE = {}\n# crontab\n")},
    ),
    Fact(
        "old-name-kept",
        "the old name of a renamed job still works",
        NOTE,
        Subject.QUEUE,
        "Queued jobs still run.",
        wrong={_PATH: (_JOB, f"{_RENAMED}\nMailJob = LetterJob\n")},
    ),
)
SENTENCES = {
    "renamed": "A background job is renamed: {names}",
    "removed": "A background job is gone: {names}",
    "arguments-changed": "The number of arguments of a background job changes: {names}",
    "schedule-changed": "The schedule changes: {names}",
    "schedule-removed": "Work is no longer scheduled: {names}",
    "old-name-kept": "The old name of the job still works: {names}",
}
PHASES = dict.fromkeys(("renamed", "removed", "arguments-changed"), BEFORE_RESTART)
