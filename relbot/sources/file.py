"""The source `file`: the revision that runs, from a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.sources.commit import find_told_commit
from relbot.sources.extract import extract_text
from relbot.sources.model import Source, SourceUnavailable

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext

_LARGEST = 1_048_576
"""Bytes of a file. What tells a revision is shorter."""


def _describe_file(environment: Environment) -> str:
    return f"the file {quoted(environment.file)}"


def _resolve_file(environment: Environment, context: SourceContext) -> str:
    path = context.git.root / os.path.expanduser(environment.file)  # noqa: PTH111  # Path raises where there is no home
    try:
        content = read_regular_file(path, _LARGEST)
    except CannotOpen as error:
        raise SourceUnavailable(error.what) from error
    return find_told_commit(environment, context, extract_text(content, environment))


SOURCE = Source(
    id="file",
    keys=("file", "pointer", "xpath", "regex"),
    title="A file",
    description="""The path counts from the root of the project; `~` is your home. A link is followed to a regular
file: deploys switch links.""",
    example="""[environments.production]
deployed = "file"
file = "/srv/app/REVISION\"""",
    describe=_describe_file,
    resolve=_resolve_file,
)
