"""How a queue or an exchange is declared: RabbitMQ refuses to declare one that is there with other arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of
from relbot.detect.engine.syntax import text_of
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from tree_sitter import Node

    from relbot.detect.literals.named_places import NamesAndLiterals

_NOT_DURABLE = re.compile(r"\bdurable['\"]?\s*[:=]\s*[fF]alse")
_ARGUMENT = re.compile(r"['\"](x-[\w-]+)['\"]\s*(?::|=>|,)\s*([^,{}\[\]\n]+)")
_EXCHANGE = re.compile(r"['\"](topic|direct|fanout|headers)['\"]")


def read_queue_arguments(call: Node, file: NamesAndLiterals) -> str:
    """What a call says of a queue beside its name, as an addition to it; "" for nothing. Constants stand for what they hold."""
    given = arguments_of(call)
    texts = [text_of(file.value_node(each) or each) for each in (*given.positional, *given.named.values())]
    said = " ".join((text_of(call), *texts))
    found = sorted({f"{name}={value.strip(chr(34) + chr(39) + ' )')}" for name, value in _ARGUMENT.findall(said)})
    found += sorted(set(_EXCHANGE.findall(text_of(call))))
    found += ["not durable"] if _NOT_DURABLE.search(said) else []
    return f" ({' '.join(found)})" if found else ""
