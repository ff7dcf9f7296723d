"""Detector `graphql-schema`: what clients of a GraphQL schema lose, as the reference implementation compares two schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange
from relbot.detect.engine.path_roles import is_test, is_vendored
from relbot.detect.engine.syntax import note_unparsed
from relbot.detect.graphql_schema.facts import FACTS
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMA = re.compile(r"\.(graphqls?|gql)$")
_DECLARES = re.compile(rb"(?m)^[ \t]*(extend\s+)?(type|input|enum|interface|union|scalar|schema)\b")
_NAMES = re.compile(r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|'[\w.]+'|^\w+")
_LONGEST = 400_000


def find_graphql(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence on each schema that exists before and after. Queries, which lie in such files too, declare nothing."""
    for change in changes.files:
        if not _SCHEMA.search(change.path) or change.before is None or change.after is None or change.before == change.after:
            continue
        if is_test(change.path) or is_vendored(change.path) or not _DECLARES.search(change.before):
            continue
        others = [other.new for other in changes.files if other is not change and _SCHEMA.search(other.path)]
        yield from _compare_schemas(change, "\n".join(text for text in others if text and _shares_types(change.old, text)))


def _shares_types(old: str, text: str) -> bool:
    """Whether another file declares or extends a type that this one had: a schema that is split is one."""
    return not set(_TYPE.findall(old)).isdisjoint(_TYPE.findall(text))


def _merge(text: str, other: str) -> str:
    """The text with what another file declares: fields of types that both have, and types that only the other one has."""
    for head, body in _BLOCK.findall(other):
        name = head.split()[-1] if "implements" not in head else head.partition("implements")[0].split()[-1]
        at = next((found for found in _HEAD.finditer(text) if found[1] == name), None)
        text = f"{text[: at.end()]}{body}{text[at.end() :]}" if at is not None else f"{text}\n{head} {{{body}}}\n"
    return text


_HEAD = re.compile(r"(?m)^[ \t]{0,20}(?:extend\s{1,9})?(?:type|input|enum|interface)\s{1,9}(\w{1,100})[^{}\n\w][^{}\n]{0,200}?\{")
_BLOCK = re.compile(r"(?m)^[ \t]*(?:extend\s+)?((?:type|input|enum|interface)\s[^{}\n]{1,200})\{([^{}]{0,20000})\}")


def _compare_schemas(change: FileChange, elsewhere: str) -> Iterator[Evidence]:
    from graphql import (  # a quarter of a second
        DangerousChangeType,
        GraphQLError,
        build_schema,
        find_breaking_changes,
        find_dangerous_changes,
    )

    try:
        if len(change.old) + len(change.new) > _LONGEST:
            raise ValueError
        sides = (change.old, _merge(change.new, elsewhere) if elsewhere else change.new)
        old, new = (build_schema(_complete(text), assume_valid=True, assume_valid_sdl=True) for text in sides)
    except (GraphQLError, TypeError, ValueError, RecursionError):
        note_unparsed(change)
        return
    risky = find_dangerous_changes(old, new)
    defaults = [each for each in risky if each.type is DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE]
    others = [each for each in risky if each not in defaults]
    for fact, found in (("broken", find_breaking_changes(old, new)), ("default-changed", defaults), ("risky", others)):
        said = [each.description.rstrip(".") for each in found]
        if said:
            names = tuple(dict.fromkeys(_name_in(text) for text in said))
            more = f", and {len(said) - 1} more" if len(said) > 1 else ""
            message = f"The schema {'breaks clients' if fact == 'broken' else 'may surprise clients'}: {said[0]}{more}."
            yield Evidence("graphql-schema", fact, change.path, None, message, tuple(said), names)


_TYPE = re.compile(r"(?m)^[ \t]*(?:extend\s+)?(?:type|input|enum|interface|union|scalar)\s+(\w+)")
_USED = re.compile(r":\s{0,9}\[{0,9}\s{0,9}([A-Z]\w*)|\bimplements\s+([A-Z]\w*)|@(\w+)")
_BUILT_IN = frozenset(("Int", "Float", "String", "Boolean", "ID"))


def _complete(text: str) -> str:
    """The text with a scalar for each type that another file declares: a schema in parts can be compared part by part."""
    plain = re.sub(r"(?m)^([ \t]*)extend\s+(type|input|enum|interface|union)\b", r"\1\2", re.sub(r"#[^\n]*", "", text))
    declared = set(_TYPE.findall(plain)) | _BUILT_IN
    used = {a or b for a, b, _ in _USED.findall(plain) if a or b}
    return plain + "".join(f"\nscalar {name}\n" for name in sorted(used - declared))


def _name_in(text: str) -> str:
    found = _NAMES.search(text)
    return found[0].strip("'") if found is not None else text[:60]


DETECTOR = Detector(
    "graphql-schema",
    "GraphQL schemas: what breaks clients, and what may surprise them.",
    "Clients that other teams deploy use the fields and arguments of the old schema.",
    FACTS,
    find=find_graphql,
)
