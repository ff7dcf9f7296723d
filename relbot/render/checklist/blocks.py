"""What a checklist is made of, whatever it is shown on. A renderer shows every block, so none can drop a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relbot.render.common.invisible_characters import make_visible

if TYPE_CHECKING:
    from relbot.fragment.model import Phase


@dataclass(frozen=True, slots=True)
class Quoted:
    """Text that somebody else wrote. It is shown as it stands, never obeyed as markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or paragraph: relbot's own words, and what they quote. `urgent` is what nobody must overlook."""

    parts: tuple[str | Quoted, ...]
    urgent: bool = False

    @property
    def plain(self) -> str:
        """On one line, nothing in it invisible."""
        return " ".join(make_visible("".join(part if isinstance(part, str) else part.text for part in self.parts)).split())


def sentence(*parts: str | Quoted) -> Sentence:
    """A sentence of these parts."""
    return Sentence(parts)


@dataclass(frozen=True, slots=True)
class Title:
    """What this is, on top."""

    text: Sentence


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part; `about` says more on the same line. `phase` is set where the steps of a phase follow."""

    text: str
    about: Sentence | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence on its own."""

    text: Sentence


@dataclass(frozen=True, slots=True)
class OnlyLine:
    """All there is to say, on one line."""

    text: Sentence


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list. With `alarm`, of what somebody must read before anything else."""

    items: tuple[Sentence, ...]
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Barrier:
    """A line across the page that must not be crossed unawares."""

    text: str


@dataclass(frozen=True, slots=True)
class InstallNow:
    """A line across the page: now the target is installed."""

    text: Sentence


@dataclass(frozen=True, slots=True)
class CommandBlock:
    """A command on lines of its own, to be copied; `label` says what for, "" for the step itself."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """Markdown that an author wrote, shown as text; `label` says when to read it, "" for the step itself."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class StepBox:
    """A step with a box: its number, what it is, facts about it, what to read and type, and what stands in the box.

    `mark` is one character: a space while the step is open. `id` is that of the step in the plan.
    """

    number: int
    title: Sentence
    facts: tuple[Sentence, ...] = ()
    body: tuple[ProseBlock | CommandBlock, ...] = ()
    mark: str = " "
    id: str = ""


@dataclass(frozen=True, slots=True)
class AmendedStep:
    """A step of an amended change, as it was or as it is now."""

    label: str
    title: Sentence
    facts: tuple[Sentence, ...] = ()
    body: tuple[ProseBlock | CommandBlock, ...] = ()


Block = Title | Heading | Paragraph | OnlyLine | BulletList | Barrier | InstallNow | StepBox | AmendedStep
