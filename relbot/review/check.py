"""Many files to all their fragments and all their faults: each by itself, and what only shows when they are together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relbot.finding import Finding, Place, in_reading_order
from relbot.fragment.location import RELEASED, make_locator
from relbot.fragment.other_tools import recognize_tool
from relbot.fragment.parse import Parser
from relbot.review.release_lines import ReleaseLines
from relbot.review.shown_text import check_release_prose, report_raw_html
from relbot.schema import lazy_re as re
from relbot.schema.faults import did_you_mean, nearest_word
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from relbot.config.model import Config
    from relbot.fragment.file import FragmentFile
    from relbot.fragment.location import Location
    from relbot.fragment.model import Fragment

_ISSUE = re.compile(r"\d+|[\w.-]+(?:/[\w.-]+)*[#!]\d+|[A-Z][A-Z0-9_]*-\d+|https?://\S+")
"""What `hold` may name beside fragments: `5644`, `owner/repo#12`, `PROJ-7`, an address."""
_MOST_GUESSES = 20
"""Findings that say which name was meant: each guess looks at every name of the project."""


class CheckedFragments(NamedTuple):
    """All fragments without faults, in the order of their sources, and all findings in reading order."""

    fragments: tuple[Fragment, ...]
    findings: tuple[Finding, ...]


def check_fragments(
    sources: Iterable[FragmentFile], config: Config, others: Iterable[str] = (), namesakes: Iterable[FragmentFile] = ()
) -> CheckedFragments:
    """The fragments among `sources` and everything that is wrong with them. Files that are no fragments are passed over.

    `others` are the paths of fragments that are there too and not to be judged: their names count. `namesakes` are those of
    them that have the name of one of `sources`: what they say tells whether both are one change, in two release lines.
    """
    parser = Parser(config.type_names, config.component_names, config.hidden_types)
    located = make_locator(config.folders)
    fragments: list[Fragment] = []
    findings: list[Finding] = []
    releases: set[str] = set()
    path_of = {path[path.rfind("/") + 1 :].removesuffix(".md"): path for path in others}
    # All in one text, and no function: a call for each of ten thousand names takes longer than all the rest.
    by_lower = dict(zip("\0".join(path_of).lower().split("\0"), path_of, strict=True)) if path_of else {}
    texts: dict[str, FragmentFile] = {}
    lines = ReleaseLines(parser, located, namesakes)
    for source in sources:
        location = located(source.path)
        if location is None:
            findings += check_release_prose(source)
            continue
        if isinstance(location, Finding):
            findings.append(_foreign_finding(source, config) or location)
            continue
        if location.version is not None and location.version not in releases:
            releases.add(location.version)
            findings += _check_release_folder(location, config)
        identity = location.identity
        first = by_lower.setdefault(identity.lower(), identity)
        parsed = _parse_fragment(parser, source, location, config)
        if first != identity:
            findings.append(_duplicate_finding(source, identity, path_of[first]))
        elif (other := path_of.setdefault(identity, source.path)) != source.path and not lines.share_change(
            parsed, location, other
        ):
            findings.append(_duplicate_finding(source, identity, other))
        if isinstance(parsed, list):
            findings += parsed
        else:
            lines.remember(parsed)
            findings += report_raw_html(parsed, source)
            fragments.append(parsed)
            if parsed.needs or parsed.hold:
                texts[identity] = source
    referring = [fragment for fragment in fragments if fragment.needs or fragment.hold]
    findings += _unknown_services(fragments, tuple(service.name for service in config.services))
    findings += _unknown_references(referring, path_of, texts)
    findings += _find_cycles({fragment.identity: fragment for fragment in referring}, texts)
    return CheckedFragments(tuple(fragments), tuple(in_reading_order(findings)))


def _check_release_folder(location: Location, config: Config) -> list[Finding]:
    from relbot.release.version import is_version  # few change sets and repositories have released fragments to be judged

    if location.version is None or is_version(location.version, config.versions):
        return []
    return [_no_release(location)]


def _parse_fragment(parser: Parser, source: FragmentFile, location: Location, config: Config) -> Fragment | list[Finding]:
    """The fragment in a file, or its faults; a note of another tool has one fault, that it is such a note."""
    parsed = parser.parse(source, location)
    if isinstance(parsed, list) and (foreign := _foreign_finding(source, config)):
        return [foreign]
    return parsed


def _unknown_services(fragments: Iterable[Fragment], services: Collection[str]) -> Iterator[Finding]:
    """A finding for each service that a fragment restarts and the configuration does not declare, where it declares others."""
    for fragment in fragments if services else ():
        for step in fragment.steps if fragment.version is None else ():
            for name in (each for each in step.restart if each not in services):
                message = f"`restart` names `{name}`, and no service of that name is declared."
                tip = did_you_mean(name, services)
                yield Finding("unknown-service", Place(fragment.path, step.line), message, tip, f"[services.{name}]")


def _foreign_finding(source: FragmentFile, config: Config) -> Finding | None:
    """A finding for a note of another tool, in the place of all that a fragment would lack; None for any other file."""
    found = recognize_tool(source.path.rpartition("/")[2], source.content, config.type_names)
    if found is None:
        return None
    message = f"This is a note of {found.tool}, not a fragment of relbot."
    if found.example:
        new = f"{source.path.rpartition('.')[0]}.md"
        tip = f"relbot cannot import notes of {found.tool}. Write {new} with this text, and remove {source.path}."
        return Finding("foreign-fragment", Place(source.path), message, tip, found.example)
    tip = f"Import all notes of {found.tool}. relbot then prints the command that removes them:"
    return Finding("foreign-fragment", Place(source.path), message, tip, f"relbot import {found.tool}")


def parsing_settings(config: Config) -> tuple[object, ...]:
    """All of a configuration that decides how fragments are read: two that agree on it find the same faults."""
    return config.type_names, config.component_names, config.folders, config.versions, tuple(s.name for s in config.services)


def _stem_of(path: str) -> str:
    return path[path.rfind("/") + 1 :].removesuffix(".md")


class FragmentTree(Protocol):
    """The files below the fragments' folders of a tree."""

    @property
    def paths(self) -> Collection[str]:
        """The paths of all of them."""

    def read(self, paths: Iterable[str]) -> list[FragmentFile]:
        """These files, by path. Unknown if one cannot be had."""


def check_changed_fragments(
    tree: FragmentTree, changed: Collection[str], gone: Collection[str], config: Config, added: Collection[str] = ()
) -> CheckedFragments:
    """The fragments of a tree that lie at `changed` paths, and what is wrong because of these or of the identities `gone`.

    Fragments that a change set leaves alone are read only where one that it changes needs them, or where they may name one that
    is gone. Of their own faults nothing is said. `added` are the paths that the change set brings: what one of them
    needs must not come with it.
    """
    own = sorted(set(changed).intersection(tree.paths))
    others = [path for path in tree.paths if path not in changed and path.endswith(".md")]
    sources = tree.read(own)
    stems = {_stem_of(path) for path in own}
    known = {path[path.rfind("/") + 1 : -3] for path in others}
    namesakes = tree.read([path for path in others if _stem_of(path) in stems]) if stems & known else []
    checked = check_fragments(sources, config, others, namesakes)
    findings = list(checked.findings)
    if needed := _read_needed(tree, checked.fragments, others, config):
        together = check_fragments([*sources, *needed], config, others, namesakes).findings
        findings += [finding for finding in together if finding.rule == "needs-cycle" and finding not in findings]
    findings += _find_together(checked.fragments, added, {source.path: source for source in sources})
    if gone:
        findings += _find_dangling(tree, others, own, gone, config)
    return CheckedFragments(checked.fragments, tuple(in_reading_order(findings)))


def _read_needed(tree: FragmentTree, fragments: Iterable[Fragment], others: Iterable[str], config: Config) -> list[FragmentFile]:
    """The files of all fragments that these need, and those need, as far as they lie at the paths `others`."""
    if not any(fragment.needs for fragment in fragments):
        return []
    path_of = {_stem_of(path): path for path in others}
    read: dict[str, FragmentFile] = {}
    wanted = {path_of[name] for fragment in fragments for name in fragment.needs if name in path_of}
    while wanted:
        sources = tree.read(sorted(wanted))
        read |= {source.path: source for source in sources}
        needs = {name for fragment in check_fragments(sources, config, others).fragments for name in fragment.needs}
        wanted = {path_of[name] for name in needs if name in path_of and path_of[name] not in read}
    return list(read.values())


def _find_together(fragments: Iterable[Fragment], added: Collection[str], sources: dict[str, FragmentFile]) -> Iterator[Finding]:
    """A finding for each fragment that a change set brings together with one that it needs an earlier deploy of."""
    new = {fragment.identity: fragment for fragment in fragments if fragment.path in added and fragment.version is None}
    for identity, fragment in new.items():
        for need in fragment.needs:
            if need in new and need != identity:
                message = f"`{identity}` needs an earlier deploy of `{need}`, and this change set brings both."
                tip = f"Put `{identity}`, with its code, into another pull request and merge that later; or correct `needs`."
                place = _place_of(need, "needs", sources[fragment.path])
                yield Finding("needs-together", place, message, tip, changes=(identity, need))


def _find_dangling(
    tree: FragmentTree, others: Sequence[str], own: Sequence[str], gone: Collection[str], config: Config
) -> list[Finding]:
    """A finding for each name of something `gone` that a fragment at one of the paths `others` needs or awaits."""
    texts = [name.encode("utf-8", "surrogateescape") for name in gone]
    naming = [source for source in tree.read(others) if any(text in source.content for text in texts)]
    names = [*own, *others]
    before = check_fragments(naming, config, [*names, *(f"{name}.md" for name in gone)]).findings
    return [finding for finding in check_fragments(naming, config, names).findings if finding not in before]


def _no_release(location: Location) -> Finding:
    released = f"{location.folder.path}/{RELEASED}"
    message = f"`{released}/{location.version}` is not the folder of a release: `{location.version}` is not a version."
    tip = f"Rename the folder after its version, or move it elsewhere. Allowed: {released}/VERSION/NAME.md."
    return Finding("misplaced-fragment", Place(location.path), message, tip, location.folder.of_release("2.10"))


def _duplicate_finding(source: FragmentFile, identity: str, other: str) -> Finding:
    name = other.rsplit("/", 1)[-1]
    message = f"`{other}` has the same name, and the name identifies a change."
    tip = "Rename the file that is not released yet. If it is the same change, give both the same `issues`."
    if name != f"{identity}.md":
        message = f"`{other}` differs from it only in capital letters: Windows and macOS treat both as one file."
        tip = "Rename the file that is not released yet."
    return Finding("duplicate-identity", Place(source.path), message, tip)


def _unknown_references(fragments: list[Fragment], names: Collection[str], texts: dict[str, FragmentFile]) -> Iterator[Finding]:
    """A finding for each name in `needs` and `hold` that names nothing."""
    guesses = 0
    for fragment in fragments:
        unknown = [("needs", name) for name in fragment.needs if name not in names]
        unknown += [("hold", name) for name in fragment.hold if name not in names and not _ISSUE.fullmatch(name)]
        for key, name in unknown:
            guesses += 1
            near = nearest_word(name, names) if guesses <= _MOST_GUESSES else None
            allowed = "the name of a fragment's file without `.md`"
            if key == "hold":
                allowed += ", or an issue or pull request such as 5644, owner/repo#12 or PROJ-7"
            tip = f"Did you mean `{near}`? Allowed: {allowed}." if near else f"Allowed: {allowed}."
            place = _place_of(name, key, texts[fragment.identity])
            example = f"{key}: [{near}]" if near else ""
            yield Finding("unknown-reference", place, f"`{key}` names `{name}`, and there is no such fragment.", tip, example)


def _place_of(name: str, key: str, source: FragmentFile) -> Place:
    """Where `name` stands below `key` in the front matter of `source`."""
    place = Place(source.path, 1, 1)
    below = False
    for number, line in enumerate(source.content.decode("utf-8-sig").splitlines()[1:], start=2):
        if below and line.startswith("---"):
            break
        if match := re.search(rf"\b{key}['\"]?\s*:", line):
            below, place = True, Place(source.path, number, match.start() + 1)
        if below and (at := line.find(name, match.end() if match else 0)) >= 0:
            return Place(source.path, number, at + 1)
    return place


def _find_cycles(by_identity: dict[str, Fragment], sources: dict[str, FragmentFile]) -> Iterator[Finding]:
    """A finding for each circle of fragments that need each other, at the one whose path comes first.

    Goes through every fragment once: `path` is the way from where it began to where it is, `done` what it has left.
    Of circles among fragments that were all told of already, no more is told.
    """
    done: set[str] = set()
    told: set[str] = set()
    for start in by_identity:
        path: dict[str, Iterator[str]] = {}
        following = start
        while following:
            if following in path and not told >= {following, next(reversed(path))}:
                names = list(path)
                names = names[names.index(following) :]
                told.update(names)
                yield _cycle_finding([by_identity[name] for name in names], sources)
            elif following in by_identity and following not in done and following not in path:
                path[following] = iter(by_identity[following].needs)
            following = ""
            while path and not following:
                here = next(reversed(path))
                following = next(path[here], "")
                if not following:
                    del path[here]
                    done.add(here)


def _cycle_finding(fragments: list[Fragment], sources: dict[str, FragmentFile]) -> Finding:
    first = min(range(len(fragments)), key=lambda i: fragments[i].path)
    names = [fragment.identity for fragment in (*fragments[first:], *fragments[:first])]
    message = f"These need each other to be deployed earlier: {' → '.join([*names, names[0]])}."
    tip = "Remove one of the names: the fragment that comes first must not need a later one."
    place = _place_of((*names, names[0])[1], "needs", sources[names[0]])
    return Finding("needs-cycle", place, message, tip, changes=tuple(names))
