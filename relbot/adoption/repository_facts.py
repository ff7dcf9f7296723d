"""What a repository tells of its project before relbot is set up there, as values; and which files tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CHANGELOG_NAME = re.compile(
    r"(?:|docs/|doc/|debian/)(?:changelog|changes|history|news|releases|release[_-]?notes)(?:\.(?:md|markdown|rst|txt|adoc|org))?",
    re.IGNORECASE,
)
"""Where a changelog is looked for."""
_SAMPLE = r"(?!(?:examples?|samples?|demos?|tests?|spec|fixtures?|docs?|benchmarks?|e2e|vendor|node_modules)/)"
"""Where a file is no part of the product."""
_MANIFEST = re.compile(
    rf"(?:{_SAMPLE}[^/]+/[^/]+/)?"
    r"(?:package\.json|pyproject\.toml|setup\.cfg|Cargo\.toml|Chart\.yaml|composer\.json|VERSION|lib/(?:[^/]+/)?version\.rb)"
)
_SERVICES = re.compile(
    rf"{_SAMPLE}(?:(?:[^/]+/)?(?:Procfile|(?:docker-)?compose[\w.-]*\.ya?ml|[\w.@-]+\.service)|(?:[^/]+/){{1,3}}[\w.@-]+\.service)"
)
_FOR_AUTHORS = re.compile(
    r"(?:|\.github/|docs/)(?:CONTRIBUTING|PULL_REQUEST_TEMPLATE)\.(?:md|rst|txt)|AGENTS\.md"
    r"|\.gitlab/merge_request_templates/Default\.md",
    re.IGNORECASE,
)
_OF_TOOLS = (
    "towncrier.toml",
    ".changie.yaml",
    ".changeset/config.json",
    "reno.yaml",
    "releasenotes/config.yaml",
    "changelog.d/scriv.ini",
    ".github/workflows/relbot.yml",
)
_MOST_FILES = 60


class RepositoryFacts(NamedTuple):
    """What was read of a repository.

    `paths` are its files, sorted; `texts` the contents of those that tell something, by path; `tags` all names of tags, the
    newest first; `remote` the address of `origin`, "" without one; `branch` the default branch, "" where none is known.
    """

    paths: Sequence[str] = ()
    texts: Mapping[str, str] = {}
    tags: Sequence[str] = ()
    remote: str = ""
    branch: str = ""


def select_telling(paths: Iterable[str]) -> list[str]:
    """The paths whose contents are read for `RepositoryFacts.texts`: those nearest to the root first, and not too many."""
    found = [
        path
        for path in paths
        if path in _OF_TOOLS or any(name.fullmatch(path) for name in (CHANGELOG_NAME, _MANIFEST, _SERVICES, _FOR_AUTHORS))
    ]
    return sorted(found, key=lambda path: (path.count("/"), path))[:_MOST_FILES]
