"""Settings in files without a grammar, line by line: Dockerfiles, compose, shell, Perl configuration modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Line
from relbot.detect.settings_read.setting import ARGUMENT, ENV, SETTING, Setting, normalize_source
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import FileChange

_DOCKER = re.compile(r"(?i)(^|/)([\w.-]{0,80}\.)?(dockerfile|containerfile)([.-][\w.-]{1,80})?$")
_COMPOSE = re.compile(r"(?i)(^|/)[\w.-]{0,80}compose[\w.-]{0,80}\.ya?ml$")
_SHELL = re.compile(
    r"\.(sh|bash|ksh)$|(^|/)(docker-)?entrypoint[^/.]*$|(^|/)bin/[^/.]+$|\.env\.sh$|(^|/)element[\w-]*/|(^|/)settings$"
)
_PERL = re.compile(r"(?i)conf(ig)?[\w.]{0,80}\.pm([.\w]{0,80})$")
_ENVIRONMENT = re.compile(r"\s*(?:-\s*[\"']?)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*[=:]\s*(.*?)[\"']?\s*$")
_FALLBACK = re.compile(r"\$\{([A-Z][A-Z0-9_]{2,}):?[-=]((?:[^{}]|\$\{[^{}]*\})*)\}")
_PERL_OUR = re.compile(r"\s*our\s+[$@%](\w+)\s*=\s*+(.*?);")
_QUOTES = "\"'"
_PAIR = re.compile(r"""\b([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)""")


def reads_lines_of(path: str) -> bool:
    """Whether the path is of a kind that this module reads."""
    return any(pattern.search(path) for pattern in (_DOCKER, _COMPOSE, _SHELL, _PERL))


_CONTINUED = re.compile(r"\\\n[ \t]*")


def whole_lines(change: FileChange) -> tuple[list[Line], list[Line]] | None:
    """All lines of both sides of a Dockerfile, put together where one goes on in the next; None where none does."""
    if not _DOCKER.search(change.path) or "\\\n" not in change.old + change.new:
        return None
    sides = (_CONTINUED.sub(" ", text).split("\n") for text in (change.old, change.new))
    old, new = (
        [Line(number, text) for number, text in enumerate(lines, 1) if text.lstrip().startswith(("ENV", "ARG"))]
        for lines in sides
    )
    return old, new


def line_settings(lines: Iterable[Line], path: str) -> Iterator[Setting]:
    """The settings that the lines of a file declare or read."""
    if _DOCKER.search(path):
        for line in lines:
            yield from _read_docker_line(line)
    elif _COMPOSE.search(path):
        for line in lines:
            found = _ENVIRONMENT.match(line.text[:500])
            if found is not None:
                value = normalize_source(found[2].strip(_QUOTES).replace(":-", "-"))
                yield Setting(ENV, found[1], line.number, value, declared=False)
    elif _PERL.search(path):
        for line in lines:
            found = _PERL_OUR.match(line.text[:500])
            if found is not None:
                yield Setting(SETTING, found[1], line.number, normalize_source(found[2]))
    else:
        for line in lines:
            for found in _FALLBACK.finditer(line.text[:500]):
                yield Setting(ENV, found[1], line.number, normalize_source(f'"{found[2].strip(_QUOTES)}"') if found[2] else None)


def _read_docker_line(line: Line) -> Iterator[Setting]:
    word, _, rest = line.text[:2000].strip().partition(" ")
    rest = rest.rstrip("\\ ")
    if word.upper() == "ARG" and (found := re.match(r"(\w+)(?:=(.*))?$", rest.strip())):
        yield Setting(ARGUMENT, found[1], line.number, normalize_source(found[2]) if found[2] else None)
    elif word.upper() == "ENV":
        pairs = _PAIR.findall(rest)
        if not pairs and len(words := rest.split(None, 1)) == 2:
            pairs = [(words[0], words[1])]
        for name, value in pairs:
            yield Setting(ENV, name, line.number, normalize_source(value), declared=False)
