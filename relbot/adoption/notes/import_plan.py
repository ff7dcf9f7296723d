"""Notes of another tool to the files that hold them as fragments: all of them, and none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.adoption.notes.fragment_text import ImportedFragment, make_fragment
from relbot.errors import UsageError
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import RECORD, as_identity, make_locator
from relbot.fragment.parse import Parser
from relbot.release.changelog import WrittenEntry, remember_entry
from relbot.release.operations import Operations, Write, content_digest
from relbot.release.record import ReleaseRecord, record_json, sources_digest
from relbot.release.target import find_target
from relbot.release.version import require_version
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.adoption.notes.import_config import ExtendedConfig
    from relbot.adoption.notes.model import ForeignNote, ForeignNotes, ForeignRelease
    from relbot.config.model import Config
    from relbot.fragment.location import Folder


class PresentFiles(NamedTuple):
    """What is there before an import: the files below the fragments' folders, by path, and others that it may change."""

    fragments: Mapping[str, bytes]
    others: Mapping[str, bytes]


class ImportPlan(NamedTuple):
    """What an import does.

    `notes` is how many notes the tool has; each of them is among `new` (fragments that are written), `unchanged` (there already)
    or `differing` (there, and they say something else: they stay). `releases` is how many versions are written. `remarks` say,
    a sentence each, what had no place and is kept in the text; `left_out` what is no note; `failed` which notes could not become
    fragments: then nothing is written. `leave` is the command that removes the files of the tool, "" where there are none.
    """

    tool: str
    operations: Operations
    notes: int
    new: tuple[str, ...]
    unchanged: int
    differing: tuple[str, ...]
    releases: tuple[str, ...]
    remarks: tuple[str, ...]
    left_out: tuple[str, ...]
    failed: tuple[str, ...]
    leave: str = ""


def plan_import(tool: str, notes: ForeignNotes, extended: ExtendedConfig, config_path: str, present: PresentFiles) -> ImportPlan:
    """The files that an import writes. Pure: what is there comes with `present`."""
    work = _Import(tool, notes, extended.config, present)
    work.add_unreleased()
    for release in notes.releases:
        work.add_release(release)
    work.write(config_path, extended.text.encode("utf-8"))
    if notes.changelog is not None:
        work.write(notes.path, notes.changelog.encode("utf-8"))
    return work.plan()


class _Import:
    """The files of an import as they come together."""

    def __init__(self, tool: str, notes: ForeignNotes, config: Config, present: PresentFiles) -> None:
        self._tool, self._notes, self._config, self._present = tool, notes, config, present
        self._parser = Parser(config.type_names, config.component_names, config.hidden_types)
        locate = make_locator(config.folders)
        self._there = {path.rpartition("/")[2].removesuffix(".md").lower(): path for path in present.fragments if locate(path)}
        self._made: set[str] = set()
        self._writes: list[Write] = []
        self._new: list[str] = []
        self._unchanged = 0
        self._differing: list[str] = []
        self._releases: list[str] = []
        self._remarks: list[str] = []
        self._left_out = list(notes.left_out)
        self._failed: list[str] = []

    def add_unreleased(self) -> None:
        for note in self._notes.unreleased:
            component = self._config.component(note.component) if note.component else None
            has_own = component is not None and component.directory is not None
            folder = next(each for each in self._config.folders if not has_own or each.component == note.component)
            self._add(note, folder, folder.path)

    def add_release(self, release: ForeignRelease) -> None:
        """The fragments of a release, and what is remembered of it where the day is known."""
        config = self._config
        component = config.component(release.component) if release.component else None
        target = find_target(config, release.component if component and component.changelog else None)
        folder = target.folder.of_release(release.version)
        if f"{folder}/{RECORD}" in self._present.fragments:
            self._unchanged += len(release.notes)
            return
        try:
            require_version(release.version, config.versions)
        except UsageError as error:
            self._left_out.append(f"{len(release.notes)} notes of {release.version}: {error.what}")
            return
        files = [made for note in release.notes if (made := self._add(note, target.folder, folder)) is not None]
        if release.entries > 1:
            self._remarks.append(
                f"{target.changelog}: {release.version} has {release.entries} entries, so relbot remembers none."
            )
        if release.day is None or not release.notes or release.entries > 1:
            return
        sources = [FragmentFile(made.path, made.content) for made in files]
        entry = remember_entry(release.entry) if release.entry else WrittenEntry(f"(Imported from {self._tool}.)", 1, "")
        record = ReleaseRecord(release.version, release.day, entry, sources_digest(sources), {})
        self.write(f"{folder}/{RECORD}", record_json(record).encode("utf-8"))
        self._releases.append(release.version if component is None else f"{component.name} {release.version}")

    def _add(self, note: ForeignNote, folder: Folder, place: str) -> ImportedFragment | None:
        """The fragment of a note, new or as it is there already; None if it cannot be one."""
        note = note._replace(type=self._type_of(note))
        wanted = as_identity(note.name)
        for name in _names_like(wanted):
            path, there = f"{place}/{name}.md", self._there.get(name.lower())
            if name.lower() in self._made:
                continue
            made = make_fragment(note, path, folder, self._parser)
            if isinstance(made, list):
                self._failed.append(f"{note.source}: {made[0].message}")
                return None
            if there is not None and self._notes.changelog is not None and self._present.fragments[there] != made.content:
                continue  # its note leaves the changelog, so it needs a file of its own
            self._made.add(name.lower())
            self._settle(note, made, there)
            return made
        raise AssertionError("there is always a free name")

    def _settle(self, note: ForeignNote, made: ImportedFragment, there: str | None) -> None:
        if there is None:
            self._writes.append(Write(made.path, None, made.content))
            self._new.append(made.path)
        elif self._present.fragments[there] == made.content:
            self._unchanged += 1
        else:
            self._differing.append(there)
        if made.remark and there is None:
            self._remarks.append(f"{note.source}: {made.remark}.".replace("..", "."))

    def _type_of(self, note: ForeignNote) -> str:
        names = self._config.type_names
        if note.type in names:
            return note.type
        usual = ("changed", "misc", "other", "patch")
        return next((name for name in usual if name in names), names[-1])

    def write(self, path: str, content: bytes) -> None:
        """Plans that a file has this content, if it has another."""
        before = self._present.others.get(path, self._present.fragments.get(path))
        if before != content:
            self._writes.append(Write(path, None if before is None else content_digest(before), content))

    def plan(self) -> ImportPlan:
        writes = () if self._failed else tuple(self._writes)
        return ImportPlan(
            self._tool,
            Operations(f"import {self._tool}", (), writes),
            self._notes.total,
            tuple(self._new),
            self._unchanged,
            tuple(self._differing),
            tuple(self._releases),
            tuple(self._remarks),
            tuple(self._left_out),
            tuple(self._failed),
        )


def _names_like(name: str) -> Iterable[str]:
    yield name
    number = 2
    while True:
        yield f"{name[:90]}-{number}"
        number += 1
