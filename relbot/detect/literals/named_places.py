"""Where a program listens, what it calls its stores, and how it writes its log, by calls that say it with a word or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relbot.detect.engine.expressions import arguments_of
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.literals.kinds import ADDRESS, LOG, STORE, is_answered_address, traits_of_call
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node


class NamesAndLiterals(Protocol):
    """What tells the literal that a node stands for, and the names around it."""

    path: str

    def value_of(self, node: Node) -> str | None:
        """The literal, None without one."""

    def value_node(self, node: Node) -> Node | None:
        """What a name is given that is given once; None for anything else."""

    def names_around(self, node: Node) -> tuple[str, ...]:
        """The names, from the outside in."""


NAMING = ("set", "mongoose.model")


def read_naming(node: Node, callee: str, file: NamesAndLiterals) -> Iterator[Item]:
    """Sinatra's `set :port, 4567`, and the collection of `mongoose.model`: its third argument, or the plural of the first."""
    given = [file.value_of(each) for each in arguments_of(node).positional]
    if callee == "set" and len(given) > 1 and given[0] in ("port", "bind") and given[1]:
        yield Item(ADDRESS, f"set {given[0]}", given[1], line_of(node))
    elif callee == "mongoose.model" and given and given[0]:
        collection = given[2] if len(given) > 2 and given[2] else _plural(given[0].lower())
        yield Item(STORE, "collection of a model", collection, line_of(node))


def _plural(name: str) -> str:
    """The collection that Mongoose gives a model which names none, for regular words."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


_FALLBACKS = frozenset(("||", "??", "or", "?:"))


def _value_or_default(node: Node, file: NamesAndLiterals) -> str | None:
    """The literal that a node stands for; of `process.env.PORT || 3000` what counts where nothing is set."""
    operator = node.child_by_field_name("operator")
    right = node.child_by_field_name("right")
    if operator is not None and right is not None and text_of(operator) in _FALLBACKS:
        return file.value_of(right)
    return file.value_of(node)


_LISTENING = re.compile(r"^(app|server|srv|http\w*)\.listen$")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
BOUND = "bound"
EVERY_ADDRESS = "every address"
"""Where Node's `listen(port)` is reached: https://nodejs.org/api/net.html#serverlistenport-host-backlog-callback."""


def read_listening(node: Node, callee: str, file: NamesAndLiterals) -> Iterator[Item]:
    """The address at which a call lets the program answer: the first argument that is one."""
    if _LISTENING.search(callee) and len(given := arguments_of(node).positional) > 0:
        hosts = [text for each in given[1:2] if (text := file.value_of(each)) is not None]
        bound = next((text for text in hosts if text in _THIS_MACHINE), EVERY_ADDRESS)
        yield Item(BOUND, ".".join([*file.names_around(node), "listen"]), bound, line_of(node))
    parts = [
        each
        for given in arguments_of(node).positional[:2]
        for each in (reversed(given.named_children) if given.type == "tuple_expression" else [given])
    ]
    said = [text for each in parts if (text := _value_or_default(each, file)) is not None and is_answered_address(text)]
    if said:
        yield Item(ADDRESS, ".".join([*file.names_around(node), callee.rpartition(".")[2]]), ", ".join(said), line_of(node))


_TRACING = re.compile(r"^tracing_subscriber::fmt\b[\s\S]{0,400}\.(init|try_init|finish|with_subscriber)$")
"""Rust's builder of log lines: one that asks for no format writes plain ones."""


_LOGGERS = re.compile(r"(^|\.)(pino|zerolog\.New|WriteTo\.(Console|File|Async))$")
_TELLS_FORMAT = re.compile(
    r"pino-(?:pretty|http-print|syslog|elasticsearch|socket)|\b(?:messageKey|errorKey|nestedKey|timestamp|base|formatters)\s*:\s*[^,{}\s]+"
    r"|ConsoleWriter|\w{1,60}Formatter|outputTemplate:\s*\"[^\"\n]*\""
)
"""What says in which format a logger writes, in the arguments that it gets."""


def _format_of_logger(node: Node, file: NamesAndLiterals) -> str:
    given = [file.value_node(each) or each for each in arguments_of(node).positional]
    said = [found for each in given for found in _TELLS_FORMAT.findall(text_of(each))]
    return " ".join(sorted(" ".join(one.replace("'", '"').split()) for one in said)) or "default"


def read_log_format(node: Node, callee: str, file: NamesAndLiterals) -> Iterator[Item]:
    """How a program writes its log lines, by the formatter that it calls."""
    if _TRACING.search(callee) is not None:
        said = next((word for word in ("json", "pretty", "compact") if f".{word}()" in callee), "plain")
        yield Item(LOG, f"{file.path} tracing", said, line_of(node))
    if _LOGGERS.search(callee):
        yield Item(LOG, f"{file.path} {'.'.join(file.names_around(node)[:2])}", _format_of_logger(node, file), line_of(node))
    if traits_of_call(callee).logs:
        name = f"{file.path} {'.'.join(file.names_around(node)[:2])}"
        yield Item(LOG, name, callee.rpartition(".")[2], line_of(node))
