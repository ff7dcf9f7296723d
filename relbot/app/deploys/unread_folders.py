"""Fragments that the target of a deploy has in a folder in which its configuration does not look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.model import FILE, PYPROJECT
from relbot.deploy.plan.difference import steps_of
from relbot.errors import ConfigError, Unknown
from relbot.git.change_logs import read_change_log
from relbot.git.policy_source import read_config_at
from relbot.git.trees import FOLDER, list_entries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from relbot.config.model import Config
    from relbot.deploy.plan.changelog import ChangeLog
    from relbot.finding import Finding
    from relbot.git.process import Git

BEFORE_RELBOT = "before-relbot"
"""What is overruled by somebody who has looked at the part of a range whose fragments cannot be known."""
_KINDS = {"120000": "a symbolic link", "160000": "a submodule"}


def require_all_read(
    git: Git, logs: tuple[ChangeLog, ChangeLog], configs: tuple[Config, Config], overruled: Collection[str]
) -> None:
    """Raises Unknown where the folders of fragments changed between two commits, and fragments stayed behind in the later one.

    And where such a folder is a link or a submodule: what lies there is in no tree of this repository.
    The configuration names another folder, by mistake or before the files were moved: their steps are in no plan. Only those with
    steps or a hold matter, and those that cannot be read, unless `vanished:NAME` of them is in `overruled`.
    """
    start, target = (log.revision.commit for log in logs)
    if broken := _find_no_folder(git, target, configs[1]):
        tip = "Make it a folder, or name another one in relbot.toml, as in:"
        raise Unknown(broken, tip=tip, example='directory = "changes"')
    if BEFORE_RELBOT not in overruled and (broken := _find_no_folder(git, start, configs[0])):
        tip = "That is what the deploy starts from. Look at its changes, then record that you have looked:"
        example = f"relbot deploy overrule ENV {BEFORE_RELBOT} --to {target[:12]} --reason WHY"
        raise Unknown(broken, tip=tip, example=example)
    if configs[0].folders == configs[1].folders:
        return
    read = {folder.path for folder in configs[1].folders}
    behind: dict[str, str] = {}
    for config in (configs[0], *_configs_between(git, start, target)):
        if not {folder.path for folder in config.folders} <= read:
            behind |= _find_behind(read_change_log(git, target, config), logs[1])
    left = {identity: path for identity, path in sorted(behind.items()) if f"vanished:{identity}" not in overruled}
    if left:
        first = next(iter(left))
        what = (
            f"The configuration of {target[:12]} has its fragments in {', '.join(f'`{each}`' for each in sorted(read))},"
            f" and these lie elsewhere, so relbot does not read them: {', '.join(left.values())}."
        )
        tip = (
            "Move them, or correct the configuration in a later commit. For one deploy alone, once you have done what they need:"
            f" relbot deploy overrule ENV vanished:{first} --to {target[:12]} --reason WHY. To read one:"
        )
        raise Unknown(what, tip=tip, example=f"git show {target[:12]}:./{left[first]}")


def _find_no_folder(git: Git, commit: str, config: Config) -> str:
    """What is in place of a folder of fragments in a commit, or of one above it, in a sentence; "" if nothing is."""
    parts = (folder.path.split("/") for folder in config.folders)
    paths = sorted({"/".join(of[:length]) for of in parts for length in range(1, len(of) + 1)})
    for path, entry in list_entries(git, commit, paths).items():
        if entry.mode != FOLDER:
            kind = _KINDS.get(entry.mode, "a file")
            return f"`{path}` is {kind} in {commit[:12]}, so relbot cannot read the fragments there."
    return ""


def _configs_between(git: Git, start: str, target: str) -> Iterator[Config]:
    """The configurations that the commits between two brought."""
    for commit in git.text("rev-list", f"{start}..{target}", "--", FILE, PYPROJECT).split():
        try:
            config = read_config_at(git, commit)
        except ConfigError:
            continue  # it names no folder
        if config is not None:
            yield config


def _find_behind(elsewhere: ChangeLog, known: ChangeLog) -> dict[str, str]:
    """The paths of the fragments that matter to deploys and that a change log lacks, by identity."""
    heavy = {each.identity: each.path for each in elsewhere.fragments.values() if steps_of(each) or each.hold}
    broken = {identity: found[0].place.path for identity, found in elsewhere.faulty.items() if found and _is_fragment(found)}
    return {identity: path for identity, path in {**heavy, **broken}.items() if not known.has(identity)}


def _is_fragment(faults: tuple[Finding, ...]) -> bool:
    """Whether a file that cannot be read is meant to be a fragment: the folder may have become one of other texts."""
    return all(each.rule != "front-matter-missing" for each in faults)
