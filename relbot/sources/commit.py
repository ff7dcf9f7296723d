"""What a source said, to the commit in this clone that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.errors import quoted
from relbot.git.revisions import is_shallow
from relbot.git.tags import TAGS
from relbot.schema import lazy_re as re
from relbot.sources.model import CommitElsewhere, SourceUnavailable

if TYPE_CHECKING:
    from relbot.config.model import Config, Environment
    from relbot.git.process import Git
    from relbot.sources.model import SourceContext

_HEX = re.compile(r"[0-9a-fA-F]{7,40}|[0-9a-fA-F]{64}")
_NAME = re.compile(r"[^\s~^:?*\[\\{}\x00-\x20]{1,200}")
_IN_VERSION = re.compile(r"(?<![0-9A-Za-z])(?:git|g)?([0-9a-f]{7,40})(?![0-9A-Za-z])")
_DIGITS = re.compile(r"[0-9]+")


def find_told_commit(environment: Environment, context: SourceContext, said: str) -> str:
    """The full id of the commit that a source named, with the tags of the environment's component. Errors as `find_commit`."""
    return find_commit(context.git, said, _release_tag(environment, context.config), context.tags)


def _release_tag(environment: Environment, config: Config) -> str:
    """The tag of a release, with `{version}` in it."""
    component = config.component(environment.component) if environment.component else None
    return component.tag.replace("{component}", component.name) if component and component.changelog else config.tag


def find_commit(git: Git, said: str, tag: str, refs: str = TAGS) -> str:
    """The full id of the commit that `said` names: by 7 or more digits, by a tag below `refs`, or by a version.

    Branches, `HEAD` and the like name another commit on every machine, and are not looked up. CommitElsewhere if this clone does
    not have the commit of an id, SourceUnavailable if there is none otherwise, or if there are several.
    """
    if not said:
        raise SourceUnavailable("answered with nothing")
    if not _NAME.fullmatch(said) or not said.isprintable():
        raise SourceUnavailable(f"answered with something that names no commit: {quoted(said)}")
    names = dict.fromkeys((said, tag.replace("{version}", said)))
    found = {commit for name in names for commit in _peel_to_commits(git, [f"{refs}{name}"])}
    if _HEX.fullmatch(said):
        ids = git.text("rev-parse", f"--disambiguate={said.lower()}").split()
        found |= _peel_to_commits(git, ids)
    if len(found) > 1:
        raise SourceUnavailable(
            f"answered {quoted(said)}, which could be any of: {', '.join(sorted(one[:12] for one in found)[:4])}"
        )
    if not found:
        tip = how_to_fetch(git)
        if _HEX.fullmatch(said):
            raise CommitElsewhere(f"answered {quoted(said)}, and there is no such commit in this clone", tip=tip)
        raise SourceUnavailable(f"answered {quoted(said)}, which is neither a commit nor a tag here", tip=tip)
    return found.pop()


def how_to_fetch(git: Git) -> str:
    """The sentence that says how what is not in this clone gets there."""
    return f"Fetch it: `git fetch --tags{' --unshallow' if is_shallow(git) else ''}`."


def find_commit_in_version(version: str) -> str:
    """The commit that is part of a package's version, such as `0abc123` of `2.10~git1533.0abc123`.

    Of several, one that has letters counts before those that have digits only: they may be dates. SourceUnavailable unless there
    is one.
    """
    found = list(dict.fromkeys(_IN_VERSION.findall(version)))
    if len(found) > 1:
        found = [one for one in found if not _DIGITS.fullmatch(one)] or found
    if len(found) == 1:
        return str(found[0])
    tip = "Set `regex` to the part of the version that is the commit."
    if found:
        raise SourceUnavailable(f"answered with a version that has several commits in it: {quoted(version)}", tip=tip)
    raise SourceUnavailable(f"answered with a version that has no commit of 7 digits or more in it: {quoted(version)}", tip=tip)


def _peel_to_commits(git: Git, names: list[str]) -> set[str]:
    """The commits that full names lead to; those that lead to none are left out."""
    answers = (git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}") for name in names)
    return {out.decode("ascii").strip() for code, out, _ in answers if code == 0}
