"""The revision that runs, from the version of an installed package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.processes import child_environment, run_command
from relbot.sources.response import SourceUnavailable, decode_text

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = {
    "rpm": ("rpm", "-q", "--qf", "installed %{VERSION}-%{RELEASE}\\n", "--"),
    "debian": ("dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}\\n", "--"),
}
"""What asks for the state and the version of a package. A package that was removed can still have a version in Debian."""


def installed_version(kind: str, package: str, root: Path, timeout: float) -> str:
    """The version of the one installed package of that name. NoAnswer if there is none, or several."""
    said = decode_text(run_command((*COMMANDS[kind], package), root, timeout, child_environment() | {"LC_ALL": "C"}))
    versions = {version for state, _, version in (line.partition(" ") for line in said.splitlines()) if state == "installed"}
    if not versions:
        raise SourceUnavailable(f"answered that it is not installed: {quoted(said)}")
    if len(versions) > 1:
        raise SourceUnavailable(f"answered with several versions: {', '.join(map(quoted, sorted(versions)[:4]))}")
    return versions.pop()
