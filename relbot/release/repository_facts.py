"""What a repository tells of how its project releases, and the configuration that follows from it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from relbot.release.tag_names import find_tagged
from relbot.release.version import readable_versions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from relbot.config.model import Config

CHANGELOGS = (
    *(
        f"{name}.{ending}"
        for name in ("CHANGELOG", "CHANGES", "HISTORY", "NEWS", "RELEASES", "Changelog", "Changes", "changelog")
        for ending in ("md", "rst")
    ),
    "docs/CHANGELOG.md",
    "docs/changelog.md",
    "docs/changelog.rst",
    "debian/changelog",
)
"""Where a changelog is looked for, in this order; of names that a file system takes for one, the first."""
PRESETS = {
    "manage.py": "django",
    "config/application.rb": "rails",
    "releasenotes/notes": "openstack",
    "go.mod": "go-service",
    "package.json": "node",
}
"""The preset that fits a project that has such a file or folder, the most telling first."""
OTHER_TOOLS = {
    "newsfragments": "towncrier",
    "changelog.d": "scriv or towncrier",
    ".changeset": "changesets",
    "releasenotes/notes": "reno",
    ".changes": "changie",
}
"""Folders in which another tool keeps its notes."""


class RepositoryFacts(NamedTuple):
    """What was found: paths of files and folders, and the names of all tags."""

    paths: Collection[str]
    tags: Sequence[str]


class ConfigProposal(NamedTuple):
    """The lines of a configuration that differ from the defaults, each with why, and sentences for people on what was found."""

    lines: str
    found: tuple[str, ...]


def propose_config(facts: RepositoryFacts, config: Config) -> ConfigProposal:
    """The configuration that fits a repository, beside the defaults of `config`. The lines are TOML, tables last."""
    keys, found = [], []
    tagged = find_tagged(facts.tags, config.tag, None)
    if tagged:
        spelling, count = Counter(each.tag.replace(each.version, "{version}") for each in tagged).most_common(1)[0]
        versions = readable_versions(
            (t.version for t in tagged if t.tag.replace(t.version, "{version}") == spelling), config.versions
        )
        last = f"; the highest is {max(versions).text}" if versions else ""
        found.append(f"{count} of {len(facts.tags)} tags are named like `{spelling}`{last}.")
        if spelling != config.tag:
            keys.append(f"# Tags here are named like this.\ntag = {json.dumps(spelling)}\n")
    changelog = next((path for path in CHANGELOGS if path in facts.paths), None)
    if changelog is not None:
        found.append(f"The changelog is {changelog}.")
        if changelog != config.changelog:
            keys.append(f"# The changelog that is there.\nchangelog = {json.dumps(changelog)}\n")
    found += [
        f"{path}/ has notes of {tool}. relbot leaves them as they are."
        for path, tool in OTHER_TOOLS.items()
        if path in facts.paths
    ]
    preset = next(((path, name) for path, name in PRESETS.items() if path in facts.paths), None)
    if preset is not None:
        path, name = preset
        found.append(f"{path} is there, so the preset `{name}` fits.")
        keys.append(
            f"[rules]\n# Because of {path}: which paths and facts matter in such a project.\npreset = [{json.dumps(name)}]\n"
        )
    return ConfigProposal("\n".join(keys), tuple(found))
