"""What a source of revisions is: its id, the configuration keys it takes, what it is for, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from relbot.errors import RelbotError, Unknown
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.config.model import Config, Environment
    from relbot.git.process import Git
    from relbot.github.settings import GitHubSettings

Ledger = Callable[[str], str]
"""Answers the name of an environment with the full id of the commit that was deployed there last; "" if none was ever."""


class RunningRevisionUnknown(Unknown):
    """It could not be learned which revision runs. Never to be read as "nothing to do"."""


class RunningRevisionElsewhere(RunningRevisionUnknown):
    """The revision that runs is a commit that this clone does not have: it is none of those that the clone has."""


class SourceUnavailable(RelbotError):
    """A source did not tell a revision. `what` follows the words that name the source: "answered with nothing"."""


class CommitElsewhere(SourceUnavailable):
    """A source named a commit by its id, and this clone does not have it."""


class SourceContext(NamedTuple):
    """What a source may ask: git for tags and commits, GitHub with these settings, and the ledger where there is one.

    `tags` is the beginning of the refs that hold the current tags: those of the clone, or those that were fetched just now.
    """

    git: Git
    config: Config
    github: GitHubSettings
    ledger: Ledger | None = None
    tags: str = "refs/tags/"


class Source(NamedTuple):
    """A kind of source: one file in this folder, whose name is the `id`, defines one as `SOURCE`.

    `keys` are the keys of `[environments.NAME]` that belong to it, the required one first; relbot/config/environments.py says
    what each may hold. `description` is Markdown for the reference, `example` a configuration to copy. `describe` names what is
    asked, as the beginning of a sentence. `resolve` returns the full id of the commit that the source tells, and raises
    SourceUnavailable, CommandFailed or HttpFailed if it tells none.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    description: str
    example: str
    describe: Callable[[Environment], str]
    resolve: Callable[[Environment, SourceContext], str]
