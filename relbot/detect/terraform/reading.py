"""What a Terraform file declares: variables, outputs, resources, moves, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.terraform.resolving import resolve_expression
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

_STATEFUL = re.compile(
    r"sqs_queue|sns_topic|kinesis|pubsub|servicebus_|eventhub|db_|_db|rds|sql|database|elasticache|redis|documentdb|docdb|opensearch|elasticsearch|kafka|msk|mq_|_disk|volume|bucket|efs|filesystem"
    r"|storage|dynamodb|redshift|neptune|subnet|vpc|network"
)
_SIZED = re.compile(r"(instance_type|instance_class|machine_type|vm_size|node_type|sku_name|tier)$")
_RUNS = re.compile(r"^(runtime|kubernetes_version|min_master_version|node_version|version|solution_stack_name|platform_version)$")
_RUNNING = re.compile(
    r"lambda|function|app_service|web_app|elastic_beanstalk|cluster|_eks_|_gke_|_aks_|node_group|node_pool|app_engine|cloud_run"
)
"""Resources that run programs on a platform of that version."""
_REPLACING = re.compile(
    r"^(identifier|cluster_identifier|bucket|name|engine|db_name|database_name|availability_zone|zone|region|location|storage_encrypted"
    r"|kms_key_id|snapshot_identifier|username|master_username|cidr_block|ip_cidr_range|address_space|address_prefix(es)?|hash_key|range_key)$"
)


_GUARDING = re.compile(
    r"(^|\.)(\w{0,80}retention\w{0,80}|deletion_protection\w{0,80}|prevent_destroy|force_destroy|skip_final_snapshot|publicly_accessible|multi_az|encrypt\w{0,80}|versioning\w{0,80}"
    r"|cidr_blocks|source_ranges|from_port|to_port|port|protocol|policy|acl|expiration\.days|min_tls_version|minimum_tls_version|ssl_policy|apply_immediately"
    r"|allow_\w{1,80}|allowed_\w{1,80}|ttl|message_retention\w{0,80}|visibility_timeout\w{0,80})$"
)
"""What guards data or decides who has access."""


def read_known_values(root: Node) -> dict[str, str]:
    """The values of names that a file has: `local.days`, `var.days` with its default, `aws_vpc.main.cidr_block`."""
    body = next((child for child in root.named_children if child.type == "body"), None)
    return _known_values(body) if body is not None else {}


def read_terraform(root: Node, folder: str, known: Mapping[str, str]) -> Iterator[Item]:
    """The items of a parsed file; `folder` is the module that it belongs to, `known` the values of names there."""
    body = next((child for child in root.named_children if child.type == "body"), None)
    for block in body.named_children if body is not None else ():
        if block.type != "block":
            continue
        kind, labels = _head_of(block)
        values = _attributes_of(block)
        if kind == "variable" and labels:
            yield from _read_variable(block, labels[0], values, folder)
        elif kind in ("resource", "module") and labels:
            values, inner = (
                {key: resolve_expression(value, known) for key, value in each.items()}
                for each in (values, _attributes_below(block))
            )
            yield from _read_resource(kind, labels, values, inner, line_of(block), folder)
        else:
            yield from _read_other(block, kind, labels, values, folder)


_QUOTED = re.compile(r'^"(\d+|true|false)"$')
"""A number or a truth that is written as a text: Terraform makes the variable's type of it."""


def _read_variable(block: Node, name: str, values: dict[str, str], folder: str) -> Iterator[Item]:
    line = line_of(block)
    checks = [_attributes_of(each).get("condition", "") for each in _blocks_in(block) if _head_of(each)[0] == "validation"]
    default = _QUOTED.sub(r"\1", values.get("default", ""))
    yield Item(f"variable {folder}", name, f"default {default}" if "default" in values else "required", line)
    yield Item(f"type {folder}", name, values.get("type", "any"), line)
    yield Item(f"validation {folder}", name, "; ".join(sorted(checks)), line)


def _read_other(block: Node, kind: str, labels: list[str], values: dict[str, str], folder: str) -> Iterator[Item]:
    line = line_of(block)
    if kind == "output" and labels:
        yield Item(f"output {folder}", labels[0], "", line)
    elif kind in ("moved", "removed") and "from" in values:
        yield Item(f"moved {folder}", values["from"], values.get("to", "") if kind == "moved" else "", line)
    elif kind == "terraform":
        yield from _read_settings(block, line, folder)


def _read_resource(
    kind: str, labels: list[str], values: dict[str, str], inner: dict[str, str], line: int, folder: str
) -> Iterator[Item]:
    name = ".".join(labels if kind == "resource" else ["module", *labels])
    yield Item(f"{kind} {labels[0] if kind == 'resource' else ''} {folder}", name, "", line)
    yield Item(f"each {folder}", name, "each" if "for_each" in values else "", line)
    for key, value in (values | (inner if kind == "resource" else {})).items():
        if kind == "resource" and _GUARDING.search(key) and not value.startswith("var."):
            yield Item(f"guard {folder}", f"{name}.{key}", value, line)
        if kind == "module" and key == "version":
            yield Item(f"provider {folder}", f"{name}.{key}", value.strip('"'), line)
        elif kind == "resource" and (key == "function_name" or (_STATEFUL.search(labels[0]) and _REPLACING.match(key))):
            yield Item(f"identity {folder}", f"{name}.{key}", value, line)
        elif kind == "resource" and _RUNS.match(key) and _RUNNING.search(labels[0]):
            yield Item(f"runs {folder}", f"{name}.{key}", value, line)
        elif kind == "resource" and _SIZED.match(key):
            yield Item(f"size {folder}", f"{name}.{key}", value, line)


def _known_values(body: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in body.named_children:
        kind, labels = _head_of(block) if block.type == "block" else ("", [])
        if kind in ("locals", "resource"):
            above = "local" if kind == "locals" else ".".join(labels)
            found |= {f"{above}.{key}": value for key, value in _attributes_of(block).items()}
        elif kind == "variable" and labels and (default := _attributes_of(block).get("default")) is not None:
            found[f"var.{labels[0]}"] = default
    return found


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


def _attributes_below(block: Node) -> dict[str, str]:
    """The attributes of the blocks in a block, as `ingress.port`; all values of blocks with one name together.

    Blocks with an `id` or a `name` are told apart by it: `rule[logs].expiration.days`.
    """
    found: dict[str, list[str]] = {}
    todo = [(inner, "") for inner in _blocks_in(block)]
    while todo:
        inner, above = todo.pop()
        values = _attributes_of(inner)
        own = values.get("id", values.get("name", ""))
        kind = f"{above}{_head_of(inner)[0]}{f'[{own.strip(chr(34))}]' if own else ''}."
        for key, value in values.items():
            found.setdefault(f"{kind}{key}", []).append(value)
        todo += [(below, kind) for below in _blocks_in(inner)]
    return {key: " ".join(sorted(values)) for key, values in found.items()}


def _attributes_of(block: Node) -> dict[str, str]:
    body = next((child for child in block.named_children if child.type == "body"), None)
    return {
        text_of(child.named_children[0]): " ".join(text_of(child.named_children[-1]).split())
        for child in (body.named_children if body is not None else ())
        if child.type == "attribute" and len(child.named_children) > 1
    }
