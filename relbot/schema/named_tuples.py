"""`NamedTuple` as in `typing`, but for one thing: Python compiles a class when its first value is made.

A command loads a hundred such classes and makes values of a third of them. To compile the constructor and the annotations of one
takes longer than to read a module: docs/decisions/0014 has what it saves, and what plainer means cost. Whoever defines a class
writes what `typing` asks for, and type checkers see `typing.NamedTuple`.

How it works: a new class is a plain subclass of `tuple` whose `__new__` is `_make_first`. The first call of it completes the
class with what `collections.namedtuple` gives: from then on nothing of this module takes part.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:

    class _LateClass(type):
        """The type of such classes. It completes one, too, for whoever asks it for what only a complete one has."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _LateClass:
            if NamedTuple in bases:
                bases = tuple(tuple if base is NamedTuple else base for base in bases)
                body = {"__slots__": (), "__new__": _make_first, **body}
            else:
                for base in filter(_is_late, bases):
                    _complete(base)
            return super().__new__(cls, name, bases, body)

        def __getattr__(cls, name: str) -> Any:
            if name.startswith("__") or not _is_late(cls):
                raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
            _complete(cls)
            return getattr(cls, name)

    NamedTuple = type.__new__(_LateClass, "NamedTuple", (), {"__doc__": "The base of a named tuple, as in `typing`."})

    def _make_first(cls: type, /, *given: Any, **named: Any) -> Any:
        """Makes the first value of a class."""
        _complete(cls)
        return cls(*given, **named)

    def _is_late(cls: type) -> bool:
        return getattr(vars(cls).get("__new__"), "__func__", None) is _make_first

    def _complete(cls: type) -> None:
        """Gives a class what Python gives named tuples. What the class defines itself stays."""
        fields = cls.__annotations__
        own = vars(cls)
        complete = namedtuple(cls.__name__, fields, defaults=[own[field] for field in fields if field in own])  # noqa: PYI024  # the types stand where the class is defined
        for name, value in vars(complete).items():
            if name in fields or name == "__new__" or name not in own:
                setattr(cls, name, value)
