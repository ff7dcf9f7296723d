"""The facts of the detector `jobs`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, BEFORE_RESTART, NOTE, REQUIRE, Fact, FactAnswer, Subject, Table

_PATH = "app/jobs/mail_job.rb"
_JOB = "class MailJob < ApplicationJob\n  def perform(user)\n  end\nend\n"
_RENAMED = _JOB.replace("MailJob", "LetterJob")
_RIGHT: Table = {_PATH: (_JOB, _JOB.replace("user)", "user, template = nil)"))}
_BEAT = "SCHEDULE = {'report': crontab(hour=%s)}\n"
_LEFT = "Jobs that wait under the old name fail when a new worker takes them."

FACTS = (
    Fact(
        "renamed",
        "a background job has another name",
        REQUIRE,
        Subject.QUEUE,
        _LEFT,
        phases=ANY_PHASE,
        wrong={_PATH: (_JOB, _RENAMED)},
        right=_RIGHT,
        answers=(FactAnswer("jobs/old-name-kept", "the old name still stands for it"),),
    ),
    Fact(
        "removed",
        "a background job is gone",
        ASK,
        Subject.QUEUE,
        "Jobs of it that wait or that a schedule starts fail.",
        phases=ANY_PHASE,
        wrong={_PATH: (_JOB, None)},
        right=_RIGHT,
    ),
    Fact(
        "arguments-changed",
        "a background job takes other arguments",
        REQUIRE,
        Subject.QUEUE,
        "Jobs that wait were given the old arguments, and fail; so do those that the old code adds until it is restarted.",
        phases=ANY_PHASE,
        wrong={_PATH: (_JOB, _JOB.replace("user)", "user, template)"))},
        right=_RIGHT,
    ),
    Fact(
        "schedule-changed",
        "code starts work at other times",
        ASK,
        Subject.SCHEDULE,
        "It runs at other times, and loads the system then.",
        phases=ANY_PHASE,
        wrong={"shop/beat.py": (_BEAT % 3, _BEAT % "'*'")},
        right={"shop/beat.py": (_BEAT % 3, _BEAT % "3 ")},
    ),
    Fact(
        "schedule-removed",
        "code no longer starts work that it started by a schedule",
        ASK,
        Subject.SCHEDULE,
        "The work is no longer done.",
        phases=ANY_PHASE,
        wrong={"shop/beat.py": (_BEAT % 3, "SCHEDULE = {}\n# crontab\n")},
    ),
    Fact(
        "old-name-kept",
        "the old name of a job still stands for it",
        NOTE,
        Subject.QUEUE,
        "Jobs that wait are worked off.",
        wrong={_PATH: (_JOB, f"{_RENAMED}\nMailJob = LetterJob\n")},
    ),
)
SENTENCES = {
    "renamed": "A background job has another name: {names}",
    "removed": "A background job is gone: {names}",
    "arguments-changed": "A background job takes another number of arguments: {names}",
    "schedule-changed": "Work starts at other times: {names}",
    "schedule-removed": "Work is no longer started: {names}",
    "old-name-kept": "The old name still stands for the job: {names}",
}
PHASES = dict.fromkeys(("renamed", "removed", "arguments-changed"), BEFORE_RESTART)
