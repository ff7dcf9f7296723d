"""Collects the faults found while one file is read, so that all of them are told at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relbot.finding import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.schema.nodes import Node


class Faults:
    """The faults of the file at `path`. `first_line` is the line, from 1, on which line 0 of the nodes lies."""

    def __init__(self, path: str, first_line: int = 1) -> None:
        self.path = path
        self.first_line = first_line
        self.findings: list[Finding] = []

    def line(self, key: str, value: str) -> str:
        """A line to copy that sets a key to a value that is no text: a flag, a number, a list."""
        return f"{key}: {value}"

    def word(self, key: str, word: str) -> str:
        """A line to copy that sets a key to one of the words of a choice."""
        return f"{key}: {word}"

    def text(self, key: str, text: str) -> str:
        """A line to copy that sets a key to a text."""
        return f'{key}: "{text}"'

    def not_read_as_text(self, node: Node, key: str, value: str) -> None:
        """A fault: a value without quotes that some readers take for something else than a text."""
        message = f"YAML parsers read `{key}: {value}` in different ways."
        self.at(node, "surprising-value", message, "Put it in quotes.", self.text(key, value))

    def at(self, node: Node, rule: str, message: str, tip: str = "", example: str = "") -> None:
        """A fault at a node of the front matter or configuration. A node without a position stands for the whole file."""
        start = node.start
        line, column = (start.line + self.first_line, start.column + 1) if start else (None, None)
        self.findings.append(Finding(rule, Place(self.path, line, column), message, tip, example))

    def on_line(self, line: int | None, rule: str, message: str, tip: str = "", example: str = "", *, column: int = 1) -> None:
        """A fault on a line of the file; line and column are counted from 1. Without a line it is the whole file's."""
        place = Place(self.path, line, None if line is None else column)
        self.findings.append(Finding(rule, place, message, tip, example))


class TomlFaults(Faults):
    """The faults of a file in TOML, in which every text stands in quotes."""

    def line(self, key: str, value: str) -> str:
        return f"{_toml_key(key)} = {value}"

    def word(self, key: str, word: str) -> str:
        return self.text(key, word)

    def text(self, key: str, text: str) -> str:
        return f'{_toml_key(key)} = "{text}"'

    def not_read_as_text(self, node: Node, key: str, value: str) -> None:
        self.at(node, "wrong-type", f"`{key}` is `{value}`, which is not a text.", "Put it in quotes.", self.text(key, value))


def _toml_key(key: str) -> str:
    """A key, or a table and the name in it, as it stands below the header of what both are in."""
    table, dot, name = key.partition(".")
    return key if not dot or re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'{table}."{name}"'


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was most likely meant to be, if any is near enough."""
    import difflib  # only where something is misspelt

    by_lower = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word and then all of them."""
    names = list(known)
    near = nearest_word(word, names)
    guess = f"Did you mean `{near}`? " if near else ""
    return f"{guess}Allowed: {', '.join(names)}."
