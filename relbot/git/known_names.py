"""Names that the base tells operators: in its documentation, samples and schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.git.process import GitFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.git.process import Git

_MOST_NAMES = 200
_PLACES = (
    "*.md",
    "*.rst",
    "*.adoc",
    "*.txt",
    "docs/*",
    "doc/*",
    "*example*",
    "*sample*",
    "*.schema.json",
    "*.1",
    "*.dist",
    "*.template",
)
_NOTES = (":(exclude,icase)*changelog*", ":(exclude,icase)*release*notes*", ":(exclude)changes/*", ":(exclude,icase)*test*")


def find_known_names(git: Git, commit: str, names: frozenset[str]) -> Mapping[str, str]:
    """From each name that the documentation, the samples or the schemas of a commit have as a word, to the first such file.

    Changelogs and tests do not count. GitFailed if the commit cannot be read.
    """
    wanted = sorted(names)[:_MOST_NAMES]
    if not wanted:
        return {}
    patterns = [word for name in wanted for word in ("-e", name)]
    words = ("grep", "-o", "-z", "-F", "-w", "-I", *patterns, commit, "--", *_PLACES, *_NOTES)
    code, out, err = git.answer(*words)
    if code > 1:
        raise GitFailed(words, code, out, err)
    found: dict[str, str] = {}
    for line in out.decode("utf-8", "replace").splitlines():
        place, _, name = line.partition("\0")
        found.setdefault(name, place.partition(":")[2])
    return found
