"""The commit of a package, image or other artifact that is about to be installed, by its version."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from relbot.errors import Unknown, quoted
from relbot.sources.commit import find_commit_in_version, find_told_commit
from relbot.sources.extract import extract_text
from relbot.sources.model import SourceUnavailable

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext


def find_commit_of_version(environment: Environment, context: SourceContext, version: str) -> str:
    """The full id of the commit of which an artifact was made that is about to be installed in an environment.

    The commit is found in the version as the source of the environment finds it in that of an installed package: by its
    `regex`, or because the version has the digits of one commit in it. Else a tag or a release of that version is meant. Unknown
    if there is no such commit, or if there are several.
    """
    said = version
    try:
        if environment.regex is not None:
            said = extract_text(version.encode(), environment)
        else:
            with suppress(SourceUnavailable):
                said = find_commit_in_version(version)
        return find_told_commit(environment, context, said)
    except SourceUnavailable as error:
        why = error.what.removeprefix("answered ").removeprefix("with ")
        what = f"relbot cannot tell which commit the version {quoted(version)} has: {why}."
        raise Unknown(what, tip="Name the commit:", example="--to COMMIT") from error
