"""What an installation keeps its data, files and jobs in, where code or configuration names it: other engines and stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Evidence, Todo
from relbot.detect.engine.path_roles import is_documentation, is_translation, is_vendored
from relbot.detect.engine.phrases import quote_name
from relbot.detect.runtime.engines import is_major_change, keeps_data
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import FileChange, Line

_FAMILIES = ("postgres", "postgis", "mysql", "mariadb", "sqlite", "mongo", "oracle", "sqlserver", "mssql", "cockroach")
_NAMED = re.compile(
    r"""^[ \t]*(?:["']?)(?P<key>adapter|provider|ENGINE|dialect|driver|client|database_type|DB_CONNECTION|engine)["']?\s*"""
    r"""(?:=>|[:=])\s*(?P<value>["']?[\w.:]+)""",
    re.I,
)
_USED = re.compile(r"\.Use(Npgsql|SqlServer|MySql|MySQL|Sqlite|Oracle|Cosmos)\b")
"""How EF Core is told its database."""
_STORES = (
    (
        "storage-replaced",
        re.compile(r"\b(active_storage\.service|DEFAULT_FILE_STORAGE)\b\W+([\w:.]+)"),
    ),
    ("queue-replaced", re.compile(r"\b(active_job\.queue_adapter|queue_adapter)\b\W+([\w:.]+)")),
    ("sessions-replaced", re.compile(r"\b(session_store|SESSION_ENGINE)\b\W+([\w:.]+)")),
    ("framework-defaults", re.compile(r"\b(load_defaults|SetCompatibilityVersion|DEFAULT_AUTO_FIELD)\b\W+([\w:.]+)")),
)
_SAYS = {
    "database-replaced": "The database system changes",
    "storage-replaced": "The file store changes",
    "queue-replaced": "The queue of background jobs changes",
    "sessions-replaced": "The session store changes",
    "framework-defaults": "A set of the framework's defaults changes",
    "cluster-version": "The chart requires another version of Kubernetes",
    "engine-major": "The major version of a database, a search engine or a broker changes",
}
_BACK_UP = Todo("before-install", "", "Back up the data and convert it for the other version.")
_LONGEST = 400


def find_backends(changes: Iterable[FileChange]) -> Iterator[Evidence]:
    """Evidence about each file that names another engine, store or set of defaults than before."""
    for change in changes:
        if change.before is None or change.after is None or change.before == change.after:
            continue
        if is_documentation(change.path) or is_vendored(change.path) or is_translation(change.path):
            continue
        name = change.path.rpartition("/")[2]
        if name.endswith((".tf", ".tofu")):
            yield from _compare_terraform(change)
        elif name in ("Chart.yaml", "requirements.yaml"):
            yield from _compare_chart(change)
        else:
            yield from _compare_lines(change)


def _compare_lines(change: FileChange) -> Iterator[Evidence]:
    was, now = _named_backends(change, "removed"), _named_backends(change, "added")
    for (fact, key), value in now.items():
        before = was.get((fact, key))
        if before is not None and before != value:
            yield _backend_evidence(fact, change, key, before, value)


_WORDS = (
    *("adapter", "provider", "engine", "dialect", "driver", "client", "database_type", "db_connection"),
    *("active_storage.service", "default_file_storage", "session_store", "load_defaults", "setcompatibilityversion"),
    *("default_auto_field", ".usenpgsql", ".usesqlserver", ".usemysql", ".usesqlite", ".useoracle", ".usecosmos"),
)
"""One of them, in small letters, is in each line that names a store: to look for them takes a tenth of the time."""


def names_store(text: str) -> bool:
    """Whether a text may have a line that names a store."""
    small = text.lower()
    return any(word in small for word in _WORDS)


def _named_backends(change: FileChange, side: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    lines: tuple[Line, ...] = getattr(change, side)
    if not names_store(change.removed_text if side == "removed" else change.added_text):
        return found
    for line in lines:
        text = line.text[:_LONGEST]
        if used := _USED.search(text):
            found["database-replaced", "Use..."] = used[1].lower()
        named = _NAMED.match(text)
        if named and (family := _database_family(named["value"])):
            found["database-replaced", named["key"]] = family
        for fact, pattern in _STORES:
            if store := pattern.search(text):
                found[fact, store[1]] = store[2].lstrip(":")
    return found


def _database_family(value: str) -> str:
    return next((family for family in _FAMILIES if family in value.lower()), "")


_RESOURCE = re.compile(r'^resource\s+"([\w-]+)"\s+"([\w-]+)"\s*\{((?:(?!^resource\s).)*?)^\}', re.M | re.S)
_ENGINE_VERSION = re.compile(r'^[ \t]*(?:engine_version|database_version)[ \t]{0,20}=[ \t]{0,20}"([^"\n]+)"', re.M)


def _compare_terraform(change: FileChange) -> Iterator[Evidence]:
    old, new = ({f"{kind}.{name}": body for kind, name, body in _RESOURCE.findall(text)} for text in (change.old, change.new))
    for resource, body in new.items():
        was, now = _ENGINE_VERSION.search(old.get(resource, "")), _ENGINE_VERSION.search(body)
        if was and now and is_major_change(was[1], now[1]):
            yield _backend_evidence("engine-major", change, resource, was[1], now[1], _BACK_UP)


_CHART = re.compile(r"^[ \t]*-\s+name:[ \t]{0,20}['\"]?([\w.-]+)['\"]?\s*\n((?:(?![ \t]*-\s).*\n?)*)", re.M)
_KUBE_VERSION = re.compile(r"^kubeVersion:\s*(\S[^\n#]{0,80})", re.M)
_CHART_VERSION = re.compile(r"^[ \t]*version:[ \t]{0,20}['\"]?([^\s'\"]+)", re.M)


def _compare_chart(change: FileChange) -> Iterator[Evidence]:
    cluster = _KUBE_VERSION.search(change.new)
    if cluster is not None and _KUBE_VERSION.search(change.old) is None:  # another one is told with the other platforms
        yield _backend_evidence("cluster-version", change, "kubeVersion", "any", cluster[1])
    old, new = (dict(_CHART.findall(text)) for text in (change.old, change.new))
    for name, body in new.items():
        was, now = _CHART_VERSION.search(old.get(name, "")), _CHART_VERSION.search(body)
        if was and now and is_major_change(was[1], now[1]):
            fact, todo = ("engine-major", _BACK_UP) if keeps_data(name) else ("chart-major", None)
            yield _backend_evidence(fact, change, name, was[1], now[1], todo)


def _backend_evidence(fact: str, change: FileChange, key: str, before: str, after: str, todo: Todo | None = None) -> Evidence:
    says = _SAYS.get(fact, "The major version of a dependency of the chart changes")
    message = f"{says}: {quote_name(key)} of {quote_name(change.path)} is {quote_name(after)} now, {quote_name(before)} before."
    return Evidence("runtime", fact, change.path, None, message, (f"{key}: {before} → {after}",), (key,), todo)
