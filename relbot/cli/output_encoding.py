"""Standard output that cannot show every character: what it lacks is written out, and the reader is told."""

from __future__ import annotations

import codecs
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_NAME = "relbot-writes-out"


def write_out(stream: TextIO) -> Callable[[], str]:
    r"""Lets a stream write what its encoding lacks as `\u26d4`, where Python would break off.

    Where it is ASCII click writes UTF-8 instead. Gives what tells later, in a sentence, what was written out; "" if nothing was.
    """
    lacking: list[str] = []

    def written_out(error: UnicodeError) -> tuple[str | bytes, int]:
        assert isinstance(error, UnicodeEncodeError)
        codes = dict.fromkeys(f"U+{ord(character):04X}" for character in error.object[error.start : error.end])
        lacking.extend(code for code in codes if code not in lacking and len(lacking) < 5)
        return codecs.backslashreplace_errors(error)

    def remark() -> str:
        if not lacking:
            return ""
        told = ", ".join(lacking)
        return f"Standard output ({stream.encoding}) has no {told}: written with `\\`. PYTHONUTF8=1 shows all as it is."

    if isinstance(stream, TextIOWrapper) and stream.errors == "strict" and codecs.lookup(stream.encoding).name != "utf-8":
        codecs.register_error(_NAME, written_out)
        stream.reconfigure(errors=_NAME)
    return remark
