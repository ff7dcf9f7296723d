"""`relbot init`: reads a repository, asks what it cannot know, sets it up, and overwrites nothing unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from relbot.adoption.author_sections import AuthorPage
from relbot.adoption.code_hosts import Forge
from relbot.adoption.setup_plan import SetupAnswers
from relbot.app.init_project import InitRequest, init_project, survey_project
from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit, show_notices
from relbot.cli.output import ask_choice, ask_confirmation, can_ask, is_quiet, print_text
from relbot.cli.project_options import with_project
from relbot.render.setup_report import render_setup, render_survey

if TYPE_CHECKING:
    from relbot.adoption.results import RepositorySurvey
    from relbot.app.project import Project

_POLICIES = ("off", "ask", "require")
_FORGES = ("github", "gitlab", "other")


@click.command(name="init", short_help="Sets up a repository: configuration, changes/, a workflow.")
@click.option(
    "--every-change",
    type=click.Choice(_POLICIES),
    help="Whether every change needs a fragment. Default: off.",
)
@click.option("--forge", type=click.Choice(_FORGES), help="The host of your pull requests. Default: that of the remote.")
@click.option(
    "--tell",
    type=click.Choice([page.value for page in AuthorPage]),
    multiple=True,
    help="Add a section for authors to this page. May be repeated.",
)
@click.option(
    "--action", metavar="OWNER/relbot@COMMIT", default="", help="The repository and commit of relbot for the GitHub workflows."
)
@click.option("--hash", "hashes", metavar="sha256:DIGEST", multiple=True, help="The hash of relbot's file in the package index.")
@click.option("--replace", "replaces", is_flag=True, help="Replace workflows and changes/README.md where they differ.")
@click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Ask no questions: use the default answers, and add the section for authors to all three pages.",
)
@with_project
def command(
    project: Project,
    every_change: str | None,
    forge: str | None,
    tell: tuple[str, ...],
    action: str,
    hashes: tuple[str, ...],
    replaces: bool,
    yes: bool,
) -> int:
    """Sets up relbot in the git repository that holds the working directory.

    Reads the tags, the changelog, the package manifests, the remote and the notes of other tools, and shows what it found. Then
    writes relbot.toml with what differs from the defaults, changes/README.md and, for GitHub, three workflows, each only where
    there is none. On a terminal it asks what it cannot know; elsewhere the options say it. A second run shows what would be
    different now.
    """
    survey = survey_project(project)
    if not is_quiet():
        print_text(render_survey(survey.found) + "\n")
    answers = SetupAnswers(every_change, Forge(forge) if forge else None, tuple(AuthorPage(page) for page in tell))
    if yes:
        answers = answers._replace(pages=answers.pages or tuple(page for page, _ in survey.pages))
    elif can_ask() and not read_environment().is_ci:
        answers = _ask_answers(survey, answers)
    result = init_project(project, InitRequest(answers, action, hashes, replaces))
    if is_quiet():
        show_notices(result.notices)
    else:
        print_text(render_setup(result))
    return Exit.FINE


def _ask_answers(survey: RepositorySurvey, answers: SetupAnswers) -> SetupAnswers:
    """The answers, with what is missing asked for. What the repository tells, or holds already, is not asked."""
    if answers.forge is None and survey.forge is Forge.UNKNOWN:
        answers = answers._replace(forge=Forge(ask_choice("Where do you open pull requests?", _FORGES, "github")))
    if answers.every_change is None and survey.is_new:
        question = "Does every change need a fragment?"
        answers = answers._replace(every_change=ask_choice(question, _POLICIES, "off"))
    if not answers.pages:
        told = [
            page for page, path in survey.pages if ask_confirmation(f"Add a section about fragments to {path}?", default=True)
        ]
        answers = answers._replace(pages=tuple(told))
    return answers
