"""The change logs of revisions: what a plan is made from, read from git's objects."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from relbot.deploy.plan.change_order import order_sensitive
from relbot.deploy.plan.changelog import ChangeLog, Revision
from relbot.deploy.plan.difference import compare_logs
from relbot.deploy.plan.holds import find_holds
from relbot.finding import Finding, Place
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Location, in_natural_order, make_locator
from relbot.fragment.model import Fragment
from relbot.fragment.parse import Parser
from relbot.fragment.release_lines import is_same_change
from relbot.git.departures import find_departures
from relbot.git.first_parent_walk import FirstParentWalk
from relbot.git.revisions import resolve_revision, resolve_revisions
from relbot.git.trees import (
    BlobReading,
    DisjointTrees,
    TreeComparison,
    list_tree,
    parse_entry,
    read_blobs,
    split_lines,
)
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from relbot.config.model import Config
    from relbot.deploy.plan.changelog import Arrival
    from relbot.fragment.location import Folder
    from relbot.git.object_reader import TreeEntry
    from relbot.git.passing import FragmentsOnTheWay
    from relbot.git.process import Git

    _In = tuple[str, tuple[Folder, ...]]

_PROBLEMS = {"120000": "This is a symbolic link.", "160000": "This is a submodule."}


class _File(NamedTuple):
    """A file of a tree that should be a fragment."""

    location: Location
    entry: TreeEntry


_Files = dict[str, _File]
_Read = tuple[dict[str, Fragment], dict[str, tuple[Finding, ...]]]
_T = TypeVar("_T")
_Logs = tuple[ChangeLog, ChangeLog]


def read_change_log(git: Git, revision: str, config: Config) -> ChangeLog:
    """Everything that the tree of `revision` has, all fragments read; without arrivals.

    Raises RevisionUnknown if there is no such revision, GitFailed or Unknown if git cannot read it.
    """
    commit = resolve_revision(git, revision)
    files, findings, others = _locate_files(split_lines(list_tree(git, commit, config.folders)), config.folders)
    findings += _compare_lines(git, files, others, config).findings
    fragments, faulty = _parse_files(files, read_blobs(git, _readable_blobs(files)), config)
    return ChangeLog(Revision(revision, commit), fragments, faulty=faulty, findings=findings)


def read_change_logs(
    git: Git, start: str, target: str, configs: tuple[Config, Config], way: FragmentsOnTheWay | None = None
) -> _Logs:
    """The change logs of two revisions, as far as a plan between them needs them.

    Each is read by its own configuration of the two `configs`, which says where fragments lie. A fragment that both trees have
    with the same content is not read, wherever it lies, unless another one names it. The history is walked only as far as the
    order of steps depends on it: see `relbot.git.first_parent_walk`. Where `way` is given, which was begun for the same two
    commits, it tells what arrived between them. Raises what `read_change_log` raises.
    """
    commit_a, commit_b = resolve_revisions(git, start, target)
    config_a, config_b = configs
    everywhere = tuple(dict.fromkeys((*config_a.folders, *config_b.folders)))
    if way is not None and set(way.folders) != set(everywhere):
        way = None  # what came from another folder would count as new
    with closing(_open_trees(git, (commit_a, config_a.folders), (commit_b, config_b.folders))) as trees:
        files_a = _locate_files(trees.before, config_a.folders).files
        files_b, findings, others = _locate_files(trees.after, config_b.folders)
        findings += _compare_lines(git, files_b, others, config_b).findings
        moved = {i: files_b[i] for i in files_a.keys() & files_b.keys() if files_a[i].entry[1:] == files_b[i].entry[1:]}
        own_a, own_b = _leave_out(files_a, moved), _leave_out(files_b, moved)
        wanted = (*_readable_blobs(own_a), *_readable_blobs(own_b))
        alone = (commit_a, files_a.keys() - files_b), (commit_b, files_b.keys() - files_a)
        with (
            closing(BlobReading(git, wanted)) as reading,
            _open_walk(git, *alone[0], everywhere, way) as walk_a,
            _open_walk(git, *alone[1], everywhere, way) as walk_b,
        ):
            walk_a.go_ahead()
            walk_b.go_ahead()
            contents = reading.contents()
            read_a, read_b = _parse_files(own_a, contents, config_a), _parse_files(own_b, contents, config_b)
            kept = trees.shared_stems()
            if twice := kept & (files_a.keys() | files_b.keys()):
                real = _locate_files(trees.shared, config_b.folders).files
                kept -= twice - real.keys()
                again = {i: file for i, file in files_b.items() if i in real}
                lines = _compare_lines(git, real, again, config_b)
                findings += lines.findings
                read_a, read_b = _with_readable(read_a, lines.was), _with_readable(read_b, lines.now)
                kept -= lines.now.keys()
            unread = kept | moved.keys()
            a = _make_log(Revision(start, commit_a), read_a, unread)
            b = _make_log(Revision(target, commit_b), read_b, unread)._replace(findings=findings)
            between = compare_logs(a, b)
            gone, brought = ([fragment.identity for fragment in of] for of in (between.undo, between.do))
            b = b._replace(departures=find_departures(git, commit_a, commit_b, gone, everywhere, config_b.changelog))
            a = a._replace(departures=find_departures(git, commit_b, commit_a, brought, everywhere, config_a.changelog))
            a, b = _with_what_is_named(git, (a, b), trees, moved, config_b)
            return _with_arrivals((walk_a, walk_b), a, b, way)


def _make_log(revision: Revision, read: _Read, unread: frozenset[str]) -> ChangeLog:
    fragments, faulty = read
    return ChangeLog(revision, _leave_out(fragments, unread), unread, _leave_out(faulty, unread))


def _open_trees(git: Git, a: _In, b: _In) -> TreeComparison | DisjointTrees:
    (commit_a, of_a), (commit_b, of_b) = a, b
    return TreeComparison(git, commit_a, commit_b, of_a) if of_a == of_b else DisjointTrees(git, commit_a, commit_b, (of_a, of_b))


def _open_walk(
    git: Git, commit: str, alone: AbstractSet[str], folders: tuple[Folder, ...], way: FragmentsOnTheWay | None
) -> FirstParentWalk:
    """A walk to where what one tree has alone came from. With one fragment there is no order to be found; a way tells it, too."""
    return FirstParentWalk(git, commit, folders, len(alone) if len(alone) > 1 and way is None else 0)


class _Located(NamedTuple):
    """The fragments' files among the lines of a listing, by identity, and what is wrong with the places of files.

    Of a change on several release lines the file that is not released counts, or else that of the highest release. `others` are
    files that may be another change of the same name: their contents tell.
    """

    files: _Files
    findings: tuple[Finding, ...]
    others: _Files


def _locate_files(lines: Iterable[bytes], folders: tuple[Folder, ...]) -> _Located:
    files: _Files = {}
    findings: list[Finding] = []
    others: _Files = {}
    location_of = make_locator(folders)
    for each in sorted(map(parse_entry, lines)):
        location = location_of(each.path)
        if isinstance(location, Finding):
            findings.append(location)
        elif location is not None:
            file = _File(location, each)
            first = files.setdefault(location.identity, file)
            at = first.location
            if first is file:
                continue
            if at.folder != location.folder or at.version == location.version:
                findings.append(_duplicate_finding(file, first))
            elif at.version and location.version:
                files[location.identity] = max(first, file, key=lambda each: in_natural_order(each.location.version or ""))
            elif first.entry[1:] != file.entry[1:]:
                others[location.identity] = file
    return _Located(files, tuple(findings), others)


def _duplicate_finding(file: _File, first: _File) -> Finding:
    message = f"`{first.entry.path}` has the same name `{file.location.identity}`, and only that file counts."
    tip = "Remove one of them, or give it another name."
    return Finding("duplicate-identity", Place(file.entry.path), message, tip)


class _LineDifferences(NamedTuple):
    """Changes of which both trees have one file, and the second has another one: on another release line.

    `was` and `now` are those whose files differ. `findings` are about files that have the name of another change.
    """

    was: dict[str, Fragment]
    now: dict[str, Fragment]
    findings: tuple[Finding, ...] = ()


def _compare_lines(git: Git, before: _Files, after: _Files, config: Config) -> _LineDifferences:
    differing = {i for i, file in after.items() if file.entry[1:] != before[i].entry[1:]}
    old, new = ({i: side[i] for i in differing} for side in (before, after))
    contents = read_blobs(git, (*_readable_blobs(old), *_readable_blobs(new))) if differing else {}
    (was, _), (now, _) = _parse_files(old, contents, config), _parse_files(new, contents, config)
    same = {i for i in was.keys() & now.keys() if is_same_change(now[i], was[i])}
    findings = tuple(_duplicate_finding(after[i], before[i]) for i in sorted(differing - same))
    return _LineDifferences({i: was[i] for i in same}, {i: now[i] for i in same}, findings)


def _with_readable(read: _Read, more: dict[str, Fragment]) -> _Read:
    """With the files of changes on another release line, except of a change of which a file that counts cannot be read."""
    fragments, faulty = read
    return {**fragments, **_leave_out(more, faulty)}, faulty


def _leave_out(of_identities: Mapping[str, _T], identities: Container[str]) -> dict[str, _T]:
    return {identity: value for identity, value in of_identities.items() if identity not in identities}


def _readable_blobs(files: _Files) -> list[str]:
    """The blobs of the files that have one."""
    return [file.entry.blob for file in files.values() if file.entry.mode not in _PROBLEMS]


def _parse_files(files: _Files, contents: dict[str, bytes], config: Config) -> _Read:
    """The fragments in files, by identity, and the faults of those that are none or are faulty."""
    parser = Parser(config.type_names, config.component_names, config.hidden_types)
    fragments: dict[str, Fragment] = {}
    faulty: dict[str, tuple[Finding, ...]] = {}
    for identity, (location, (path, mode, blob)) in files.items():
        problem = _PROBLEMS.get(mode, "")
        parsed = parser.parse(FragmentFile(path, b"" if problem else contents[blob], problem), location)
        if isinstance(parsed, Fragment):
            fragments[identity] = parsed
        else:
            faulty[identity] = tuple(parsed)
    return fragments, faulty


def _with_what_is_named(git: Git, logs: _Logs, trees: TreeComparison | DisjointTrees, moved: _Files, config: Config) -> _Logs:
    """The logs with the unread fragments that others name: in `needs`, or by an issue or pull request in `hold`.

    For the latter all unread files are looked at, but only those that hold the text are parsed. If no fragment stands
    for it, the history is asked for a pull request of that number.
    """
    a, b = logs
    to_do = compare_logs(a, b).do
    needed = {need for log in logs for fragment in log.fragments.values() for need in fragment.needs} & b.unread
    held = {hold.awaits for hold in find_holds(to_do, a, b)}
    if not needed and not held:
        return logs
    from relbot.git.merged_pull_requests import find_merged_pull_requests  # few plans hold anything

    same = {**_locate_files(trees.shared, config.folders).files, **moved}
    readable = {i: file for i, file in same.items() if file.entry.mode not in _PROBLEMS and (held or i in needed)}
    contents = read_blobs(git, (file.entry.blob for file in readable.values()))
    texts = [reference.encode() for reference in held]
    named = {i: f for i, f in readable.items() if i in needed or any(text in contents[f.entry.blob] for text in texts)}
    fragments, _ = _parse_files(named, contents, config)
    a, b = (log._replace(fragments={**log.fragments, **fragments}, unread=log.unread - fragments.keys()) for log in (a, b))
    open_still = frozenset(hold.awaits for hold in find_holds(to_do, a, b))
    a, b = (log._replace(merged=find_merged_pull_requests(git, log.revision.commit, open_still)) for log in (a, b))
    return a, b


def _with_arrivals(
    walks: tuple[FirstParentWalk, FirstParentWalk], a: ChangeLog, b: ChangeLog, way: FragmentsOnTheWay | None
) -> _Logs:
    between = compare_logs(a, b)
    found_a, found_b = _find_arrivals(walks[0], way, a, between.undo), _find_arrivals(walks[1], way, b, between.do)
    return a._replace(arrivals=found_a), b._replace(arrivals=found_b)


def _find_arrivals(
    walk: FirstParentWalk, way: FragmentsOnTheWay | None, log: ChangeLog, fragments: Iterable[Fragment]
) -> dict[str, Arrival]:
    """When these fragments arrived, as far as their order depends on it: on the way, or somewhere in the history."""
    wanted, certain = order_sensitive(fragments)
    if way is not None:
        found = way.arrivals(log.revision.commit, wanted | certain)
        if found.keys() == wanted | certain:
            return found
    return walk.arrivals(wanted, certain)
