"""What code demands of who calls it: parameters of routes, arguments and flags of programs, a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange


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
_QUERIED = re.compile(r"(\w+)\s*:[^=]*=\s*(?:Query|Header)\(\s*(?:\.\.\.|\)|\w+\s*=\s*(?!.*default))")
_GO_FLAG = re.compile(r"(?:(\w+)\.)?Mark(?:Persistent)?FlagRequired\(\s*(?:\w+,\s*)?\"([\w.-]+)\"")
_NODE_FLAG = re.compile(r"\.command\(\s*['\"]([\w:-]+)|\.(?:requiredOption|demandOption)\(\s*\[?['\"](?:-\w,\s*)?(?:--)?([\w-]+)")
_SIGNATURE = re.compile(r"\$signature\s*=\s*['\"]\s*([\w:-]+)([^'\"]*)['\"]")
_ARGUMENT = re.compile(r"\{(\w+)(\*?)(?:\s*:[^}]*)?\}")


def read_caller_demands(text: str, path: str) -> CallerDemands:
    """What the code of a file demands, by its language."""
    ending = path.rpartition(".")[2]
    holders: set[str] = set()
    demanded: set[CallerDemand] = set()
    readers = {"java": _spring, "kt": _spring, "py": _fastapi, "go": _cobra, "php": _laravel}
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
        for parameter in re.split(r",(?![^\[(]*[\])])", found[3]):
            named = _SIMPLE.match(parameter.strip()) or _QUERIED.match(parameter.strip())
            if named is not None and f"{{{named[1]}" not in found[2] and "Optional" not in parameter:
                yield CallerDemand("parameter-required", route, named[1])


def _cobra(text: str) -> Iterator[CallerDemand]:
    yield from (CallerDemand("flag-required", name, "") for name in re.findall(r"\b(\w*[cC]md|\w*[cC]ommand|c|cmd)\b", text))
    yield from (CallerDemand("flag-required", found[1] or "", f"--{found[2]}") for found in _GO_FLAG.finditer(text))


def _commander(text: str) -> Iterator[CallerDemand]:
    holder = "the program"
    yield CallerDemand("flag-required", holder, "")
    for found in _NODE_FLAG.finditer(text):
        if found[1]:
            holder = found[1]
            yield CallerDemand("flag-required", holder, "")
        else:
            yield CallerDemand("flag-required", holder, f"--{found[2]}")


def _laravel(text: str) -> Iterator[CallerDemand]:
    for found in _SIGNATURE.finditer(text):
        yield CallerDemand("argument-required", found[1], "")
        yield from (CallerDemand("argument-required", found[1], argument[1]) for argument in _ARGUMENT.finditer(found[2]))


_WORDS = (
    r"(?:authenti\w+|require_?(?:login|user|auth\w*|admin|sign_?in\w*)|authoriz\w+|login_required|verify_auth\w*"
    r"|ensure_(?:logged|signed)\w*)"
)
_FILTER = re.compile(rf"^\s*(?:prepend_)?before_action\s+:(?P<name>{_WORDS}[!?]?)(?P<rest>.*)$")
_SKIPPED = re.compile(rf"^\s*skip_before_action\s+:(?P<name>{_WORDS}[!?]?)(?P<rest>.*)$")
_ROUTED = re.compile(
    r"['\"](/[^'\"]*)['\"].*(?:->middleware\(\s*\[?\s*['\"]auth|,\s*(?:require|ensure)Auth\w*\s*,|\.RequireAuthorization\()"
)
_MARK = re.compile(
    r"^\s*(?:@(?:login_required|permission_required|PreAuthorize|Secured|RolesAllowed|UseGuards|require_auth\w*|jwt_required)\b"
    r"|\[Authorize\b|#\[IsGranted\b)"
)
_DECORATION = re.compile(r"^\s*(?:@|\[\w|#\[|$)")
_ONLY = re.compile(r"only:\s*(.*)")
_HELD = re.compile(r"\b(?:def|class|function|func|fun)\s+(\w+)|(\w+)\s*\(")


def read_sign_ins(change: FileChange) -> Iterator[str]:
    """What was open before and needs a sign-in now: classes, methods and routes that the old side has, too."""
    if change.before is None or change.after is None:
        return
    was = {line.text.strip() for line in change.removed}
    new = change.new.split("\n")
    for line in change.added:
        found = _FILTER.match(line.text)
        if found is not None and not _demanded_before(found["name"], change) and _guards_old_actions(found["rest"], change):
            yield found["name"]
        routed = _ROUTED.search(line.text)
        if (
            routed is not None
            and routed[1] in change.old
            and not any(routed[1] in text and "auth" in text.lower() for text in was)
        ):
            yield routed[1]
        if _MARK.match(line.text) and (name := _name_below(new, line.number)) and _is_open(name, change):
            yield name
    for line in change.removed:
        found = _SKIPPED.match(line.text)
        if found is not None and f"skip_before_action :{found['name']}" not in change.new:
            yield found["name"]


def _demanded_before(name: str, change: FileChange) -> bool:
    return re.search(rf"before_action\s+:{re.escape(name)}", change.old) is not None


def _guards_old_actions(rest: str, change: FileChange) -> bool:
    only = _ONLY.search(rest)
    return only is None or any(re.search(rf"\bdef {name}\b", change.old) for name in re.findall(r"\w+", only[1]))


def _name_below(lines: list[str], number: int) -> str:
    """The name of what a mark stands above."""
    for text in lines[number : number + 8]:
        if not _DECORATION.match(text):
            found = _HELD.search(text)
            return (found[1] or found[2] or "") if found is not None else ""
    return ""


def _is_open(name: str, change: FileChange) -> bool:
    """Whether the old side has it without a mark above."""
    old = change.old.split("\n")
    for number, text in enumerate(old):
        if re.search(rf"\b(?:def|class|function|func|fun)\s+{name}\b|\b{name}\s*\(", text):
            above = number - 1
            while above >= 0 and _DECORATION.match(old[above]):
                if _MARK.match(old[above]):
                    return False
                above -= 1
            return True
    return False
