"""Sign-ins that code newly demands: filters of controllers, marks above classes and methods, guards of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange, Line

_WORDS = (
    r"(?:authenti\w+|require_?(?:login|user|auth\w*|admin|sign_?in\w*)|authoriz\w+|login_required|verify_auth\w*"
    r"|ensure_(?:logged|signed)\w*)"
)
_FILTER = re.compile(rf"^\s*(?:prepend_)?before_action\s+:(?P<name>{_WORDS}[!?]?)(?P<rest>.*)$")
_SKIPPED = re.compile(rf"^\s*skip_before_action\s+:(?P<name>{_WORDS}[!?]?)(?P<rest>.*)$")
_ROUTED = re.compile(
    r"(?:::middleware\(\s*+(?:\[\s*+)?['\"]auth[^/]*?)['\"](/[^'\"]*)['\"]"
    r"|['\"](/[^'\"]*)['\"].*(?:->middleware\(\s*+(?:\[\s*+)?['\"]auth|,\s*+(?:require|ensure)Auth\w*\s*+,|\.RequireAuthorization\()"
)
_MARK = re.compile(
    r"^\s*(?:@(?:login_required|permission_required|PreAuthorize|Secured|RolesAllowed|UseGuards|require_auth\w*|jwt_required)\b"
    r"|\[Authorize\b|#\[IsGranted\b)"
)
_DECORATION = re.compile(r"^\s*(?:@|\[\w|#\[|$)")
_USED = re.compile(
    r"^\s*use (?P<rack>Rack::Auth::\w+)"
    rf"|\.[uU]se\(\s*+(?:['\"](?P<path>[^'\"\n]{{0,200}})['\"],\s*+)?(?:\w+\.){{0,3}}(?P<name>(?i:{_WORDS})|\w*[aA]uth\w*|jwt\w*|passport\.authenticate)\b"
    rf"|(?:APIRouter|FastAPI|include_router)\(.{{0,400}}\bDepends\(\s*+(?:\w+\.)?(?P<given>{_WORDS}|get_current_\w*user)\b",
)
"""Middleware before all routes of a router."""
_LIKELY = ("uth", ".use(", ".Use(", "Depends(", "before_action", "_required", "Secured", "RolesAllowed", "UseGuards", "IsGranted")
"""A part of each line that one of the expressions for added lines fits: to look for them takes a tenth of the time."""
_ONLY = re.compile(r"only:\s*(.*)")
_HELD = re.compile(r"\b(?:def|class|function|func|fun)\s+(\w+)|\b(\w+)\s*\(")


def read_sign_ins(change: FileChange) -> Iterator[str]:
    """What was open before and needs a sign-in now: classes, methods and routes that the old side has, too."""
    if change.before is None or change.after is None:
        return
    likely = [word for word in _LIKELY if word in change.added_text]
    yield from _read_added(change, [line for line in change.added if any(word in line.text for word in likely)] if likely else [])
    for line in change.removed if b"skip_before_action" in change.before else ():
        found = _SKIPPED.match(line.text)
        if found is not None and f"skip_before_action :{found['name']}" not in change.new:
            yield found["name"]


def _read_added(change: FileChange, added: list[Line]) -> Iterator[str]:
    """What the added lines demand that may do so."""
    was = {line.text.strip() for line in change.removed} if added else set()
    new = change.new.split("\n") if added else []
    for line in added:
        found = _FILTER.match(line.text)
        if found is not None and not _demanded_before(found["name"], change) and _guards_old_actions(found["rest"], change):
            yield found["name"]
        if (
            (route := _route_in(line))
            and route in change.old
            and not any(route in text and "auth" in text.lower() for text in was)
        ):
            yield route
        used = _USED.search(line.text)
        if used is not None and (name := used["name"] or used["given"] or used["rack"]) not in change.old:
            yield name
        if _MARK.match(line.text) and (name := _name_below(new, line.number)) and _is_open(name, change):
            yield name


def _route_in(line: Line) -> str:
    """The route of a line that puts a sign-in before it, "" without one."""
    routed = _ROUTED.search(line.text[:500])
    return "" if routed is None else routed[1] or routed[2]


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
