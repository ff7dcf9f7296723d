"""Names that the base tells operators: in its documentation, samples and schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.git.process import GitFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.git.process import Git

_MOST_AT_ONCE = 200
"""Names that git looks for in one run: a command line has an end."""
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
    found: dict[str, str] = {}
    wanted = sorted(names)
    for first in range(0, len(wanted), _MOST_AT_ONCE):
        patterns = [word for name in wanted[first : first + _MOST_AT_ONCE] for word in ("-e", name)]
        words = ("grep", "-o", "-z", "-F", "-w", "-I", *patterns, commit, "--", *_PLACES, *_NOTES)
        code, out, err = git.answer(*words)
        if code > 1:
            raise GitFailed(words, code, out, err)
        for line in out.decode("utf-8", "replace").splitlines():
            place, _, name = line.partition("\0")
            found.setdefault(name, place.partition(":")[2])
    return found
