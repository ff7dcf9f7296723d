"""What others use and what is no longer there: routes, commands, metrics, plugins, public names of code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Line
from relbot.detect.engine.path_roles import is_documentation, is_production, is_test
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.interfaces.facts import FACTS
from relbot.detect.interfaces.kinds import KINDS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = "interfaces"


class _Gone(NamedTuple):
    kind: Kind
    change: FileChange
    name: str


def _find_interfaces(changes: ChangeSet) -> Iterator[Evidence]:
    looked_at = [change for change in changes.files if _looked_at(change)]
    yield from _compare_declared(looked_at)
    yield from _compare_policies(looked_at)
    yield from _compare_public(looked_at)
    yield from _deleted_modules(looked_at)


_CODE = re.compile(r"\.(py|go|js|ts|tsx|mjs|cjs|rb|php|java|kt|kts|cs|ex|exs|pl|pm|rs|ya?ml|json|cfg|toml)$")


def _looked_at(change: FileChange) -> bool:
    if not _CODE.search(change.path) or is_test(change.path) or change.before == change.after:
        return False
    return not is_documentation(change.path) or "openapi" in change.path or "swagger" in change.path


def _compare_declared(changes: list[FileChange]) -> Iterator[Evidence]:
    """What is declared before and nowhere in the files of the change set after."""
    before: dict[str, list[_Gone]] = {}
    after: dict[str, set[str]] = {}
    for change in changes:
        kinds = [kind for kind in KINDS if kind.paths.search(change.path)]
        old, new = _changed_surroundings(change) if kinds else ("", "")
        for kind in kinds:
            if _has_marks(kind, old, new) and _has_hints(kind, change):
                before.setdefault(kind.id, []).extend(_Gone(kind, change, name) for name in _declared_names(kind, old))
                after.setdefault(kind.id, set()).update(_declared_names(kind, new))
    for of, was in before.items():
        now = after[of]
        candidates = [each for each in was if each.name not in now and not _declared_elsewhere(each)]
        fresh = sorted(now - {each.name for each in was})
        # A route or a metric whose first part moved to a group or a namespace has the same name outside.
        gone = [each for each in candidates if not any(_last_part(each.name).endswith(_last_part(name)) for name in fresh)]
        if gone:
            yield _declared_evidence(gone, fresh)


def _has_marks(kind: Kind, *texts: str) -> bool:
    return not kind.marks or any(mark in text for text in texts for mark in kind.marks)


def _has_hints(kind: Kind, change: FileChange) -> bool:
    return any(hint in side for side in (change.before, change.after) if side is not None for hint in kind.hints)


def _changed_surroundings(change: FileChange) -> tuple[str, str]:
    """What changed and a few lines around it, on both sides: a declaration may begin on a line that did not change."""
    return _text_around(change.old, change.removed), _text_around(change.new, change.added)


def _text_around(text: str, changed: tuple[Line, ...]) -> str:
    if not changed:
        return ""
    lines = text.split("\n")
    return "\n".join(lines[max(0, changed[0].number - _MARGIN) : changed[-1].number + _MARGIN])


_MARGIN = 5


def _declared_elsewhere(gone: _Gone) -> bool:
    """Whether the new side declares the name at a place that did not change."""
    return _last_part(gone.name) in gone.change.new and gone.name in _declared_names(gone.kind, gone.change.new)


def _last_part(name: str) -> str:
    return name.rpartition(" ")[2]


def _declared_evidence(gone: list[_Gone], fresh: list[str]) -> Evidence:
    names = list(dict.fromkeys(each.name for each in gone))
    first = gone[0]
    kind = first.kind
    fact = f"{kind.id}-renamed" if fresh else f"{kind.id}-removed"
    what = f"The {_count_names(kind, names)} no longer declared"
    instead = f"; new: {quote_names(fresh)}" if fresh else ""
    details = tuple(dict.fromkeys(f"{each.change.path}: {each.name}" for each in gone))
    return Evidence(
        _ID, fact, first.change.path, None, f"{what}{instead}. Whoever uses it by that name fails.", details, tuple(names)
    )


def _count_names(kind: Kind, names: list[str]) -> str:
    return f"{kind.singular} {quote_names(names)} is" if len(names) == 1 else f"{kind.plural} {quote_names(names)} are"


def _declared_names(kind: Kind, text: str) -> list[str]:
    return [" ".join(part.strip("^$") for part in match.groups() if part).strip() for match in kind.pattern.finditer(text)]


_RULE = re.compile(r"\bcheck_str\s*=|\bdeprecated_rule\s*=|\bscope_types\s*=|^\s*[\w.]+RULE_\w+|^RULE_\w+\s*=|['\"]role:|rule:")


def _compare_policies(changes: list[FileChange]) -> Iterator[Evidence]:
    """Changed defaults of who may do what, as oslo.policy declares them."""
    hits = []
    for change in changes:
        if change.path.endswith(".py") and change.before is not None and b"RuleDefault(" in (change.after or b""):
            lines = [line for line in change.removed if re.search(r"\bcheck_str\s*=|\brole:|\brule:|RULE_", line.text)]
            if lines and any(_RULE.search(line.text) for line in change.added):
                hits.append((change, lines))
    if hits:
        change, lines = hits[0]
        places = quote_names([each.path for each, _ in hits])
        message = f"Who may do what by default changes in {places}: {quote_name(lines[0].text.strip())} is gone."
        details = tuple(line.text.strip() for _, each in hits for line in each)
        yield Evidence(_ID, "policy-default", change.path, None, message, details[:40])


_NOT_PUBLIC = re.compile(r"(^|/)(internal|_\w+|tests?)(/|\.)|migrat")
_PUBLIC = {
    "py": re.compile(r"^(?:async )?(?:def|class) ([A-Za-z]\w*)", re.M),
    "go": re.compile(r"^(?:func (?:\([^)]*\) )?|type )([A-Z]\w*)", re.M),
    "js": re.compile(r"^(?:export (?:default )?(?:async )?(?:const|function|class|let)|(?:module\.)?exports\.)\s*(\w+)", re.M),
    "ts": re.compile(r"^export (?:default )?(?:async )?(?:const|function|class|let|interface|type)\s+(\w+)", re.M),
}


def _compare_public(changes: list[FileChange]) -> Iterator[Evidence]:
    gone: dict[str, FileChange] = {}
    now: set[str] = set()
    for change in changes:
        pattern = _PUBLIC.get(change.path.rpartition(".")[2])
        if pattern is None or _NOT_PUBLIC.search(change.path):
            continue
        now.update(name for line in change.added for name in pattern.findall(line.text))
        for name in [name for line in change.removed for name in pattern.findall(line.text)]:
            gone.setdefault(name, change)
    names = [name for name, change in gone.items() if name not in now]
    if names:
        first = gone[names[0]]
        fact = "export-removed" if len(names) < _MANY else "exports-removed"
        verb = "is" if len(names) == 1 else "are"
        message = f"{quote_names(names)} {verb} no longer in {quote_name(first.path)}: code and plugins outside may use it."
        yield Evidence(_ID, fact, first.path, None, message, tuple(f"{gone[name].path}: {name}" for name in names), tuple(names))


_MANY = 5
_SOURCE = re.compile(r"\.(py|go|js|ts|rb|pl|pm|java|php|rs|sh|j2)$")
_FEW_ADDED = 5


def _deleted_modules(changes: list[FileChange]) -> Iterator[Evidence]:
    deleted = [
        change for change in changes if change.after is None and _SOURCE.search(change.path) and is_production(change.path)
    ]
    if not deleted:
        return
    added = sum(len(change.new) for change in changes if change.before is None)
    removed = sum(len(change.old) for change in deleted)
    fact = "much-deleted" if len(deleted) >= _SEVERAL and removed > _FEW_ADDED * added else "file-deleted"
    message = f"Deletes {quote_names([change.path for change in deleted])}: what only this code did is no longer done."
    yield Evidence(_ID, fact, deleted[0].path, None, message, tuple(change.path for change in deleted))


_SEVERAL = 3


DETECTOR = Detector(
    _ID,
    "What others use that is no longer there: routes, commands, metrics, plugins, hooks, fields, public names of code.",
    "Scripts, clients, dashboards and plugins outside of the repository use it by its name.",
    FACTS,
    bad={
        "shop/urls.py": (
            'urlpatterns = [\n    path("cars/", cars),\n    path("buses/", buses),\n]\n',
            'urlpatterns = [\n    path("cars/", cars),\n]\n',
        ),
        "cmd/root.go": ('var c = &cobra.Command{\n\tUse: "sync",\n}\n', "var c = nil\n"),
        "shop/metrics.py": ('Counter("shop_sales_total", "Sales")\n', 'Counter("shop_sold_total", "Sales")\n'),
    },
    good={
        "shop/urls.py": (
            'urlpatterns = [\n    path("cars/", cars),\n]\n',
            'urlpatterns = [\n    path("cars/", views.cars),\n    path("buses/", buses),\n]\n',
        ),
        "shop/metrics.py": ('Counter("shop_sales_total", "Sales")\n', 'sales = Counter("shop_sales_total", "Sales, all")\n'),
        "tests/test_shop.py": ("def test_a():\n    pass\n", "def test_b():\n    pass\n"),
    },
    find=_find_interfaces,
)
