"""What the remote has now: target branch, tags and ledgers, fetched once per command into refs of relbot's own.

The refs of the clone are not touched. relbot keeps its copies below `refs/relbot-remote/`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relbot.errors import Unknown, UsageError
from relbot.git.revisions import RevisionUnknown, resolve_revision
from relbot.ledger.git_ref.objects import ref_tips
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.git.process import Git
    from relbot.ledger.git_ref.remote import Remote

OWN_REFS = "refs/relbot-remote/"
_HEADS, _TAGS, _LEDGERS = f"{OWN_REFS}heads/", f"{OWN_REFS}tags/", f"{OWN_REFS}ledger/"
_DEFAULT = f"{OWN_REFS}HEAD"
_WHOLE_ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_SOME_ID = re.compile("[0-9a-f]{4,64}")
_DESCRIBED = re.compile(r".+-g[0-9a-f]{4,64}")
_SUFFIX = re.compile(r"\^|~|@\{|:")
_UNFIT = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|//|^/|/$|^-|\.lock$|@\{")
DEFAULT_BRANCH = ""
"""The name that stands for the default branch of the remote."""


class CurrentRefs(NamedTuple):
    """The refs that names of revisions are looked up in.

    With a `remote` these are its branches and tags, as they were at `fetched`. Without one the clone is all there is.
    `offline` tells that the remote was not asked, although there is one; `fetched` may be None then: never.
    """

    git: Git
    remote: Remote | None
    offline: bool = False
    fetched: datetime | None = None

    @property
    def default_name(self) -> str:
        """What people read in place of `DEFAULT_BRANCH`: whose HEAD it is."""
        return f"{self.remote.name}/HEAD" if self.remote else "HEAD"

    def commit_of(self, name: str) -> str:
        """The full id of the commit that `name` names: ids and HEAD in this clone, branches and tags on the remote.

        RevisionUnknown if there is none, or if the tag of that name is another one here; UsageError for a path.
        """
        if self.remote is None:
            return resolve_revision(self.git, name or "HEAD")
        if name == DEFAULT_BRANCH:
            return self._default_tip()
        base, suffix = _split(name)
        if self._is_local(base):
            return resolve_revision(self.git, name)
        commit = self._named(base)
        return resolve_revision(self.git, commit + suffix) if suffix else commit

    def ledger_ref(self, environment: str) -> str:
        """The ref that holds the environment's ledger as it is on the remote. Where that has none, there is no such ref."""
        return _LEDGERS + environment

    def tag_refs(self) -> str:
        """The beginning of the refs that hold current tags."""
        return _TAGS if self.remote else "refs/tags/"

    def _is_local(self, base: str) -> bool:
        if base in ("HEAD", "@") or _WHOLE_ID.fullmatch(base) or _DESCRIBED.fullmatch(base):
            return True
        return bool(_SOME_ID.fullmatch(base)) and not any(self._candidates(base)[0].values())

    def _named(self, base: str) -> str:
        assert self.remote is not None
        candidates, tag_here = self._candidates(base)
        found = {ref: commit for ref, commit in candidates.items() if commit}
        if len(set(found.values())) > 1:
            what = f"`{base}` is a branch and a tag on `{self.remote.name}`, and they are different commits."
            raise RevisionUnknown(what, tip="Write the full name:", example=f"refs/tags/{base}")
        if not found:
            raise self._gone(base)
        ref, commit = next(iter(found.items()))
        if ref.startswith(_TAGS):
            self._require_same_tag(ref.removeprefix(_TAGS), commit, tag_here)
        return commit

    def _candidates(self, base: str) -> tuple[dict[str, str], str]:
        """The refs that `base` may name, each with its commit, "" where it is not there; and that of the clone's own tag."""
        assert self.remote is not None
        branch = _branch_of(base, self.remote.name)
        if branch is not None:
            refs = [_HEADS + branch] if branch != "HEAD" else [_DEFAULT]
        elif base.startswith("refs/tags/"):
            refs = [_TAGS + base.removeprefix("refs/tags/")]
        else:
            refs = [_TAGS + base, _HEADS + base]
        own: dict[str, str] = {}
        if self.offline and self.fetched is None:  # then the clone's own refs are all that it knows
            own = {_HEADS: f"refs/remotes/{self.remote.name}/", _TAGS: "refs/tags/"}
        read = {ref: next((ref.replace(of, to) for of, to in own.items() if ref.startswith(of)), ref) for ref in refs}
        tags_here = [f"refs/tags/{ref.removeprefix(_TAGS)}" for ref in refs if ref.startswith(_TAGS)]
        found = _commits_at(self.git, *{*read.values(), *tags_here})
        return {ref: found.get(at, "") for ref, at in read.items()}, found.get("".join(tags_here), "")

    def _default_tip(self) -> str:
        assert self.remote is not None
        commit = _commits_at(self.git, _DEFAULT).get(_DEFAULT)
        if not commit:
            what = f"The HEAD of `{self.remote.name}` leads to no branch, so the target is unknown."
            raise RevisionUnknown(what, tip="Set `target` of the environment, or say it with `--to`:", example="--to origin/main")
        return commit

    def _require_same_tag(self, tag: str, theirs: str, ours: str) -> None:
        assert self.remote is not None
        if ours and ours != theirs:
            what = f"The tag `{tag}` is {theirs[:12]} on `{self.remote.name}`, and {ours[:12]} in this clone."
            example = f"git fetch {self.remote.name} --force refs/tags/{tag}:refs/tags/{tag}"
            raise RevisionUnknown(what, tip="The tag was moved. If the remote is right, take its tag:", example=example)

    def _gone(self, base: str) -> Unknown:
        assert self.remote is not None
        branch = _branch_of(base, self.remote.name)
        here = _peel(self.git, base) if branch is None else ""
        if self.offline:
            return RevisionUnknown(
                f"relbot has never fetched `{base}` from `{self.remote.name}`.", tip="Run the command again without `--offline`."
            )
        name, other = self.remote.name, base.partition("/")[0]
        if other != name and other in self.git.text("remote").split():
            what = f"`{base}` belongs to the remote `{other}`, and relbot asked `{name}`."
            return RevisionUnknown(what, tip="To ask the other one:", example=f"git config relbot.remote {other}")
        what = f"`{name}` has no branch or tag `{branch or base}`."
        if here:
            return RevisionUnknown(f"{what} It is only in this clone.", tip="Push it, or write its commit:", example=here)
        default = self.remote.default_branch()
        tip = f"Its default branch is `{default}`. " if default else ""
        return RevisionUnknown(what, tip=f"{tip}Name another revision, such as:", example=f"{name}/{default or 'main'}")


def fetch_refs(git: Git, remote: Remote | None, names: Iterable[str], now: datetime) -> CurrentRefs:
    """Fetches what the names may mean, all tags and all ledgers from the remote, in one go.

    `DEFAULT_BRANCH` among the names stands for the remote's default branch. Unreachable if the remote does not answer.
    """
    if remote is None:
        return CurrentRefs(git, None)
    wanted = [f"+refs/tags/*:{_TAGS}*", f"+refs/relbot/*:{_LEDGERS}*"]
    for name in dict.fromkeys(names):
        wanted += _refspecs(name, remote.name)
    remote.fetch_refs(dict.fromkeys(wanted))
    _note_time(git, now)
    return CurrentRefs(git, remote, fetched=now)


def known_refs(git: Git, remote: Remote | None) -> CurrentRefs:
    """What this clone has from the last time that relbot fetched, without asking the remote."""
    return CurrentRefs(git, remote, offline=remote is not None, fetched=_last_time(git) if remote else None)


def _refspecs(name: str, remote: str) -> list[str]:
    if name == DEFAULT_BRANCH:
        return [f"+HEAD:{_DEFAULT}"]
    base, _ = _split(name)
    branch = _branch_of(base, remote)
    if branch == "HEAD":
        return [f"+HEAD:{_DEFAULT}"]
    branch = branch or base
    if base in ("HEAD", "@") or _WHOLE_ID.fullmatch(base) or _UNFIT.search(branch) or base.startswith("refs/tags/"):
        return []
    # A pattern, because git fails if a ref that is named alone is not there, and a tag may be meant.
    return [f"+refs/heads/{branch}*:{_HEADS}{branch}*"]


def _split(name: str) -> tuple[str, str]:
    """The name of a ref, and what of its history is meant (`main~2`: `main` and `~2`)."""
    if name.startswith(("@{", ":")):
        raise UsageError(f"`{name}` can mean a different commit in every clone.", tip="Name a branch, a tag or a commit.")
    match = _SUFFIX.search(name)
    if match is None:
        return name, ""
    if match[0] in (":", "@{"):
        raise UsageError(f"`{name}` is not a revision that every clone has.", tip="Name a branch, a tag or a commit.")
    return name[: match.start()], name[match.start() :]


def _branch_of(base: str, remote: str) -> str | None:
    """The branch of the remote that a name can only mean, None if it may be a tag or a branch."""
    for beginning in (f"refs/remotes/{remote}/", f"remotes/{remote}/", f"{remote}/", "refs/heads/", "heads/"):
        if base.startswith(beginning):
            return base.removeprefix(beginning)
    return "HEAD" if base == remote else None


def _commits_at(git: Git, *refs: str) -> dict[str, str]:
    """The commits that full names of refs lead to, through tags; without those that lead to none. GitFailed if git fails."""
    tips = ref_tips(git, *refs)
    found = git.objects.read_all([f"{tip}^{{commit}}" for tip in tips.values()])
    return {ref: each.id for ref, each in zip(tips, found, strict=True) if each is not None}


def _peel(git: Git, name: str) -> str:
    """The commit that any name leads to in this clone, "" if none."""
    code, out, _ = git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return out.decode("ascii").strip() if code == 0 else ""


def _note_time(git: Git, now: datetime) -> None:
    try:
        # A file in the git directory that holds when relbot fetched last, as ISO 8601.
        git.place.fetched.write_text(now.astimezone(UTC).isoformat(timespec="seconds") + "\n", encoding="ascii")
    except OSError:  # the answer is right all the same; only `--offline` cannot tell its age
        return


def _last_time(git: Git) -> datetime | None:
    try:
        return datetime.fromisoformat(git.place.fetched.read_text(encoding="ascii")[:64].strip())
    except (OSError, ValueError):
        return None
