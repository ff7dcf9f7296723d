"""Which pull request a commit merged, and which one it took back, by the messages that forges write."""

from __future__ import annotations

from relbot.schema import lazy_re as re

_SUBJECTS = (
    re.compile(r"Merge pull request #(\d+)(?: from | in |:).*"),  # GitHub's merge; Bitbucket Data Center's
    re.compile(r"Merge pull request '.*' \(#(\d+)\) from .*"),  # Gitea's and Forgejo's merge
    re.compile(r".*\(#(\d+)\)"),  # GitHub's, Gitea's and Forgejo's squash, and GitHub's rebase
    re.compile(r".*\(pull request #(\d+)\)"),  # Bitbucket Cloud's merge and squash
    re.compile(r"Pull request #(\d+): .*"),  # Bitbucket Data Center's merge and squash
    re.compile(r"Merged PR (\d+): .*"),  # Azure DevOps's merge and squash
)
_TITLE = _SUBJECTS[2]
"""What anybody may write as a title, too."""
_MERGE_REQUEST = re.compile(r"^See merge request \S*!(\d+)$", re.MULTILINE)  # GitLab's merge
_REVERTED_COMMIT = re.compile(r"^This reverts commit ([0-9a-f]{7,64})", re.MULTILINE)  # git's, and most forges' revert
_REVERTED_REQUEST = re.compile(
    # GitHub, where a squash takes the text of the pull request; GitLab; Bitbucket; Azure DevOps.
    r"^(?:This reverts|Reverts) (?:merge request |pull request )?(?:[\w.-]+(?:/[\w.-]+)*)?[#!](\d+)\b",
    re.MULTILINE,
)


def merged_pull_request(message: str) -> str | None:
    """The number of the pull request that a commit with this message merged, None if it was none."""
    subject = message.split("\n", 1)[0].rstrip()
    match = next(filter(None, (each.fullmatch(subject) for each in _SUBJECTS)), None) or _MERGE_REQUEST.search(message)
    return match.group(1) if match else None


def is_merged_by_forge(message: str, committer: str) -> bool:
    """Whether a commit is a merge of the pull request that its message names: a title such as `Prepare for (#99)` is not enough.

    A title counts if a forge committed it (GitHub's address is `noreply@github.com`), or if the text has the address of that pull
    request, as Gitea and Forgejo write below `Reviewed-on:`. All other forms of messages are what forges alone write.
    """
    match = _TITLE.fullmatch(message.split("\n", 1)[0].rstrip())
    if match is None or committer.startswith("noreply@"):
        return True
    return re.search(rf"/(?:pull|pulls|merge_requests|pull-requests)/{match[1]}\b", message) is not None


def mention_pattern(numbers: list[str]) -> str:
    """An extended regular expression of grep for messages that may be about one of these numbers."""
    return rf"([#!]|PR )({'|'.join(numbers)})([^0-9]|$)"


def says_reverted(message: str, commits: tuple[str, ...], number: str | None) -> bool:
    """Whether a commit with this message says that it takes back one of the commits (full ids), or the pull request."""
    abbreviated = _REVERTED_COMMIT.findall(message)
    by_number = number is not None and number in _REVERTED_REQUEST.findall(message)
    return by_number or any(commit.startswith(each) for each in abbreviated for commit in commits)
