"""Configuration of which a program makes the file first: `{{ … }}`, `{% … %}`, `<% … %>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.config_structure.entry import Entry


def without_template_lines(text: str) -> str:
    """The text with those lines blank that only tell the template what to do, such as `{% if %}`, `<% end %>`, `{{- with }}`."""
    return _LINE.sub("", text) if _is_template(text) else text


class Templates:
    """Takes what templates fill in out of a text, so that a parser can read the rest, and puts it back into what was read."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def taken_out(self, text: str) -> str:
        """The text with a word of private characters for each part that a template fills in."""
        if not _is_template(text):
            return text
        return _INLINE.sub(self._take, _LINE.sub("", text))

    def restored(self, entry: Entry) -> Entry:
        """The entry as it is written."""
        if not self._parts:
            return entry
        path = tuple(self._restore(part) for part in entry.path)
        return entry._replace(path=path, value=self._restore(entry.value))

    def _take(self, match: re.Match[str]) -> str:
        self._parts.append(match[0])
        return f"\ue000{len(self._parts) - 1}\ue001"

    def _restore(self, text: str) -> str:
        return _TAKEN.sub(self._part, text) if "\ue000" in text else text

    def _part(self, match: re.Match[str]) -> str:
        number = int(match[1])
        return self._parts[number] if number < len(self._parts) else match[0]


def _is_template(text: str) -> bool:
    return "{{" in text or "{%" in text or "<%" in text


_TAG = r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|\{#[^#\n]*#\}|<%[^%\n]*%>"
_LINE = re.compile(rf"^[ \t]*(?:(?:{_TAG})[ \t]*)+$", re.M)
_INLINE = re.compile(_TAG)
_TAKEN = re.compile("\ue000([0-9]{1,6})\ue001")
