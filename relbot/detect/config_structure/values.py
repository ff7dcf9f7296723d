"""What the values of a key say: an address, a version, a longer list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.detect.config_structure.compare import EntryPair

_LONGEST = 200
_ADDRESS = re.compile(
    r"(?i)(^|[:._-])(port|listen|bind|address|socket|bucket|queues?|topics?|(data|uploads?|storage|media|spool|backups?|files?)[_-]?(dir|directory|path|root)"
    r"|issuer([_-]?ur[il])?|authority|jwks?[_-]?(set[_-]?)?ur[il]|allowed_?hosts)$"
)


_KEPT_AT = re.compile(r"(jdbc:h2:file:|sqlite:/{0,3}|file:(//)?)?/(var/(?!log|run|tmp)|srv/|opt/|data\b|mnt/)")
"""Where programs keep data, whatever the key is called."""


_DATABASE_FILE = re.compile(r"[\w.-]\.(db|sqlite3?)[\"']?$")
_DATABASE = re.compile(r"[\"']?(?:jdbc:)?(postgres|mysql|mariadb|mongodb|oracle|sqlserver|sqlite|h2|redis|amqp)")


def is_address_value(pair: EntryPair) -> bool:
    """Whether both values are a port, an address or a store, under a key of that name."""
    if all(_KEPT_AT.match(entry.value) for entry in pair):
        return True
    if all(_DATABASE_FILE.search(entry.value) for entry in pair):
        return True
    servers = [_DATABASE.match(entry.value) for entry in pair]
    if servers[0] is not None and servers[1] is not None and servers[0][1] != servers[1][1]:
        return True
    named = _ADDRESS.search(pair.new.name)
    stored = named is not None and named[2].lower() not in ("port", "listen", "bind", "address", "socket")
    return named is not None and all(entry.value and (stored or re.search(r"\d|/", entry.value)) for entry in pair)


REPLICAS = re.compile(r"^(min|max)?[rR]eplicas(Count)?$|^replicaCount$")
"""How many of a kind run, which the orchestrator brings about by itself."""
_NEEDED = re.compile(r"(?i)(addons|resources|verbs|requires?|required|services|depends\w{0,40})$")


def is_longer_list(pair: EntryPair) -> bool:
    """Whether a list has all its entries, in their order, and more after them; but for lists of what must be there."""
    old, new = (entry.value.rstrip("] ") for entry in pair)
    if pair.old.kind != "list" or pair.new.kind != "list" or not old.strip("[ ") or _NEEDED.search(pair.new.name):
        return False
    return new.startswith(f"{old},")


_LIMITS = re.compile(
    r"(?i)(^|[._-])(max[_-]?(upload|body|request|file|header|message|payload)\w{0,20}([_-]?(size|length|bytes))?"
    r"|(body|upload|request|payload)[_-]?(size)?[_-]?limit|rate[_-]?limit)$"
)
_SIZE = re.compile(r"[\"']?(\d{1,15})\s*([KMG]?)i?B?[\"']?$", re.I)


def is_raised_limit(pair: EntryPair) -> bool:
    """Whether a limit of what users send is higher now: what was accepted still is."""
    old, new = (_SIZE.match(entry.value) for entry in pair)
    if old is None or new is None or _LIMITS.search(pair.new.name.replace("-", "_")) is None:
        return False
    was, now = (int(size[1]) << (10 * " KMG".index(size[2].upper() or " ")) for size in (old, new))
    return now > was > 0


def is_version_value(pair: EntryPair) -> bool:
    """Whether both values are of one make, with another number in it: `postgres:16.3` and `postgres:16.4`."""
    old, new = pair.old.value[:_LONGEST], pair.new.value[:_LONGEST]
    if pair.new.name in _VERSIONS:
        return True
    return bool(_NUMBERED.search(old) and _NUMBERED.search(new)) and _DIGITS.sub("", old) == _DIGITS.sub("", new)


_VERSIONS = frozenset("image tag digest version appVersion revision".split())
_NUMBERED = re.compile(r"\d[.-]\d|[.:@/-]v?\d")
_DIGITS = re.compile(r"[\da-f]*\d[\da-f]*")
