"""What a repository tells of how its project releases, in sentences, and what only its people know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.adoption.changelog_style import find_changelog
from relbot.adoption.code_hosts import Forge, find_forge
from relbot.adoption.found_services import find_services
from relbot.adoption.manifests import find_manifests
from relbot.adoption.note_tools import find_tools
from relbot.adoption.proposed_config import find_preset, released_components
from relbot.adoption.tag_spellings import find_spellings
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.adoption.repository_facts import RepositoryFacts
    from relbot.config.model import Versions

_MOST = 5


class Observation(NamedTuple):
    """One thing that was found: what it is about, in a word or two, and a sentence."""

    about: str
    sentence: str


def observe_repository(facts: RepositoryFacts, versions: Versions) -> list[Observation]:
    """Everything that was found, in the order of a release: tags, changelog, notes, packages, then where it is and runs."""
    return [Observation(about, sentence) for about, sentence in _observations(facts, versions)]


def _observations(facts: RepositoryFacts, versions: Versions) -> Iterator[tuple[str, str]]:
    yield "tags", _tags_sentence(facts, versions)
    yield from _changelog_sentences(facts)
    for used in find_tools(facts):
        count = "1 note" if used.files == 1 else f"{used.files} notes" if used.files else "no note now, and is set up for those"
        way = (
            f"`relbot import {used.tool.name}` takes them over."
            if used.tool.takes_over
            else "relbot cannot import them: write them again with `relbot new`, or release them first."
        )
        yield "notes", f"{used.folder}/ has {count} of {used.tool.name}. {way}"
    for manifest in find_manifests(facts.texts)[:_MOST]:
        name = f" of {manifest.name}" if manifest.name else ""
        yield "package", f"{manifest.path} has version {manifest.version}{name}."
    forge = find_forge(facts)
    if facts.remote:
        told = "does not name a code host" if forge is Forge.UNKNOWN else f"is on {forge.shown_name}"
        yield "forge", f"The remote `origin` {told}."
    if facts.branch:
        yield "branch", f"The default branch is {facts.branch}."
    if preset := find_preset(facts.paths):
        yield "kind", f"{preset[0]} is there, so the preset `{preset[1]}` fits."
    services = find_services(facts.texts)
    if services:
        names = ", ".join(service.name for service in services[:_MOST])
        more = f" and {len(services) - _MOST} more" if len(services) > _MOST else ""
        yield "services", f"{services[0].path} declares {names}{more}. A step can name them in `restart:`."


def _tags_sentence(facts: RepositoryFacts, versions: Versions) -> str:
    spellings = find_spellings(facts.tags, versions)
    if not spellings:
        return "No tag names a version." if facts.tags else "There are no tags."
    components = released_components(spellings)
    if components:
        named = ", ".join(f"{each.component} {each.last}" for each in components[:_MOST])
        return f"The tags name {len(components)} components that are released on their own: {named}."
    first = spellings[0]
    last = f"; the highest is {first.last}" if first.last else ""
    return f"{first.uses} of {len(facts.tags)} tags are named like `{first.pattern}`{last}."


def _changelog_sentences(facts: RepositoryFacts) -> Iterator[tuple[str, str]]:
    style = find_changelog(facts)
    if style is None:
        yield "changelog", "There is no changelog. The first release creates CHANGELOG.md."
        return
    if not style.form:
        yield (
            "changelog",
            (
                f"relbot cannot write the format of {style.path}. Name another file with `changelog`, or the format with"
                " `format`, in relbot.toml."
            ),
        )
        return
    shown = f", with headings like `{style.title}`" if style.title else ""
    yield "changelog", f"The changelog is {style.path}{shown}."
    if style.unreleased:
        count = "1 item" if style.unreleased == 1 else f"{style.unreleased} items"
        told = f"{style.path} has {count} without a release."
        them = "it" if style.unreleased == 1 else "them"
        yield "unreleased", f"{told} The next build takes {them}, or `relbot import keep-a-changelog` makes fragments of {them}."
