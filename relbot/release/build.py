"""What a build does, as data: which fragments become which entry, and which files change. Pure; nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.finding import Finding, Level, Place
from relbot.fragment.location import PROSE, RECORD
from relbot.release import changelog
from relbot.release.build_plan import Build, ChangelogChange, Extras, copy_awaited
from relbot.release.changelog_check import find_conflict_markers
from relbot.release.changelog_difference import compare_entry, edited_finding, reads_same, taken_finding
from relbot.release.changelog_order import VersionHeadings, entry_heading_line, find_previous, place_new_entry
from relbot.release.comparison_links import PREVIOUS, AddedLinks, NewRelease, list_definitions, put_links
from relbot.release.notes import FIRST, UNRELEASED, Attribution, Notes, make_notes
from relbot.release.operations import Move, Operations, Write, content_digest, present_digest
from relbot.release.record import ReleaseRecord, record_json, sources_digest
from relbot.release.release_prose import join_prose, place_prose
from relbot.release.unreleased_text import join_taken, part_of_title, section_titles
from relbot.release.version import ORDER, parse_version, readable_versions, require_version, wanted_bump
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from relbot.config.model import Config
    from relbot.fragment.file import FragmentFile
    from relbot.fragment.model import Fragment
    from relbot.release.changelog import AddedText, ChangelogFormat, WrittenEntry
    from relbot.release.release_prose import ProseChange
    from relbot.release.release_tree import ReleaseFolder, ReleaseTree
    from relbot.release.target import ReleaseTarget
    from relbot.release.unreleased_text import UnreleasedText
    from relbot.release.version_files import RaisedFile


class Builder(NamedTuple):
    """Plans the builds of one target.

    `parse` makes fragments of released files, or raises FaultyFragments; only those are parsed whose entry is made.
    `render` makes the entry of notes; it ends in one line end. `tagged` gives the versions that tags name.
    """

    config: Config
    target: ReleaseTarget
    tree: ReleaseTree
    parse: Callable[[Iterable[FragmentFile]], tuple[Fragment, ...]]
    render: Callable[[Notes], str]
    form: ChangelogFormat
    tagged: Callable[[], Iterable[str]] = tuple

    def collected(self, version: str) -> list[ReleaseFolder]:
        """The release itself, if it is there, and the prereleases that lead to it."""
        if not self.tree.releases:
            return []  # a preview of what is unreleased has no version to be parsed
        wanted = parse_version(version, self.config.versions)
        return [
            released
            for name, released in self.tree.releases.items()
            if name == version or parse_version(name, self.config.versions).leads_to(wanted)
        ]

    def notes(self, version: str, day: date, origins: Mapping[str, Attribution], *, with_unreleased: bool) -> Notes:
        """The notes of a release, with what is unreleased if it is being built. `origins` adds to what records know."""
        collected = self.collected(version)
        known = dict(origins)
        for released in collected:
            if released.record:
                known |= released.record.origins
        parsed = self.parse(source for released in collected for source in released.sources)
        fragments = {fragment.identity: fragment for fragment in (*parsed, *(self.tree.unreleased if with_unreleased else ()))}
        before = self.told_before(version)
        told = [fragment for identity, fragment in fragments.items() if identity not in before]
        notes = make_notes(version, day, told, known, self.config, self.target.component, self.previous(version))
        return notes._replace(prose=self.prose(version, with_unreleased=with_unreleased))

    def prose(self, version: str, *, with_unreleased: bool) -> str:
        """What a release says above its changes: its own text, or that of its last prerelease.

        What prereleases took from the changelog are changes of the final release, too.
        """
        said = [released.prose for released in self.collected(version) if released.prose and released.version == version]
        said += [self.tree.prose] if with_unreleased and self.tree.prose else []
        taken = self.unreleased_text(version) if with_unreleased else None
        parts = [file.content for file in said] + ([taken.text.encode()] if taken else [])
        earlier = [released.prose.content for released in self.collected(version) if released.prose][-1:]
        text = join_prose(parts or earlier)
        took = [
            released.record.taken.text for released in self.collected(version) if released.record and released.version != version
        ]
        return "\n\n".join([*(each for each in took if each and each not in text), *([text] if text else [])])

    def unreleased_text(self, version: str) -> UnreleasedText | None:
        """What people wrote into the changelog for the next release; None if nothing."""
        return self.form.unreleased(self.tree.text, version) if self.form.unreleased else None

    def has_unreleased(self, version: str) -> bool:
        """Whether there is anything that no release has: fragments, or what people wrote into the changelog."""
        return bool(self.tree.unreleased) or self.unreleased_text(version) is not None

    def wanted_part(self) -> str:
        """The part of the version that all this asks for: `major`, `minor`, `patch` or `none`."""
        part = wanted_bump(self.tree.unreleased, {kind.name: kind.bump for kind in self.config.types})
        taken = self.unreleased_text(UNRELEASED)
        by_title = {kind.title.casefold(): kind.bump for kind in self.config.types} | {FIRST.casefold(): "major"}
        titles = section_titles(taken.text) if taken else []
        return min((part, *(by_title.get(title.casefold()) or part_of_title(title) for title in titles)), key=ORDER.index)

    def previous(self, version: str) -> str:
        """The release before a version, as its record has it, else as tags, folders and headings tell; "" for a first one."""
        known = self.tree.releases.get(version)
        if known and known.record:
            return known.record.previous
        if version == UNRELEASED or not (self.form.links or PREVIOUS in self.config.title):
            return ""
        if PREVIOUS not in self.config.title + self.config.links.compare and not list_definitions(self.tree.text):
            return ""
        headings = VersionHeadings(self.tree.text, self.config.versions, self.form.headings)
        return find_previous(headings, [*self.tree.releases, *self.tagged()], version, self.config.versions)

    def told_before(self, version: str) -> dict[str, str]:
        """The changes of a release that an older line brought, so that its entry leaves them out: identity to release.

        What the record of a release says holds, whatever was merged later.
        """
        collected = {each.version: each.record for each in self.collected(version)}
        found = {identity: name for of in collected.values() if of for identity, name in of.told_before.items()}
        if self.config.versions.backports == "repeat":
            return found
        for identity, names in self.tree.out_in.items():
            older = [name for name in names if name not in collected and self._is_older(name, version)]
            if older:
                found[identity] = older[0]
        return found

    def _is_older(self, name: str, version: str) -> bool:
        """Whether a release comes before a version; of what has no version yet, each does."""
        mine = readable_versions([version], self.config.versions)
        return not mine or any(other < mine[0] for other in readable_versions([name], self.config.versions))

    def build(self, version: str, day: date, origins: Mapping[str, Attribution]) -> Build:
        """Releases what is unreleased as `version`, and mends the entries of releases whose fragments were corrected."""
        require_version(version, self.config.versions)
        notes = self.notes(version, day, origins, with_unreleased=True)
        folder_of = self.target.home
        moved = tuple(Move(f.path, f"{folder_of(f.path).of_release(version)}/{f.identity}.md") for f in self.tree.unreleased)
        moves = tuple(move for move in moved if move.source not in self.tree.awaited)
        taken = self.unreleased_text(version)
        text = self.tree.text[: taken.begin] + self.tree.text[taken.end :] if taken else self.tree.text
        prose = self._placed_prose(version, taken.text if taken else "")
        sources = [each for each in self._sources(version) if not each.path.endswith(f"/{version}/{PROSE}")]
        sources += [*self.tree.unreleased_sources, *([prose.file] if prose.file else [])]
        raised = self._raised_files(version)
        before = {file.path: file.old for file in raised}
        change = self._entered(notes, text, sources, Extras(self._homes(), taken, before))
        corrected = self._corrected(version)
        for record in corrected:
            change = change.then(self._entered(self._again(record), change.text, self._sources(record.version)))
        copies = copy_awaited(self.tree, moved)
        in_files = (Write(file.path, content_digest(file.before), file.content) for file in raised)
        change = change._replace(writes=(*change.writes, *copies, *prose.writes, *in_files), removals=prose.removals)
        planned = self._planned(notes, (*moves, *prose.moves), change, tuple(record.version for record in corrected))
        return planned._replace(took_text=bool(taken and taken.text), raised=before)

    def _raised_files(self, version: str) -> list[RaisedFile]:
        if not self.tree.manifests:
            return []
        from relbot.release.version_files import raise_versions  # parsers of formats that few builds meet

        return raise_versions(self.tree.manifests, version, self.config.versions)

    def _placed_prose(self, version: str, taken: str) -> ProseChange:
        known = self.tree.releases.get(version)
        path = f"{self.target.folder.of_release(version)}/{PROSE}"
        return place_prose(path, known.prose if known else None, self.tree.prose, taken)

    def _corrected(self, version: str) -> list[ReleaseRecord]:
        """The records of other releases whose fragments were corrected since their build."""
        records = [each.record for name, each in self.tree.releases.items() if name != version and each.record]
        return [record for record in records if sources_digest(self._sources(record.version)) != record.sources]

    def refresh(self, version: str) -> Build:
        """Renders the entry of a release anew from its fragments as they are now. KeyError if no build wrote it."""
        record = self.tree.releases[version].record
        if record is None:
            raise KeyError(version)
        notes = self._again(record)
        change = self._entered(notes, self.tree.text, self._sources(version))
        planned = self._planned(notes, (), change, (version,))
        return planned._replace(operations=planned.operations._replace(title=f"refresh {version}"))

    def _homes(self) -> dict[str, str]:
        """The folders of what is unreleased and comes from elsewhere than the folder below which it is released."""
        folders = ((fragment, fragment.path.rpartition("/")[0]) for fragment in self.tree.unreleased)
        return {fragment.identity: folder for fragment, folder in folders if folder != self.target.home(fragment.path).path}

    def _again(self, record: ReleaseRecord) -> Notes:
        return self.notes(record.version, record.date, record.origins, with_unreleased=False)

    def _sources(self, version: str) -> list[FragmentFile]:
        return [source for released in self.collected(version) for source in released.files]

    def _entered(self, notes: Notes, text: str, sources: list[FragmentFile], extras: Extras | None = None) -> ChangelogChange:
        """The changelog with the entry of these notes, and the record that remembers it."""
        entry = self.render(notes)
        written = changelog.remember_entry(entry)
        known = self.tree.releases.get(notes.version)
        record = known.record if known else None
        place = extras.taken.begin if extras and extras.taken and not extras.taken.heading else None
        put = self._put(text, entry, written, record or notes.version, place)
        if isinstance(put, Finding):
            return ChangelogChange(text, findings=(put,))
        text, added = put
        text, links = self._linked(text, NewRelease(notes.version, notes.previous, written.heading), record)
        entries = (*notes.entries, *notes.left_out)
        stems = {source.path.rpartition("/")[2].removesuffix(".md") for source in sources}
        extras = extras or Extras()
        told = ReleaseRecord(
            notes.version,
            notes.date,
            written,
            sources_digest(sources),
            {e.fragment.identity: Attribution(e.prs, e.authors) for e in entries if e.prs or e.authors},
            added,
            {**(record.homes if record else {}), **extras.homes},
            {identity: name for identity, name in self.told_before(notes.version).items() if identity in stems},
            notes.previous,
            links,
            join_taken(record.taken if record else None, extras.taken),
            {**extras.raised, **(record.raised if record else {})},
        )
        content = record_json(told).encode("utf-8")
        was = known.record_text.encode("utf-8") if known and known.record else None
        path = f"{self.target.folder.of_release(notes.version)}/{RECORD}"
        return ChangelogChange(text, () if was == content else (Write(path, present_digest(was), content),))

    def _linked(self, text: str, of: NewRelease, record: ReleaseRecord | None) -> tuple[str, AddedLinks]:
        known = record.links if record else AddedLinks()
        return put_links(text, of, self.config.links, self.config.versions, known) if self.form.links else (text, known)

    def _put(
        self, text: str, entry: str, written: WrittenEntry, of: ReleaseRecord | str, place: int | None
    ) -> tuple[str, AddedText] | Finding:
        """The changelog with an entry: new for a version that is not built yet, else in the place of the one in the record.

        `place` is that of a heading which people wrote for the version, and which the build took.
        """
        if isinstance(of, str):
            if line := self._heading_line(text, written, of):
                return taken_finding(Place(self.target.changelog, line), text.splitlines()[line - 1])
            return self._inserted(text, entry, of, place)
        if at := changelog.locate_entry(text, of.entry):
            same = of.entry == written or reads_same(text[slice(*at)], entry, self.form)
            return (text if same else changelog.replace_entry(text, at, entry)), of.added
        if changelog.locate_entry(text, written):
            return text, of.added
        line = entry_heading_line(text, of, self.form, self.config.versions)
        edited = line or of.version not in of.entry.heading
        return self._edited(text, line, entry, of) if edited else self._inserted(text, entry, of.version)

    def _inserted(self, text: str, entry: str, version: str, place: int | None = None) -> tuple[str, AddedText]:
        """The changelog with a new entry in its place among those that relbot wrote."""
        if place is None:
            records = [each.record for each in self.tree.releases.values() if each.record and each.version != version]
            place = place_new_entry(text, records, version, self.form, self.config.versions)
        made, added = changelog.insert_entry(text, entry, self.form, place)
        return made, added._replace(created=self.tree.changelog is None)

    def _heading_line(self, text: str, written: WrittenEntry, version: str) -> int | None:
        """The line of a heading that names the version already, in any spelling. None where headings name none, as in RPM."""
        if version not in written.heading:
            return None
        if line := changelog.has_heading(text, written.heading):
            return line
        headings = VersionHeadings(text, self.config.versions, self.form.headings)
        return next(iter(headings.lines(version)), None) if self.form.by_version else None

    def _planned(self, notes: Notes, moves: tuple[Move, ...], change: ChangelogChange, corrected: tuple[str, ...]) -> Build:
        writes = change.writes
        content = change.text.encode("utf-8", "surrogateescape")
        if content != (self.tree.changelog or b""):
            writes = (Write(self.target.changelog, present_digest(self.tree.changelog), content), *writes)
        findings = (*find_conflict_markers(self.target.changelog, self.tree.text), *change.findings)
        if findings:
            return Build(notes, Operations(f"build {notes.version}"), findings, corrected)
        operations = Operations(f"build {notes.version}", moves, writes, change.removals)
        return Build(notes, operations, (), corrected)

    def _edited(self, text: str, line: int | None, entry: str, of: ReleaseRecord) -> tuple[str, AddedText] | Finding:
        """What becomes of an entry that is not as relbot wrote it: nothing, if readers see the same."""
        difference = ""
        if line and self.form.content:
            difference = compare_entry(text, changelog.line_begin(text, line), entry, self.form).difference
            if not difference:
                return text, of.added
        folder = self.target.folder.of_release(of.version)
        place = Place(self.target.changelog, entry_heading_line(self.tree.text, of, self.form, self.config.versions))
        return edited_finding(place, of.version, difference, folder, level=Level.ERROR)
