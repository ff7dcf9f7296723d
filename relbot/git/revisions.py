"""Names of revisions to commits, and what stands in the way: shallow clones, typing errors, ambiguity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never

from relbot.errors import Unknown
from relbot.git.object_reader import FULL_ID
from relbot.git.process import GitFailed

if TYPE_CHECKING:
    from relbot.git.process import Git


class RevisionUnknown(Unknown):
    """A revision that is not in this clone, or that could be several."""


def resolve_revision(git: Git, revision: str) -> str:
    """The full id of the commit that `revision` names. RevisionUnknown, with the command that fetches it."""
    return resolve_revisions(git, revision)[0]


def resolve_revisions(git: Git, *revisions: str) -> list[str]:
    """The full ids of the commits that revisions name, asked for at the same time. RevisionUnknown as with `resolve`."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    known = {each: each for each in revisions if FULL_ID.fullmatch(each) and git.objects.has_commit(each)}
    asked = [each for each in revisions if each not in known]
    for each, (code, out, _) in zip(asked, git.answers(*((*words, f"{each}^{{commit}}") for each in asked)), strict=True):
        # `^HEAD` is an answer to git, too: what is left out.
        known[each] = out.decode("ascii").strip() if code == 0 and not out.startswith(b"^") else _refuse_revision(git, each)
    return [known[each] for each in revisions]


def _refuse_revision(git: Git, revision: str) -> Never:
    _, _, ambiguity = git.answer("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if b"ambiguous" in ambiguity:
        raise RevisionUnknown(f"`{revision}` could be several commits.", tip="Write more of its digits.")
    git.run("rev-parse", "--git-dir")
    raise RevisionUnknown(f"There is no commit `{revision}` in this clone.", **_how_to_fetch(git, revision))


def find_merge_base(git: Git, base: str, head: str) -> str:
    """The commit at which `head` left `base`, both full ids. RevisionUnknown if a shallow clone hides it or there is none."""
    code, out, _ = git.answer("merge-base", base, head)
    if code == 0:
        return out.decode("ascii").split("\n")[0]
    if is_shallow(git):
        what = f"This clone is shallow: it lacks the commit at which the change branched off {base[:12]}."
        raise RevisionUnknown(what, tip="Fetch the rest of the history:", example="git fetch --unshallow")
    what = f"The base {base[:12]} and the head {head[:12]} have no commit in common, so relbot cannot tell what changed."
    tip = "With `--base`, name the branch that the change branched off, for example `--base origin/main`."
    raise RevisionUnknown(what, tip=tip)


def is_shallow(git: Git) -> bool:
    """Whether the clone lacks history, now. NotARepository outside of one."""
    return git.place.shallow.exists()


def read_grafts(git: Git) -> set[str]:
    """The commits whose parents a shallow clone lacks, by full id."""
    path = git.place.shallow
    return set(path.read_text("ascii").split()) if path.is_file() else set()


def is_ancestor(git: Git, older: str, newer: str) -> bool:
    """Whether a commit is another one or comes before it, both full ids. A commit that is not in this clone is no ancestor.

    In a shallow clone False may mean that the clone does not reach back so far. GitFailed if git has both and cannot tell.
    """
    if older == newer or (older, newer) in git.ancestors:
        return True
    words = ("merge-base", "--is-ancestor", older, newer)
    code, out, err = git.answer(*words)
    if code > 1 and all(each is not None for each in git.objects.read_all([older, newer])):
        raise GitFailed(words, code, out, err)
    if code != 0:
        return False
    git.ancestors.add((older, newer))
    return True


def _how_to_fetch(git: Git, revision: str) -> dict[str, str]:
    remotes = git.text("remote").split()
    remote = "origin" if "origin" in remotes or not remotes else remotes[0]
    if is_shallow(git):
        tip = "This clone is shallow. Fetch the rest of the history (in GitHub Actions: `fetch-depth: 0` of actions/checkout):"
        return {"tip": tip, "example": f"git fetch --unshallow {remote}"}
    if not remotes:
        return {"tip": "See which there are:", "example": "git log --oneline --all"}
    if revision and git.answer("rev-parse", "--verify", "--quiet", f"refs/remotes/{remote}/{revision}^{{commit}}")[0] == 0:
        return {"tip": f"It is a branch of `{remote}`:", "example": f"{remote}/{revision}"}
    if revision.startswith(f"{remote}/") or FULL_ID.fullmatch(revision):
        return {"tip": "Fetch it, or name another:", "example": f"git fetch {remote} {revision.removeprefix(f'{remote}/')}"}
    # What is fetched by its name alone is not known by that name afterwards.
    return {"tip": "Fetch all branches and tags, or name another:", "example": f"git fetch --tags {remote}"}
