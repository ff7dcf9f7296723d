"""Detector `values-files`: values of Helm charts and defaults of Ansible roles, which operators override."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.quantities import is_same_quantity
from relbot.detect.engine.items import Item, ItemChange, compare_items, report_items
from relbot.detect.engine.model import ChangeSet, Detector, Evidence
from relbot.detect.engine.retention import is_kept_shorter
from relbot.detect.engine.syntax import note_unparsed
from relbot.detect.runtime.engines import is_major_change, is_other_major, keeps_data
from relbot.detect.values_files.facts import FACTS, PHASES, SENTENCES
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# What every release changes, or what only tunes the size of what runs.
_ROUTINE = re.compile(
    r"(^|\.)(tag|digest|appVersion|image|imageTag|replicas|replicaCount|description|annotations\..*|labels\..*|resources\..*|cpu|memory"
    r"|pullPolicy|imagePullPolicy|version|\w*_version)$"
)
_ADDRESS = re.compile(
    r"(?i)(^|[._])(port|nodePort|targetPort|containerPort|host|hosts|hostname|path|url|dir|directory|existingClaim|storageClass|storageClassName"
    r"|mountPath|claimName|socket|listen|bind|user|database|bucket|queue|topic|(consumer_?)?group_?id|audience|issuer)$|(^|\.)service\.type$"
)


def find_values(changes: ChangeSet) -> Iterator[Evidence]:
    """Evidence over all charts and roles of a change set."""
    from relbot.detect.config_structure.entry import Unreadable  # readers of YAML, for change sets with such files
    from relbot.detect.values_files.reading import read_values_file, reads_values_of

    old: list[Item] = []
    new: list[Item] = []
    templates: list[str] = []
    for change in changes.files:
        if change.before == change.after or not reads_values_of(change.path):
            continue
        if "/templates/" in f"/{change.path}":
            templates.append(change.new)
        try:
            before, after = (list(read_values_file(text, change.path)) for text in (change.old, change.new))
        except Unreadable:
            note_unparsed(change)
            continue
        if change.before is None and not change.path.rpartition("/")[0].endswith("templates"):
            continue  # a chart or a role that is new has no installation
        old += [item._replace(path=change.old_path) for item in before]
        new += [item._replace(path=change.path) for item in after]
    texts = "\n".join([*templates, *(item.value for item in new)])
    found = _classify(compare_items(old, new), texts)
    known = {item.name: item.value for item in new if item.group.startswith("value ")}
    seen = (one for each in found for one in (each, *_kept_default(*each, texts, known)))
    yield from report_items("values-files", seen, SENTENCES, PHASES)


_DEFAULTED = (
    re.compile(r"\.Values\.([\w.]{1,100}+)\s*+\|\s*+default\s++\(?\$?\.Values\.([\w.]++)"),
    re.compile(r"\bcoalesce\s++\$?\.Values\.([\w.]++)\s++\$?\.Values\.([\w.]++)"),
)
_DEFAULT_FIRST = re.compile(r"\bdefault\s++\$?\.Values\.([\w.]++)\s++\$?\.Values\.([\w.]++)")
"""Where one value counts if the other is empty: `.Values.a | default .Values.b`."""


def _kept_default(fact: str, change: ItemChange, texts: str, known: Mapping[str, str]) -> Iterator[tuple[str, ItemChange]]:
    """What answers a default that is now empty: where it is, each template takes another value, which is the old default."""
    if fact not in ("default-changed", "address-changed") or change.old is None or change.new is None:
        return
    if _is_said(change.new.value):
        return
    taken = [found[2] for each in _DEFAULTED for found in each.finditer(texts) if found[1] == change.name]
    taken += [found[1] for found in _DEFAULT_FIRST.finditer(texts) if found[2] == change.name]
    reads = re.findall(rf"\.Values\.{re.escape(change.name)}(?![\w.])", texts)
    if taken and len(taken) == len(reads) and all(known.get(name) == change.old.value for name in taken):
        yield "value-still-read", change


def _classify(found: Iterable[ItemChange], texts: str) -> Iterator[tuple[str, ItemChange]]:
    for change in found:
        match change.group.split()[0]:
            case "value":
                yield from _classify_value(change, texts)
            case "required" if change.happened in ("added", "renamed"):
                yield "value-required", change._replace(old=None, happened="added")
            case "naming" if change.happened == "changed":
                yield "names-changed", change._replace(old=None)
            case "read" if change.happened == "renamed" and change.old is not None and not _reads(change.name, texts):
                yield "read-renamed", change
            case _:
                pass


def _reads(name: str, texts: str) -> bool:
    return re.search(rf"\.Values\.{re.escape(name)}(?![\w.])", texts) is not None


def _classify_value(change: ItemChange, texts: str) -> Iterator[tuple[str, ItemChange]]:
    name = change.name
    if change.happened in ("removed", "renamed"):
        yield f"value-{change.happened}", change
        if _reads(name, texts) or re.search(rf"\{{\{{\s*{re.escape(name)}\b", texts):
            yield "value-still-read", change
    elif change.happened == "added":
        yield "value-added", change
    elif change.old is not None and change.new is not None and not _is_same_value(change.old.value, change.new.value):
        if is_other_major(change.old.value, change.new.value) or _is_other_engine(change):
            yield "store-major", change
        elif _has_other_shape(change.old.value, change.new.value):
            yield "shape-changed", change
        elif is_kept_shorter(name, change.old.value, change.new.value):
            yield "retention-lowered", change
        elif _ROUTINE.search(name):
            yield "value-routine", change
        elif _ADDRESS.search(name) and "Probe." not in name and change.old.value not in ("", "null", '""'):
            yield "address-changed", change
        else:
            yield "default-changed", change


_VERSION = re.compile(r"_(major_)?version$")


def _is_other_engine(change: ItemChange) -> bool:
    """Whether a value is the major version of a database, and another one than before: `postgres_version`."""
    if change.old is None or change.new is None or not _VERSION.search(change.name):
        return False
    return keeps_data(_VERSION.sub("", change.name)) and is_major_change(change.old.value, change.new.value)


_TRUTHS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def _is_same_value(old: str, new: str) -> bool:
    """Whether both say yes or no, and the same, `yes` and `true`, or the same amount in other units."""
    was, now = (_TRUTHS.get(value.lower(), value.lower()) for value in (old, new))
    return was == now in ("true", "false") or is_same_quantity(old, new)


def _has_other_shape(old: str, new: str) -> bool:
    """Whether a list became a map, or the reverse, or either became a plain value."""
    was, now = (value.strip()[:1] if value.strip()[:1] in ("[", "{") else "" for value in (old, new))
    return was != now and _is_said(old) and _is_said(new)


def _is_said(value: str) -> bool:
    return value.strip().lower() not in ("", "null", "~", '""', "''") and not value.strip().startswith("{{")


DETECTOR = Detector(
    "values-files",
    "Values of Helm charts, what their templates require; defaults of Ansible roles.",
    "Operators override these values in their own files. Helm and Ansible ignore unknown names silently.",
    FACTS,
    find=find_values,
)
