"""The Deployment of a deploy that begins, and the issue for its records: the one there is, or a further one once that is long."""

from __future__ import annotations

from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from relbot.github.errors import GitHubError
from relbot.ledger.github import deployments
from relbot.ledger.github.carry import carried
from relbot.ledger.github.deployments import Place
from relbot.ledger.github.event import Carried
from relbot.ledger.github.issue_api import close_issue, open_issue, page_of
from relbot.ledger.github.issue_body import ended_page, first_page

if TYPE_CHECKING:
    from relbot.github.client import Hub
    from relbot.ledger.github.snapshot import Known

LONG = 500
"""Comments after which a deploy begins a further issue. All of an issue are read each time, and GitHub takes 2,500."""
MOST_CARRIED = 50
"""Entries that go on from one issue to the next at the most; a record has to fit into a comment."""


class Begun(NamedTuple):
    """A Deployment and where its records are. It `stays` if nothing comes of the deploy, where it tells of a new issue."""

    number: int
    place: Place | None
    stays: bool


def begin(hub: Hub, environment: str, known: Known, commit: str, about: str) -> Begun:
    """Makes the Deployment of a commit, and opens an issue where one is needed. GitHubError if it cannot be made."""
    key = token_hex(16)
    if known.place and not _is_long(known):
        return Begun(deployments.make(hub, environment, commit, known.place, key, about, opens=False), known.place, stays=False)
    before = known.place.issues if known.place else ()
    title, mark, body = first_page(environment, len(before) + 1)
    mine = Place((*before, open_issue(hub, title, body, mark)))
    number = deployments.make(hub, environment, commit, mine, key, about, opens=True)
    # Others may have opened one at the same time. Of these the first counts, for everybody.
    place = deployments.place_in(deployments.listed(hub, environment)) or mine
    with suppress(GitHubError):
        if place != mine:
            close_issue(hub, mine.issue)
        elif before:
            close_issue(hub, before[-1], ended_page(environment, len(before), page_of(hub, mine.issue)))
    return Begun(number, place, stays=True)


def carried_to(known: Known, place: Place) -> Carried | None:
    """What a record has to carry that is written there; None if who reads that issue knows it all."""
    if len(place.issues) == 1 or (place == known.place and not known.unopened):
        return None
    return Carried(carried(known.items), known.turned)


def _is_long(known: Known) -> bool:
    return known.size >= LONG and known.recorded.deploy is None and len(carried(known.items)) <= MOST_CARRIED
