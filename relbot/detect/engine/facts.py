"""How a fact is declared: what it is about, what it does to an installation, how grave that is, and what lowers it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from relbot.schema.named_tuples import NamedTuple

Table = Mapping[str, tuple[str | None, str | None]]
"""A change set as an example shows it: from path to (text before, text after), None for no file."""
NO_EXAMPLE: Table = MappingProxyType({})


class FactLevel(StrEnum):
    """How grave a fact is for an installation that its operators have not touched."""

    REQUIRE = "require"
    """It breaks: data is lost, a start or a migration fails, a value or an address that was set stops working, jobs or files are
    left behind, or the old processes fail until they are restarted."""
    ASK = "ask"
    """It goes on, in another way: it needs a newer platform, behaves or is loaded in another way where nothing is set, or other
    programs that call it fail."""
    NOTE = "note"
    """It stays as it is: what is new is optional, or only developers have it."""

    @property
    def rank(self) -> int:
        """0 for a note, 1 for a question, 2 for what is required."""
        return _RANKS[self.value]


_RANKS = {"note": 0, "ask": 1, "require": 2}


class FactScope(StrEnum):
    """Who has to act: `deploy` for whoever runs the software, `interface` for whoever calls it."""

    DEPLOY = "deploy"
    INTERFACE = "interface"


class Subject(StrEnum):
    """What the names in `Evidence.subjects` are."""

    SETTING = "setting"
    ADDRESS = "address"
    SECRET = "secret"  # noqa: S105 - a kind of subject
    STORE = "store"
    QUEUE = "queue"
    TABLE = "table"
    COLUMN = "column"
    MIGRATION = "migration"
    ROUTE = "route"
    COMMAND = "command"
    METRIC = "metric"
    CODE = "code"
    POLICY = "policy"
    SERVICE = "service"
    SCHEDULE = "schedule"
    IMAGE = "image"
    RUNTIME = "runtime"
    DEPENDENCY = "dependency"
    TASK = "task"
    FILE = "file"
    OBJECT = "object"
    TEXT = "text"


class FactAnswer(NamedTuple):
    """Another fact that lowers this one for the subjects that both name, in the same change set.

    `fact` is its id with its detector, such as `settings-read/old-name-read`; `because` completes "lowered, because ...".
    """

    fact: str
    because: str
    level: FactLevel = FactLevel.NOTE


class Fact(NamedTuple):
    """A kind of evidence, declared once, beside the detector that finds it.

    - `id`: within the detector; `summary`: what the diff shows, half a sentence
    - `level`, `scope`, and `subject`: the kind of names that its evidence carries in `subjects`
    - `meaning`: one sentence for whoever operates: what happens to an installation that nobody touched
    - `phases`: those that a step about it may have; empty where no step is proposed
    - `wrong`: a change set that yields it; `right`: one beside it that does not
    - `answers`: what lowers it; `known`: the level where the base's documentation, samples or schemas know a subject of it
    """

    id: str
    summary: str
    level: FactLevel
    subject: Subject
    meaning: str = ""
    scope: FactScope = FactScope.DEPLOY
    phases: tuple[str, ...] = ()
    wrong: Table = NO_EXAMPLE
    right: Table = NO_EXAMPLE
    answers: tuple[FactAnswer, ...] = ()
    known: FactLevel | None = None


REQUIRE, ASK, NOTE = FactLevel.REQUIRE, FactLevel.ASK, FactLevel.NOTE
DEPLOY, INTERFACE = FactScope.DEPLOY, FactScope.INTERFACE
BEFORE_INSTALL, BEFORE_RESTART, AFTER_RESTART, LATER = "before-install", "before-restart", "after-restart", "later"
ANY_PHASE = (BEFORE_INSTALL, BEFORE_RESTART, AFTER_RESTART, LATER)
