"""One release on GitHub for one version: made, brought up to date, or left as it is.

Looked up before every write, and again after one whose answer was lost: so there is one release however often and by however many
this is run. The text ends in a mark with its digest; a text that somebody edited on GitHub does not fit its mark any more.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from relbot.errors import Refused
from relbot.github.client import PER_PAGE, quote_path_part
from relbot.github.errors import NotThere, Rejected, Unsure
from relbot.render.notes.line_joining import cut_to_blocks, join_paragraph_lines
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.github.client import GitHubRepository

MOST_BODY = 125_000
"""Characters that GitHub takes as the text of a release."""
ROUNDS = 3
_MARK = re.compile(r"\n\n<!-- relbot ([0-9a-f]{16}) -->\s*\Z")
_MARK_LENGTH = len("\n\n<!-- relbot  -->") + 16


class WantedRelease(NamedTuple):
    """A release as it shall be. `commit` is what the tag is set to where there is none yet.

    `latest` is whether it shall be shown as the latest; None leaves that as it is. `overwrite` allows to replace a text
    that relbot did not write.
    """

    tag: str
    title: str
    text: str
    commit: str
    draft: bool = False
    prerelease: bool = False
    latest: bool | None = None
    overwrite: bool = False


class ReleaseOutcome(NamedTuple):
    """What came of it: `did` is a word ("created", "changed", "published"), "" if all was as wanted; `url` is its page."""

    did: str
    url: str


def release_body(notes: str, more: str) -> str:
    """Notes as the text of a release: paragraphs on one line, short enough, with the mark. `more` says where the rest is."""
    text = cut_to_blocks(join_paragraph_lines(notes.strip("\n")), MOST_BODY - _MARK_LENGTH, more)
    return f"{text}\n\n<!-- relbot {_text_digest(text)} -->"


def _text_digest(text: str) -> str:
    return hashlib.sha256(_normalize_text(text).encode("utf-8", "replace")).hexdigest()[:16]


def _normalize_text(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip()


def is_unedited(body: str | None) -> bool:
    """Whether a text is relbot's own, or there is none."""
    text = _normalize_text(body or "")
    found = _MARK.search(text)
    return not text or (found is not None and found[1] == _text_digest(text[: found.start()]))


def publish_release(github: GitHubRepository, wanted: WantedRelease) -> ReleaseOutcome:
    """Makes the release as it is wanted. Refused where somebody's edit would be lost, or what is published taken back.

    GitHubError where GitHub does not let, or where nobody knows what came of it.
    """
    for last in (False,) * (ROUNDS - 1) + (True,):
        there = _find_release(github, wanted.tag)
        try:
            return _update_release(github, there, wanted)
        except Rejected as error:
            if last or "already" not in error.said:
                raise  # somebody else was faster where it says so; what they made is looked at
        except (Unsure, NotThere):
            if last:
                raise
    raise AssertionError


def _update_release(github: GitHubRepository, there: Mapping[str, Any] | None, wanted: WantedRelease) -> ReleaseOutcome:
    if there is None:
        return _create_release(github, wanted)
    changes = _needed_changes(github, there, wanted)
    if not changes:
        return ReleaseOutcome("", str(there["html_url"]))
    changed = github.write(f"change the release {wanted.tag}", "PATCH", f"/releases/{there['id']}", changes)
    return ReleaseOutcome("published" if changes.get("draft") is False else "changed", str(changed["html_url"]))


def _find_release(github: GitHubRepository, tag: str) -> dict[str, Any] | None:
    """The release of the tag, published before drafts, the oldest first. None if there is none."""
    try:
        return github.read(f"read the release {tag}", f"/releases/tags/{quote_path_part(tag)}")
    except NotThere:
        pass  # drafts are not found by their tag
    drafts = [each for each in github.pages("read the list of releases", "/releases") if each.get("tag_name") == tag]
    return min(drafts, key=lambda each: (bool(each["draft"]), int(each["id"])), default=None)


def _find_first_release(github: GitHubRepository, tag: str) -> dict[str, Any] | None:
    """The oldest release of the tag in the newest page of the list, published before drafts."""
    newest = islice(github.pages("read the list of releases", "/releases"), PER_PAGE)
    those = [each for each in newest if each.get("tag_name") == tag]
    return min(those, key=lambda each: (bool(each["draft"]), int(each["id"])), default=None)


def _create_release(github: GitHubRepository, wanted: WantedRelease) -> ReleaseOutcome:
    body = {
        "tag_name": wanted.tag,
        "target_commitish": wanted.commit,
        "name": wanted.title,
        "body": wanted.text,
        "draft": wanted.draft,
        "prerelease": wanted.prerelease,
        "make_latest": "true" if wanted.latest else "false",
    }
    made = github.write(f"create the release {wanted.tag}", "POST", "/releases", body)
    # GitHub takes any number of drafts for a tag, and of two runs at the same time each may publish one: the older one stays.
    first = _find_first_release(github, wanted.tag)
    if first is not None and first["id"] != made["id"]:
        with suppress(NotThere):  # another run was faster
            github.write("remove a release that was made twice", "DELETE", f"/releases/{made['id']}")
        return _update_release(github, first, wanted)
    return ReleaseOutcome("created", str(made["html_url"]))


def _needed_changes(github: GitHubRepository, there: Mapping[str, Any], wanted: WantedRelease) -> dict[str, Any]:
    """What is not as it is wanted, as GitHub takes it. Refused where it must not be changed."""
    changes: dict[str, Any] = {}
    if wanted.draft and not there["draft"]:
        tip = f"It stands on {there['html_url']}. Without --draft relbot updates its text."
        raise Refused(f"{wanted.tag} is published; `--draft` would take it back.", tip=tip)
    if _normalize_text(there.get("body") or "") != _normalize_text(wanted.text):
        if not (wanted.overwrite or is_unedited(there.get("body"))):
            tip = f"Compare {there['html_url']}. Move the edits into the fragments, or replace the text:"
            raise Refused(
                f"The text of the release {wanted.tag} was edited on GitHub.",
                tip=tip,
                example="relbot release VERSION --overwrite",
            )
        changes["body"] = wanted.text
    facts = {"name": wanted.title, "draft": wanted.draft, "prerelease": wanted.prerelease}
    changes |= {name: value for name, value in facts.items() if there.get(name) != value}
    if "draft" in changes:
        changes["target_commitish"] = wanted.commit
        changes["make_latest"] = "true" if wanted.latest else "false"
    elif wanted.latest is not None and not wanted.draft and wanted.latest != _is_latest(github, there):
        changes["make_latest"] = "true" if wanted.latest else "false"
    return changes


def _is_latest(github: GitHubRepository, there: Mapping[str, Any]) -> bool:
    try:
        return bool(github.read("read the latest release", "/releases/latest")["id"] == there["id"])
    except NotThere:
        return False
