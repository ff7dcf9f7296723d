"""The one release pull request: a branch with what `relbot build` would change, and a pull request for it.

Nothing is checked out or pushed: the commit is made through the API, on top of the base branch, from objects that GitHub has.
Its message ends in a mark, so that a second run knows what it would make, and a commit of somebody else is never overwritten.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from relbot.errors import Refused
from relbot.github.errors import NotAllowed, NotThere, Rejected, Unsure
from relbot.github.pull import read_branch_tip
from relbot.github.release import ROUNDS
from relbot.render.common.media import Medium, neutralize_text
from relbot.render.notes.line_joining import cut_to_blocks, join_paragraph_lines
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.github.client import GitHubRepository
    from relbot.release.operations import Operations

MOST_BODY = 65_536
_MARK = re.compile(r"^Relbot-Release: ([0-9a-f]{16}) ([0-9a-f]{40,64})$", re.MULTILINE)


class ReleaseProposal(NamedTuple):
    """What the pull request shall be. `head` is the commit of `base` from which `operations` were planned.

    `files` tells of each file in `head` its mode and its object. Paths are relative to `folder`, which is "" or ends in a slash.
    """

    version: str
    branch: str
    base: str
    head: str
    operations: Operations
    files: Mapping[str, tuple[str, str]]
    notes: str
    folder: str = ""

    @property
    def title(self) -> str:
        """Of the commit and of the pull request."""
        return f"Release {self.version}"

    @property
    def digest(self) -> str:
        """Of all that the commit holds."""
        return hashlib.sha256(f"{self.head}\n{self.version}\n{self.operations.to_json()}".encode()).hexdigest()[:16]


class ReleasePullRequestOutcome(NamedTuple):
    """What came of it: `did` is a word, "" if all was as wanted; `url` is the pull request's page, "" without one."""

    did: str
    url: str


def open_release_pull_request(github: GitHubRepository, proposal: ReleaseProposal) -> ReleasePullRequestOutcome:
    """Brings branch and pull request up to date. Refused where the base has moved on, or somebody else wrote to the branch."""
    did = ""
    for last in (False,) * (ROUNDS - 1) + (True,):
        try:
            _refuse_outdated(github, proposal)
            did = _update_branch(github, proposal) or did
            return _update_pull_request(github, proposal, did)
        except Rejected as error:
            if last or "already exists" not in error.said:
                raise
        except (Unsure, NotThere):
            if last:
                raise
    raise AssertionError


def close_release_pull_request(github: GitHubRepository, branch: str, base: str) -> ReleasePullRequestOutcome:
    """Closes the pull request of the branch, where nothing is left to be released."""
    pull = _find_open(github, branch, base)
    if pull is None:
        return ReleasePullRequestOutcome("", "")
    github.write("close the release pull request", "PATCH", f"/pulls/{pull['number']}", {"state": "closed"})
    return ReleasePullRequestOutcome("closed", str(pull["html_url"]))


def _refuse_outdated(github: GitHubRepository, proposal: ReleaseProposal) -> None:
    there = read_branch_tip(github, proposal.base)
    if not there:
        raise NotThere(f"GitHub has no branch `{proposal.base}`.", tip="Push it, or name another with --base.")
    if there != proposal.head:
        raise Refused(
            f"`{proposal.base}` on GitHub is at {there[:12]}, and what is checked out here is {proposal.head[:12]}.",
            tip="If GitHub is ahead, the run for its newest commit proposes the release. If it is behind, push first.",
        )


def _update_branch(github: GitHubRepository, proposal: ReleaseProposal) -> str:
    """Points the branch at a commit that holds the proposal. What was done, "" if it was there."""
    there = read_branch_tip(github, proposal.branch)
    if there and there != proposal.head:
        commit = github.read("read the release branch", f"/git/commits/{there}")
        mark = _MARK.search(str(commit["message"]))
        if mark is None or mark[2] != commit["tree"]["sha"]:
            tip = f"Merge that pull request, or delete the branch {proposal.branch}. relbot then creates it again."
            raise Refused(f"{proposal.branch} has a commit that is not relbot's. relbot does not overwrite it.", tip=tip)
        if mark[1] == proposal.digest and [each["sha"] for each in commit["parents"]] == [proposal.head]:
            return ""
    base = github.read("read the base branch", f"/git/commits/{proposal.head}")["tree"]["sha"]
    made = github.write(
        "write the release's files", "POST", "/git/trees", {"base_tree": base, "tree": _tree_entries(github, proposal)}
    )
    tree = str(made["sha"])
    message = f"{proposal.title}\n\nRelbot-Release: {proposal.digest} {tree}"
    body = {"message": message, "tree": tree, "parents": [proposal.head]}
    commit_id = str(github.write("write the release's commit", "POST", "/git/commits", body)["sha"])
    if there:
        github.write(
            "move the release branch", "PATCH", f"/git/refs/heads/{quote(proposal.branch)}", {"sha": commit_id, "force": True}
        )
        return "updated"
    github.write("make the release branch", "POST", "/git/refs", {"ref": f"refs/heads/{proposal.branch}", "sha": commit_id})
    return "created"


def _tree_entries(github: GitHubRepository, proposal: ReleaseProposal) -> list[dict[str, Any]]:
    """The files that change, as GitHub takes them: https://docs.github.com/en/rest/git/trees#create-a-tree."""
    entries: list[dict[str, Any]] = []
    for move in proposal.operations.moves:
        mode, blob = proposal.files[move.source]
        entries += [
            {"path": proposal.folder + move.source, "mode": mode, "type": "blob", "sha": None},
            {"path": proposal.folder + move.target, "mode": mode, "type": "blob", "sha": blob},
        ]
    entries += [
        {"path": proposal.folder + removal.path, "mode": "100644", "type": "blob", "sha": None}
        for removal in proposal.operations.removals
    ]
    for write in proposal.operations.writes:
        mode = proposal.files.get(write.path, ("100644", ""))[0]
        entries.append(
            {"path": proposal.folder + write.path, "mode": mode, "type": "blob", **_blob_content(github, write.content)}
        )
    return entries


def _blob_content(github: GitHubRepository, content: bytes) -> dict[str, str]:
    try:
        return {"content": content.decode("utf-8")}
    except UnicodeDecodeError:
        body = {"content": b64encode(content).decode("ascii"), "encoding": "base64"}
        return {"sha": str(github.write("write a file of the release", "POST", "/git/blobs", body)["sha"])}


def _update_pull_request(github: GitHubRepository, proposal: ReleaseProposal, did: str) -> ReleasePullRequestOutcome:
    text = {"title": proposal.title, "body": _pull_request_text(proposal)}
    text = {name: neutralize_text(value, Medium.MARKDOWN) for name, value in text.items()}
    pull = _find_open(github, proposal.branch, proposal.base)
    if pull is None:
        body = {**text, "head": proposal.branch, "base": proposal.base}
        made = _open_pull_request(github, body)
        return ReleasePullRequestOutcome("opened", str(made["html_url"]))
    if any((pull.get(name) or "").replace("\r\n", "\n") != value for name, value in text.items()):
        github.write("change the release pull request", "PATCH", f"/pulls/{pull['number']}", text)
        did = "updated"
    return ReleasePullRequestOutcome(did, str(pull["html_url"]))


def _open_pull_request(github: GitHubRepository, body: dict[str, str]) -> Any:
    """Opens it. NotAllowed names the setting: new repositories let no workflow open one, whatever its `permissions`."""
    try:
        return github.write("open the release pull request", "POST", "/pulls", body)
    except NotAllowed as error:
        if "not permitted to create" not in error.what:
            raise
        tip = (
            "Tick “Allow GitHub Actions to create and approve pull requests” below “Workflow permissions”, and run this again."
            " If you cannot tick it, your organization forbids it: use the token of an app. The setting:"
        )
        raise NotAllowed(error.what, tip=tip, example=f"{github.web}/settings/actions") from None


def _find_open(github: GitHubRepository, branch: str, base: str) -> dict[str, Any] | None:
    """The open pull request of the branch, None if there is none."""
    query = {"state": "open", "head": f"{github.owner}:{branch}", "base": base}
    found = list(github.pages("look for the release pull request", "/pulls", **query))
    return min(found, key=lambda each: int(each["number"]), default=None)


def _pull_request_text(proposal: ReleaseProposal) -> str:
    about = (
        f"What `relbot build {proposal.version}` makes of what is unreleased on `{proposal.base}`. relbot keeps this pull request"
        " up to date: correct the fragments, not this branch. Once it is merged, `relbot release` tags and publishes it."
    )
    notes = join_paragraph_lines(proposal.notes.strip("\n"))
    return cut_to_blocks(f"{about}\n\n{notes}", MOST_BODY, "The rest is in the files of this pull request.")
