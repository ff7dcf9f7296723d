"""What a project runs on: languages, base images, direct dependencies, and the versions that it demands of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_pipeline
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.runtime.backends import find_backends
from relbot.detect.runtime.facts import FACTS
from relbot.detect.runtime.images import base_image, is_dockerfile
from relbot.detect.runtime.in_code import find_minimums, find_required_packages
from relbot.detect.runtime.languages import Version, read_demands, version_numbers
from relbot.detect.runtime.manifests import Dependencies, manifest_reader
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = "runtime"


def _find_runtime(changes: ChangeSet) -> Iterator[Evidence]:
    for change in changes.files:
        if change.before is not None and change.after is not None:
            yield from _of_languages(change)
            if is_dockerfile(change.path):
                yield from _of_image(change)
            elif is_pipeline(change.path):
                yield from _of_matrix(change)
    yield from _of_dependencies(changes)
    yield from find_minimums(changes)
    yield from find_required_packages(changes)
    yield from find_backends(changes.files)


def _of_languages(change: FileChange) -> Iterator[Evidence]:
    new = read_demands(change.path, change.new)
    if not new:
        return
    old = {(demand.of, demand.oldest): demand.version for demand in read_demands(change.path, change.old)}
    for of, now, oldest in new:
        was = old.get((of, oldest))
        if was is None or was == now:
            continue
        fact, verb = _of_version(of, was, now, oldest)
        change_of = f"{verb} {of} {_join_version(now)} instead of {_join_version(was)}"
        message = f"{quote_name(change.path)} {change_of}: every host that runs this needs it first."
        yield Evidence(
            _ID, fact, change.path, None, message, (), (of,), Todo("before-install", "", f"Install {of} {_join_version(now)}.")
        )


def _of_version(of: str, was: Version, now: Version, oldest: bool) -> tuple[str, str]:  # noqa: FBT001 - a field of a demand
    if of.startswith("the Go"):
        return "go-directive", "demands"
    if not oldest:
        return ("language-pinned" if was[:2] != now[:2] else "language-patch"), "pins"
    if now < was:
        return "language-lowered", "allows"
    return "language-raised", "demands"


def _of_image(change: FileChange) -> Iterator[Evidence]:
    old, new = base_image(change.old), base_image(change.new)
    if old is None or new is None or old == new:
        return
    fact = "base-image-replaced" if old.name != new.name else "base-image-major"
    was, now = (" ".join(part for part in image if part) for image in (old, new))
    message = f"The image of {quote_name(change.path)} is based on {quote_name(now)} instead of {quote_name(was)}."
    yield Evidence(_ID, fact, change.path, None, message, (), (new.name,))


class _Change(NamedTuple):
    change: FileChange
    removed: dict[str, str]
    added: dict[str, str]
    major: dict[str, str]


def _of_dependencies(changes: ChangeSet) -> Iterator[Evidence]:
    diffs = [diff for change in changes.files if (diff := _compare_manifests(change))]
    # What moved from one manifest to another is still there.
    still = {name for diff in diffs for name in diff.added}
    gone = {name for diff in diffs for name in diff.removed}
    for diff in diffs:
        if not diff.change.path.endswith("go.mod"):
            removed = [name for name in diff.removed if name not in still]
            yield from _of_replaced(diff, removed, [name for name in diff.added if name not in gone])
            yield from _of_moved(diff, still & diff.removed.keys(), gone & diff.added.keys())
        if diff.major:
            yield _of_major(diff)
    if gone and not still and gone <= _go_removed(diffs):
        diff = next(diff for diff in diffs if diff.removed)
        message = f"{quote_name(diff.change.path)} no longer depends on {quote_names(list(diff.removed))}."
        yield _about_dependencies("module-removed", diff, message, list(diff.removed))


def _of_replaced(diff: _Change, removed: list[str], added: list[str]) -> Iterator[Evidence]:
    file = quote_name(diff.change.path)
    if removed:
        driver = any(_DRIVER.search(name) for name in removed)
        fact = "driver-removed" if driver else "dependency-replaced" if added else "dependency-removed"
        yield _about_dependencies(fact, diff, f"{file} no longer depends on {quote_names(removed)}.", removed)
    if added:
        fact = "driver-added" if any(_DRIVER.search(name) for name in added) else "dependency-added"
        yield _about_dependencies(fact, diff, f"{file} now depends on {quote_names(added)}.", added)


def _of_moved(diff: _Change, left: set[str], come: set[str]) -> Iterator[Evidence]:
    """What each of two manifests says alone of a driver that moves from one to the other, and what answers both."""
    file = quote_name(diff.change.path)
    for fact, names, says in (
        ("driver-removed", left, "no longer depends on"),
        ("driver-added", come, "now depends on"),
        ("driver-moved", come, "has, from another manifest,"),
    ):
        if drivers := sorted(filter(_DRIVER.search, names)):
            yield _about_dependencies(fact, diff, f"{file} {says} {quote_names(drivers)}.", drivers)


def _of_major(diff: _Change) -> Evidence:
    framework = [name for name in diff.major if _FRAMEWORK.search(name)]
    fact = "module-major" if diff.change.path.endswith("go.mod") else "dependency-major"
    if framework or any(_DRIVER.search(name) for name in diff.major):
        fact = "framework-major" if framework else "driver-major"
    message = f"{quote_name(diff.change.path)} requires another major version of {quote_names(framework or list(diff.major))}."
    return _about_dependencies(fact, diff, message, [f"{name}: {how}" for name, how in diff.major.items()])


def _go_removed(diffs: list[_Change]) -> set[str]:
    return {name for diff in diffs if diff.change.path.endswith("go.mod") for name in diff.removed}


def _about_dependencies(fact: str, diff: _Change, message: str, details: list[str]) -> Evidence:
    return Evidence(
        _ID, fact, diff.change.path, None, message, tuple(details), tuple(detail.partition(":")[0] for detail in details)
    )


# By what they are to an installation: a framework's major version changes what it demands of everything around it, and
# a driver's removal means that the service behind it is no longer spoken to.
_FRAMEWORK = re.compile(
    r"^(django|rails|flask|twisted|celery|fastapi|tornado|pyramid|express|next|nuxt|react|vue|@angular/core|sinatra|spring-boot[\w.-]*|org\.springframework\.boot|spring.*|laravel/framework|laravel.*|symfony/(framework-bundle|symfony)|phoenix|actix-web|axum|ktor-server[\w-]*|io\.ktor\.plugin|micronaut[\w.-]*|io\.micronaut[\w.-]*|oban|ecto_sql|mongoose|sequelize|typeorm|fastify|koa|@nestjs/core|@hapi/hapi|doctrine/orm|yiisoft/yii2|cakephp/cakephp|slim/slim|starlette|aiohttp|sanic|org\.hibernate(\.orm)?:hibernate-core|hibernate-core|rocket|Microsoft\.AspNetCore[\w.]*|Microsoft\.EntityFrameworkCore[\w.]*|quarkus.*"
    r"|sidekiq|puma|unicorn|passenger|gunicorn|uwsgi|node|gin|echo)$"
)
_DRIVER = re.compile(
    r"(^|[-_/@])(mysql2?|mysqlclient|pymysql|psycopg2?(-binary)?|pg|postgres\w*|mongo\w*|rediss?|memcached?|"
    r"dalli|pylibmc|sqlite3?|cassandra\w*|gocql"
    r"|elasticsearch|opensearch\w*|kafka\w*|amqp\w*|rabbit\w*|pika|kombu|ldap\w*|pysnmp\w*|boto3?|oracle\w*|mssql\w*|sphinx(?=$)|thinking-sphinx|solr\w*|etcd\w*|consul)"
    r"($|[-_/])",
    re.I,
)


def _compare_manifests(change: FileChange) -> _Change | None:
    read = manifest_reader(change.path)
    if read is None or change.before is None or change.after is None:
        return None
    old, new = read(change.old), read(change.new)
    if old is None or new is None or old == new or not new:
        return None
    removed = {name: asked for name, asked in old.items() if name not in new}
    added = {name: asked for name, asked in new.items() if name not in old}
    return _Change(change, removed, added, _major_changes(old, new))


def _major_changes(old: Dependencies, new: Dependencies) -> dict[str, str]:
    found = {}
    for name, now in new.items():
        was = old.get(name, now)
        before, after = _lowest_version(was), _lowest_version(now)
        if before and after and before[0] != after[0] and after[0] < _MOST_MAJOR:
            found[name] = f"{was} → {now}"
    return found


_ASKED = re.compile(r"(?<![<!\d.])(?:==|>=|~=|~>|\^|~|=|>|v)?\s{0,9}(\d+(?:\.\d+)*)")
_MOST_MAJOR = 1900
"""Beyond it stand years: calendar versions have no major part."""


def _lowest_version(asked: str) -> Version:
    match = _ASKED.search(re.sub(r"(<=?|!=)\s*[\w.]+", "", asked))
    return version_numbers(match[1]) if match else ()


_MATRIX = re.compile(
    r"\b(python|node|ruby|go|golang|mongo(?:db)?|postgres(?:ql)?|mysql|mariadb|redis|elasticsearch|php|java|os|rvm)"
    r"(?:[-_ ]?versions?)?['\"]?\s{0,80}[:=]\s{0,200}"
    r"(\[[^\]\n]{0,500}\]|['\"]?[\d.x]{1,80}['\"]?)",
    re.I,
)
_TOX = re.compile(r"\b(?:py|openstack-tox-py|openstack-python)(\d)\.?(\d{1,2})\b")
_ENTRY = re.compile(r"\d+(?:\.\d+)*")


def _of_matrix(change: FileChange) -> Iterator[Evidence]:
    old, new = _tested_versions(change.old), _tested_versions(change.new)
    for of, versions in old.items():
        left = new.get(of)
        if left and min(left) > min(versions):
            message = (
                f"{quote_name(change.path)} no longer tests {of}"
                f" {_join_version(min(versions))}: the oldest is {_join_version(min(left))} now."
            )
            yield Evidence(_ID, "matrix-dropped", change.path, None, message, (), (of,))


def _tested_versions(text: str) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for of, values in _MATRIX.findall(text):
        found.setdefault(of.lower(), set()).update(version_numbers(each) for each in _ENTRY.findall(values))
    for major, minor in _TOX.findall(text):
        found.setdefault("python", set()).add((int(major), int(minor)))
    return {of: versions for of, versions in found.items() if versions}


def _join_version(numbers: Version) -> str:
    return ".".join(map(str, numbers))


DETECTOR = Detector(
    _ID,
    "The runtime: versions of languages, base images, major versions and removals of direct dependencies.",
    "Hosts need the new version before the deploy, or still rely on something that is removed.",
    FACTS,
    bad={
        "setup.py": ('setup(python_requires=">=3.8")\n', 'setup(python_requires=">=3.10")\n'),
        "Dockerfile": ("FROM python:3.8-slim\n", "FROM python:3.11-slim\n"),
        "requirements.txt": ("django==3.2.1\n", "django==4.2.0\n"),
    },
    good={
        "setup.py": ('setup(python_requires=">=3.8", name="a")\n', 'setup(python_requires=">=3.8", name="b")\n'),
        "Dockerfile": ("FROM python:3.8.1-slim\n", "FROM python:3.8.2-slim\n"),
        "requirements.txt": ("django==3.2.1\n", "django==3.2.4\n"),
        "requirements-dev.txt": ("pytest==6.0\n", "pytest==8.0\n"),
    },
    find=_find_runtime,
)
