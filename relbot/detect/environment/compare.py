"""What became of the names that a change set reads: renamed, removed, required now, with another default."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.phrases import quote_name
from relbot.detect.environment.lookups import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.environment.reads import FileReads, Read

Name = tuple[str, str]
"""The kind of a name, and the name."""
Sites = dict[tuple[str, tuple[str, ...]], list["Read"]]


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
_ADDRESS_VALUE = re.compile(r"^:\d{2,5}$|^[\w.-]*:\d{2,5}$|://|^/[\w./-]+$")


def compare_reads(files: Iterable[BothSides]) -> Iterator[Happened]:
    """What happened to each name over all files of a change set.

    A file is judged by itself; what another file of the change set reads answers it: a name that only moved is told with
    `read-elsewhere` beside it, so that a change set is never less grave than a part of it without a word.
    """
    pairs = list(files)
    for both in pairs:
        others = [other for other in pairs if other is not both]
        renamed: set[Name] = set()
        arrived: set[Name] = set()
        for happened, source, target in _renames(both):
            yield from happened
            renamed.add(source)
            arrived.add(target)
        yield from _removed_names(both, others, renamed)
        yield from _added_names(both, others, arrived)
        yield from _changed_demands(list(both.old.reads), list(both.new.reads))


def _removed_names(both: BothSides, others: list[BothSides], renamed: set[Name]) -> Iterator[Happened]:
    left = _names_in(both.new.reads) | renamed
    elsewhere = {name for other in others for name in _names_in(other.new.reads)}
    for read in _first_of(both.old.reads):
        name = (read.kind, read.name)
        if name in left or _AMBIENT.match(read.name) or read.kind == PREFIX:
            continue
        yield Happened("removed", read.name, read, quote_name(read.name))
        if name in elsewhere:
            yield Happened("read-elsewhere", read.name, read, quote_name(read.name))
        yield from _kept_default(read, both)


def _added_names(both: BothSides, others: list[BothSides], arrived: set[Name]) -> Iterator[Happened]:
    known = _names_in(both.old.reads) | arrived
    before = {name for other in others for name in _names_in(other.old.reads)}
    for read in _first_of(both.new.reads):
        name = (read.kind, read.name)
        if name in known or _AMBIENT.match(read.name) or read.kind == PREFIX:
            continue
        needed = next((each for each in both.new.reads if each.name == read.name and each.required), None)
        yield Happened("added-required" if needed else "added", read.name, needed or read, quote_name(read.name))
        if needed and name in before:
            yield Happened("read-elsewhere", read.name, read, quote_name(read.name))


def _names_in(reads: Iterable[Read]) -> set[Name]:
    return {(read.kind, read.name) for read in reads}


def _renames(both: BothSides) -> Iterator[tuple[list[Happened], Name, Name]]:
    before, after = _by_site(both.old.reads), _by_site(both.new.reads)
    known = _names_in(both.old.reads)
    for site, reads in after.items():
        was = before.get(site, [])
        olds, news = [read.name for read in was], [read.name for read in reads]
        come = [read for read in reads if read.name not in olds and (read.kind, read.name) not in known]
        gone = [read for read in was if read.name not in news]
        if not come or not was or not _are_paired(gone, come, was, reads):
            continue
        for source, target in zip(gone or was, come, strict=False):
            fact = "prefix-changed" if source.kind == PREFIX else "renamed"
            words = f"{quote_name(source.name)} → {quote_name(target.name)}"
            happened = [Happened(fact, source.name, target, words)]
            if _reads_in_scope(source, target, both.new.reads):
                happened.append(Happened("old-name-read", source.name, target, words))
            elif target.required and not source.required and fact == "renamed":
                happened.append(Happened("added-required", target.name, target, quote_name(target.name)))
            yield happened, (source.kind, source.name), (target.kind, target.name)


def _are_paired(gone: list[Read], come: list[Read], was: list[Read], reads: list[Read]) -> bool:
    """Whether the new names of a place took over from the old ones: as many, or one more that counts before the old one."""
    if gone:
        return len(gone) == len(come)
    if len(was) != 1 or len(reads) != 2 or len(come) != 1:
        return False
    return was[0].name in (come[0].default or "") or bool(_words_of(was[0].name) & _words_of(come[0].name))


def _words_of(name: str) -> set[str]:
    return set(re.split(r"[_.:-]", name.lower()))


def _reads_in_scope(source: Read, target: Read, reads: Iterable[Read]) -> bool:
    return any(read.name == source.name and read.scope == target.scope for read in reads)


def _by_site(reads: Iterable[Read]) -> Sites:
    found: Sites = {}
    for read in reads:
        names = found.setdefault((read.kind, read.target or read.scope), [])
        if all(each.name != read.name for each in names):
            names.append(read)
    return found


def _first_of(reads: Iterable[Read]) -> list[Read]:
    found: dict[Name, Read] = {}
    for read in reads:
        found.setdefault((read.kind, read.name), read)
    return list(found.values())


def _kept_default(read: Read, both: BothSides) -> Iterator[Happened]:
    value = both.new.literals.get(read.target)
    if value is not None and same_value(value, read.default or ""):
        yield Happened("default-kept", read.name, read, f"{quote_name(read.name)} is {quote_name(value)} now")


def _changed_demands(old: list[Read], new: list[Read]) -> Iterator[Happened]:
    for read in _first_of(new):
        was = [each for each in old if (each.kind, each.name) == (read.kind, read.name)]
        now = [each for each in new if (each.kind, each.name) == (read.kind, read.name)]
        if not was:
            continue
        if any(each.required for each in now) and not any(each.required for each in was):
            yield Happened("newly-required", read.name, next(each for each in now if each.required), quote_name(read.name))
            continue
        for before, after in _pair_reads(was, now):
            if before.default is not None and not same_value(before.default, after.default):
                yield _changed_default(before, after)
                break


def _pair_reads(was: list[Read], now: list[Read]) -> Iterator[tuple[Read, Read]]:
    if len(was) == 1 and len(now) == 1:
        yield was[0], now[0]
        return
    for before in was:
        for after in now:
            if (before.path, before.target) == (after.path, after.target):
                yield before, after


def _changed_default(before: Read, after: Read) -> Happened:
    old, new = before.default or "", after.default
    words = f"{quote_name(before.name)}: {quote_name(old)} → {quote_name(new) if new is not None else 'none'}"
    if not _is_plain(old) or (new is not None and not _is_plain(new)):
        return Happened("default-reworked", before.name, after, words)
    if new is not None and (_ADDRESS_NAME.search(before.name) or _ADDRESS_VALUE.search(old) or _ADDRESS_VALUE.search(new)):
        return Happened("address-default-changed", before.name, after, words)
    return Happened("default-changed", before.name, after, words)


def _is_plain(value: str) -> bool:
    """Whether it is a literal, not source: what a program computes has brackets, calls or names with dots and brackets."""
    return re.search(r"[()\[\]{}]|^[a-z]\w*\.\w+\b(?!\.)|^\w+::", value) is None


def same_value(a: str | None, b: str | None) -> bool:
    """Whether two values are the same but for notation: `60` and `"60"`, `true` and `True`, none and ""."""
    return _bare(a) == _bare(b)


def _bare(value: str | None) -> str:
    text = (value or "").strip().strip("\"'").lower()
    return {"none": "", "null": "", "nil": "", "undefined": "", "1": "true", "0": "false"}.get(text, re.sub(r"\.0+$", "", text))
