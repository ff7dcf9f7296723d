"""Where a workflow gets relbot from: only from where it came from itself, so that a name that nobody holds is never installed.

What an installer records is `direct_url.json`
(https://packaging.python.org/en/latest/specifications/direct-url/): the repository and the commit of an installation from git,
the address and the hash of one from a file. Of an installation from an index nothing tells the hash, so it has to be given.
"""

from __future__ import annotations

from relbot.errors import UsageError
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

_GITHUB = re.compile(r"(?:https|ssh)://(?:git@)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_ACTION = re.compile(r"(?P<repository>[\w.-]+/[\w./-]+)@(?P<commit>[0-9a-f]{40})(?:\s*#\s*(?P<version>[\w.+-]+))?")
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_SAFE_ADDRESS = re.compile(r"https://[\w.~:/?#@!$&()*+,;=%-]+")


class FromAction(NamedTuple):
    """relbot as an action of GitHub: the repository, the commit (40 digits), and the version there, "" where it is not known."""

    repository: str
    commit: str
    version: str = ""


class FromRequirement(NamedTuple):
    """relbot as a requirement for pip that nothing else can take the place of.

    `requirement` is a name and a version, or the address of a git repository at a commit; `hashes` are those of its files, none
    for git, where the commit is one.
    """

    requirement: str
    hashes: tuple[str, ...] = ()


class FromNowhere(NamedTuple):
    """It is not known where relbot comes from; `why` is a sentence."""

    why: str


RelbotSource = FromAction | FromRequirement | FromNowhere


def parse_action(text: str) -> FromAction:
    """What `--action` names: `OWNER/relbot@COMMIT`, with `# vX` behind it or not. UsageError if it is anything else."""
    found = _ACTION.fullmatch(text.strip())
    if found is None:
        tip = "Give the repository and all 40 digits of a commit: a tag or a branch can be moved to other code."
        raise UsageError(f"`{text}` does not name an action at a commit.", tip=tip, example=f"--action OWNER/relbot@{'0' * 40}")
    return FromAction(found["repository"], found["commit"], found["version"] or "")


def parse_hash(text: str) -> str:
    """What `--hash` names: the SHA-256 of a file of relbot. UsageError if it is anything else."""
    if not _HASH.fullmatch(text):
        tip = "Give what `pip hash FILE` prints for the file of relbot that the index has."
        raise UsageError(f"`{text}` is not a hash.", tip=tip, example=f"--hash sha256:{'0' * 64}")
    return text


def find_source(version: str, direct_url: str | None, hashes: tuple[str, ...], *, installed: bool) -> RelbotSource:
    """Where relbot comes from. `direct_url` is the text of its direct_url.json, None without one; `hashes` are those given."""
    if not installed:
        return FromNowhere("relbot runs from a folder here, without being installed.")
    if direct_url is None:
        if hashes:
            return FromRequirement(f"relbot=={version}", hashes)
        return FromNowhere(f"relbot {version} was installed from a package index, which does not tell the hash of its file.")
    try:
        told = load_json(direct_url)
        url = str(told["url"])
        vcs, archive = told.get("vcs_info", {}), told.get("archive_info", {})
        if vcs:
            return _from_git(url, str(vcs["vcs"]), str(vcs["commit_id"]), version)
        known = archive.get("hashes", {}).get("sha256")
    except (ValueError, KeyError, TypeError, AttributeError):
        return FromNowhere("What the installer wrote down of relbot cannot be read.")
    if _SAFE_ADDRESS.fullmatch(url) and known and _HASH.fullmatch(f"sha256:{known}"):
        return FromRequirement(f"relbot @ {url}", (f"sha256:{known}",))
    return FromNowhere("relbot was installed from a folder or a file of this machine.")


def _from_git(url: str, vcs: str, commit: str, version: str) -> RelbotSource:
    if vcs != "git" or not re.fullmatch(r"[0-9a-f]{40}", commit):
        return FromNowhere("relbot was installed from a repository that is not one of git.")
    if on_github := _GITHUB.fullmatch(url):
        return FromAction(on_github[1], commit, f"v{version}")
    if _SAFE_ADDRESS.fullmatch(url) and "@" not in url:
        return FromRequirement(f"relbot @ git+{url}@{commit}")
    return FromNowhere("relbot was installed from a git repository that only this machine reaches.")
