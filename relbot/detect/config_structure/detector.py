"""Detector `config-structure`: what happened to the keys of the configuration that operators have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.compare import compare_documents
from relbot.detect.config_structure.example import BAD, GOOD
from relbot.detect.config_structure.facts import FACTS
from relbot.detect.config_structure.reading import read_both
from relbot.detect.config_structure.roles import role_of_path
from relbot.detect.config_structure.telling import ID, report_differences, report_old_keys, tell_files
from relbot.detect.engine.model import ChangeSet, Detector, Evidence
from relbot.detect.engine.syntax import note_unparsed
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange


def find_key_changes(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence about keys file by file, then about files that came, went or have another name."""
    for change in changes.files:
        own = role_of_path(change.path)
        if own is None or change.before is None or change.after is None or change.before == change.after:
            continue
        if own.kind == "deployment" and _is_object(change):
            continue
        both = read_both(own.format, change.old, change.new)
        if both is None:
            note_unparsed(change)
        else:
            old, new = (side.with_parted_keys() for side in both) if _DOTTED.search(change.path) else both
            if _OF_SPRING.search(change.path):
                old = old.spelled_like(new)
            if _WIRING.search(change.path):
                old, new = old.without_section("services"), new.without_section("services")
            if own.kind == "deployment":
                old, new = old.without_builds(), new.without_builds()
            found = compare_documents(old, new)
            yield from report_differences(change.path, own, found)
            yield from report_old_keys(change.path, found, changes)
    yield from tell_files(changes)


_DOTTED = re.compile(r"(^|/)(application|bootstrap)[\w-]*\.ya?ml$")
"""Files in which `logging.level` as a key is `level` below `logging`, as Spring, Quarkus and Micronaut read them."""

_WIRING = re.compile(r"(^|/)config/services(_\w+)?\.ya?ml$")
"""Symfony's files that say which class gets which: no installation sets what stands below `services`."""
_OF_SPRING = re.compile(r"(^|/)(application|bootstrap)[\w-]*\.(ya?ml|properties)$")


def _is_object(change: FileChange) -> bool:
    """Whether a file declares Kubernetes objects, which the detector of services compares; but for maps of configuration."""
    text = change.after or b""
    return b"apiVersion:" in text and b"kind:" in text and b"kind: ConfigMap" not in text


DETECTOR = Detector(
    id=ID,
    summary="Keys of configuration files: moved, renamed, removed, newly required, or with a new type or default.",
    why="Operators have a copy of the file or override it. After the update, the software may ignore their keys.",
    facts=FACTS,
    bad=BAD,
    good=GOOD,
    find=find_key_changes,
)
