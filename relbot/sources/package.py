"""What the sources `rpm` and `debian` share: the version of an installed package, and the commit in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.processes import child_environment, run_command
from relbot.sources.commit import find_commit_in_version, find_told_commit
from relbot.sources.extract import decode_text, extract_text
from relbot.sources.model import Source, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext

DESCRIPTION = """Of the version, a run of 7 to 40 hexadecimal digits between other characters is the commit; `git` or
`g` may stand before it. Where that could be several, or is none: `regex = '^[^~]+~git\\d+\\.([0-9a-f]+)'`. What the
one group matches counts, else all of the match."""


def make_package_source(id_: str, title: str, example: str, query: Sequence[str]) -> Source:
    """The source that tells the commit in the version of the environment's package, as an installation tool knows it.

    `query` are the words of a command, without the package. It prints a line for each package of that name: its state and its
    version.
    """

    def resolve(environment: Environment, context: SourceContext) -> str:
        return _resolve_package(environment, context, query)

    return Source(id_, ("package", "regex", "timeout"), title, DESCRIPTION, example, _describe_package, resolve)


def _describe_package(environment: Environment) -> str:
    return f"the package {quoted(environment.package)}"


def _resolve_package(environment: Environment, context: SourceContext, query: Sequence[str]) -> str:
    version = _installed_version((*query, environment.package), context.git.root, environment.timeout)
    regex = environment.regex
    said = find_commit_in_version(version) if regex is None else extract_text(version.encode(), environment)
    return find_told_commit(environment, context, said)


def _installed_version(words: Sequence[str], root: Path, timeout: float) -> str:
    """The version of the one installed package. SourceUnavailable if there is none, or several."""
    said = decode_text(run_command(words, root, timeout, child_environment() | {"LC_ALL": "C"}))
    versions = {version for state, _, version in (line.partition(" ") for line in said.splitlines()) if state == "installed"}
    if not versions:
        raise SourceUnavailable(f"answered that it is not installed: {quoted(said)}")
    if len(versions) > 1:
        raise SourceUnavailable(f"answered with several versions: {', '.join(map(quoted, sorted(versions)[:4]))}")
    return versions.pop()
