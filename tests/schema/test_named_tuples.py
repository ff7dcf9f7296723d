"""Named tuples that are compiled late are what those of `typing` are."""

from __future__ import annotations

import pickle
from typing import Any, Generic, Self, TypeVar, get_type_hints
from typing import NamedTuple as Plain

import pytest

from relbot.schema.named_tuples import NamedTuple as Late

T = TypeVar("T")


class OfTyping(Plain):
    """A place."""

    path: str
    line: int | None = None
    column: int = 3

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return self.name


class OfRelbot(Late):
    """A place."""

    path: str
    line: int | None = None
    column: int = 3

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return self.name


class Box(Late, Generic[T]):
    held: T
    about: str = ""


def make_class() -> Any:
    """A class of which there is no value yet."""

    class Narrow(Late):
        first: int
        second: str = "two"

    return Narrow


def is_compiled(late: Any) -> bool:
    return "_fields" in vars(late)


def test_a_value_is_that_of_typing() -> None:
    for given, named in ((("a",), {}), (("a", 1), {"column": 9}), ((), {"path": "b", "line": 2})):
        mine: Any = OfRelbot(*given, **named)
        theirs: Any = OfTyping(*given, **named)
        assert mine == theirs
        assert hash(mine) == hash(theirs)
        assert str(mine) == str(theirs)
        assert repr(mine) == repr(theirs).replace("OfTyping", "OfRelbot")
        assert mine._asdict() == theirs._asdict()
        assert mine._replace(line=7) == theirs._replace(line=7)
        assert (mine.path, mine.line, mine.column) == tuple(mine)
        assert pickle.loads(pickle.dumps(mine)) == mine  # noqa: S301  # made here
        assert not hasattr(mine, "__dict__")
    assert OfRelbot._fields == OfTyping._fields
    assert OfRelbot._field_defaults == OfTyping._field_defaults
    assert OfRelbot.__match_args__ == OfTyping.__match_args__
    assert OfRelbot.__doc__ == OfTyping.__doc__
    assert get_type_hints(OfRelbot) == get_type_hints(OfTyping)
    match OfRelbot("a", 1):
        case OfRelbot(path, line, column=column):
            assert (path, line, column) == ("a", 1, 3)


@pytest.mark.parametrize("given", [(), ("a", 1, 2, 3)])
def test_a_wrong_number_of_values_is_an_error(given: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError):
        make_class()(*given)
    with pytest.raises(TypeError):
        OfRelbot("a", unknown=1)  # type: ignore[call-arg]  # that it is no field


def test_a_class_is_compiled_for_its_first_value_and_for_whoever_asks_for_its_fields() -> None:
    valued, asked, described, inherited = (make_class() for _ in range(4))
    assert not any(map(is_compiled, (valued, asked, described, inherited)))
    assert valued(1) == (1, "two")
    assert asked._fields == ("first", "second")
    assert described.first.__doc__
    assert inherited._make((3, "x")).second == "x"
    assert all(map(is_compiled, (valued, asked, described, inherited)))
    with pytest.raises(AttributeError, match="no attribute '_third'"):
        _ = make_class()._third


def test_a_class_may_have_parameters_and_heirs() -> None:
    assert Box[int](3).held == 3

    class Heir(make_class()):  # type: ignore[misc]  # a class that is made at run time
        __slots__ = ()

        def __new__(cls, first: int) -> Self:
            return super().__new__(cls, first, "heir")  # type: ignore[no-any-return]  # as above

    assert Heir(1) == (1, "heir")
    assert type(Heir(1)) is Heir
    assert Heir._fields == ("first", "second")
