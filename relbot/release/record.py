"""What a release remembers of itself, in `release.json` beside its fragments."""

from __future__ import annotations

import json
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from relbot.errors import Unknown
from relbot.release.changelog import AddedText, WrittenEntry
from relbot.release.comparison_links import AddedLinks
from relbot.release.notes import Attribution
from relbot.release.unreleased_text import TakenText
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relbot.fragment.file import FragmentFile

VERSION = 1


class ReleaseRecord(NamedTuple):
    """When a release was built, and from what.

    `entry` finds its entry in the changelog again. `sources` is the digest of its fragments then: another one tells
    that a fragment was corrected. `origins` keeps what the history told, so that the notes stay the same in a shallow
    clone. `added` and `homes`, the folders of fragments that came from elsewhere than `changes/`, by identity, are there
    to take the build back. `told_before` has the changes that the entry leaves out because a release of an older line
    brought them. `previous` is the release before, `links` are those at the foot of the changelog, `taken` is what the changelog
    said below *Unreleased*, and `raised` the files whose version it raised, with the version before.
    """

    version: str
    date: date
    entry: WrittenEntry
    sources: str
    origins: Mapping[str, Attribution]
    added: AddedText = AddedText()
    homes: Mapping[str, str] = MappingProxyType({})
    told_before: Mapping[str, str] = MappingProxyType({})
    previous: str = ""
    links: AddedLinks = AddedLinks()
    taken: TakenText = TakenText()
    raised: Mapping[str, str] = MappingProxyType({})


def sources_digest(sources: Iterable[FragmentFile]) -> str:
    """A digest of fragments' identities and contents, whatever their order and folder."""
    from hashlib import sha256  # see relbot.release.operations.content_digest

    whole = sha256()
    for name, content in sorted((source.path.rpartition("/")[2], source.content) for source in sources):
        whole.update(b"%s\0%d\0" % (name.encode("utf-8", "surrogateescape"), len(content)))
        whole.update(content)
    return whole.hexdigest()


def record_json(record: ReleaseRecord) -> str:
    """The record as the text of its file."""
    head: dict[str, Any] = {
        "relbot": VERSION,
        "version": record.version,
        "date": record.date.isoformat(),
        "sources": record.sources,
        "entry": {
            "first_line": record.entry.first_line,
            "length": record.entry.length,
            "sha256": record.entry.digest,
            "words": record.entry.words,
            "content": record.entry.content,
            **({"title": record.entry.title} if record.entry.title else {}),
        },
        "added": record.added._asdict(),
        "homes": dict(sorted(record.homes.items())),
        "told_before": dict(sorted(record.told_before.items())),
    }
    head |= {name: told for name, told in (("previous", record.previous), ("raised", dict(record.raised))) if told}
    head |= {name: told._asdict() for name, told in (("links", record.links), ("taken", record.taken)) if any(told)}
    origins = {identity: {"prs": origin.prs, "authors": origin.authors} for identity, origin in sorted(record.origins.items())}
    # On one line: with an indentation json leaves its C encoder, and ten thousand origins take a third of a second.
    shown = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    return f'{shown},\n "origins": {json.dumps(origins, ensure_ascii=False)}\n}}\n'


def read_release_record(path: str, text: str) -> ReleaseRecord:
    """The record in the text of a `release.json`. Unknown if it is not one: it was edited, or a newer relbot wrote it."""
    try:
        data: dict[str, Any] = load_json(text)
        if data["relbot"] != VERSION:
            raise ValueError(f"its format is {str(data['relbot'])[:60]}, and this relbot reads {VERSION}")
        entry = data["entry"]
        return ReleaseRecord(
            str(data["version"]),
            date.fromisoformat(data["date"]),
            WrittenEntry(
                str(entry["first_line"]),
                int(entry["length"]),
                str(entry["sha256"]),
                int(entry.get("words", 0)),
                str(entry.get("content", "")),
                str(entry.get("title", "")),
            ),
            str(data["sources"]),
            {
                str(identity): Attribution(tuple(map(str, origin["prs"])), tuple(map(str, origin["authors"])))
                for identity, origin in data["origins"].items()
            },
            _read_added(data.get("added", {})),
            {str(identity): str(home) for identity, home in data.get("homes", {}).items()},
            {str(identity): str(version) for identity, version in data.get("told_before", {}).items()},
            str(data.get("previous", "")),
            AddedLinks(*(str(data.get("links", {}).get(name, "")) for name in AddedLinks._fields)),
            TakenText(*(str(data.get("taken", {}).get(name, "")) for name in TakenText._fields)),
            {str(path): str(version) for path, version in data.get("raised", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        tip = "relbot wrote that file. Undo the edits, or use the version of relbot that wrote it."
        raise Unknown(f"relbot cannot read {path}: {_problem(error)}.", tip=tip, example=f"git checkout -- {path}") from error


def _problem(error: Exception) -> str:
    """Why a record cannot be read, in words."""
    if isinstance(error, json.JSONDecodeError):
        return "it is not JSON"
    if isinstance(error, KeyError):
        return f"`{error.args[0]}` is missing"
    return str(error)[:200] if isinstance(error, ValueError) else "a value in it is not of the right kind"


def _read_added(form: dict[str, Any]) -> AddedText:
    return AddedText(int(form.get("before", 0)), int(form.get("behind", 0)), bool(form.get("created", False)))
