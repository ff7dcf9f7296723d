"""What a checklist is made of, whatever it is shown on. A renderer shows every block, so none can drop a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.invisible_characters import make_visible
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.fragment.model import Phase


class Quoted(NamedTuple):
    """Text that somebody else wrote. It is shown as it stands, never obeyed as markup."""

    text: str


class QuotedProse(Quoted):
    """Sentences that somebody else wrote, or that quote them in backticks. Plain words may stand outside of code."""

    __slots__ = ()


class Sentence(NamedTuple):
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


class Title(NamedTuple):
    """What this is, on top."""

    text: Sentence


class Heading(NamedTuple):
    """The heading of a part; `about` says more on the same line. `phase` is set where the steps of a phase follow."""

    text: str
    about: Sentence | None = None
    phase: Phase | None = None


class Paragraph(NamedTuple):
    """A sentence on its own."""

    text: Sentence


class OnlyLine(NamedTuple):
    """All there is to say, on one line."""

    text: Sentence


class BulletList(NamedTuple):
    """A list. With `alarm`, of what somebody must read before anything else."""

    items: tuple[Sentence, ...]
    alarm: bool = False


class Barrier(NamedTuple):
    """A line across the page that must not be crossed unawares."""

    text: str


class InstallNow(NamedTuple):
    """A line across the page: now the target is installed."""

    text: Sentence


class CommandBlock(NamedTuple):
    """A command on lines of its own, to be copied; `label` says what for, "" for the step itself."""

    label: str
    text: str


class ProseBlock(NamedTuple):
    """Markdown that an author wrote, shown as text; `label` says when to read it, "" for the step itself."""

    text: str
    label: str = ""


class StepBox(NamedTuple):
    """A step with a box: its number, what it is, facts about it, what to read and type, and what stands in the box.

    `mark` is one character: a space while the step is open. `id` is that of the step in the plan.
    """

    number: int
    title: Sentence
    facts: tuple[Sentence, ...] = ()
    body: tuple[ProseBlock | CommandBlock, ...] = ()
    mark: str = " "
    id: str = ""


class AmendedStep(NamedTuple):
    """A step of an amended change, as it was or as it is now."""

    label: str
    title: Sentence
    facts: tuple[Sentence, ...] = ()
    body: tuple[ProseBlock | CommandBlock, ...] = ()


Block = Title | Heading | Paragraph | OnlyLine | BulletList | Barrier | InstallNow | StepBox | AmendedStep
