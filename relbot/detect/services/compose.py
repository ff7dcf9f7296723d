"""The services of compose files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.runtime.engines import is_other_libc, is_other_major, is_other_server
from relbot.detect.runtime.images import split_image
from relbot.detect.services.reading import Block, compose_services, listens_elsewhere, queues_of
from relbot.detect.services.saying import service_evidence
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import Evidence, FileChange

_LISTS = {"volumes": "compose-volumes", "ports": "compose-ports", "expose": "compose-ports"}
"""Keys of which an entry that is gone changes an address or a place of data; one that is new changes nothing."""
_KEYS = {
    "command": "compose-command",
    "entrypoint": "compose-command",
    "user": "compose-user",
    "network_mode": "compose-ports",
    "depends_on": "compose-dependencies",
    "working_dir": "compose-command",
    "env_file": "compose-file",
}


_DEFAULT = re.compile(r"\$\{\w+:?-([^${}\n]*)\}")
"""A variable with what counts where it is not set."""
_PROJECT = re.compile(r"^name:[ \t]*+[\"']?([\w.-]++)", re.M)


def of_compose(change: FileChange) -> Iterator[Evidence]:
    """What changes in the services of a compose file."""
    old, new = (compose_services(_DEFAULT.sub(r"\1", text)) for text in (change.old, change.new))
    if change.before is None or change.after is None or not old or not new:
        return
    file = quote_name(change.path)
    yield from _come_and_gone(change, old, new)
    yield from _changed_services(change, old, new)
    yield from _compare_project(change)
    before, after = _volumes_outside(change.old), _volumes_outside(change.new)
    if other := sorted(name for name, named in before.items() if after.get(name, named) != named):
        message = f"Volumes of {file} have other names, and are empty at first: {quote_names(other)}."
        yield service_evidence("compose-volumes", change, message, (), None, tuple(other))
    demanded = sorted(_external_names(change.new) - _external_names(change.old))
    if demanded:
        message = f"{file} needs {quote_names(demanded)}, which you must create."
        yield service_evidence("compose-external", change, message, (), None, tuple(demanded))


def _come_and_gone(change: FileChange, old: dict[str, dict[str, Block]], new: dict[str, dict[str, Block]]) -> Iterator[Evidence]:
    """The services that only one side has; one that is new and belongs to a profile starts where somebody asks for it."""
    file = quote_name(change.path)
    started = {name for name in new if "profiles" not in new[name]}
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    if fresh := [name for name in added if name in started]:
        yield service_evidence(
            "compose-added", change, f"{file} has the new service {quote_names(fresh)}.", (), None, tuple(fresh)
        )
    if removed:
        renamed = [name for name in removed if any(_has_same_image(old[name], new[other]) for other in added)]
        gone = [name for name in removed if name not in renamed]
        for fact, names in (("compose-renamed", renamed), ("compose-removed", gone)):
            if names:
                message = f"{file} no longer has the service {quote_names(names)}."
                yield service_evidence(fact, change, message, (), None, tuple(names))


def _compare_project(change: FileChange) -> Iterator[Evidence]:
    """Another name of the project: its volumes and containers are others."""
    old, new = _PROJECT.search(change.old), _PROJECT.search(change.new)
    volumes = (_volumes_outside(text) for text in (change.old, change.new))
    if old is not None and new is not None and old[1] != new[1] and len(set(map(str, volumes))) > 1:
        message = f"The project of {quote_name(change.path)} has another name, and so have its volumes: {quote_name(new[1])}."
        yield service_evidence("compose-renamed", change, message, (f"{old[1]} → {new[1]}",), None, (old[1], new[1]))


_OWN_NAME = re.compile(r"^    name:[ \t]*[\"']?([^\s\"']+)")


def _volumes_outside(text: str) -> dict[str, str]:
    """The volumes of a compose file with their names outside, as far as it says them or its project: `shop_data`."""
    project = _PROJECT.search(text)
    return {name: said or (f"{project[1]}_{name}" if project else "") for name, said in _named_volumes(text).items()}


def _named_volumes(text: str) -> dict[str, str]:
    """The volumes that a compose file declares, each with the name that it has outside."""
    found: dict[str, str] = {}
    inside, name = False, ""
    for line in text.split("\n"):
        if line[:1].strip():
            inside = line.startswith("volumes:")
        elif inside and (match := re.match(r"  ([\w.-]+):", line)):
            name = match[1]
            found[name] = ""
        elif inside and (match := _OWN_NAME.match(line)):
            found[name] = match[1]
    return found


def _external_names(text: str) -> set[str]:
    """The networks, volumes, secrets and configurations that must be there before: external ones, and files of secrets."""
    found: set[str] = set()
    name = block = ""
    for line in text.split("\n"):
        if match := re.match(r"(\w+):", line):
            block = match[1]
        if block in ("secrets", "configs") and (match := re.match(r"  .*\bfile:\s*[\"']?([^\s\"'}]++)", line)):
            found.add(match[1])
        if match := re.match(r"  ([\w.-]+):\s*(\{[^}]*\bexternal:\s*true)?", line):
            name = match[1]
            found |= {name} if match[2] else set()
        elif re.match(r"\s{3,}external:\s*true\b", line) and name:
            found.add(name)
    return found


def _has_same_image(old: dict[str, Block], new: dict[str, Block]) -> bool:
    return any(old.get(key) == new.get(key) is not None for key in ("image", "build"))


def _changed_services(
    change: FileChange, old: dict[str, dict[str, Block]], new: dict[str, dict[str, Block]]
) -> Iterator[Evidence]:
    taken, left = (queues_of(" ".join(each.get("command", ())) for each in side.values()) for side in (old, new))
    if gone := sorted(taken - left):
        message = f"No service of {quote_name(change.path)} takes jobs from {quote_names(gone)}."
        yield service_evidence("process-queues", change, message, (), None, tuple(gone))
    found: dict[str, dict[str, str]] = {}
    for name in (name for name in new if name in old):
        for key in dict.fromkeys((*old[name], *new[name])):
            before, after = old[name].get(key, ()), new[name].get(key, ())
            fact = _fact_of_key(key, before, after) if before != after else ""
            if fact:
                how = f"{name}: {' '.join(before).strip() or 'nothing'} → {' '.join(after).strip() or 'nothing'}"
                found.setdefault(fact, {})[name] = how
    for fact, services in found.items():
        what = fact.removeprefix("compose-")
        message = f"{quote_name(change.path)} runs a service with different {what}: {quote_name(next(iter(services.values())))}."
        yield service_evidence(fact, change, message, tuple(services.values()), None, tuple(services))


def _fact_of_key(key: str, before: Block, after: Block) -> str:
    if key == "image":
        if not before or not after:
            return ""
        if is_other_major(before[0], after[0]):
            return "engine-major"
        if is_other_libc(before[0], after[0]):
            return "engine-rebuilt"
        old, new = (split_image(block[0].strip("\"'")).name for block in (before, after))
        return "compose-image" if old != new or is_other_server(before[0], after[0]) else ""
    if key == "env_file":
        demanded = bool(after) and not before and "required: false" not in " ".join(after)
        return "compose-file" if demanded or _entries(before) - _entries(after) else ""
    if key == "environment":
        return "compose-env" if _lost_variables(before, after) else ""
    if key in ("command", "entrypoint") and listens_elsewhere(before, after):
        return "compose-ports"
    if key in _LISTS:
        return _LISTS[key] if _addresses(before) - _addresses(after) else ""
    return _KEYS.get(key, "")


_EVERY_ADDRESS = re.compile(r"^(?:0\.0\.0\.0|\[::\]):")


def _addresses(block: Block) -> set[str]:
    """The ports or volumes in their short form; a port on every address is one that names none."""
    return {_EVERY_ADDRESS.sub("", entry) for entry in _entries(_short_ports(block))}


_LONG_PORT = re.compile(r"(target|published|host_ip|protocol|mode|name|app_protocol):\s*[\"']?([\w.]+)")


def _short_ports(block: Block) -> Block:
    """Ports in their long form, `target: 80` and `published: 8080`, as the short one says it: `8080:80`."""
    if not any("target:" in line for line in block):
        return block
    if any("source:" in line for line in block):
        return _short_volumes(block)
    found: list[str] = []
    port: dict[str, str] = {}
    for line in (*block, "- "):
        if line.startswith("- ") and port:
            found.append(":".join(port[key] for key in ("host_ip", "published", "target") if key in port))
            port = {}
        if (said := _LONG_PORT.match(line.lstrip("- "))) is not None:
            port[said[1]] = said[2]
        elif line.strip(" -"):
            found.append(line)
    return tuple(found)


def _short_volumes(block: Block) -> Block:
    """Volumes in their long form, `source: data` and `target: /data`, as the short one says it: `data:/data`."""
    found: list[str] = []
    volume: dict[str, str] = {}
    for line in (*block, "- "):
        if line.startswith("- ") and "target" in volume:
            found.append(":".join(volume[key] for key in ("source", "target") if key in volume))
            volume = {}
        if (said := re.match(r"(?:- )?(type|source|target|read_only):[ \t]*[\"']?([^\s\"']+)", line)) is not None:
            volume[said[1]] = said[2]
        elif line.strip(" -"):
            found.append(line)
    return tuple(found)


_VARIABLE = re.compile(r"^\s*(?:- )?[\"']?([A-Za-z_]\w*)[\"']?\s*[:=]")


def _variables(block: Block) -> set[str]:
    """The names of the variables in a block, written as a map or as a list."""
    return {found[1] for line in block if (found := _VARIABLE.match(line)) is not None}


def _lost_variables(before: Block, after: Block) -> set[str]:
    """The variables that are gone; none where an anchor stands for what is not written here."""
    return set() if any("*" in line for line in after) else _variables(before) - _variables(after)


def _entries(block: Block) -> set[str]:
    return {line.lstrip("- ").strip("\"' ") for line in block if line.strip()}
