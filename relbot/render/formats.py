"""What drives `--format`: for each thing that relbot shows, a registry of its formats.

The command line offers what a registry holds, docs/formats.md is written from it, and tests go through all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from relbot.render.common.media import Medium
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class RenderedText(NamedTuple):
    """A text, complete with its line ends, and the medium for which it was rendered."""

    text: str
    medium: Medium


class OutputFormat(NamedTuple, Generic[T]):
    """One way to show a value: its name on the command line, what it is for, and the function that renders it.

    `render` gives a text that ends in a line feed, or "" where the format has nothing to say of a value.
    """

    name: str
    about: str
    medium: Medium
    render: Callable[[T], str]


class FormatRegistry(NamedTuple, Generic[T]):
    """The formats of one thing, the default first. `shown` names the thing, `commands` print it."""

    shown: str
    commands: tuple[str, ...]
    formats: tuple[OutputFormat[T], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the formats, the default first."""
        return tuple(each.name for each in self.formats)

    def render(self, value: T, name: str) -> RenderedText:
        """Renders a value. KeyError for a name that is not in the registry."""
        chosen = {each.name: each for each in self.formats}[name]
        return RenderedText(chosen.render(value), chosen.medium)


def text_and_json(
    shown: str, command: str, schema: str, text: Callable[[T], str], json: Callable[[T], str], about: str = "for people"
) -> FormatRegistry[T]:
    """The registry of a thing that one command shows as text for people, or as JSON of the named schema."""
    return FormatRegistry(
        shown,
        (command,),
        (
            OutputFormat("text", about, Medium.TEXT, text),
            OutputFormat("json", f"for programs (schema: `relbot schema {schema}`)", Medium.JSON, json),
        ),
    )
