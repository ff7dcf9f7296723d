"""What a Terraform file declares: variables, outputs, resources, moves, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_STATEFUL = re.compile(
    r"db_|_db|rds|sql|database|elasticache|redis|documentdb|docdb|opensearch|elasticsearch|kafka|msk|mq_|_disk|volume|bucket|efs|filesystem"
    r"|storage|dynamodb|redshift|neptune"
)
_REPLACING = re.compile(
    r"^(identifier|cluster_identifier|bucket|name|engine|db_name|database_name|availability_zone|zone|region|location|storage_encrypted"
    r"|kms_key_id|snapshot_identifier|username|master_username|hash_key|range_key)$"
)


def read_terraform(root: Node, folder: str) -> Iterator[Item]:
    """The items of a parsed file; `folder` is the module that it belongs to."""
    body = next((child for child in root.named_children if child.type == "body"), None)
    for block in body.named_children if body is not None else ():
        if block.type != "block":
            continue
        kind, labels = _head_of(block)
        values = _attributes_of(block)
        line = line_of(block)
        if kind == "variable" and labels:
            value = f"default {values['default']}" if "default" in values else "required"
            yield Item(f"variable {folder}", labels[0], value, line)
        elif kind == "output" and labels:
            yield Item(f"output {folder}", labels[0], "", line)
        elif kind in ("resource", "module") and labels:
            yield from _read_resource(kind, labels, values, line, folder)
        elif kind == "moved" and "from" in values:
            yield Item(f"moved {folder}", values["from"], values.get("to", ""), line)
        elif kind == "removed" and "from" in values:
            yield Item(f"moved {folder}", values["from"], "", line)
        elif kind == "terraform":
            yield from _read_settings(block, line, folder)


def _read_resource(kind: str, labels: list[str], values: dict[str, str], line: int, folder: str) -> Iterator[Item]:
    name = ".".join(labels if kind == "resource" else ["module", *labels])
    yield Item(f"{kind} {labels[0] if kind == 'resource' else ''} {folder}", name, "", line)
    for key, value in values.items():
        if kind == "module" and key == "version":
            yield Item(f"provider {folder}", f"{name}.{key}", value.strip('"'), line)
        elif kind == "resource" and _STATEFUL.search(labels[0]) and _REPLACING.match(key):
            yield Item(f"identity {folder}", f"{name}.{key}", value, line)


def _read_settings(block: Node, line: int, folder: str) -> Iterator[Item]:
    for inner in _blocks_in(block):
        kind, labels = _head_of(inner)
        if kind == "backend":
            settings = ", ".join(f"{key}={value}" for key, value in sorted(_attributes_of(inner).items()))
            yield Item(f"backend {folder}", "backend", f"{' '.join(labels)} {settings}".strip(), line)
        elif kind == "required_providers":
            for name, value in _attributes_of(inner).items():
                wanted = re.search(r'version\s*=\s*"([^"]+)"', value)
                yield Item(f"provider {folder}", name, wanted[1] if wanted else value.strip('"'), line)


def _head_of(block: Node) -> tuple[str, list[str]]:
    names = [text_of(child).strip('"') for child in block.named_children if child.type in ("identifier", "string_lit")]
    return (names[0], names[1:]) if names else ("", [])


def _blocks_in(block: Node) -> list[Node]:
    body = next((child for child in block.named_children if child.type == "body"), None)
    return [child for child in body.named_children if child.type == "block"] if body is not None else []


def _attributes_of(block: Node) -> dict[str, str]:
    body = next((child for child in block.named_children if child.type == "body"), None)
    return {
        text_of(child.named_children[0]): " ".join(text_of(child.named_children[-1]).split())
        for child in (body.named_children if body is not None else ())
        if child.type == "attribute" and len(child.named_children) > 1
    }
