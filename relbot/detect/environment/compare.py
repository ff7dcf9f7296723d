"""What became of the names that a change set reads: renamed, removed, required now, with another default."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.detect.engine.phrases import quote_name
from relbot.detect.engine.retention import is_kept_shorter
from relbot.detect.environment.accepted import ANY
from relbot.detect.environment.lookup import PREFIX
from relbot.detect.environment.same_value import same_value, without_notation
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relbot.detect.environment.reads import FileReads, Read

Name = tuple[str, str]
"""The kind of a name, and the name."""
Site = tuple[str, tuple[str, ...]]
"""A kind of name, and what gets its value."""


class Happened(NamedTuple):
    """What happened to one name: the fact, the read that shows it, and words such as "`A` → `B`"."""

    fact: str
    name: str
    read: Read
    words: str


class BothSides(NamedTuple):
    """What one file reads before and after."""

    old: FileReads
    new: FileReads


# What a shell, a container or a platform sets: no operator sets it for this program.
_AMBIENT = re.compile(
    r"^(HOME|PATH|PWD|USER|SHELL|LANG|TERM|TMP(DIR)?|TEMP|CI|HOSTNAME|EDITOR|PAGER|XDG_\w+|(RAILS|RACK|NODE|MIX|APP|FLASK|GO)_?ENV"
    r"|BUNDLE_GEMFILE|PYTHONPATH|GOPATH|NO_COLOR|COLUMNS|GITHUB_\w+|REQUEST_METHOD|HTTP_HOST|REMOTE_ADDR|SERVER_\w+|BASH_\w+|SECONDS)$"
)
_ADDRESS_NAME = re.compile(
    r"(?i)(^|[_.:-])(host|hosts|hostname|url|uri|addr|address|port|listen|bind|endpoint|dsn|bucket|disk|topic|queue|path|dir|directory|file"
    r"|socket|broker|brokers|database|folder|namespace)(_?name)?$"
)
_HOST = re.compile(
    r"(?!self\.|this\.|cls\.|app\.|\w*(?:config|conf|cfg|settings|options|opts|defaults?|env|constants?)\.)[a-z][\w-]*(\.[a-z][\w-]*)*$"
)
"""The name of a host, which looks like the access to a member; `config.host` is one."""
_ADDRESS_VALUE = re.compile(r"^:\d{2,5}$|^[\w.-]*:\d{2,5}$|://|^/[\w./-]+$")


def compare_reads(files: Iterable[BothSides]) -> Iterator[Happened]:
    """What happened to each name over all files of a change set.

    A file is judged by itself; what another file of the change set reads answers it: a name that only moved is told with
    `read-elsewhere` beside it, so that a change set is never less grave than a part of it without a word.
    """
    pairs = [_index_sides(both) for both in files]
    readers = Counter(name for both in pairs for name in both.new.by_name)
    before = Counter(name for both in pairs for name in both.old.by_name)
    prefixes = {name for both in pairs for kind, name in both.new.by_name if kind == PREFIX}
    for both in pairs:
        renamed: set[Name] = set()
        arrived: set[Name] = set()
        for happened, source, target in _renames(both):
            yield from happened
            renamed.add(source)
            arrived.add(target)
        for gone in _removed_names(both, readers, renamed):
            yield gone
            if gone.fact == "removed" and _has_prefix(gone.name, prefixes):
                yield gone._replace(fact="read-elsewhere")
        yield from _added_names(both, before, arrived)
        yield from _changed_demands(both)


class _Indexed(NamedTuple):
    """The reads of one side of a file by their names, and the names that each function reads."""

    by_name: dict[Name, list[Read]]
    scopes: frozenset[tuple[str, tuple[str, ...]]]
    literal_of: Callable[[tuple[str, ...]], str | None]


class _IndexedSides(NamedTuple):
    """Both sides of a file."""

    old: _Indexed
    new: _Indexed
    both: BothSides


def _index_sides(both: BothSides) -> _IndexedSides:
    return _IndexedSides(_index_reads(both.old), _index_reads(both.new), both)


def _index_reads(side: FileReads) -> _Indexed:
    by_name: dict[Name, list[Read]] = {}
    for read in side.reads:
        by_name.setdefault((read.kind, read.name), []).append(read)
    return _Indexed(by_name, frozenset((read.name, read.scope) for read in side.reads), side.literal_of)


def _removed_names(both: _IndexedSides, readers: Counter[Name], renamed: set[Name]) -> Iterator[Happened]:
    for name, (read, *_) in both.old.by_name.items():
        if name in both.new.by_name or name in renamed or _AMBIENT.match(read.name) or read.kind == PREFIX:
            continue
        if _is_below_prefix(read.name, both):
            continue
        yield Happened("removed", read.name, read, quote_name(read.name))
        if readers[name]:
            yield Happened("read-elsewhere", read.name, read, quote_name(read.name))
        yield from _kept_default(read, both.new.literal_of)


def _is_below_prefix(name: str, both: _IndexedSides) -> bool:
    """Whether a name is read with all those that have a prefix which is new: `mail.host` below `mail`."""
    prefixes = [prefix for kind, prefix in both.new.by_name if kind == PREFIX and (kind, prefix) not in both.old.by_name]
    return _has_prefix(name, prefixes)


def _has_prefix(name: str, prefixes: Iterable[str]) -> bool:
    """Whether a name stands below one of the prefixes."""
    return any(name.startswith(prefix if prefix.endswith(("_", ".")) else f"{prefix}.") for prefix in prefixes)


def _added_names(both: _IndexedSides, before: Counter[Name], arrived: set[Name]) -> Iterator[Happened]:
    for name, reads in both.new.by_name.items():
        read = reads[0]
        if name in both.old.by_name or name in arrived or _AMBIENT.match(read.name) or read.kind == PREFIX:
            continue
        needed = next((each for each in reads if each.required), None)
        yield Happened("added-required" if needed else "added", read.name, needed or read, quote_name(read.name))
        if needed and before[name]:
            yield Happened("read-elsewhere", read.name, read, quote_name(read.name))
        if not needed and read.default is not None:
            yield from _other_than_before(read, both.old.literal_of(read.target))


def _renames(both: _IndexedSides) -> Iterator[tuple[list[Happened], Name, Name]]:
    before, after = _by_site(both.both.old.reads), _by_site(both.both.new.reads)
    for site, news in after.items():
        olds = before.get(site)
        if not olds:
            continue
        come = [read for name, read in news.items() if name not in olds and (read.kind, name) not in both.old.by_name]
        gone = [read for name, read in olds.items() if name not in news and not _is_below_prefix(name, both)]
        was = list(olds.values())
        if not come or not _are_paired(gone, come, was, len(news)):
            continue
        for source, target in zip(gone or was, come, strict=False):
            fact = "prefix-changed" if source.kind == PREFIX else "renamed"
            happened = _of_rename(fact, source, target, both, instead=bool(gone))
            yield happened, (source.kind, source.name), (target.kind, target.name)


def _of_rename(fact: str, source: Read, target: Read, both: _IndexedSides, *, instead: bool) -> list[Happened]:
    """What it is that one name stands where another one stood, `instead` of it or beside it."""
    words = f"{quote_name(source.name)} → {quote_name(target.name)}"
    demanded = Happened("added-required", target.name, target, quote_name(target.name))
    if (source.name, target.scope) in both.new.scopes:
        if target.required and target.default is None and not instead:
            return [demanded]
        return [Happened(fact, source.name, target, words), Happened("old-name-read", source.name, target, words)]
    newly = target.required and not source.required and fact == "renamed"
    return [Happened(fact, source.name, target, words), *([demanded] if newly else [])]


def _are_paired(gone: list[Read], come: list[Read], was: list[Read], count: int) -> bool:
    """Whether the new names of a place took over from the old ones: as many, or one more that counts before the old one."""
    if gone:
        return len(gone) == len(come)
    if len(was) != 1 or count != 2 or len(come) != 1:
        return False
    return was[0].name in (come[0].default or "") or bool(_words_of(was[0].name) & _words_of(come[0].name))


def _words_of(name: str) -> set[str]:
    return set(re.split(r"[_.:-]", name.lower()))


def _by_site(reads: Iterable[Read]) -> dict[Site, dict[str, Read]]:
    """What each place reads: by name, the first read of it there."""
    found: dict[Site, dict[str, Read]] = {}
    for read in reads:
        found.setdefault((read.kind, read.target or read.scope), {}).setdefault(read.name, read)
    return found


def _kept_default(read: Read, literal_of: Callable[[tuple[str, ...]], str | None]) -> Iterator[Happened]:
    value = literal_of(read.target)
    if value is not None and same_value(value, read.default or ""):
        yield Happened("default-kept", read.name, read, f"{quote_name(read.name)} is {quote_name(value)} now")


def _changed_demands(both: _IndexedSides) -> Iterator[Happened]:
    for name, now in both.new.by_name.items():
        was = both.old.by_name.get(name)
        if not was:
            continue
        needed = next((each for each in now if each.required), None)
        if needed is not None and not any(each.required for each in was):
            yield Happened("newly-required", needed.name, needed, quote_name(needed.name))
            continue
        if (stricter := _new_rules(was, now)) is not None:
            yield stricter
        for before, after in _pair_reads(was, now):
            if (narrowed := _fewer_accepted(before, after)) is not None:
                yield narrowed
            if before.default is not None and not same_value(before.default, after.default):
                yield _changed_default(before, after)
                break


def _fewer_accepted(before: Read, after: Read) -> Happened | None:
    """What it is that values which switched something on no longer do."""
    lost = before.accepted - after.accepted
    if not lost or not after.accepted or ANY in after.accepted:
        return None
    on, off = (quote_name(", ".join(sorted(values))) for values in (after.accepted, lost))
    return Happened("switch-narrowed", after.name, after, f"{quote_name(after.name)}: {on}, no longer {off}")


def _other_than_before(read: Read, literal: str | None) -> Iterator[Happened]:
    """What it is that a value which was fixed can be set now, with another default."""
    if literal is None or same_value(literal, read.default) or (read.default or "") in literal:
        return
    if without_notation(literal) not in ("true", "false") or (read.default or "").lower() in _TRUTHS:
        yield _changed_default(read._replace(default=literal), read)


_TRUTHS = frozenset(("true", "false", "1", "0", "yes", "no", "on", "off"))


def _new_rules(was: list[Read], now: list[Read]) -> Happened | None:
    """What it is that a value must be like something that it need not be like before."""
    known = {rule for read in was for rule in read.rules}
    for read in now:
        new = [rule for rule in read.rules if rule not in known and not _is_milder(rule, known)]
        if new:
            return Happened("checked", read.name, read, f"{quote_name(read.name)}: {quote_name(', '.join(new))}")
    return None


def _is_milder(rule: str, known: set[str]) -> bool:
    """Whether a rule of that kind was there, and lets more through now: a lower minimum, a higher maximum."""
    kind, number = rule.partition("(")[0], _NUMBER.findall(rule)
    for other in known:
        if other.startswith(kind):
            before = _NUMBER.findall(other)
            if len(before) == len(number) == 1:
                lower = int(number[0]) < int(before[0])
                return lower if "in" in kind.lower() else not lower
    return False


_NUMBER = re.compile(r"\d{1,12}")


def _pair_reads(was: list[Read], now: list[Read]) -> Iterator[tuple[Read, Read]]:
    """The reads of a name on both sides that have one target, in their order; one with one in any case."""
    if len(was) == 1 and len(now) == 1:
        yield was[0], now[0]
        return
    there: dict[tuple[str, ...], list[Read]] = {}
    for after in reversed(now):
        there.setdefault(after.target, []).append(after)
    for before in was:
        if there.get(before.target):
            yield before, there[before.target].pop()


def _changed_default(before: Read, after: Read) -> Happened:
    old, new = before.default or "", after.default
    words = f"{quote_name(before.name)}: {quote_name(old)} → {quote_name(new) if new is not None else 'none'}"
    named = _ADDRESS_NAME.search(before.name) is not None
    if named and new is not None and all(_HOST.match(value) for value in (old, new)):
        return Happened("address-default-changed", before.name, after, words)
    if not _is_plain(old) or (new is not None and not _is_plain(new)):
        return Happened("default-reworked", before.name, after, words)
    if new is not None and is_kept_shorter(before.name, old, new):
        return Happened("retention-lowered", before.name, after, words)
    if new is not None and (_ADDRESS_NAME.search(before.name) or _ADDRESS_VALUE.search(old) or _ADDRESS_VALUE.search(new)):
        return Happened("address-default-changed", before.name, after, words)
    return Happened("default-changed", before.name, after, words)


def _is_plain(value: str) -> bool:
    """Whether it is a literal, not source: what a program computes has brackets, calls or names with dots and brackets."""
    return re.search(r"[()\[\]{}]|^[a-z]\w*\.\w+\b(?!\.)|^\w+::", value) is None
