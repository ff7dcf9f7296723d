"""Files that a detector reads and could not read: those that make an answer unknown, and those that it names in a sentence.

What only developers have, and templates, which no parser reads as what their name says, leave nothing unknown: a detector that
reads by lines still sees them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Unread
from relbot.detect.engine.path_roles import is_development, is_documentation, is_translation, is_vendored
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relbot.detect.engine.model import ChangeSet, FileChange

_MOST_NAMED = 5
_TEMPLATE = re.compile(r"\.(j2|jinja2?|erb|ejs|tpl|tmpl|gotmpl|gohtml|hbs|mustache|in|template)(\.\w+)?$|(^|/)templates?/", re.I)
_FILLED_IN = re.compile(rb"\{\{|\{%|<%|<\?php|\$\{\{|@[A-Z_]{2,}@|%\([a-z_]+\)s|^(<{7}|>{7}) ", re.M)
"""Places that a template engine fills in."""
_READ = frozenset(
    "py pyi wsgi rb rake ru gemspec go js jsx mjs cjs tsx ts mts cts java kt kts cs php rs ex exs tf tfvars"
    " c cc cpp cxx h hpp hs scala clj cljs erl hrl lua swift dart pl pm r jl ml nim zig vb fs groovy cr d"
    " yml yaml json json5 jsonc toml xml ini conf cfg cnf config properties env sql proto graphql graphqls gql prisma"
    " avsc service timer socket target path mount sh bash ksh spec csproj props gradle mod sum lock txt in cron"
    " j2 jinja jinja2 erb tpl tmpl gotmpl mustache template example sample dist default defaults skel dockerfile containerfile"
    " gemfile lst conffiles install init sysconfig logrotate vcl pp policy rules".split()
)
"""Endings of the names of files that some detector reads."""


def describe_unread(changes: ChangeSet) -> tuple[str, ...]:
    """A sentence for each file whose changes are unknown: a detector reads its kind, and could not parse it."""
    broken = [change.path for change in changes.files if change.unread is Unread.BROKEN and _is_needed(change)]
    said = [f"relbot cannot parse `{path}`, so what changed in it is unknown. Look at the file." for path in broken[:_MOST_NAMED]]
    if len(broken) > _MOST_NAMED:
        said.append(f"relbot cannot parse {_count_files(len(broken) - _MOST_NAMED)} more.")
    return tuple(said)


def describe_partly_read(changes: ChangeSet) -> tuple[str, ...]:
    """What the detectors read in part or not at all, without making anything unknown: how many files, and why."""
    unread = [change for change in changes.files if change.unread is not None]
    large = [change for change in unread if change.unread is Unread.LARGE]
    templates = [change for change in unread if change.unread is Unread.BROKEN and not _is_aside(change) and _is_template(change)]
    aside = [change for change in unread if change.unread is Unread.BROKEN and _is_aside(change)]
    return tuple(
        f"{_count_files(len(files))} {why}"
        for files, why in (
            (large, "too large to be parsed"),
            (templates, "with places that a template fills in, read by lines"),
            (aside, "for tests, development or readers, which cannot be parsed"),
        )
        if files
    )


def describe_unread_kinds(paths: Iterable[str]) -> tuple[str, ...]:
    """A sentence about the files that no detector reads, by the endings of their names; nothing without such files."""
    found: dict[str, int] = {}
    for path in paths:
        ending = path.rpartition("/")[2].lstrip(".").rpartition(".")[2].lower()
        if "." in path.rpartition("/")[2].lstrip(".") and ending not in _READ and not _is_of_no_installation(path):
            found[ending] = found.get(ending, 0) + 1
    if not found:
        return ()
    named = _name_few([f"`.{ending}`" for ending in sorted(found)])
    return (f"{_count_files(sum(found.values()))} of kinds that no detector reads ({named})",)


def _name_few(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:_MOST_NAMED])} and {more} more"


def _is_needed(change: FileChange) -> bool:
    return not _is_aside(change) and not _is_template(change)


def _is_aside(change: FileChange) -> bool:
    return _is_of_no_installation(change.path)


def _is_of_no_installation(path: str) -> bool:
    return is_development(path) or is_documentation(path) or is_vendored(path) or is_translation(path)


def _is_template(change: FileChange) -> bool:
    if _TEMPLATE.search(change.path) is not None:
        return True
    return any(_FILLED_IN.search(content) is not None for content in (change.before, change.after) if content is not None)


def _count_files(count: int) -> str:
    return f"{count:,} file{'s' * (count != 1)}"
