"""What code demands of its callers: parameters of routes, arguments and flags of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class CallerDemand(NamedTuple):
    """Something that is demanded: the fact that says so, of which holder (a route, a command, a class), and what."""

    fact: str
    holder: str
    name: str


class CallerDemands(NamedTuple):
    """What a text demands, and the holders that it has at all."""

    demanded: frozenset[CallerDemand]
    holders: frozenset[str]


_MAPPING = re.compile(
    r"@(?:(Get|Post|Put|Patch|Delete|Request)Mapping|(GET|POST|PUT|PATCH|DELETE)\b|Path)\s{0,9}(?:\(([^)]{0,300})\))?"
)
_PARAMETER = re.compile(
    r"@(?:RequestParam|RequestHeader|QueryParam|HeaderParam)\b\s{0,9}(\((?:[^()\"]|\"[^\"]{0,200}\"){0,200}\))?\s{0,9}(?:final\s{1,9})?"
    r"([\w<>\[\],.?]{1,60}(?:,\s[\w<>\[\],.?]{1,60})?)\s{1,9}(\w{1,60})\s{0,9}(?=[,)])"
)
_OPTIONAL = re.compile(r"required\s*=\s*false|defaultValue")
_ROUTE = re.compile(
    r"@\w+\.(get|post|put|patch|delete)\(\s{0,9}[\"']([^\"'\n]{0,200})[\"'][^\n]{0,400}\n(?:@[^\n]{0,400}\n){0,9}"
    r"(?:async )?def \w{1,80}\(((?:[^()]|\([^()]{0,200}\)){0,2000})\)"
)
_SIMPLE = re.compile(r"(\w+)\s*:\s*(?:Optional\[)?(?:str|int|float|bool|date|datetime|UUID|Decimal|list\[\w+\])\b[^=|]*$")
_QUERIED = re.compile(r"(\w+)\s*:[^=]*=\s*(?:Query|Header)\(\s*(?:\.\.\.|\)|\w+\s*=\s*+(?!.*default))")
_GO_FLAG = re.compile(r"(?:\b(\w+)\.)?Mark(?:Persistent)?FlagRequired\(\s*(?:\w+,\s*)?\"([\w.-]+)\"")
_NODE_FLAG = re.compile(r"\.command\(\s*['\"]([\w:-]+)|\.(?:requiredOption|demandOption)\(\s*\[?['\"](?:-\w,\s*)?(?:--)?([\w-]+)")
_SIGNATURE = re.compile(r"\$signature\s*=\s*['\"]\s*([\w:-]++)([^'\"]*)['\"]")
_ARGUMENT = re.compile(r"\{(\w+)(\*?)(?:\s*:[^{}]*)?\}")


def read_caller_demands(text: str, path: str) -> CallerDemands:
    """What the code of a file demands, by its language."""
    ending = path.rpartition(".")[2]
    holders: set[str] = set()
    demanded: set[CallerDemand] = set()
    readers = {"java": _spring, "kt": _spring, "py": _fastapi, "go": _cobra, "php": _laravel, "cs": _dotnet}
    reader = readers.get(ending, _commander if ending in ("js", "ts", "mjs", "cjs", "mts") else None)
    for each in reader(text) if reader is not None else ():
        holders.add(each.holder)
        if each.name:
            demanded.add(each)
    return CallerDemands(frozenset(demanded), frozenset(holders))


def _spring(text: str) -> Iterator[CallerDemand]:
    places = [(found.start(), f"{found[1] or found[2] or ''} {found[3] or ''}".strip()) for found in _MAPPING.finditer(text)]
    yield from (CallerDemand("parameter-required", place, "") for _, place in places)
    for found in _PARAMETER.finditer(text):
        place = next((name for start, name in reversed(places) if start < found.start()), "")
        if not _OPTIONAL.search(found[1] or "") and "Optional" not in found[2] and not found[2].endswith("?"):
            yield CallerDemand("parameter-required", place, found[3])


def _fastapi(text: str) -> Iterator[CallerDemand]:
    for found in _ROUTE.finditer(text):
        route = f"{found[1].upper()} {found[2]}"
        yield CallerDemand("parameter-required", route, "")
        for parameter in re.split(r",(?![^\[(]{0,300}[\])])", found[3]):
            named = _SIMPLE.match(parameter.strip()) or _QUERIED.match(parameter.strip())
            if named is not None and f"{{{named[1]}" not in found[2] and "Optional" not in parameter:
                yield CallerDemand("parameter-required", route, named[1])


def _cobra(text: str) -> Iterator[CallerDemand]:
    names = {name for name in re.findall(r"\w+", text) if name == "c" or name.endswith(("cmd", "Cmd", "command", "Command"))}
    yield from (CallerDemand("flag-required", name, "") for name in names)
    if "FlagRequired" in text:
        yield from (CallerDemand("flag-required", found[1] or "", f"--{found[2]}") for found in _GO_FLAG.finditer(text))


_OPTION = re.compile(r"new (?:Option<[^<>]{0,80}>)?\(\s{0,9}\"(--[\w-]+)\"([^;]{0,400})")


def _dotnet(text: str) -> Iterator[CallerDemand]:
    for found in _OPTION.finditer(text):
        yield CallerDemand("flag-required", found[1], "")
        if re.search(r"\b(?:Is)?Required\s*=\s*true", found[2]):
            yield CallerDemand("flag-required", found[1], found[1])


def _commander(text: str) -> Iterator[CallerDemand]:
    holder = "the program"
    yield CallerDemand("flag-required", holder, "")
    for found in _NODE_FLAG.finditer(text):
        if found[1]:
            holder = found[1]
            yield CallerDemand("flag-required", holder, "")
        else:
            yield CallerDemand("flag-required", holder, f"--{found[2]}")


_RULES = re.compile(r"\bfunction rules\(|\bvalidate\(")
_RULE = re.compile(r"^[ \t]*['\"]([\w.*]+)['\"]\s*=>\s*(?:\[\s*)?(['\"].*)$", re.M)


def _laravel(text: str) -> Iterator[CallerDemand]:
    if _RULES.search(text):
        for rule in _RULE.finditer(text):
            yield CallerDemand("parameter-required", rule[1], "")
            if re.search(r"\brequired\b(?!_)", rule[2]):
                yield CallerDemand("parameter-required", rule[1], rule[1])
    for found in _SIGNATURE.finditer(text):
        yield CallerDemand("argument-required", found[1], "")
        yield from (CallerDemand("argument-required", found[1], argument[1]) for argument in _ARGUMENT.finditer(found[2]))
