"""`relbot new`: a fragment, from flags or from answers at the terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from relbot.app.apply_operations import create_project_files
from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit, show_findings, show_notices
from relbot.cli.output import ask_choice, ask_confirmation, ask_text, can_ask, print_line, print_notice
from relbot.cli.project_options import with_project
from relbot.errors import Unknown, UsageError
from relbot.files.folder import list_paths
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Folder, Location, as_identity, identity_problem
from relbot.fragment.model import PHASES, Compat
from relbot.fragment.parse import Parser
from relbot.fragment.prose import PLACEHOLDER
from relbot.fragment.write import Answers, as_markdown
from relbot.release.operations import Write

if TYPE_CHECKING:
    from pathlib import Path

    from relbot.app.project import Project
    from relbot.config.model import Config

_ISSUE_IN_BRANCH = re.compile(r"(?:^|[/_#-])(\d+)(?=$|[/_-])")
_TRUNKS = ("main", "master", "trunk", "develop", "HEAD", "")


@click.command(name="new", short_help="Writes a fragment.")
@click.argument("name", required=False)
@click.option("-t", "--type", "kind", metavar="TYPE", help="The type of the change.")
@click.option("-m", "--message", "text", metavar="TEXT", help="What changes, in Markdown.")
@click.option("-i", "--issue", "issues", multiple=True, metavar="REF", help="An issue that it resolves; may be repeated.")
@click.option("--component", metavar="NAME", help="The part of the project that changes.")
@click.option("--breaking/--no-breaking", default=None, help="Something that worked stops working.")
@click.option("--migration/--no-migration", default=None, help="Somebody has to act.")
@click.option("--note", metavar="TEXT", help="What to do, in Markdown: becomes `## Migration`.")
@click.option("--reason", metavar="TEXT", help="With --no-migration: why nobody has to act.")
@click.option("--compat", type=click.Choice([compat.value for compat in Compat]), help="Whether the old way still works.")
@click.option("--needs", multiple=True, metavar="FRAGMENT", help="A fragment that an earlier deploy must have brought.")
@click.option("--hold", multiple=True, metavar="REF", help="Without it, this must not be deployed.")
@click.option("--run", "run_command", metavar="COMMAND", help="A step: the command to run at the deploy.")
@click.option(
    "--phase",
    type=click.Choice([phase.value for phase in PHASES]),
    default=None,
    help="With --run: when. Default: before-restart.",
)
@click.option("--on", multiple=True, metavar="HOST", help="With --run: where.")
@click.option("--check", "check_command", metavar="COMMAND", help="With --run: succeeds once it was done.")
@click.option("--undo", metavar="COMMAND", help="With --run: takes it back.")
@click.option("--restart", multiple=True, metavar="SERVICE", help="With --run: restart this service afterwards.")
@click.option(
    "--base", metavar="REV", help="Fill in what the diff since REV shows. Default: the remote's main branch, if there is one."
)
@click.option("-e", "--edit", is_flag=True, help="Open the fragment in your editor ($VISUAL or $EDITOR).")
@with_project
def command(project: Project, name: str | None, edit: bool, base: str | None, **given: Any) -> int:
    """Writes the fragment NAME, by default named after the issue or the branch, and prints its path.

    Asks for what is missing if started on a terminal; elsewhere says which flag is missing.
    """
    config = project.config
    given |= {name: _parse_references(f"--{flag}", given[name]) for name, flag in (("issues", "issue"), ("hold", "hold"))}
    project.require_whole()
    identity = _choose_identity(project, name, given["issues"])
    _refuse_taken(project, identity)
    flags = _filled_in(project, _answers_from_flags(given), base)
    answers = _ask_missing(flags, config, edit) if _on_terminal() else _require_complete(flags, config, edit)
    folder = _choose_folder(config, answers.component)
    path = f"{folder.path}/{identity}.md"
    content = as_markdown(answers)
    if not edit and not _has_no_faults(path, content, config, folder):
        return Exit.OPEN
    show_notices(create_project_files(project, [Write(path, None, content.encode("utf-8"))]))
    if edit:
        content = _edit_fragment(project.root / path, path)
    print_line(path)
    return Exit.FINE if _has_no_faults(path, content, config, folder) else Exit.OPEN


def _choose_folder(config: Config, component: str | None) -> Folder:
    """Where a new fragment goes: into its component's own folder if it has one."""
    own = config.component(component) if component else None
    has_own = own is not None and own.directory is not None
    return next(folder for folder in config.folders if not has_own or folder.component == component)


def _edit_fragment(file: Path, path: str) -> str:
    """What the editor leaves. UsageError if it fails, or leaves nothing."""
    try:
        click.edit(filename=str(file))
    except click.ClickException as error:
        tip = f"{path} is there as it was begun: edit it, or remove it. The editor is that of $VISUAL or $EDITOR."
        raise UsageError(f"The editor failed: {error.format_message()}.", tip=tip, example=f"rm {path}") from error
    try:
        return file.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        raise UsageError(f"The editor left no {path}, so there is no fragment.", tip="Run it again to begin anew.") from None


def _parse_references(flag: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """What a flag refers to, without the `#` of a number. UsageError if it names nothing."""
    for reference in written:
        if not any(character.isalnum() for character in reference):
            tip = "Allowed: a number, owner/repo#12, PROJ-7, or an address."
            raise UsageError(f"`{reference}` names nothing.", tip=tip, example=f"{flag} 4075")
    return tuple(reference.strip().removeprefix("#") for reference in written)


def _on_terminal() -> bool:
    return can_ask() and not read_environment().is_ci


def _answers_from_flags(given: dict[str, Any]) -> Answers:
    step = {
        "phase": given["phase"] or "before-restart",
        "run": given["run_command"],
        "on": list(given["on"]),
        "check": given["check_command"],
        "undo": given["undo"],
        "restart": list(given["restart"]),
    }
    if not given["run_command"] and not given["restart"]:
        alone = [flag for flag in ("phase", "on", "check_command", "undo") if given[flag]]
        if alone:
            flag = alone[0].removesuffix("_command")
            raise UsageError(f"`--{flag}` goes with `--run`.", example=f'relbot new --run "make migrate" --{flag} …')
        step = {}
    migration = given["migration"]
    return Answers(
        type=given["kind"] or "",
        text=given["text"] or "",
        breaking=bool(given["breaking"]),
        migration=True if migration is None and (given["note"] or step) else migration,
        reason=given["reason"],
        issues=given["issues"],
        component=given["component"],
        compat=given["compat"],
        needs=given["needs"],
        hold=given["hold"],
        note=given["note"],
        step={key: value for key, value in step.items() if value},
    )


def _filled_in(project: Project, answers: Answers, base: str | None) -> Answers:
    """The answers, with what the diff shows where its author says nothing of a migration."""
    since = base or _main_branch(project)
    if since is None or answers.migration is not None:
        return answers
    from relbot.app.review_change_set import ReviewRequest, SinceRevision, evaluate_facts

    try:
        evaluation = evaluate_facts(ReviewRequest(project.git, SinceRevision(since), project.config_here))
    except Unknown as error:
        if base is not None:
            raise
        print_notice(f"relbot: What the diff shows is not filled in. {error.what} {error.tip} {error.example}".rstrip())
        return answers
    shown = evaluation.proposal.answers if evaluation.proposal else None
    if shown is None:
        return answers
    print_notice("The diff shows that somebody may have to act; what it shows is filled in.")
    return replace(answers, migration=True, note=answers.note or shown.note, step=answers.step or shown.step)


def _main_branch(project: Project) -> str | None:
    if not project.in_git:
        return None
    code, out, _ = project.git.answer("rev-parse", "--verify", "--quiet", "--abbrev-ref", "refs/remotes/origin/HEAD")
    return out.decode("utf-8", "surrogateescape").strip() or None if code == 0 else None


def _require_complete(answers: Answers, config: Config, edit: bool) -> Answers:
    """The answers as they are. UsageError that names every flag that is missing."""
    missing = []
    if not answers.type:
        missing.append(f"--type {'|'.join(config.type_names)}")
    if not answers.text and not edit:
        missing.append('--message "What changes."')
    if missing:
        tip = "relbot asks only on a terminal."
        raise UsageError(f"Missing: {' and '.join(missing)}.", tip=tip, example='relbot new --type fixed --message "…"')
    return replace(answers, text=answers.text or PLACEHOLDER)


def _ask_missing(answers: Answers, config: Config, edit: bool) -> Answers:
    """The answers with what is missing asked for at the terminal; questions go to standard error."""
    if not answers.type:
        kind = ask_choice("Type", config.type_names, config.type_names[0])
        answers = replace(answers, type=kind)
    if not answers.component and config.components:
        names = (*config.component_names, "")
        answers = replace(answers, component=ask_choice("Component", names, "") or None)
    if not answers.text and not edit:
        answers = replace(answers, text=ask_text("What changes, in a sentence"))
    if not answers.breaking and answers.migration is None:
        answers = replace(answers, breaking=ask_confirmation("Does something that worked stop working?", default=False))
    if answers.migration is None:
        acts = ask_confirmation("Does somebody have to act at the deploy?", default=answers.breaking)
        answers = replace(answers, migration=True if acts else False if answers.breaking else None)
    if answers.migration and not answers.note and not answers.step and not edit:
        answers = replace(answers, note=ask_text("What to do, and when"))
    if answers.migration is False and not answers.reason:
        answers = replace(answers, reason=ask_text("Why does nobody have to act"))
    return replace(answers, text=answers.text or PLACEHOLDER)


def _choose_identity(project: Project, name: str | None, issues: tuple[str, ...]) -> str:
    if name is not None:
        stem = name.rpartition("/")[2].removesuffix(".md")
        if problem := identity_problem(stem):
            tip = "Allowed: letters, digits, `.`, `_`, `+` and `-`, beginning with a letter or digit."
            raise UsageError(f"`{stem}` cannot name a fragment: {problem}.", tip=tip, example=f"relbot new {as_identity(stem)}")
        return stem
    if issues:
        return as_identity(issues[0])
    branch = ""
    if project.in_git:
        _, out, _ = project.git.answer("symbolic-ref", "--quiet", "--short", "HEAD")
        branch = out.decode("utf-8", "replace").strip()
    if branch in _TRUNKS:
        raise UsageError("What shall the fragment be called?", tip="Name it, or an issue:", example="relbot new --issue 4075")
    if number := _ISSUE_IN_BRANCH.search(branch):
        return number.group(1)
    return as_identity(branch)


def _refuse_taken(project: Project, identity: str) -> None:
    for path in list_paths(project.root, project.config.folders):
        if path.rpartition("/")[2].removesuffix(".md").lower() == identity.lower():
            tip = "Edit that file, or give the new one another name:"
            raise UsageError(f"`{identity}` is taken: {path}.", tip=tip, example=f"relbot new {identity}-2")


def _has_no_faults(path: str, content: str, config: Config, folder: Folder) -> bool:
    identity = path.rpartition("/")[2].removesuffix(".md")
    parser = Parser(config.type_names, config.component_names)
    parsed = parser.parse(FragmentFile(path, content.encode("utf-8")), Location(path, identity, folder))
    if isinstance(parsed, list):
        show_findings(parsed)
        return False
    return True
