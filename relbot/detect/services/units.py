"""Units of systemd: which directives changed, and what that does to an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Todo
from relbot.detect.engine.phrases import quote_name
from relbot.detect.services.reading import Block, significant_lines
from relbot.detect.services.saying import service_evidence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relbot.detect.engine.model import Evidence, FileChange

_DIRECTIVE = re.compile(r"^([A-Z]\w+)\s*=\s*(.*)$")
_OWNERS = {"User", "Group", "DynamicUser", "SupplementaryGroups", "UMask", "SocketUser", "SocketGroup", "SocketMode"}
_DIRECTORIES = {
    "StateDirectory",
    "WorkingDirectory",
    "CacheDirectory",
    "ConfigurationDirectory",
    "RootDirectory",
    "LogsDirectory",
}
_ADDRESSES = {"ListenStream", "ListenDatagram", "ListenFIFO"}
_TEXTS = {"Description", "Documentation"}
_TUNED = re.compile(
    r"After|Before|Wants|Restart\w*|Timeout\w*|StartLimit\w*|Limit\w+|Nice|OOM\w+|CPU\w+|Memory\w+|IO\w+|Tasks\w+|Syslog\w+|KillMode|ExecReload"
)
_RELOAD = Todo("before-restart", "systemctl daemon-reload")


def compare_unit(change: FileChange, changed: Block) -> Iterator[Evidence]:
    """What changes in a unit that is there before and after. `changed` are its changed lines, for init scripts."""
    name = change.path.rpartition("/")[2]
    old, new = (_read_directives(_put_in_specifiers(text, name)) for text in (change.old, change.new))
    if not old and not new:
        if changed:
            yield _unit_evidence("unit-changed", change, name, "another way of starting", changed)
        return
    found: dict[str, list[str]] = {}
    for directive in sorted({*old, *new}):
        before, after = old.get(directive, ()), new.get(directive, ())
        if before != after and directive not in _TEXTS and (directive != "Environment" or sorted(before) != sorted(after)):
            found.setdefault(_fact_of_directive(directive, before, after, new), []).append(
                f"{directive}={' '.join(after) or '(gone)'}, was {' '.join(before) or 'not set'}"
            )
    for fact, details in found.items():
        yield _unit_evidence(fact, change, name, details[0], tuple(details))


_ASSIGNMENT = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s\"']+")
_PLACE = re.compile(r"=(\w+:/)?/|:\d{2,5}$|(?i:port|listen|bind|addr|address|host|url)=")
"""What says that a variable has a path or an address."""


_SPECIFIERS = {"%S": "/var/lib", "%t": "/run", "%C": "/var/cache", "%L": "/var/log", "%E": "/etc"}
"""Of systemd, for units of the system: https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Specifiers."""


def _put_in_specifiers(text: str, unit: str) -> str:
    """The text of a unit with the directories and the name that its specifiers stand for."""
    bare = unit.partition(".")[0]
    if "%" not in text or "@" in unit:
        return text
    for specifier, meaning in (_SPECIFIERS | {"%N": bare, "%p": bare}).items():
        text = text.replace(specifier, meaning)
    return text


def _read_directives(text: str) -> dict[str, Block]:
    found: dict[str, Block] = {}
    for line in significant_lines(re.sub(r"\\\n\s*", " ", text)):
        if match := _DIRECTIVE.match(line):
            value = " ".join(match[2].split())
            values = [each.strip("\"'") for each in _ASSIGNMENT.findall(value)] if match[1] == "Environment" else [value]
            found[match[1]] = (*found.get(match[1], ()), *values)
    return found


def _fact_of_directive(directive: str, before: Block, after: Block, new: Mapping[str, Block]) -> str:
    if directive in _OWNERS:
        return "unit-user"
    if directive in _ADDRESSES:
        return "unit-address" if set(before) - set(after) else "unit-tuned"
    if directive in _DIRECTORIES:
        return "unit-directory" if set(before) - set(after) else "unit-tuned"
    if directive in _GIVEN:
        return _GIVEN[directive](before, after)
    if directive == "ExecStart":
        more = len(after) > len(before)  # not an argument more, but a command more
        return "unit-command" if _lost_words(before, after) else "unit-changed" if more else "unit-tuned"
    if directive.startswith(("Memory", "Tasks", "Limit", "CPUQuota")) and _is_less(before, after):
        return "unit-limited"
    return "unit-tuned" if _TUNED.fullmatch(directive) else "unit-changed"


def _fact_of_files(before: Block, after: Block) -> str:
    demanded = [file for file in after if file not in before and not file.startswith("-")]
    gone = {file.lstrip("-") for file in before} - {file.lstrip("-") for file in after}
    return "unit-file" if gone or demanded else "unit-tuned"


def _fact_of_variables(before: Block, after: Block) -> str:
    gone = [each.strip("\"'") for each in before if each not in after]
    return "unit-variable" if any(map(_PLACE.search, gone)) else "unit-changed" if gone else "unit-tuned"


_GIVEN = {"Environment": _fact_of_variables, "EnvironmentFile": _fact_of_files, "LoadCredential": _fact_of_files}
"""What gives a program variables, and the fact that a change of it is."""


def _is_less(before: Block, after: Block) -> bool:
    """Whether a limit fell, or came."""
    sizes = [re.match(r"(\d{1,15})([KMGT]?)", values[-1]) if values else None for values in (before, after)]
    if sizes[1] is None or (before and sizes[0] is None):
        return sizes[1] is not None
    was, now = (int(size[1]) * 1024 ** " KMGT".index(size[2] or " ") if size is not None else 0 for size in sizes)
    return not before or now < was


def _lost_words(before: Block, after: Block) -> bool:
    """Whether the old command is more than the start of the new one: its program or an argument of it is gone."""
    was, left = (_WITH_VALUE.sub(r"\1 ", " ".join(words)).split() for words in (before, after))
    return any(word not in left for word in was)


_WITH_VALUE = re.compile(r"(?<!\S)(--[\w-]+)=")
"""`--config=file`, which most programs read as `--config file`."""


def _unit_evidence(fact: str, change: FileChange, name: str, how: str, details: Block) -> Evidence:
    message = f"The service {quote_name(name)} changes how it runs: {quote_name(how)}."
    return service_evidence(fact, change, message, details, _RELOAD, (name,))
