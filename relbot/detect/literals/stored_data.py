"""In which form a program keeps data, and the classes whose names rows have: what older data can be read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.items import Item
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import ChangeSet, FileChange

ENCODING = "encoding"
ENCRYPTED = "encrypted"
CLASS = "class"
_KEEPS_DATA = re.compile(
    r"(?i)(^|/)[\w-]{0,80}(cache|store|storage|session|state|persist|snapshot|queue|codec|seriali[sz]|backup|archive)[\w-]{0,80}[./]"
)
_CACHE = re.compile(r"(?i)cache")
_ENCODERS = (
    ("JSON", re.compile(
        r"\bjson\.(?:dump|load)s?\b|JSON\.(?:stringify|parse|generate|dump|load)|json\.(?:Marshal|Unmarshal|NewEncoder|NewDecoder)"
        r"|\bObjectMapper\b|json_(?:en|de)code|serde_json|\bJason\.|\bPoison\.|JsonSerializer\.(?:Des|S)erialize|\.to_json\b"
    )),
    ("pickle", re.compile(r"\bpickle\.(?:dump|load)s?\b")),
    ("gob", re.compile(r"\bgob\.(?:NewEncoder|NewDecoder)")),
    ("Marshal", re.compile(r"\bMarshal\.(?:dump|load)")),
    ("MessagePack", re.compile(r"(?i)\bmsgpack|MessagePack|rmp_serde")),
    ("YAML", re.compile(r"\byaml\.(?:safe_)?(?:dump|load)|\bYAML\.(?:dump|load|safe_load)|serde_yaml")),
    ("Java's serialization", re.compile(r"\bObject(?:Out|In)putStream\b")),
    ("PHP's serialization", re.compile(r"(?<![\w>])(?:un)?serialize\(")),
    ("Protocol Buffers", re.compile(r"\bproto\.(?:Marshal|Unmarshal)|SerializeToString|ParseFromString")),
    ("bincode", re.compile(r"\bbincode::")),
    ("Erlang's terms", re.compile(r"\b(?:term_to_binary|binary_to_term)\b")),
    ("CBOR", re.compile(r"(?i)\b(?:ci)?cbor")),
)  # fmt: skip


def read_encodings(text: str, path: str) -> list[Item]:
    """In which forms a file of code writes what it keeps, as one item, for files whose names say that they keep something."""
    if _KEEPS_DATA.search(path) is None:
        return []
    found = [name for name, pattern in _ENCODERS if pattern.search(text)]
    return [Item(ENCODING, f"{path} {'cache' if _CACHE.search(path) else 'data'}", ", ".join(found))] if found else []


_MODEL = re.compile(r"(^|/)app/(models/(?!concerns/)[\w/]{1,200}\.rb|Models/[\w/]{1,200}\.php)$")
_DECLARED = re.compile(r"(?m)^[ \t]*class (\w+) < ([A-Z]\w+)[ \t]*$")
_OF_NO_TABLE = re.compile(
    r"(Record|Base|Error|Struct|Job|Worker|Mailer|Controller|Serializer|Policy|Form|Query|Service|Validator|Decorator|Presenter"
    r"|Builder|Importer|Component|Search|Module|Object|Set|Hash)$"
)


def holds_model(change: FileChange) -> bool:
    """Whether a file has a model of Rails or Laravel, by its path."""
    return change.path.endswith((".rb", ".php")) and any(
        _MODEL.search(path) is not None for path in (change.path, change.old_path)
    )


_ENCRYPTED = re.compile(r"(?m)^[ \t]*encrypts ((?::\w+(?:,[ \t]*)?)+)([^\n#]*)$")
_NEW_COLUMN = re.compile(r"\badd_column\b[ (]+[:\"'][\w.]+[\"']?,\s{0,9}[:\"'](\w+)|(?:\bt\.|\$table->)\w+[ (]+[:\"'](\w+)")


_CAST = re.compile(r"['\"](\w+)['\"]\s*=>\s*['\"](encrypted(?::\w+)?)['\"]")


def read_encrypted(text: str) -> Iterator[Item]:
    """The attributes that a model of Rails or Laravel encrypts, each with how."""
    yield from (Item(ENCRYPTED, name, how) for name, how in _CAST.findall(text))
    for names, how in _ENCRYPTED.findall(text):
        yield from (Item(ENCRYPTED, name, " ".join(how.split())) for name in re.findall(r":(\w+)", names))


_MIGRATION = re.compile(r"(^|/)(db/migrate|database/migrations)/")


def read_new_columns(changes: ChangeSet) -> set[str]:
    """The columns that new migrations of Rails or Laravel add."""
    files = [change.new for change in changes.files if change.before is None and _MIGRATION.search(change.path)]
    return {name for text in files for pair in _NEW_COLUMN.findall(text) for name in pair if name}


def read_stored_classes(text: str) -> Iterator[Item]:
    """The models of a file that share the table of another one: rows have the name of their class."""
    for name, above in _DECLARED.findall(text):
        if not _OF_NO_TABLE.search(above):
            yield Item(CLASS, name, above)
