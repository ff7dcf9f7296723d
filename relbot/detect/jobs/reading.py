"""Background jobs that a file declares, with their arguments, and the schedules by which code starts work."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import CALLS, arguments_of, assigned_name, callee_of, string_value
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.jobs.names import BY_MODULE
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_HINT = re.compile_at_words(
    rb"handle_asynchronously|@queue|Sidekiq|ApplicationJob|ActiveJob|Resque|_task\b|\.task\b|dramatiq|ShouldQueue|IConsumer<|Oban\.Worker|crontab|[cC]ron|[sS]chedule|AddFunc|add_job|AddOrUpdate|agenda\.",
    "handle_asynchronously @queue Sidekiq ApplicationJob ActiveJob Resque _task .task dramatiq ShouldQueue IConsumer< Oban.Worker"
    " cron Cron schedule Schedule AddFunc add_job AddOrUpdate agenda.",
)
_JOB_WORDS = re.compile(rb"[@.]\s*(?:shared_task|task|periodic_task|actor|db_task|job)(?!\w)")
"""What a file of Python has that declares a job."""
_LIKELY_JOBS = (
    b"handle_asynchronously",
    b"Sidekiq",
    b"Job",
    b"Worker",
    b"Resque",
    b"@queue",
    b"SuckerPunch",
    b"task",
    b"job",
    b"actor",
    b"ShouldQueue",
    b"IConsumer<",
)
_LIKELY_SCHEDULES = (
    b"cron",
    b"Cron",
    b"Scheduled",
    b"Scheduler",
    b"AddFunc",
    b"AddOrUpdate",
    b"$schedule",
    b"Schedule::",
    b"add_job",
    b"agenda.",
    b"DAG(",
    b"@dag",
)
"""A word of each of those below: to look for them takes a tenth of the time."""
_SCHEDULE_WORDS = re.compile(b"|".join([*map(re.escape, _LIKELY_SCHEDULES), rb"[\"'][\d*/,-]+ [\d*/,?-]+ [\d*/,?-]+ "]))
_CRON = re.compile(r"(?:[\d*?/,-]+ ){1,2}[\d*?/,-]+ [\d*?/,LW-]+ [\w*?/,-]+ [\w*?/,#-]+(?: [\d*/,-]+)?")
"""Five or more parts of cron: `0 4 * * 1`, `0 0 3 * * ?`."""
_RUBY_JOB = re.compile(r"Job$|Worker$|ActiveJob::Base")
_RUBY_MIXIN = re.compile(r"\binclude\s+(Sidekiq::(Worker|Job)|Resque::\w+|SuckerPunch::Job)\b")
_RESQUE = re.compile(r"(?m)^[ \t]++@queue\s*+=")
_PYTHON_JOB = re.compile(r"(^|\.)(shared_task|task|periodic_task|actor|db_task|job)$")
_OF_CELERY = re.compile(r"(^|\.)(shared_task|task|periodic_task)$")
_SCHEDULES = re.compile(
    r"(^|[.:>])(crontab|Scheduled|CronTrigger|cron\.schedule|AddFunc|cron|CronJob|AddOrUpdate(<[^<>]*>)?|Cron|Interval|add_job|scheduled_job|add_cron_job|new_?[cC]ron|agenda\.(every|schedule)|(?<![\w.])(DAG|dag))$"
)
_FLUENT = re.compile(r"^(?:\$schedule->|Schedule::)(?:command|job|call|exec)\((.*?)\)->")
_NAMES = re.compile(r"[A-Z][\w.:]*")


def may_declare_jobs(content: bytes, language: str, path: str) -> bool:
    """Whether a file may declare jobs or schedules: a look at its path and its bytes, before it is parsed."""
    if language == "php" and _MESSAGES in f"/{path}":
        return b"class " in content
    return (_has_schedules(content) or _has_jobs(content, language)) and _HINT.search(content) is not None


def _has_schedules(content: bytes) -> bool:
    return any(word in content for word in _LIKELY_SCHEDULES)


def _has_jobs(content: bytes, language: str) -> bool:
    if language not in _WITH_JOBS or not any(word in content for word in _LIKELY_JOBS):
        return False
    return language != "python" or _JOB_WORDS.search(content) is not None


def read_jobs(tree: SyntaxTree, language: str, path: str) -> Iterator[Item]:
    """The jobs of a parsed file: their names as the queue has them, and as value how many arguments they take: `1-2`."""
    if not _has_jobs(tree.source, language) and not (language == "php" and _MESSAGES in f"/{path}"):
        return
    for node in tree.walk(tree.lines_with(_JOB_WORDS) if language == "python" else None):
        found = _handled_later(node) if language == "ruby" and node.type == "call" else _declared_job(node, tree, language, path)
        if found is not None:
            yield found


def _handled_later(node: Node) -> Item | None:
    """The method that `handle_asynchronously` makes a job."""
    method = next(iter(arguments_of(node).positional), None) if callee_of(node) == "handle_asynchronously" else None
    return Item("job", text_of(method).lstrip(":"), "", line_of(node)) if method is not None else None


def _declared_job(node: Node, tree: SyntaxTree, language: str, path: str) -> Item | None:
    """The job that a node declares, in the way of its language."""
    match language, node.type:
        case "ruby", "class":
            return _ruby_job(node)
        case "python", "decorated_definition":
            return _python_job(node)
        case "php", "class_declaration":
            return _php_job(node, tree, path)
        case "c_sharp", "class_declaration":
            return _consumer(node)
        case "elixir", "call":
            return _elixir_job(node)
    return None


_WITH_JOBS = frozenset(("ruby", "python", "php", "elixir", "c_sharp"))
_MESSAGES = "/Message/"
"""The folder of Symfony's messages: those that wait name their class."""
_NAMESPACE = re.compile(rb"(?m)^namespace ([\w\\]{1,200});")
_CONSUMES = re.compile(r":[^{}]{0,200}\bIConsumer<")


def _php_job(node: Node, tree: SyntaxTree, path: str) -> Item | None:
    """A job of Laravel, by its own name; a message of Symfony, by that with its namespace."""
    if any(child.type == "class_interface_clause" and "ShouldQueue" in text_of(child) for child in node.named_children):
        return Item("job", text_of(node.child_by_field_name("name")), "", line_of(node))
    return Item("job", _whole_name(node, tree), "", line_of(node)) if _MESSAGES in f"/{path}" else None


def _whole_name(node: Node, tree: SyntaxTree) -> str:
    """The name of a class of PHP with its namespace."""
    found = _NAMESPACE.search(tree.source)
    name = text_of(node.child_by_field_name("name"))
    return f"{found[1].decode()}\\{name}" if found is not None else name


def _consumer(node: Node) -> Item | None:
    """MassTransit's class that takes messages: its queue is named after it."""
    head = text_of(node)[:400].partition("{")[0]
    return Item("job", text_of(node.child_by_field_name("name")), "", line_of(node)) if _CONSUMES.search(head) else None


def _ruby_job(node: Node) -> Item | None:
    name = text_of(node.child_by_field_name("name"))
    bodies = [child for child in node.named_children if child.type == "body_statement"]
    inherits = _RUBY_JOB.search(text_of(node.child_by_field_name("superclass"))) is not None
    if _RESQUE.search(text_of(node)[:400]) is not None:
        return Item("job", name, "", line_of(node))
    if not inherits and not any(_RUBY_MIXIN.search(text_of(child)) for body in bodies for child in body.named_children):
        return None
    methods = [child for body in bodies for child in body.named_children if child.type == "method"]
    perform = next((each for each in methods if text_of(each.child_by_field_name("name")) == "perform"), None)
    return Item("job", name, _count_arguments(perform), line_of(node)) if perform is not None else None


def _python_job(node: Node) -> Item | None:
    for decorator in (child for child in node.named_children if child.type == "decorator"):
        what = decorator.named_children[0] if decorator.named_children else decorator
        call = what if what.type in CALLS and what.type != "attribute" else None
        callee = callee_of(call) if call is not None else text_of(what)
        if not _PYTHON_JOB.search(callee):
            continue
        definition = node.child_by_field_name("definition")
        given = arguments_of(call).named if call is not None else {}
        said = string_value(given.get("name"))
        name = said or text_of(definition.child_by_field_name("name") if definition else None)
        by_module = f" {BY_MODULE}" if said is None and _OF_CELERY.search(callee) else ""
        return Item("job", name, _count_arguments(definition) + by_module, line_of(node))
    return None


def _elixir_job(node: Node) -> Item | None:
    if text_of(node.child_by_field_name("target")) != "defmodule" or not re.search(r"\buse Oban\.(Pro\.)?Worker", text_of(node)):
        return None
    name = _NAMES.search(text_of(node)[len("defmodule") :])
    return Item("job", name[0], "", line_of(node)) if name is not None else None


def _count_arguments(function: Node | None) -> str:
    """From how many to how many positional arguments a function takes, and the names of those that it demands by name."""
    parameters = function.child_by_field_name("parameters") if function is not None else None
    least = most = 0
    demanded: list[str] = []
    for each in parameters.named_children if parameters is not None else ():
        kind, text = each.type, text_of(each)
        if text in ("self", "cls", "task"):
            continue
        if kind == "keyword_parameter":
            demanded += [text.rstrip(": ")] if each.child_by_field_name("value") is None else []
        elif "splat" in kind or "hash" in kind:
            most = _ANY_NUMBER
        elif "separator" in kind or "block" in kind:
            continue
        else:
            optional = "default" in kind or kind == "optional_parameter"
            least, most = least + (not optional), most + 1
    return " ".join([f"{least}-{most}", *sorted(demanded)])


_ANY_NUMBER = 99


def read_schedules(tree: SyntaxTree) -> Iterator[Item]:
    """The schedules that code declares, each under what it starts."""
    if not _has_schedules(tree.source):
        return
    for node in tree.walk(tree.lines_with(_SCHEDULE_WORDS)):
        if (when := string_value(node)) is not None and _CRON.fullmatch(when) is not None and not _is_in_schedule(node, tree):
            yield Item("schedule", ".".join([*_names_around(node), *_started_by(node, tree)]) or "schedule", when, line_of(node))
        if node.type not in CALLS or node.type == "attribute":
            continue
        callee = callee_of(node)
        if fluent := _FLUENT.match(callee):
            yield Item("schedule", fluent[1].strip("'\""), callee[fluent.end() :] + text_of(node)[len(callee) :], line_of(node))
        elif _SCHEDULES.search(callee):
            given = arguments_of(node)
            every = callee.endswith(("add_job", "scheduled_job")) or "AddOrUpdate" in callee
            said = [*(given.positional if every else given.positional[:1]), *given.named.values()]
            if callee in ("DAG", "dag"):
                said = [value for name, value in given.named.items() if name.startswith("schedule")]
            names = _names_around(node)
            value = " ".join(_written(each) for each in said)
            yield Item("schedule", ".".join(names) or callee, value, line_of(node))


_PLACEHOLDER = re.compile(r"\"\\?\$\{[\w.-]+:([^{}]+)\}\"")


def _written(node: Node) -> str:
    """How an argument is written; for a key of the configuration with a default, the default."""
    text = " ".join(text_of(node).split()).replace("'", '"')
    found = _PLACEHOLDER.fullmatch(text)
    return text if found is None else found[1] if found[1].isdecimal() else f'"{found[1]}"'


_SHORT = 60


def _is_in_schedule(node: Node, tree: SyntaxTree) -> bool:
    """Whether a call around a text says the schedule as a whole."""
    calls = (above for above in islice(tree.ancestors_of(node), 4) if above.type in CALLS and above.type != "attribute")
    return any(_SCHEDULES.search(callee) or _FLUENT.match(callee) for callee in map(callee_of, calls))


def _started_by(node: Node, tree: SyntaxTree) -> list[str]:
    """What stands beside a schedule: what it starts."""
    above = tree.parent_of(node)
    if above is not None and above.type in ("argument", "value_argument"):
        return []
    beside = [text_of(child) for child in (above.named_children if above is not None else ()) if child != node]
    return [text for text in beside if len(text) <= _SHORT][:1]


def _names_around(node: Node) -> list[str]:
    names: list[str] = []
    at: Node | None = node
    while at is not None:
        name = assigned_name(at)
        if not name and re.search(r"function|method|class", at.type):
            name = text_of(at.child_by_field_name("name"))
        if name:
            names.append(name)
        at = at.parent
    return names[::-1]
