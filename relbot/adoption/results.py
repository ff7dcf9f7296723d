"""What the use cases that set relbot up return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.adoption.author_sections import AuthorPage
    from relbot.adoption.code_hosts import Forge
    from relbot.adoption.proposed_config import ProposedKey
    from relbot.adoption.repository_survey import Observation
    from relbot.adoption.setup_plan import FileDifference


class RepositorySurvey(NamedTuple):
    """What was found in a repository, and what has to be asked: `forge` is what was found of it.

    `is_new` is whether no configuration of relbot holds there. `pages` are those that have no section for authors yet, with
    their paths.
    """

    found: tuple[Observation, ...]
    forge: Forge
    is_new: bool
    pages: tuple[tuple[AuthorPage, str], ...]


class InitResult(NamedTuple):
    """What `init_project` did. Paths are relative to the root.

    `written` are the files that are new, `changed` those that were there and say more or something else now, `kept` those that
    stayed as they were. `differences` are those of them that would be written otherwise now, and `config_keys` the keys that
    would be in relbot.toml now and are not. `found` are sentences on what the repository tells, `notices` on what was not set
    up, `next` commands that work there.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    found: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    differences: tuple[FileDifference, ...] = ()
    config_keys: tuple[ProposedKey, ...] = ()
    notices: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
