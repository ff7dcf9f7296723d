"""Finds the revision in an answer: by JSON pointer, XPath or regular expression, or it is all of the answer."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from relbot.config.environments import split_xpath
from relbot.errors import quoted
from relbot.http import looks_like_html
from relbot.processes import CommandFailed, child_environment, run_command
from relbot.schema import lazy_re as re
from relbot.sources.model import SourceUnavailable

if TYPE_CHECKING:
    from relbot.config.model import Environment

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def extract_text(content: bytes, environment: Environment) -> str:
    """What the environment's `pointer`, `xpath` and `regex` find in an answer. NoAnswer unless it is one text."""
    if not content.strip():
        raise SourceUnavailable("answered with nothing")
    if environment.pointer is not None:
        found = _extract_by_pointer(content, environment.pointer)
    elif environment.xpath is not None:
        found = _extract_by_xpath(content, environment.xpath)
    else:
        found = decode_text(content)
    return found if environment.regex is None else _extract_by_regex(found, environment.regex)


def _wrong_format(kind: str, content: bytes) -> SourceUnavailable:
    what = "a page of HTML" if looks_like_html(content) else f"something that is not {kind}"
    return SourceUnavailable(f"answered with {what} where {kind} was expected: {quoted(content)}")


def _extract_by_pointer(content: bytes, pointer: str) -> str:
    """RFC 6901."""
    try:
        value = json.loads(content, object_pairs_hook=_object_without_duplicate_keys)
    except (ValueError, RecursionError):
        raise _wrong_format("JSON", content) from None
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and _INDEX.fullmatch(key) and int(key) < len(value):
            value = value[int(key)]
        else:
            raise SourceUnavailable(f"answered with JSON that has nothing at `{pointer}`: {quoted(content)}")
    if not isinstance(value, str):
        raise SourceUnavailable(f"answered with JSON that has no text at `{pointer}`: {quoted(json.dumps(value))}")
    return value.strip()


def _object_without_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. A key that it has twice has no value that all readers agree on (RFC 8259, 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise SourceUnavailable(f"answered with JSON in which a key stands twice, one of {quoted(', '.join(found))}")
    return found


def _extract_by_xpath(content: bytes, xpath: str) -> str:
    if looks_like_html(content):
        raise _wrong_format("XML", content)
    root = _parse_xml(content)
    path, attribute, inside = split_xpath(xpath)
    if inside:
        start = root
    else:
        start = ET.Element("document")
        start.append(root)
    nodes = start.findall(path)
    values = [node.get(attribute) for node in nodes] if attribute else ["".join(node.itertext()) for node in nodes]
    return _require_one_value([value.strip() for value in values if value is not None], f"XML, at `{xpath}`", content)


def _parse_xml(content: bytes) -> ET.Element:
    """The root element. No document type is taken: nothing that tells a revision has one, and entities are declared there."""
    judge = expat.ParserCreate()
    judge.StartDoctypeDeclHandler = _refuse_doctype
    try:
        judge.Parse(content, True)
        return ET.fromstring(content)  # noqa: S314  # what it warns of needs the document type refused above
    except (expat.ExpatError, ET.ParseError, LookupError, ValueError):
        raise _wrong_format("XML", content) from None


def _refuse_doctype(*_: object) -> None:
    raise SourceUnavailable("answered with XML that declares a document type, which is not read: entities can be declared there")


_SEARCH = """import json, re, sys
text, regex = json.load(sys.stdin)
json.dump([match.group(match.re.groups) or "" for match in re.finditer(regex, text, re.MULTILINE)], sys.stdout)
"""
_SECONDS = 3
"""A search that is in order takes milliseconds."""


def _extract_by_regex(text: str, regex: str) -> str:
    """What a regular expression of the project finds, in a process of its own: one like `(a+)+$` may never come to its end."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps((text, regex)).encode("ascii"))
        file.seek(0)
        try:
            said = run_command((sys.executable, "-I", "-S", "-c", _SEARCH), Path("/"), _SECONDS, child_environment(), stdin=file)
        except CommandFailed as error:
            raise SourceUnavailable(f"answered with text, and the search for `{regex}` in it {error.what}") from None
    values: list[str] = json.loads(said)
    return _require_one_value([value.strip() for value in values], f"text, for the regular expression `{regex}`", text.encode())


def _require_one_value(values: list[str], where: str, content: bytes) -> str:
    """The one value, however often it stands there."""
    distinct = list(dict.fromkeys(values))
    if not distinct:
        raise SourceUnavailable(f"answered with {where} nothing: {quoted(content)}")
    if len(distinct) > 1:
        shown = ", ".join(quoted(value, 40) for value in distinct[:4])
        raise SourceUnavailable(f"answered with {where} several different things: {shown}")
    return distinct[0]


def decode_text(content: bytes) -> str:
    """An answer as text without the blanks around it. NoAnswer if it is none."""
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SourceUnavailable(f"answered with something that is not text: {quoted(content, 40)}") from None
    if not text:
        raise SourceUnavailable("answered with nothing")
    return text
