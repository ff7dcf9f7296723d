"""For how long something is kept, told by its name: a lower number deletes what is older."""

from __future__ import annotations

from relbot.schema import lazy_re as re

_KEPT = re.compile(
    r"(?i)(^|[._-])(\w{0,40}retention(_?(days|weeks|months|years|hours|period|time))?|(keep|retain|purge|delete|expire|prune|archive)_(\w{1,40}_)?"
    r"(days|weeks|months|years|after(_days)?|older_than))$"
)
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER = re.compile(r"\d{1,12}")


def is_kept_shorter(name: str, old: str, new: str) -> bool:
    """Whether a name says for how long data is kept, and the number in its value is lower now."""
    was, now = _NUMBER.findall(old), _NUMBER.findall(new)
    if len(was) != 1 or len(now) != 1 or _NUMBER.sub("", old) != _NUMBER.sub("", new):
        return False
    return 0 < int(now[0]) < int(was[0]) and _KEPT.search(_WORD_START.sub("_", name[-100:]).replace("-", "_")) is not None
