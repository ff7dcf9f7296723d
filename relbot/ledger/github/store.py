"""A ledger that is kept on GitHub, where people see it.

Records are comments on an issue, Deployments point at the issue, and their states tell GitHub's own pages and other tools
what runs. Why, and what follows: docs/decisions/0006-ledger-on-github.md. A record comes first; what GitHub shows of it is
made to follow. Repeated where nobody knows whether it was done, everything is there once.
"""

from __future__ import annotations

from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from relbot.deploy.log.graph import record_hash
from relbot.deploy.log.proof import LedgerGap
from relbot.deploy.log.record import STEP_KINDS, Deed, DeedKind, Record
from relbot.errors import Unknown
from relbot.github import retry
from relbot.github.errors import GitHubError, NotAllowed, Unsure
from relbot.ledger.github import deployments
from relbot.ledger.github.event import LedgerItem, LedgerRecord, to_body
from relbot.ledger.github.issue_api import draw_issue, issue_url, post_record
from relbot.ledger.github.issue_body import issue_body, toggles_as_items
from relbot.ledger.github.permissions import KnownWriters
from relbot.ledger.github.reading import LedgerReading, read_all_entries, read_snapshot, read_snapshot_at
from relbot.ledger.github.rotation import BegunDeployment, begin_deployment, state_to_carry
from relbot.ledger.github.snapshot import Snapshot, ended_deployment, wanted_states
from relbot.ledger.store import IncompleteLedger, Unpublished, require_environment_name
from relbot.render.deploys.record_lines import deed_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.deploy.log.progress import Progress
    from relbot.deploy.log.state import Deploy, EnvironmentState
    from relbot.github.client import GitHubRepository
    from relbot.ledger.github.deployments import LedgerIssues
    from relbot.ledger.store import Surroundings

    Boxes = Callable[[EnvironmentState, Deploy], Progress]
    """How far the deploy under way is. Unknown if its revisions are not in this clone."""

ATTEMPTS = 20
"""Races that are lost before relbot gives up."""
SETTLED = 1.0
"""Seconds after which a claim is looked at again: a rival's that GitHub numbered before it is visible by then."""

_NEED_DEPLOYMENT = (DeedKind.BEGUN, DeedKind.ADOPTED)
"""The claims that GitHub shows as a deployment."""


class GitHubLedger:
    """The ledger of an environment. UsageError if the name cannot be one."""

    def __init__(self, github: GitHubRepository, environment: str, around: Surroundings, boxes: Boxes) -> None:
        self.environment = require_environment_name(environment)
        self.around = around
        self._github = github
        self._boxes = boxes
        self._writers = KnownWriters(github)
        self._known: Snapshot | None = None
        self._anchors: set[int] = set()
        self._told: set[int] = set()
        self._vouching: frozenset[str] = frozenset()

    def entries(self) -> tuple[Record, ...]:
        """The same as `synced`: nothing is kept here."""
        return self.synced()

    def synced(self) -> tuple[Record, ...]:
        """What everybody knows. GitHubError if it cannot be had, Unreadable if it cannot be read."""
        return self._read().entries(self.environment)

    def take_fetched(self, ref: str) -> None:
        """Nothing: this ledger is not on a git ref."""

    def history(self) -> tuple[Record, ...]:
        """Everything that was ever recorded, of all issues; boxes that count and are not recorded yet, too."""
        known = self._read()
        if known.place is None or len(known.place.issues) == 1:
            return known.entries(self.environment)
        recorded, gaps = read_all_entries(self._reading(known.place))
        if gaps:
            raise IncompleteLedger(self.environment, gaps)
        return *recorded, *known.ticked(self.environment)

    def gaps(self) -> tuple[LedgerGap, ...]:
        """What is missing in any of the issues, and what cannot be read or does not count."""
        known = read_snapshot(self._github, self.environment, self._writers)
        found = [*(LedgerGap(each, "", "", "", f"does not count: {error.what}") for each, error in known.faults), *known.gaps]
        if known.place and len(known.place.issues) > 1:
            found += read_all_entries(self._reading(known.place))[1]
        return tuple({each.hash: each for each in found}.values())

    def vouch(self, hashes: tuple[str, ...], reason: str) -> None:
        """Records that somebody stands for gaps of these hashes. NotAllowed if GitHub does not let them record."""
        self._vouching = frozenset(hashes)
        for each in hashes:
            self._read()
            self.record(Deed(DeedKind.VOUCHED, what=each, reason=reason))
        self._vouching = frozenset()

    def remarks(self) -> tuple[str, ...]:
        """Whose comments look like records and do not count."""
        where = self._github.repository
        return tuple(
            f"Records by @{login} do not count: GitHub does not say that @{login} may write to {where}."
            for login in (self._known.unauthorized if self._known else ())
        )

    def unpublished(self) -> bool:
        """Never: nothing is kept here."""
        return False

    def all_environments(self) -> tuple[str, ...]:
        """The environments that were deployed lately."""
        return deployments.list_environments(self._github)

    def record(self, deed: Deed) -> None:
        """Records a fact. Unpublished if only GitHub's own pages do not show it; after most other errors it is not recorded.

        Unsure if nobody knows. Recorded a second time it changes nothing.
        """
        # A tick is a fact whatever others did since; a done ends the boxes, which must all be seen before.
        hurried = deed.kind in STEP_KINDS and self._known is not None
        before = self._known if hurried and self._known else self._read()
        known = before if hurried else self._with_boxes(before)
        begun = BegunDeployment(ended_deployment(known, deed), known.place, stays=True)
        if deed.kind is DeedKind.ENDED and not begun.number:
            begun = self._begun(known, deed)
        try:
            item = self._post(known, self._there(begun.place), deed, begun.number)
        except Unsure:
            raise
        except GitHubError:
            if not begun.stays:
                self._withdraw({begun.number})
            raise
        self._known = known.followed_by(item)
        self._show(self._there(begun.place), before, item)

    def claim(self, decide: Callable[[tuple[Record, ...]], Deed | None]) -> None:
        """Records what `decide` makes of all that is known, if nobody has changed by then who may deploy what."""
        made: dict[str, int] = {}
        try:
            for attempt in range(ATTEMPTS):
                if self._claimed(decide, made):
                    return
                self.around.pause(min(0.1 * 2**attempt, 2.0) * self.around.chance())
            what = f"Nothing was recorded: in {ATTEMPTS} attempts, other records came first."
            raise Unknown(what, tip="Try again.")
        finally:
            self._withdraw(set(made.values()) - self._anchors)

    def _claimed(self, decide: Callable[[tuple[Record, ...]], Deed | None], made: dict[str, int]) -> bool:
        """Whether what was decided is recorded. `made` are the Deployments made for it so far, by their commits."""
        before = self._read()
        deed = decide(before.entries(self.environment))
        if deed is None:
            self._mend(before)
            return True
        known = self._with_boxes(before)
        place = known.place
        if deed.kind is DeedKind.BEGUN:
            self._mend(known)
        if deed.kind in _NEED_DEPLOYMENT and deed.target not in made:
            begun = self._begun(known, deed)
            place, made[deed.target] = begun.place, begun.number
            self._anchors |= {begun.number} if begun.stays else set()
        number = made.get(deed.target, 0)
        try:
            item = self._post(known, self._there(place), deed, number)
        except Unsure:
            made.pop(deed.target, None)  # it may be recorded, with this Deployment
            raise
        made.pop(deed.target, None)
        retry.wait(SETTLED)
        then = self._read()
        if item.entry.order in then.rejected:
            if number:
                made[deed.target] = number
            return False
        if item not in then.items:
            what = f"relbot could not record {deed_text(item.entry)}: GitHub took it, and does not show it."
            raise Unsure(what, tip="Check whether it is there:", example=issue_url(self._github, self._there(place).issue))
        self._show(self._there(place), before, item)
        return True

    def _withdraw(self, made: Iterable[int]) -> None:
        """Takes away Deployments of what came to nothing, if GitHub lets it."""
        for number in made:
            with suppress(GitHubError):
                deployments.delete_deployment(self._github, number)

    def _read(self) -> Snapshot:
        known = read_snapshot(self._github, self.environment, self._writers, self._vouching)
        self._known = self._require_whole(known)
        return self._known

    def _require_whole(self, known: Snapshot) -> Snapshot:
        """The same. UnreadableRecord if a record cannot be read, IncompleteLedger if one is missing or does not count."""
        for _, error in known.faults:
            raise error
        if known.gaps:
            raise IncompleteLedger(self.environment, known.gaps)
        return known

    def _reading(self, place: LedgerIssues) -> LedgerReading:
        return LedgerReading(self._github, self.environment, self._writers, place, vouching=self._vouching)

    def _with_boxes(self, known: Snapshot) -> Snapshot:
        """Records what people did to the boxes, before anything else is recorded or the boxes are drawn anew."""
        for toggle, item in zip(known.toggled, toggles_as_items(known.toggled, self.environment, 0, known.changed), strict=True):
            place = self._there(known.place)
            posted = self._posted(place, LedgerRecord(toggle.key, known.seen, item, state_to_carry(known, place)))
            known = known.followed_by(posted)
        return known._replace(toggled=())

    def _there(self, place: LedgerIssues | None) -> LedgerIssues:
        if place is None:
            what = f"There is no ledger of `{self.environment}` on GitHub yet."
            tip = "To begin one, record what runs:"
            raise Unknown(what, tip=tip, example=f"relbot deploy adopt {self.environment} --at REV")
        return place

    def _begun(self, known: Snapshot, deed: Deed) -> BegunDeployment:
        about = f"{deed.start[:12] or 'unknown'} -> {deed.target[:12]}, by {self.around.who.name}"
        return begin_deployment(self._github, self.environment, known, deed.target, about)

    def _post(self, known: Snapshot, place: LedgerIssues, deed: Deed, deployment: int) -> LedgerItem:
        carried = state_to_carry(known, place)
        knew = {each.hash for each in known.heads} | {record_hash(each.entry) for each in (carried.items if carried else ())}
        entry = Record(1, self.around.now(), self.around.who, self.environment, deed, tuple(sorted(knew)))
        return self._posted(place, LedgerRecord(token_hex(16), known.seen, LedgerItem(entry, deployment), carried))

    def _posted(self, place: LedgerIssues, record: LedgerRecord) -> LedgerItem:
        """The item as GitHub has it. NotAllowed if it took the record from somebody whose records do not count."""
        comment = post_record(self._github, place.issue, to_body(record), record.key)
        if not self._writers.may(comment):
            self._writers.prove(
                deployments.list_deployments(self._github, self.environment)
            )  # it may have made its first one just now
        if not self._writers.may(comment):
            what = f"GitHub took the record, but it does not count: GitHub says that @{comment.author} may not write."
            tip = "To record deploys you need write access; an app needs `deployments: write`."
            raise NotAllowed(what, tip=tip, example=comment.page)
        return LedgerItem(record.item.entry._replace(order=comment.number), record.item.deployment)

    def _show(self, place: LedgerIssues, before: Snapshot, item: LedgerItem) -> None:
        """Makes what GitHub shows follow from the records, of which `item` is the newest. Unpublished if that fails."""
        done = item.entry.deed.kind in (DeedKind.ENDED, DeedKind.ADOPTED)
        try:
            known = self._with_boxes(self._require_whole(read_snapshot_at(self._reading(place))))
            was, now = wanted_states(before), wanted_states(known)
            for number in sorted(was.keys() - now.keys() - {item.deployment if done else 0}):
                self._tell(place, number, "inactive", "Another deploy replaced it.")
            for number in sorted(now):
                if was.get(number) != now[number] or self._lacks_state(before, number):
                    self._tell(place, number, now[number], deed_text(item.entry), item.entry)
            if done:
                self._tell(place, item.deployment, "success", deed_text(item.entry), item.entry)
            self._draw(place, known)
        except GitHubError as error:
            what = f"relbot recorded it. GitHub's pages do not show it yet: {error.what}"
            tip = f"{error.tip} To see the records: relbot deploy status {self.environment}".lstrip()
            raise Unpublished(what, tip=tip) from error

    def _draw(self, place: LedgerIssues, known: Snapshot) -> None:
        """Draws the issue's body anew. Left as it is where this clone lacks the revisions."""
        now = known.recorded
        try:
            progress = self._boxes(now, now.deploy) if now.deploy else None
        except Unknown:
            return
        body = issue_body(self.environment, len(place.issues), now, progress, known.heads)
        if body != known.body.replace("\r\n", "\n"):
            draw_issue(self._github, place.issue, body)

    def _mend(self, known: Snapshot) -> None:
        """Gives the last deploy and the one under way their states, if whoever recorded them was cut off before."""
        running = known.recorded.running
        done = {known.deployment_of(running): "success"} if running else {}
        for number, wanted in (done | wanted_states(known)).items():
            # One that is inactive had its end: another tool has deployed since.
            if number and deployments.read_deployment_state(self._github, number) not in (wanted, "inactive"):
                self._tell(self._there(known.place), number, wanted, "As relbot records it.")

    def _lacks_state(self, before: Snapshot, number: int) -> bool:
        """Whether a Deployment has no state: relbot was cut off when it had recorded the beginning, and nothing followed."""
        deploy = before.recorded.deploy
        if number in self._told or deploy is None or deploy.has_deeds:
            return False
        return not deployments.read_deployment_state(self._github, number)

    def _tell(self, place: LedgerIssues, number: int, wanted: str, about: str, newest: Record | None = None) -> None:
        """Gives a Deployment its state, and with it the `newest` record: removing its comment does not take that along."""
        self._told.add(number)
        told = deployments.with_record(about, record_hash(newest)) if newest else about
        deployments.set_deployment_state(self._github, number, wanted, told, issue_url(self._github, place.issue))
