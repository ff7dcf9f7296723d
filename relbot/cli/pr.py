"""`relbot pr`: the bot on a pull request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relbot.app.project import current_day
from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit
from relbot.cli.output import print_notice, print_rendered
from relbot.errors import RelbotError, Unknown, UsageError
from relbot.github import actions
from relbot.github.event import NoActivity, named_pull_request
from relbot.render.bot_setup.formats import SETUP_FORMATS
from relbot.review.rules.model import Verdict

if TYPE_CHECKING:
    from relbot.github.event import Activity


@click.command(name="pr", short_help="Reviews a pull request and comments on it.")
@click.option("--repo", "repository", metavar="OWNER/NAME", help="The repository, outside of GitHub Actions.")
@click.option("--number", type=int, metavar="N", help="The pull request, outside of GitHub Actions.")
@click.option(
    "--event", "file", type=click.Path(path_type=Path), metavar="FILE", help="The event file. Default: GITHUB_EVENT_PATH."
)
@click.option("--comment/--no-comment", default=True, help="Whether to write on the pull request, or only here. Default: write.")
@click.option("--doctor", is_flag=True, help="Check the set-up of the bot, and say what to change. Writes nothing.")
@click.option("--format", "shape", type=click.Choice(SETUP_FORMATS.names), help="The format of --doctor. Default: text.")
@click.option("--dir", "directory", type=click.Path(path_type=Path), help="A clone that may already have the commits.")
def command(
    repository: str | None,
    number: int | None,
    file: Path | None,
    comment: bool,
    directory: Path | None,
    doctor: bool,
    shape: str | None,
) -> int:
    """Judges a pull request by the rules of its base branch, and says what it lacks.

    In GitHub Actions the event tells which one. Prints annotations, writes the summary and the outputs of the step, and keeps
    one comment on the pull request. relbot checks out and runs no file of the pull request. The token is that of GITHUB_TOKEN.

    With --doctor it looks at the permissions, events, required checks and settings instead. Exit code 1 if something is to be
    changed, 3 if the token cannot read something.
    """
    if doctor:
        return _diagnose(repository, shape or "text")
    if shape:
        raise UsageError(
            "`--format` belongs to `--doctor`.", tip="Add `--doctor`, or remove `--format`.", example="relbot pr --doctor"
        )
    try:
        return _run(_activity(repository, number, file), directory or Path.cwd(), comment)
    except RelbotError:
        actions.write_outputs(read_environment().runner, {"findings": "", "verdict": Verdict.UNKNOWN, "next-version": ""})
        raise


def _activity(repository: str | None, number: int | None, file: Path | None) -> Activity:
    if (repository is None) != (number is None):
        example = "relbot pr --repo OWNER/NAME --number 4075"
        raise UsageError("`--repo` and `--number` belong together.", tip="Give both, or none in GitHub Actions.", example=example)
    return (
        actions.read_event(read_environment().runner, file)
        if repository is None or number is None
        else named_pull_request(repository, number)
    )


def _run(activity: Activity, folder: Path, comment: bool) -> int:
    if isinstance(activity, NoActivity):
        return _leave_alone(f"relbot: {activity.why}")
    from relbot.app.review_pull_request import LeftAlone, PullRequestRequest, review_pull_request
    from relbot.render.comment.step_summary import step_summary
    from relbot.render.findings.formats import FINDINGS_FORMATS
    from relbot.review.reviewed import CheckReport

    said = read_environment()
    day = current_day(epoch=said.source_date_epoch)
    request = PullRequestRequest(activity, folder, day, said.github, actions.run_page_url(said.runner), comment)
    review = review_pull_request(request)
    if isinstance(review, LeftAlone):
        return _leave_alone(review.why)
    evaluation, preview = review.evaluation, review.preview
    print_rendered(FINDINGS_FORMATS.render(CheckReport(review.annotations), "github"))
    actions.write_summary(said.runner, step_summary(evaluation, review.around, preview.notes, preview.plan, review.refused))
    actions.write_outputs(
        said.runner, {"findings": str(review.open_count), "verdict": evaluation.verdict, "next-version": preview.version}
    )
    if evaluation.unknown:
        raise Unknown(evaluation.unknown[0], tip="relbot could not check everything, so this run fails.")
    return Exit.FINE if review.passes else Exit.OPEN


def _leave_alone(why: str) -> int:
    print_notice(why)
    actions.write_outputs(read_environment().runner, {"findings": "0", "verdict": Verdict.CLEAN, "next-version": ""})
    return Exit.FINE


def _diagnose(repository: str | None, shape: str) -> int:
    from relbot.app.diagnose_bot import DiagnosisRequest, diagnose_bot

    said = read_environment()
    setup = diagnose_bot(DiagnosisRequest(repository or said.github.repository, said.github, said.runner))
    print_rendered(SETUP_FORMATS.render(setup, shape))
    if setup.has_wrong:
        return Exit.OPEN
    return Exit.UNKNOWN if setup.has_unknown else Exit.FINE
