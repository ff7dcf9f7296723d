"""What a fragment says, as values."""

from __future__ import annotations

from enum import StrEnum

from relbot.schema.named_tuples import NamedTuple


class Phase(StrEnum):
    """When a step is done, in this order.

    `NOT_SAID`: a note in prose tells what to do, and its author gave no phase. It comes first: somebody has to read it.
    """

    NOT_SAID = "not-said"
    BEFORE_INSTALL = "before-install"
    BEFORE_RESTART = "before-restart"
    AFTER_RESTART = "after-restart"
    LATER = "later"

    @property
    def state(self) -> str:
        """What is on the hosts during the phase."""
        return _STATES[self]

    @property
    def heading(self) -> str:
        """The phase as a heading."""
        return "No phase given" if self is Phase.NOT_SAID else self.value.replace("-", " ").capitalize()


_STATES = {
    Phase.NOT_SAID: "read these steps before you begin",
    Phase.BEFORE_INSTALL: "the old code runs",
    Phase.BEFORE_RESTART: "the new code is on disk, the old processes still run",
    Phase.AFTER_RESTART: "the new code runs",
    Phase.LATER: "when convenient",
}
ALL_PHASES = tuple(Phase)
PHASES = tuple(phase for phase in Phase if phase is not Phase.NOT_SAID)
"""The phases that an author can give a step."""


class Compat(StrEnum):
    """Whether the old way still works after a breaking change."""

    NONE = "none"
    SHIM = "shim"


class NotesAudience(StrEnum):
    """Who a text is for; each reads what is for those before it, too."""

    PUBLIC = "public"
    OPERATORS = "operators"
    TEAM = "team"

    def reads(self, text_for: NotesAudience) -> bool:
        """Whether these readers read a text that is for `text_for`."""
        order = tuple(NotesAudience)
        return order.index(text_for) <= order.index(self)


NOTES_READERS = tuple(each.value for each in NotesAudience)
"""The values of `NotesAudience`, as options and keys have them."""


class Step(NamedTuple):
    """One action of a deploy.

    `run` is a command for a shell; `do` an instruction for a person where there is no command. `on` names hosts or
    roles. `duration` and `downtime` are seconds. `line` is where the step stands in the fragment, from 1.
    """

    phase: Phase
    run: str | None = None
    do: str | None = None
    on: tuple[str, ...] = ()
    check: str | None = None
    undo: str | None = None
    irreversible: bool = False
    reason: str | None = None
    restart: tuple[str, ...] = ()
    duration: int | None = None
    downtime: int | None = None
    line: int | None = None


class Fragment(NamedTuple):
    """One change, as its fragment tells it.

    `migration` is True if somebody has to act, False if the author says that nobody has to (with a `reason`, a
    waiver). `text`, `migration_note`, `compatibility_note` and `operators_note` are Markdown, as written, without the headings
    of their sections. `component` is the part of the project that changes, the first of several; `other_components` are the
    rest. `audience` is who reads of the change. `was` is the name that the fragment had before its file was renamed.
    `version` is the release whose folder the fragment lies in, None while it is unreleased.
    """

    identity: str
    path: str
    type: str
    text: str
    breaking: bool = False
    migration: bool = False
    waived: bool = False
    reason: str | None = None
    issues: tuple[str, ...] = ()
    prs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    component: str | None = None
    compat: Compat | None = None
    steps: tuple[Step, ...] = ()
    needs: tuple[str, ...] = ()
    hold: tuple[str, ...] = ()
    migration_note: str = ""
    compatibility_note: str = ""
    version: str | None = None
    was: str | None = None
    audience: NotesAudience = NotesAudience.PUBLIC
    operators_note: str = ""
    other_components: tuple[str, ...] = ()

    @property
    def components(self) -> tuple[str, ...]:
        """The parts of the project that change; none where it is the whole."""
        return (self.component, *self.other_components) if self.component else ()

    def concerns(self, component: str) -> bool:
        """Whether a component changes: it is named, or none is."""
        return self.component in (None, component) or component in self.other_components

    @property
    def prose_for_deploy(self) -> str:
        """What operators read before a deploy: what to do, and what else is for them. Markdown."""
        return "\n\n".join(note.strip("\n") for note in (self.migration_note, self.operators_note) if note.strip())

    @property
    def summary(self) -> str:
        """The first paragraph on one line: what a list of changes shows."""
        return " ".join(self.text.strip().split("\n\n", 1)[0].split())
