"""What sets relbot up in a repository, as data: what was found there, and the files with their contents."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from relbot.adoption.author_sections import AuthorPage, ProjectWords, find_page, with_section
from relbot.adoption.code_hosts import Forge, find_forge
from relbot.adoption.proposed_config import config_text, propose_keys
from relbot.adoption.relbot_source import FromNowhere
from relbot.adoption.workflows import (
    CHECK_WORKFLOW,
    WorkflowSettings,
    find_unheld_requirement,
    find_used_action,
    make_workflows,
    other_forge_job,
)
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.adoption.proposed_config import ProposedKey
    from relbot.adoption.relbot_source import RelbotSource
    from relbot.adoption.repository_facts import RepositoryFacts
    from relbot.config.model import Config

_README = """\
# One change, one file

If users or operators will notice your change, add a file here: Markdown, with a few keys above it.

    ---
    type: {first}
    ---

    The login page remembers you.

`relbot new` writes one. Allowed types: {types}.

If a deploy of the change needs action, say what to do:

    ---
    type: {second}
    breaking: true
    migration: true
    deploy:
      - phase: before-restart
        run: bundle exec rake convert_options
        check: test -s config/options.yml
        undo: cp config/options.yml.bkp config/options.yml
        restart: [apache2]
    ---

    `config/options.yml` groups its keys per environment.

    ## Migration

    Run the rake task after installing and before restarting. It keeps a backup.

The phases are `before-install` (the old code runs), `before-restart` (the new code is on disk, the old processes still
run), `after-restart` (the new code runs) and `later` (when convenient).

A release moves the files to `released/VERSION/`. Keep them there: later deploys and upgrade guides read them.
"""


class SetupAnswers(NamedTuple):
    """What only the people of a project know; None and empty where they said nothing.

    `every_change` is the policy for changes without a fragment: `off`, `ask` or `require`. `pages` are those that get a
    section for authors.
    """

    every_change: str | None = None
    forge: Forge | None = None
    pages: tuple[AuthorPage, ...] = ()


class SetupFile(NamedTuple):
    """A file that sets relbot up, and its text. `grows` is whether the text holds what was there, with a section more."""

    path: str
    text: str
    grows: bool = False


class SetupPlan(NamedTuple):
    """The files of a set-up repository, the keys of its relbot.toml, and sentences on what cannot be set up."""

    files: tuple[SetupFile, ...]
    keys: tuple[ProposedKey, ...]
    notices: tuple[str, ...]


class FileDifference(NamedTuple):
    """A file that is there and that `relbot init` would write otherwise; `lines` is the difference, as of `diff -u`."""

    path: str
    lines: tuple[str, ...]


def plan_setup(facts: RepositoryFacts, config: Config, source: RelbotSource, answers: SetupAnswers) -> SetupPlan:
    """The files that fit a repository. `config` is the configuration that holds there."""
    keys = tuple(propose_keys(facts, answers.every_change or config.rules.every_change))
    kinds = config.type_names
    first = next((kind for kind in ("fixed", "fix", "bugfix") if kind in kinds), kinds[0])
    second = "changed" if "changed" in kinds else kinds[-1]
    readme = _README.format(types=", ".join(kinds), first=first, second=second)
    files = [SetupFile("relbot.toml", config_text(keys)), SetupFile(f"{config.directory}/README.md", readme)]
    forge = answers.forge or find_forge(facts)
    earlier = facts.texts.get(CHECK_WORKFLOW, "")
    if isinstance(source, FromNowhere):
        source = find_used_action(earlier) or source
    notices = [] if forge is Forge.GITHUB else [_other_forge(forge, source, facts)]
    if forge is Forge.GITHUB:
        if isinstance(source, FromNowhere):
            notices.append(_no_workflow(source, find_unheld_requirement(earlier)))
        else:
            made = make_workflows(WorkflowSettings(source, facts.branch or "main", config.pr.waiver))
            files += [SetupFile(path, text) for path, text in made.items()]
    words = ProjectWords(config.directory, first, compared_branch(facts))
    for page in answers.pages:
        path = find_page(page, facts.paths, forge)
        section = with_section(page, path, facts.texts.get(path, ""), words)
        notices += [section.problem] if section.problem else []
        files += [SetupFile(path, section.text, grows=True)] if section.text else []
    return SetupPlan(tuple(files), keys, tuple(notices))


def compared_branch(facts: RepositoryFacts) -> str:
    """The branch that a change is compared with, as a command names it."""
    branch = facts.branch or "main"
    return f"origin/{branch}" if facts.remote else branch


def _no_workflow(source: FromNowhere, unheld: str) -> str:
    if unheld:
        return (
            f"{CHECK_WORKFLOW} is of an older relbot. It installs `{unheld}` from an index, and the owner of that name "
            "decides which code runs. Name the source of relbot, by a commit or by the hash of its file, to replace "
            "it:\n    relbot init --replace --action OWNER/relbot@COMMIT\n    relbot init --replace --hash sha256:DIGEST"
        )
    return (
        f"No GitHub workflow was written: {source.why} A workflow that installs a name from an index could run "
        "foreign code. Name the source of relbot, by a commit or by the hash of its file, and run it again:\n    "
        "relbot init --action OWNER/relbot@COMMIT\n    relbot init --hash sha256:DIGEST"
    )


def _other_forge(forge: Forge, source: RelbotSource, facts: RepositoryFacts) -> str:
    commands = other_forge_job(source, facts.branch or "main").replace("\n", "\n    ")
    if forge is Forge.UNKNOWN:
        return (
            "No workflow was written: the repository has no remote that tells its forge. For GitHub:\n"
            "    relbot init --forge github\n"
            f"Elsewhere, run these commands in a job for each pull request:\n    {commands}"
        )
    return (
        f"No workflow was written: relbot writes those of GitHub, and this is {forge.shown_name}. Run these commands in a job for"
        f" each merge request:\n    {commands}"
    )


def find_differences(plan: SetupPlan, present: Mapping[str, str]) -> list[FileDifference]:
    """How the planned files differ from those that are there. A configuration is compared by its keys, not here."""
    return [
        FileDifference(file.path, tuple(_diff_lines(present[file.path], file.text)))
        for file in plan.files
        if file.path in present and file.path != "relbot.toml" and not file.grows and present[file.path] != file.text
    ]


def _diff_lines(before: str, after: str) -> list[str]:
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), "there", "now", lineterm="", n=1))
