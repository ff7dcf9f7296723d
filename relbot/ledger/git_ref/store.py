"""An append-only log on the git ref `refs/relbot/ENV`, shared through a remote.

A commit chain whose tree holds one file per entry, named after the entry's content. One file with appended lines would
make git's usual conflict out of two writers who each added a line at its end; with a file for each, the union of two trees is
all that both wrote, whoever merges, in whatever order, and however often. The chain is there so that git itself refuses to
lose anything: a ref moves only to a commit that holds all that the ref held, here by compare-and-swap of `git update-ref`,
there by a push without `--force`. Nothing is ever amended, and no work tree, index or branch is touched.

A tick is recorded in the clone first and then published: it is a fact, even if the remote is gone. What claims something
(a begin, a lock) is published first, because it means something only if everybody can see it. Killed at any moment, a ref
holds an entry or does not; what was recorded and not published is published by whoever writes next in that clone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.deploy.log.graph import find_heads
from relbot.deploy.log.record import Deed, DeedKind, Record
from relbot.errors import Unknown
from relbot.git.revisions import is_ancestor
from relbot.ledger.git_ref.objects import (
    LedgerSnapshot,
    compare_and_swap,
    read_ledger_tree,
    ref_tips,
    write_entry,
    write_union,
)
from relbot.ledger.git_ref.prover import LedgerProver
from relbot.ledger.git_ref.remote import Unreachable, tell_way_out
from relbot.ledger.store import Unpublished, require_environment_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relbot.deploy.log.proof import LedgerGap
    from relbot.git.process import Git
    from relbot.ledger.git_ref.remote import Remote
    from relbot.ledger.store import Surroundings

REFS = "refs/relbot/"
RELEASES = "_releases"
"""The ledger of what was posted about releases. No environment can have this name."""
ATTEMPTS = 150
"""Races that are lost before relbot gives up: about a minute, in which a script that ticks without a pause ends, too."""
_STUCK = 3
"""Refusals in a row of a remote that did not move before relbot gives up: then somebody forbids it."""
_LONGEST_PAUSE = 0.5


class GitRefLedger:
    """The ledger of an environment. Without a remote it is this clone's own. UsageError if the name cannot be one."""

    def __init__(self, git: Git, environment: str, remote: Remote | None, around: Surroundings) -> None:
        self.environment = environment if environment == RELEASES else require_environment_name(environment)
        self.around = around
        self._git = git
        self._remote = remote
        self._ref = REFS + environment
        self._prover = LedgerProver(git, environment, remote.name if remote else "")
        self._last = LedgerSnapshot()
        self._theirs: str | None = None
        self._fresh = False
        self._known_tip: str | None = None
        self._problem: Unknown | None = None

    def entries(self) -> tuple[Record, ...]:
        """What this clone knows. Unknown if it cannot be read, or if the remote has lost some of what it had."""
        if self._problem:
            raise self._problem
        return self._prover.require_whole(self._held())

    def synced(self) -> tuple[Record, ...]:
        """What everybody knows, together with what only this clone knows. Unreachable if the remote does not answer."""
        self._take_in()
        return self.entries()

    def take_fetched(self, ref: str) -> None:
        """Takes in the remote's ledger as it was fetched just now into a ref. Without that ref, the remote has none.

        What is wrong with it is raised by whatever reads the ledger.
        """
        tips = ref_tips(self._git, ref, self._ref, self._prover.seen_ref)
        self._theirs = tips.get(ref, "")
        self._fresh = True
        try:
            self._join(self._theirs, tips)
        except Unknown as error:
            self._problem = error

    def history(self) -> tuple[Record, ...]:
        """The same: nothing is ever left out."""
        return self.entries() if self._fresh else self.synced()

    def gaps(self) -> tuple[LedgerGap, ...]:
        """What is missing here or on the remote, and what cannot be read."""
        ours = self._held()
        found = self._prover.find_gaps(ours)
        if self._theirs is not None:
            there = read_ledger_tree(self._git, self._theirs) if self._theirs else LedgerSnapshot()
            found += self._prover.find_gaps(there, self._prover.lost_records(there, self._seen()), ours)
        return tuple({gap.hash: gap for gap in found}.values())

    def vouch(self, hashes: tuple[str, ...], reason: str) -> None:
        """Records that somebody stands for gaps of these hashes. What this clone still has of it is published again."""
        self._prover.vouching = frozenset(hashes)
        self._problem = None
        self._take_in()
        for each in hashes:
            self.record(Deed(DeedKind.VOUCHED, what=each, reason=reason))
        self._prover.vouching = frozenset()
        self._prover.note_seen(self._theirs or "")

    def remarks(self) -> tuple[str, ...]:
        """Nothing: whoever may push may record."""
        return ()

    def unpublished(self) -> bool:
        """Whether this clone holds something that the remote lacked when it was asked last; False if it never was."""
        return self._theirs is not None and self._theirs != self._tip()

    def all_environments(self) -> tuple[str, ...]:
        """The environments that have a ledger, here or on the remote."""
        here = self._git.text("for-each-ref", "--format=%(refname)", REFS).split()
        there = self._remote.refs(f"{REFS}*") if self._remote else {}
        return tuple(sorted({ref.removeprefix(REFS) for ref in (*here, *there)} - {RELEASES}))

    def record(self, deed: Deed) -> None:
        """Records a fact, and publishes it. Unpublished if only the latter fails."""
        for attempt in range(ATTEMPTS):
            held = self._held()
            commit = self._with(held, deed)
            if self._move(commit, held.commit):
                return self._publish(commit)
            self._wait(attempt)
        raise self._outrun()

    def claim(self, decide: Callable[[tuple[Record, ...]], Deed | None]) -> None:
        """Records what `decide` makes of all that is known, if nobody knows more by then; else it decides again.

        `decide` returns None if there is nothing to record, and raises what forbids it. If the remote cannot be asked
        or does not take it, nothing is recorded: Unknown.
        """
        refused, stuck = "", 0
        for attempt in range(ATTEMPTS):
            news = self._take_in_unless_fresh()
            stuck = stuck + 1 if refused and self._remote and not news else 0
            if stuck == _STUCK:
                raise Unknown(
                    f"Nothing was recorded: the remote refuses the push. git says: {refused}", tip=tell_way_out(refused)
                )
            held = self._held()
            deed = decide(self._prover.require_whole(held))
            if deed is None:
                return self.publish()
            refused = self._claimed(self._with(held, deed), held)
            if not refused:
                return None
            self._wait(attempt)
        raise self._outrun()

    def publish(self) -> None:
        """Sends what only this clone knows to the remote, and takes in what is there. Unpublished if that fails."""
        self._publish(self._tip())

    def _publish(self, commit: str) -> None:
        """Sends a commit of this clone's ledger, as `publish`.

        Waits before it asks what is there, never between the answer and the push: a rival that ticks without a pause would
        move the remote in the meantime, every time.
        """
        stuck = 0
        for attempt in range(ATTEMPTS):
            commit = self._read_tip() if attempt else commit
            if self._remote is None or commit in ("", self._theirs):
                return
            said = self._remote.push(commit, self._ref)
            if not said:
                self._note_seen(commit)
                return
            if attempt:
                self._wait(attempt)
            try:
                stuck = 0 if self._take_in() else stuck + 1
            except Unreachable as error:
                raise _not_published(said) from error
            if stuck == _STUCK:
                raise _not_published(said)
        raise _not_published("others were faster every time")

    def _claimed(self, commit: str, held: LedgerSnapshot) -> str:
        """Makes a commit the ledger, everywhere. "" if it is, else what is in the way."""
        if self._remote is None:
            return "" if self._move(commit, held.commit) else "another process was first"
        refused = self._remote.push(commit, self._ref)
        if not refused:
            self._join(commit)
        return refused

    def _take_in_unless_fresh(self) -> bool:
        """Takes in what the remote has, unless `take_fetched` just did: a push that is refused tells of anything newer."""
        if self._problem:
            raise self._problem
        if self._fresh:
            self._fresh = False
            return False
        return self._take_in()

    def _take_in(self) -> bool:
        """Takes in what the remote has. Whether it moved since it was asked last."""
        if self._remote is None:
            return False
        before, theirs = self._theirs, self._remote.tip(self._ref)
        ours = self._read_tip()
        if theirs and not (ours and is_ancestor(self._git, theirs, ours)):
            self._remote.fetch(self._ref)
        self._join(theirs)
        return theirs != before

    def _join(self, theirs: str, tips: Mapping[str, str] | None = None) -> None:
        """Makes this clone's ledger hold all that the remote's commit holds, "" for none. `tips` are its refs, if known.

        Unknown if the remote has lost what it had when this clone saw it last, or if it has what cannot be read.
        """
        tips = ref_tips(self._git, self._ref, self._prover.seen_ref) if tips is None else tips
        if theirs and theirs == tips.get(self._ref) == tips.get(self._prover.seen_ref):
            self._theirs = self._known_tip = theirs
            return
        their = read_ledger_tree(self._git, theirs) if theirs else LedgerSnapshot()
        self._known_tip = tips.get(self._ref, "")
        ours = self._held()
        lost = self._prover.lost_records(their, tips.get(self._prover.seen_ref))
        if lost and self._remote and self._remote.tip(self._ref) != theirs:
            # Another process of this clone saw more between the remote's answer and now: nothing needs to be lost.
            self._take_in()
            return
        self._prover.require_whole(their, lost, ours)
        for attempt in range(ATTEMPTS if theirs else 0):
            ours = self._held() if attempt else ours
            if ours.commit and is_ancestor(self._git, theirs, ours.commit):
                break
            ahead = not ours.commit or is_ancestor(self._git, ours.commit, theirs)
            new = theirs if ahead else write_union(self._git, ours, their, self.around.who)
            if self._move(new, ours.commit):
                break
            self._wait(attempt)
        else:
            if theirs:
                raise self._outrun()
        self._note_seen(theirs)

    def _note_seen(self, theirs: str) -> None:
        self._theirs = theirs
        self._prover.note_seen(theirs)

    def _seen(self) -> str | None:
        """The commit of the remote that this clone saw last, None if it saw none."""
        return ref_tips(self._git, self._prover.seen_ref).get(self._prover.seen_ref)

    def _tip(self) -> str:
        """The commit of this clone's ledger, "" if it has none: as it was read with the remote's, until it may have moved."""
        return ref_tips(self._git, self._ref).get(self._ref, "") if self._known_tip is None else self._known_tip

    def _read_tip(self) -> str:
        """The commit of this clone's ledger now, "" if it has none."""
        self._known_tip = None
        return self._tip()

    def _move(self, new: str, old: str) -> bool:
        """Moves this clone's ledger from one commit to another. False if another process was first."""
        self._known_tip = None
        return compare_and_swap(self._git, self._ref, new, old)

    def _held(self) -> LedgerSnapshot:
        commit = self._tip()
        if commit != self._last.commit:
            self._last = read_ledger_tree(self._git, commit) if commit else LedgerSnapshot()
        return self._last

    def _with(self, held: LedgerSnapshot, deed: Deed) -> str:
        knew = find_heads(self._prover.read(held))
        entry = Record(held.greatest + 1, self.around.now(), self.around.who, self.environment, deed, knew)
        return write_entry(self._git, held, entry)

    def _wait(self, attempt: int) -> None:
        """Longer at every attempt, and never as long as a rival does."""
        self.around.pause(min(0.01 * 2**attempt, _LONGEST_PAUSE) * self.around.chance())

    def _outrun(self) -> Unknown:
        what = f"Nothing was recorded: in {ATTEMPTS} attempts, other records reached {self._ref} first."
        return Unknown(what, tip="Try again.")


def _not_published(said: str) -> Unpublished:
    what = f"relbot recorded it in this clone, but could not publish it. git says: {said}"
    return Unpublished(what, tip="relbot publishes it with your next record in this clone. " + tell_way_out(said))
