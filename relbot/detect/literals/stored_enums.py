"""Enums of C#, Java and Kotlin whose members rows store, by their names or by their numbers, as an entity says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.items import Item
from relbot.detect.literals.stored_values import STORED
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import ChangeSet

_ENDINGS = (".cs", ".java", ".kt")
_ENUM = re.compile(r"\benum(?: class)?[ \t]+(\w+)[^{}\n]{0,80}\s*\{([^{}]{1,4000})\}")
_MEMBER = re.compile(r"(?:^|,)\s*(?:\[[^\]\n]{1,200}\]\s*){0,5}(\w+)(?:\s*\([^()]{0,200}\))?(?:\s*=\s*(\d{1,9}))?\s*(?=,|;|$)")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
_ENTITY = re.compile(r"@Entity\b|\b(?:public|required)\s[^\n]{1,80}\bId\s*\{\s*get;|\[Key\]|\bDbSet<")
_TYPED = re.compile(r"\b(\w{1,80})\??\s{1,9}\w{1,80}\s{0,9}(?:\{\s{0,9}get;|=|;)|:\s{0,9}(\w{1,80})\b")
"""A property or a field with its type."""
_AS_TEXT = re.compile(r"EnumType\.STRING|HasConversion<string>|EnumToStringConverter")


def read_stored_enums(changes: ChangeSet, *, after: bool) -> Iterator[Item]:
    """The members of each enum that an entity of the changed files has, each with what rows store."""
    files = [change for change in changes.files if change.path.endswith(_ENDINGS) and change.before is not None]
    texts = [change.new if after else change.old for change in files]
    if not any("enum " in text for text in texts):
        return
    entities = "\n".join(change.new for change in files if _ENTITY.search(change.new))
    typed = {name for pair in _TYPED.findall(entities) for name in pair}
    as_text = _AS_TEXT.search(entities) is not None
    for change, text in zip(files, texts, strict=True):
        for name, body in _ENUM.findall(text):
            if name in typed:
                yield from (item._replace(path=change.path) for item in _members(name, body, as_text=as_text))


def _members(name: str, body: str, *, as_text: bool) -> Iterator[Item]:
    number = -1
    for member, said in _MEMBER.findall(_COMMENT.sub("", body).strip().partition(";")[0]):
        number = int(said) if said else number + 1
        yield Item(STORED, f"{name}.{member}", member if as_text else str(number))
