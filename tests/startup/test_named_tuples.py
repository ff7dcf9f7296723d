"""`relbot.startup.named_tuples` gives what `typing.NamedTuple` gives."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing
from contextlib import suppress
from typing import Any, Generic, TypeVar

import pytest

from relbot.startup import named_tuples

T = TypeVar("T")


class Ours(named_tuples.NamedTuple):
    """A place."""

    row: int
    column: int = 7
    name: str = ""

    @property
    def area(self) -> int:
        """The two, multiplied."""
        return self.row * self.column

    def __str__(self) -> str:
        return f"{self.row}/{self.column}"


class Theirs(typing.NamedTuple):
    """A place."""

    row: int
    column: int = 7
    name: str = ""

    @property
    def area(self) -> int:
        """The two, multiplied."""
        return self.row * self.column

    def __str__(self) -> str:
        return f"{self.row}/{self.column}"


class Box(named_tuples.NamedTuple, Generic[T]):
    """A box with one thing."""

    content: T


def told(make: Any) -> list[object]:
    """What a class of these fields does, with its name left out."""

    def outcome(act: Any) -> object:
        try:
            return repr(act()).replace(make.__name__, "X")
        except (TypeError, ValueError, AttributeError) as error:
            return type(error), str(error).replace(make.__name__, "X")

    place = make(2, name="a")
    matched: object = None
    match place:
        case make(row, column):
            matched = row, column
    with suppress(AttributeError):
        place.row = 3
    return [
        *(outcome(lambda words=words: make(*words)) for words in ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4))),
        *(outcome(lambda named=named: make(**named)) for named in ({"row": 1}, {"column": 1}, {"row": 1, "colour": 2})),
        *(outcome(lambda changes=changes: place._replace(**changes)) for changes in ({"row": 5}, {"colour": 5})),
        *(outcome(lambda values=values: make._make(values)) for values in ([1, 2, 3], [1])),
        place._asdict(), str(place), repr(place).replace(make.__name__, "X"), place.area, place == (2, 7, "a"), hash(place),
        outcome(lambda: copy.copy(place)), outcome(lambda: vars(place)),
        outcome(lambda: pickle.loads(pickle.dumps(place))),  # noqa: S301  # written in this line
        matched, make._fields, make._field_defaults, make.__doc__,
        [(each.name, each.default, each.kind) for each in inspect.signature(make).parameters.values()],
        typing.get_type_hints(make), make.__match_args__, type(make),
    ]  # fmt: skip


def test_a_class_does_what_that_of_the_standard_library_does() -> None:
    assert told(Ours) == told(Theirs)


def test_a_class_may_be_generic_and_have_one_field() -> None:
    assert Box[int](5) == Box(5) == (5,)
    assert Box(5)._replace(content=6).content == 6


def test_a_constructor_is_named_in_the_error_about_its_arguments() -> None:
    with pytest.raises(TypeError, match=r"Box\.__new__\(\) missing 1 required positional argument: 'content'"):
        Box()  # type: ignore[call-arg]  # the error is what is asked for
