"""Tasks that somebody runs by hand: rake tasks, management commands, scripts, commands that convert something once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_documentation, is_pipeline, is_test, is_vendored
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.engine.syntax import parse_sides
from relbot.detect.tasks.facts import FACTS
from relbot.detect.tasks.one_off import find_relied_on
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = "tasks"
_ONCE = re.compile(
    r"(^|[_\W])(migrat\w*|upgrad\w*|convert\w*|re_?index\w*|re_?comput\w*|re_?calculat\w*|re_?build\w*|back_?fill\w*|re_?hash\w*|re_?encrypt\w*"
    r"|dedup\w*|populate\w*|repair\w*|fix\w*|clean_?up\w*|purge\w*|re_?name\w*|split\w*|merge\w*|sync\w*|import\w*|initiali[sz]e\w*|adopt\w*|drop\w*)",
    re.I,
)
_SAYS_ONCE = re.compile(
    r"(?i)\brun (this |it |me )?(only |just )?once\b|\bone[- ](off|time)\b (task|command|script|job|migration)|\bonce after\b"
)
"""What a task says of itself that is run by hand, one time."""
_DEVELOPMENT = re.compile(
    r"(^|[/_.:-])(dev|devel|development|test|tests|testing|spec|ci|lint|docs?|release|bench|fixtures?|rubocop|coverage)([/_.:-]|$)",
    re.I,
)


class _Task(NamedTuple):
    name: str
    command: str
    change: FileChange


def _find_tasks(changes: ChangeSet) -> Iterator[Evidence]:
    changed = (each for each in changes.files if each.before != each.after or each.old_path != each.path)
    looked_at = [change for change in changed if _may_run(change.path)]
    yield from _find_rake_tasks(looked_at)
    yield from _find_management_commands(looked_at)
    yield from _find_scripts(looked_at)
    yield from _find_commands(looked_at)
    yield from _find_upgrade_code(looked_at)
    yield from find_relied_on(changes, _new_tasks(looked_at))


def _may_run(path: str) -> bool:
    return not (is_test(path) or is_pipeline(path) or is_vendored(path) or is_documentation(path))


_RAKE = re.compile(r"\.rake$|(^|/)Rakefile$")


def _find_rake_tasks(changes: list[FileChange]) -> Iterator[Evidence]:
    files = [change for change in changes if _RAKE.search(change.path)]
    names = {change.path: _rake_names(change) for change in files}
    old = {name: change for change in files for name in names[change.path][0]}
    new = {name: change for change in files for name in names[change.path][1]}
    yield from _compare_tasks(
        [
            _Task(name, f"bundle exec rake {name}", file)
            for name, file in new.items()
            if old.get(name) is not file or _moves(file)
        ],
        [_Task(name, "", file) for name, file in old.items() if new.get(name) is not file or _moves(file)],
        "rake task",
    )
    for change in files:
        before, after = names[change.path]
        if change.before is not None and change.after is not None and before == after:
            yield from _of_changed_lines(change)


def _of_changed_lines(change: FileChange) -> Iterator[Evidence]:
    lines = [line.text.strip() for line in (*change.removed, *change.added) if line.text.strip()[:1] not in ("", "#")]
    if lines and not _DEVELOPMENT.search(change.path):
        yield _make_evidence("changed", change, f"A rake task of {quote_name(change.path)} changes: {quote_name(lines[0])}.")


def _moves(change: FileChange) -> bool:
    return change.old_path != change.path


def _rake_names(change: FileChange) -> tuple[list[str], list[str]]:
    """The tasks of both sides of a Rakefile."""
    from relbot.detect.tasks.rake import read_rake_tasks  # a grammar, for Rakefiles

    sides = parse_sides(change)
    before, after = (side.root if side is not None else None for side in sides)
    return read_rake_tasks(before), read_rake_tasks(after)


def _new_tasks(changes: list[FileChange]) -> Iterator[_Task]:
    """Tasks and commands in files that are new."""
    for change in changes:
        if change.before is None and _RAKE.search(change.path):
            yield from (_Task(name, f"bundle exec rake {name}", change) for name in _rake_names(change)[1])
        elif change.before is None and (command := _MANAGEMENT.search(change.path)):
            yield _Task(command[2], f"python manage.py {command[2]}", change)
        elif change.before is None and (task := _MIX.search(change.path)):
            yield _Task(task[1], f"mix {task[1]}", change)
        elif change.before is None and _SCRIPT.search(change.path):
            yield _Task(change.path, change.path, change)


_MIX = re.compile(r"(?:^|/)lib/mix/tasks/([\w.]+)\.ex$")
_MANAGEMENT = re.compile(r"(^|/)management/commands/([a-z]\w*)\.py$")


def _find_management_commands(changes: list[FileChange]) -> Iterator[Evidence]:
    added: list[_Task] = []
    removed: list[_Task] = []
    for change in changes:
        new, old = _MANAGEMENT.search(change.path), _MANAGEMENT.search(change.old_path)
        if new and change.after is not None and (change.before is None or not old):
            added.append(_Task(new[2], f"python manage.py {new[2]}", change))
        elif old and (change.after is None or not new):
            removed.append(_Task(old[2], "", change))
        elif new and old and _moves(change):
            removed.append(_Task(old[2], "", change))
            added.append(_Task(new[2], f"python manage.py {new[2]}", change))
        elif new and change.removed and _ONCE.search(new[2]):
            yield _make_evidence("changed", change, f"The management command {quote_name(new[2])} changes.")
    yield from _compare_tasks(added, removed, "management command")


_SCRIPT = re.compile(r"(^|/)(s?bin|scripts?|contrib|tools|utils|hack)/([^/]+/)?[\w.-]+$")
_PROGRAM = re.compile(r"(^|/)(?:cmd|src/bin)/([\w-]+)(?:/main\.go|\.rs)$")
"""A program of its own in a repository of Go or Rust."""
_SCRIPT_TEXT = re.compile(r"^#!")


def _find_scripts(changes: list[FileChange]) -> Iterator[Evidence]:
    added: list[_Task] = []
    removed: list[_Task] = []
    for change in changes:
        for path, text, others in ((change.path, change.new, added), (change.old_path, change.old, removed)):
            is_script = _SCRIPT.search(path) and (_SCRIPT_TEXT.match(text) or path.endswith((".sh", ".pl", ".ps1")))
            program = _PROGRAM.search(path)
            if not is_script and (program is None or not _ONCE.search(program[2])):
                continue
            if _moves(change) or (change.before is None if others is added else change.after is None):
                others.append(_Task(path, path if others is added else "", change))
    yield from _compare_tasks(added, removed, "script", "script-")


def _find_commands(changes: list[FileChange]) -> Iterator[Evidence]:
    from relbot.detect.interfaces.declared import read_declared_commands  # grammars, for the few files that name such a word

    found: list[_Task] = []
    for change in changes:
        if change.after is not None and any(_ONCE.search(line.text[:400]) for line in change.added):
            names = [
                name
                for each in read_declared_commands(change)
                for name in each.new
                if name not in each.old and _ONCE.search(name)
            ]
            found += [_Task(name, name, change) for name in dict.fromkeys(names)]
    if found:
        names = [task.name for task in found]
        message = f"The command {quote_names(names)} is new, and its name suggests that it must run once."
        yield _make_evidence("command-added", found[0].change, message, names, Todo("before-restart", "", f"Run `{names[0]}`."))


_UPGRADE = re.compile(r"(^|/)(db_?)?upgrad(e|es|ing)(/|[^/]*\.\w+$)|(^|/)migrate_(from|to)_[^/]*\.\w+$", re.I)
_CODE = (".py", ".rb", ".go", ".js", ".ts", ".pl", ".pm", ".sh", ".php")


def _find_upgrade_code(changes: list[FileChange]) -> Iterator[Evidence]:
    """Code that is named after upgrading, which no framework of migrations runs."""
    hits = [
        change
        for change in changes
        if change.after is not None
        and change.path.endswith(_CODE)
        and _UPGRADE.search(change.path)
        and not re.search(r"(^|/)(migrations?|migrate|versions|alembic)/", change.path)
        and not _SCRIPT.search(change.path)
        and change.added
    ]
    if hits:
        yield _make_evidence(
            "upgrade-code",
            hits[0],
            f"Changes code that upgrades an installation, in {quote_names([change.path for change in hits])}.",
        )


def _compare_tasks(added: list[_Task], removed: list[_Task], what: str, prefix: str = "") -> Iterator[Evidence]:
    added = [task for task in added if not _DEVELOPMENT.search(task.name)]
    removed = [task for task in removed if not _DEVELOPMENT.search(task.name)]
    if removed:
        names = [task.name for task in removed]
        instead = f"; new: {quote_names([task.name for task in added])}" if added else ""
        message = f"The {what} {quote_names(names)} is gone{instead}: callers fail."
        yield _make_evidence(f"{prefix}removed", removed[0].change, message, names)
    once = [task for task in added if _ONCE.search(task.name) or _SAYS_ONCE.search(task.change.new[:20_000])]
    if once:
        names = [task.name for task in once]
        message = f"The {what} {quote_names(names)} is new. It looks like one that must run once."
        todo = Todo("before-restart", once[0].command, f"Run `{once[0].command}`.")
        yield _make_evidence(f"{prefix}once-added", once[0].change, message, names, todo)
    if rest := [task for task in added if task not in once]:
        names = [task.name for task in rest]
        yield _make_evidence(f"{prefix}added", rest[0].change, f"The {what} {quote_names(names)} is new.", names)


def _make_evidence(
    fact: str, change: FileChange, message: str, names: list[str] | None = None, todo: Todo | None = None
) -> Evidence:
    return Evidence(_ID, fact, change.path, None, message, tuple(names or ()), tuple(names or (change.path,)), todo)


DETECTOR = Detector(
    _ID,
    "Tasks that operators run by hand: rake tasks, Django's management commands, scripts, commands that convert data.",
    "A new task often has to run once. A removed task breaks its callers.",
    FACTS,
    bad={
        "lib/tasks/options.rake": (None, 'desc "Group the options"\ntask migrate_options: :environment do\n  run\nend\n'),
        "shop/management/commands/recompute_prices.py": (None, "class Command(BaseCommand):\n    pass\n"),
        "bin/restart": ("#!/bin/sh\nexec shop\n", None),
    },
    good={
        "lib/tasks/dev.rake": ("task a: :environment\n", "namespace :dev do\n  task :b do\n  end\nend\ntask a: :environment\n"),
        "shop/management/commands/prices.py": (
            "class Command(BaseCommand):\n    pass\n",
            "class Command(BaseCommand):\n    x = 1\n",
        ),
    },
    find=_find_tasks,
)
