"""Standard output that cannot show every character: what it lacks is written out, and the reader is told."""

from __future__ import annotations

import codecs
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

_NAME = "relbot-writes-out"
_lacking: list[str] = []


def write_out(stream: TextIO) -> None:
    r"""Lets a stream write what its encoding lacks as `\u26d4`, where Python would break off.

    Where it is ASCII click writes UTF-8 instead.
    """
    _lacking.clear()
    if isinstance(stream, TextIOWrapper) and stream.errors == "strict" and codecs.lookup(stream.encoding).name != "utf-8":
        codecs.register_error(_NAME, _written_out)
        stream.reconfigure(errors=_NAME)


def remark(stream: TextIO) -> str:
    """A sentence if something was written out, else nothing."""
    if not _lacking:
        return ""
    return (
        f"Standard output ({stream.encoding}) has no {', '.join(_lacking)}: written with `\\`. PYTHONUTF8=1 shows all as it is."
    )


def _written_out(error: UnicodeError) -> tuple[str | bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    codes = dict.fromkeys(f"U+{ord(character):04X}" for character in error.object[error.start : error.end])
    _lacking.extend(code for code in codes if code not in _lacking and len(_lacking) < 5)
    return codecs.backslashreplace_errors(error)
