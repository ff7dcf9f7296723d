"""What others use and what is no longer there: routes, commands, metrics, plugins, public names of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange
from relbot.detect.engine.path_roles import is_documentation, is_production, is_test
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.interfaces.answer_formats import read_other_switches
from relbot.detect.interfaces.facts import FACTS
from relbot.detect.interfaces.moved_prefixes import MovedPrefixes
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.interfaces.declared import BothNames
    from relbot.detect.interfaces.kinds import KindOfThing

_ID = "interfaces"


class _Gone(NamedTuple):
    kind: KindOfThing
    change: FileChange
    name: str


def _find_interfaces(changes: ChangeSet) -> Iterator[Evidence]:
    looked_at = [change for change in changes.files if _looked_at(change)]
    yield from _compare_declared(looked_at)
    yield from _compare_answers(looked_at)
    yield from _compare_policies(looked_at)
    yield from _compare_public(looked_at)
    yield from _deleted_modules(looked_at)


_CODE = re.compile(
    r"\.(py|go|[cm]?[jt]sx?|rb|jbuilder|php|java|kts?|cs|exs?|pl|pm|rs|ya?ml|json|cfg|toml|sh|bash|gradle|[cfv][sb]proj)$|(^|/)pom\.xml$|(^|/)s?bin/[^/.]+$|(^|/)(Rakefile|config\.ru)$"
)


def _looked_at(change: FileChange) -> bool:
    if not _CODE.search(change.path) or is_test(change.path) or change.before == change.after:
        return False
    return not is_documentation(change.path) or "openapi" in change.path or "swagger" in change.path


def _compare_declared(changes: list[FileChange]) -> Iterator[Evidence]:
    """What is declared before and nowhere in the files of the change set after."""
    from relbot.detect.interfaces.declared import read_declared  # grammars, which change sets without code need not load

    found = [both for change in changes for both in read_declared(change)]
    for kind in dict.fromkeys(both.kind for both in found):
        sides = [both for both in found if both.kind == kind]
        before = {name for both in sides for name in both.old}
        after = {name for both in sides for name in both.new}
        fresh = sorted(after - before)
        come = _find_new_paths(sides, before)
        gone = [
            _Gone(kind, both.change, name)
            for both in sides
            for name in dict.fromkeys(both.old)
            if name not in after and not _stays(name, both.change, before, after, come)
        ]
        if kind.id in ("route", "probe", "callback"):
            gone = MovedPrefixes(changes, before, after).without_kept(gone)
        if gone:
            yield _declared_evidence(gone, [name for name in fresh if "{" not in name or kind.id != "metric"])


def _find_new_paths(sides: list[BothNames], before: set[str]) -> list[tuple[str, FileChange]]:
    """The last parts of the names that came, each with the file that declares it."""
    return [(name.rpartition(" ")[2], both.change) for both in sides for name in both.new if name not in before]


def _stays(name: str, change: FileChange, before: set[str], after: set[str], come: list[tuple[str, FileChange]]) -> bool:
    """Whether a name has the same meaning outside: for every method now, below a group of another file, or told already."""
    method, _, path = name.rpartition(" ")
    if change.path.endswith(".rb") and _IN_LOOP.search(change.new) and path.rpartition("/")[2] in _LISTED.findall(change.new):
        return True
    if path and f"ANY {path}" in after:
        return True
    if "{" in name and not method and name.partition("{")[0] in before - after:
        return True  # a label of a metric that is gone itself
    return any(path.endswith(fresh) for fresh, where in come if where is not change) or _is_in_table(path, change, after)


def _is_in_table(path: str, change: FileChange, after: set[str]) -> bool:
    """Whether a file has the whole path of a route as often as before, and declares it by no name: a loop over them does."""
    if not path.startswith("/") or any(name.endswith(path) for name in after):
        return False
    written = re.compile(rf"[\"'`](?:[A-Z]+ )?{re.escape(path).replace(_ESCAPED, _ANY_PLACE)}[\"'`]")
    return 0 < len(written.findall(change.old)) <= len(written.findall(change.new))


_ESCAPED = r"\{\}"
_ANY_PLACE = r"(?:\{[^{}/]*\}|:\w+|<[^<>/]*>)"
"""A part of a path that a request fills in, as frameworks write it."""


_IN_LOOP = re.compile(r"(?m)^[ \t]*(?:get|post|put|patch|delete|match|resources?) [a-z_]\w*,")
"""Routes of Rails that a loop declares."""
_LISTED = re.compile(r"(?:(?<=[\[\s])|(?<=[\"':]))([a-z][\w-]*)(?=[\]\s\"',])")


def _declared_evidence(gone: list[_Gone], fresh: list[str]) -> Evidence:
    names = list(dict.fromkeys(each.name for each in gone))
    first = gone[0]
    kind = first.kind
    fact = f"{kind.id}-renamed" if fresh else f"{kind.id}-removed"
    what = f"The {_count_names(kind, names)} no longer declared"
    instead = f"; new: {quote_names(fresh)}" if fresh else ""
    details = tuple(dict.fromkeys(f"{each.change.path}: {each.name}" for each in gone))
    return Evidence(
        _ID, fact, first.change.path, None, f"{what}{instead}. Callers that use the old name fail.", details, tuple(names)
    )


def _count_names(kind: KindOfThing, names: list[str]) -> str:
    return f"{kind.singular} {quote_names(names)} is" if len(names) == 1 else f"{kind.plural} {quote_names(names)} are"


def _compare_answers(changes: list[FileChange]) -> Iterator[Evidence]:
    """Switches of serializers that come or go: they change how all answers are written."""
    for change in changes:
        if switches := read_other_switches(change):
            message = f"Answers are written in another way: {quote_names(switches)} in {quote_name(change.path)}."
            yield Evidence(_ID, "answers-rewritten", change.path, None, message, tuple(switches), tuple(switches))


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
        message = f"The default permissions change in {places}: {quote_name(lines[0].text.strip())} is gone."
        details = tuple(line.text.strip() for _, each in hits for line in each)
        yield Evidence(_ID, "policy-default", change.path, None, message, details[:40], (change.path,))


_NOT_PUBLIC = re.compile(r"(^|/)(internal|_\w+|tests?)(/|\.)|migrat")
_PUBLIC = {
    "py": re.compile(r"^(?:async )?(?:def|class) ([A-Za-z]\w*)", re.M),
    "go": re.compile(r"^(?:func (?:\([^()]*\) )?|type )([A-Z]\w*)", re.M),
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
        message = f"{quote_names(names)} {verb} no longer in {quote_name(first.path)}: other repositories may use it."
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
    message = (
        f"Deletes {quote_names([change.path for change in deleted])}: if only this code did something, that no longer happens."
    )
    yield Evidence(_ID, fact, deleted[0].path, None, message, tuple(change.path for change in deleted))


_SEVERAL = 3


DETECTOR = Detector(
    _ID,
    "Removed interfaces: routes, commands, metrics, plugins, hooks, fields, public names in code.",
    "Scripts, clients, dashboards and plugins outside of the repository use these names.",
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
