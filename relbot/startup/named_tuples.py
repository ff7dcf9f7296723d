"""`typing.NamedTuple`, made in a tenth of the time.

A command loads a hundred named tuples and more. The standard library writes and compiles a constructor for each, and compiles
each annotation: together that takes longer than the interpreter needs to start. Here all named tuples with the same number of
fields share the code of one constructor, and annotations stay text.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import NamedTuple, Self
else:
    from collections import namedtuple
    from types import FunctionType

    _FIELD_OF_A_TUPLE = type(namedtuple("_Sample", "field").field)  # noqa: PYI024  # its type is what is wanted
    _GLOBALS = {"make": tuple.__new__, "__builtins__": {}}

    class _Values(tuple):
        """What all named tuples have, as those of the standard library."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Self:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes: Any) -> Self:
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"Got unexpected field names: {list(changes)!r}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            shown = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    class _Maker(type):
        """Makes each class below `NamedTuple` a class below `_Values` that has the same body."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            annotations = body.get("__annotations__", {})
            fields = tuple(annotations)
            defaults = {field: body.pop(field) for field in fields if field in body}
            code = _constructor_code(len(fields))
            code = code.replace(co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__")
            body |= {field: _getter(place) for place, field in enumerate(fields)}
            body |= {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            constructor = FunctionType(code, _GLOBALS, "__new__", tuple(defaults.values()))
            constructor.__annotations__ = annotations
            body["__new__"] = constructor
            return type(name, (_Values, *bases[1:]), body)

    @functools.cache
    def _constructor_code(count: int) -> CodeType:
        """The code of a constructor with so many fields: their names are those of its local variables."""
        names = "".join(f"_{place}, " for place in range(count))
        code: CodeType = eval(f"lambda _cls, {names}: make(_cls, ({names}))").__code__  # noqa: S307  # written here
        return code

    @functools.cache
    def _getter(place: int) -> object:
        return _FIELD_OF_A_TUPLE(place, "")

    class NamedTuple(metaclass=_Maker):
        """The base of classes of which each field is an annotation, in order, with its default as value."""


__all__ = ["NamedTuple"]
