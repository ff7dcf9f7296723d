"""The services of compose files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.runtime.images import split_image
from relbot.detect.services.reading import Block, compose_services
from relbot.detect.services.saying import service_evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import Evidence, FileChange

_NOT_PRODUCTION = re.compile(r"(dev|test|debug|ci|local_?build|override|example|gitpod|e2e|sample)", re.I)
PARTS = {
    "image": "image",
    "volumes": "volumes",
    "ports": "ports",
    "expose": "ports",
    "command": "command",
    "entrypoint": "command",
    "user": "command",
    "depends_on": "dependencies",
    "network_mode": "ports",
}


def of_compose(change: FileChange) -> Iterator[Evidence]:
    """What changes in the services of a compose file."""
    old, new = compose_services(change.old), compose_services(change.new)
    if change.before is None or change.after is None or not old or not new:
        return
    prefix = "compose-other" if _NOT_PRODUCTION.search(change.path) else "compose"
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    if added:
        yield service_evidence(
            f"{prefix}-added", change, f"{quote_name(change.path)} has the new service {quote_names(added)}.", tuple(added)
        )
    if removed:
        yield service_evidence(
            f"{prefix}-removed",
            change,
            f"{quote_name(change.path)} no longer has the service {quote_names(removed)}.",
            tuple(removed),
        )
    parts: dict[str, list[str]] = {}
    for name in new:
        for key, part in PARTS.items():
            before, after = old.get(name, {}).get(key), new[name].get(key)
            if name in old and before != after and (key != "image" or _other_image(before, after)):
                parts.setdefault(part, []).append(
                    f"{name}: {' '.join(before or ('nothing',))} → {' '.join(after or ('nothing',))}"
                )
    for part, how in parts.items():
        yield service_evidence(
            f"{prefix}-{part}",
            change,
            f"{quote_name(change.path)} runs a service with other {part}: {quote_name(how[0])}.",
            tuple(how),
        )


def _other_image(before: Block | None, after: Block | None) -> bool:
    if not before or not after:
        return False
    old, new = split_image(before[0].strip("\"'")), split_image(after[0].strip("\"'"))
    return old.name != new.name or (old.version != new.version and old.version[:1].isdigit() and new.version[:1].isdigit())
