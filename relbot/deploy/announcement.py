"""What is announced: a deploy or a release, for its readers."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.deploy.plan.model import Plan


class Stage(StrEnum):
    """How far it is: a deploy that is planned, under way, or live; or a release that can be had."""

    PLANNED = "planned"
    UNDER_WAY = "under-way"
    LIVE = "live"
    RELEASED = "released"


class Audience(StrEnum):
    """Who reads it. Only operators and the team are told which steps there are, and the way back."""

    PUBLIC = "public"
    OPERATORS = "operators"
    TEAM = "team"


class Announcement(NamedTuple):
    """A plan as something to send. `subject` is the environment or the version; `when` is a time in words, "" if not stated.

    `component` is the one that it is about, None for all.
    `obstacles` are sentences about why it must not be deployed; what is wrong must not be announced as if all were well.
    """

    subject: str
    stage: Stage
    plan: Plan
    audience: Audience
    when: str = ""
    obstacles: tuple[str, ...] = ()
    component: str | None = None
