"""One record of a ledger, and its line of JSON. A record is never changed: a later record corrects it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from enum import StrEnum

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

UNKNOWN_PERSON = "unknown person"
"""The name of a person whom a CI service does not tell."""
VERSION = 1
"""The version of a record's JSON. Raised when an older relbot would misread what a newer one writes."""


class DeedKind(StrEnum):
    """What a record reports: of a step, or of a deploy."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNDONE = "undone"
    MISTAKEN = "mistaken"

    BEGUN = "begun"
    ADOPTED = "adopted"
    ENDED = "ended"
    ABORTED = "aborted"
    OVERRULED = "overruled"
    LIFTED = "lifted"
    NOTED = "noted"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    BREAK_GLASS = "break-glass"
    VOUCHED = "vouched"
    ANNOUNCED = "announced"


STEP_KINDS = frozenset((DeedKind.STARTED, DeedKind.DONE, DeedKind.FAILED, DeedKind.SKIPPED, DeedKind.UNDONE, DeedKind.MISTAKEN))
"""The deeds that are about one step."""


class Direction(StrEnum):
    """How the target of a deploy lies to its start. An empty text where a record does not say."""

    FORWARD = "forward"
    ROLLBACK = "rollback"
    DIVERGED = "diverged"
    NONE = ""


class Who(NamedTuple):
    """Who did something, and on which machine relbot was told so."""

    name: str
    email: str = ""
    host: str = ""

    @property
    def person(self) -> tuple[str, str]:
        """The same person on any machine; where a CI service does not say who it was, that of one run."""
        return self.name, self.host if self.name == UNKNOWN_PERSON else self.email

    def __str__(self) -> str:
        return f"{self.name} on {self.host}" if self.host else self.name


class Deed(NamedTuple):
    """What was done.

    `start` and `target` name the deploy that the deed belongs to: full commit ids, "" where nobody knew.
    `step` is the id of a step; `digest` says which content of it was meant, see `relbot.deploy.log.progress`; `host` is
    where the step was done, "" where nobody said; `on` are the hosts that the step names, where `host` is one of them or another.
    `what` is what an OVERRULED sets aside (`hold:REF`, `split:CHANGE`, `step:ID`, `need:CHANGE>NEED`, `finding:RULE@PATH`,
    `unreadable:CHANGE`, `left:COMMIT`), or where it puts a step (`phase:ID>PHASE`); what a LIFTED allows again (a commit) or
    ends (`note:HASH`, `stray:HASH`); the hash of the record that a MISTAKEN takes back ("": the newest one about the step), or
    of the one for which a VOUCHED stands.
    Of a BEGUN, an ENDED and an ADOPTED it is the component whose changes they are about, "" for all.
    Of a deed about a step that environments share it has the hashes, separated by blanks, of what its writer knew of that step
    in their ledgers. Of an ANNOUNCED it is `intent`, `posted` or `refused`, and `digest` says which message to which address.
    `replaces` is the target of the deploy whose place a BEGUN takes, "" if none was under way. Of an ENDED it is such a target
    if its rollback left that, and not its start.
    `until` is when a LOCKED or a NOTED ends by itself. `direction` is that of a BEGUN or ENDED deploy.
    `deferred` are the ids of the steps that are left for later: by an ENDED, or by what was done or undone and needs a restart,
    where the end of its deploy does not know that.
    Of an ENDED: `not_done` are those that were skipped or overruled, `moot` those that an earlier deploy deferred and that need
    not be done any more, `renamed` the pairs (old, new) of identities of fragments that were only renamed. A BEGUN has those of
    changes that have deeds under another name.
    """

    kind: DeedKind
    start: str = ""
    target: str = ""
    step: str = ""
    digest: str = ""
    host: str = ""
    reason: str = ""
    what: str = ""
    replaces: str = ""
    until: datetime | None = None
    direction: Direction = Direction.NONE
    deferred: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()
    moot: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    on: tuple[str, ...] = ()


class Record(NamedTuple):
    """A deed, who did it, when and where.

    `order` is greater than that of every record that its writer knew. So what somebody did after having seen something
    counts as later, whatever the two machines' clocks say (Lamport, "Time, Clocks, and the Ordering of Events", 1978).
    `knew` has the hashes of the newest records that the writer knew: those that no other record it knew names. They
    make a graph; two who write at once are united by the next record. See `relbot.deploy.log.graph`.
    """

    order: int
    time: datetime
    who: Who
    environment: str
    deed: Deed
    knew: tuple[str, ...] = ()


_FIRST_TIME, _END_OF_TIMES = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_PATH = re.compile(r"\d{6,}/\d{8,}-[0-9a-f]{32}\.json")


def record_path(record: Record, line: str) -> str:
    """The path of the record's file. It depends on all that the record says: different records never meet in one file."""
    name = hashlib.sha256(line.encode("ascii")).hexdigest()[:32]
    return f"{record.order // 256:06d}/{record.order:08d}-{name}.json"


def is_record_path(path: str) -> bool:
    """Whether a path is one that `record_path` makes."""
    return _PATH.fullmatch(path) is not None


def is_utc_year(time: datetime) -> bool:
    """Whether a time lies in the years that a ledger allows: 2000 to 2199, in UTC."""
    return _FIRST_TIME <= time < _END_OF_TIMES
