"""What finds and runs migrations: whether it does so otherwise, or only says something else, or helps to write new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange


def runs_otherwise(change: FileChange) -> bool:
    """Whether changed code may find other migrations, or run them in another way."""
    if _is_same_run(change):
        return False
    lines = (line.text.strip() for line in (*change.removed, *change.added))
    return any(len(line) > _SHORT and not _SAYS_NOTHING.match(line) for line in lines)


_SHORT = 3
_SAYS_NOTHING = re.compile(r"#|//|import |from |(self\.)?(log|logger|logging|slog|print|puts|console)\b[\w.]*\(")


def _is_same_run(change: FileChange) -> bool:
    """Whether a changed `env.py` runs migrations as before."""
    if not change.path.endswith("/env.py"):
        return False
    return [*_words_without_autogenerate(change.old)] == [*_words_without_autogenerate(change.new)]


def _words_without_autogenerate(text: str) -> Iterator[str]:
    """The words of Alembic's `env.py`, but for functions and options that only `revision --autogenerate` asks."""
    text = _OF_AUTOGENERATE.sub("", text)
    names = set(_GIVEN_TO_AUTOGENERATE.findall(text))
    text = _GIVEN_TO_AUTOGENERATE.sub("", text)
    for found in _FUNCTION.finditer(text):
        if found[1] not in names:
            yield from _WORD.findall(found[0])


_OF_AUTOGENERATE = re.compile(r"\b(?:compare_type|compare_server_default|render_as_batch|include_schemas)[ ]*=[ ]*\w+")
_GIVEN_TO_AUTOGENERATE = re.compile(
    r"\b(?:include_object|include_name|process_revision_directives|render_item|compare_type)[ ]*=[ ]*(\w+)"
)
_FUNCTION = re.compile(r"(?m)^(?:def (\w+))?(?:.*\n?)(?:(?:[ \t].*)?\n)*+")
_WORD = re.compile(r"[\w.\"'/:-]+")
