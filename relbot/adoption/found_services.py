"""Services that a repository declares: in a Procfile, in compose files, as units of systemd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROCESS = re.compile(r"^([A-Za-z0-9_-]+):[ \t]*\S", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ONCE = ("release", "console", "migrate", "init")
"""Processes that do not stay: what Procfiles call those that run once."""


class FoundService(NamedTuple):
    """A service: its name, the command that restarts it ("" where the file does not tell), and the file that declares it."""

    name: str
    restart: str
    path: str


def find_services(texts: Mapping[str, str]) -> list[FoundService]:
    """The services that these files declare, each name once."""
    found: dict[str, FoundService] = {}
    for path, text in texts.items():
        for service in _services_of(path, text):
            found.setdefault(service.name, service)
    return list(found.values())


def _services_of(path: str, text: str) -> Iterator[FoundService]:
    file = path.rpartition("/")[2]
    if file == "Procfile":
        names = [name for name in _PROCESS.findall(text) if name not in _ONCE]
        yield from (FoundService(name, "", path) for name in names)
    elif file.endswith((".yml", ".yaml")) and "compose" in file:
        yield from _compose_services(path, text)
    elif file.endswith(".service"):
        name = file.removesuffix(".service")
        if _NAME.fullmatch(name) and "Type=oneshot" not in text:
            yield FoundService(name, f"systemctl restart {name}", path)


def _compose_services(path: str, text: str) -> Iterator[FoundService]:
    if any(word in path for word in ("test", "dev", "override", "ci")):
        return
    import yaml  # few repositories have such a file

    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        return
    services = told.get("services") if isinstance(told, dict) else None
    for name in services if isinstance(services, dict) else ():
        if isinstance(name, str) and _NAME.fullmatch(name):
            yield FoundService(name, f"docker compose restart {name}", path)
