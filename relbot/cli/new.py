"""`relbot new`: a fragment, from flags or from answers at the terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from relbot.cli.environment import read_environment
from relbot.cli.exits import Exit, show_findings, show_notices
from relbot.cli.output import (
    ask_choice,
    ask_confirmation,
    ask_optional_text,
    ask_text,
    can_ask,
    print_line,
    print_notice,
)
from relbot.cli.project_options import with_project
from relbot.errors import UsageError
from relbot.fragment.model import NOTES_READERS, PHASES, Compat, NotesAudience
from relbot.fragment.prose import PLACEHOLDER
from relbot.fragment.write import Answers
from relbot.schema.references import reference_problem

if TYPE_CHECKING:
    from pathlib import Path

    from relbot.app.project import Project
    from relbot.config.model import Config

_COMPATS = tuple(compat.value for compat in Compat)


@click.command(name="new", short_help="Writes a fragment.")
@click.argument("name", required=False)
@click.option("-t", "--type", "kind", metavar="TYPE", help="The type of the change.")
@click.option("-m", "--message", "text", metavar="TEXT", help="What changes, in Markdown.")
@click.option("-i", "--issue", "issues", multiple=True, metavar="REF", help="An issue that it resolves; may be repeated.")
@click.option("--component", "components", multiple=True, metavar="NAME", help="The part of the project; may be repeated.")
@click.option("--audience", type=click.Choice(NOTES_READERS), help="Who reads of it in the notes. Default: public.")
@click.option("--breaking/--no-breaking", default=None, help="Something that worked will stop working.")
@click.option("--migration/--no-migration", default=None, help="The change needs action at the deploy.")
@click.option("--note", metavar="TEXT", help="What to do, in Markdown: becomes `## Migration`.")
@click.option("--reason", metavar="TEXT", help="With --no-migration: why no action is needed.")
@click.option("--compat", type=click.Choice(_COMPATS), help="Whether the old way still works.")
@click.option("--needs", multiple=True, metavar="FRAGMENT", help="A fragment that an earlier deploy must contain.")
@click.option(
    "--hold", multiple=True, metavar="REF", help="A fragment, issue or pull request without which this must not be deployed."
)
@click.option("--run", "run_command", metavar="COMMAND", help="A step: the command to run at the deploy.")
@click.option(
    "--phase",
    type=click.Choice([phase.value for phase in PHASES]),
    default=None,
    help="With --run: the phase. Default: before-restart.",
)
@click.option("--on", multiple=True, metavar="HOST", help="With --run: the hosts or roles.")
@click.option("--check", "check_command", metavar="COMMAND", help="With --run: the command that succeeds after the step.")
@click.option("--undo", metavar="COMMAND", help="With --run: the command that undoes the step.")
@click.option("--restart", multiple=True, metavar="SERVICE", help="With --run: restart this service afterwards.")
@click.option(
    "--base", metavar="REV", help="Fill in what the diff since REV shows. Default: the remote's main branch, if it has one."
)
@click.option("-e", "--edit", is_flag=True, help="Open the fragment in your editor ($VISUAL or $EDITOR).")
@with_project
def command(project: Project, name: str | None, edit: bool, base: str | None, **given: Any) -> int:
    """Writes the fragment NAME, by default named after the issue or the branch, and prints its path.

    Asks for what is missing if started on a terminal; elsewhere says which flag is missing.
    """
    from relbot.app.create_fragment import check_edited_fragment, choose_identity, create_fragment, fill_in_facts

    config = project.config
    given |= {name: _parse_references(f"--{flag}", given[name]) for name, flag in (("issues", "issue"), ("hold", "hold"))}
    project.require_whole()
    identity = choose_identity(project, name, given["issues"])
    filled = fill_in_facts(project, _answers_from_flags(given), base)
    if filled.notice:
        print_notice(filled.notice)
    answers = filled.answers
    answers = _ask_missing(answers, config, edit) if _on_terminal() else _require_complete(answers, config, edit)
    created = create_fragment(project, identity, answers, is_draft=edit)
    show_notices(created.notices)
    findings = created.findings
    if edit:
        _edit_fragment(project.root / created.path, created.path)
        findings = check_edited_fragment(project, created.path)
    if created.is_written:
        print_line(created.path)
    if findings:
        show_findings(findings)
        if not created.is_written:
            print_notice(f"relbot did not write {created.path}. Say what is missing with options: relbot new --help")
        elif edit:
            print_notice(f"relbot kept {created.path}. Correct it, and run: relbot check")
    return Exit.OPEN if findings else Exit.FINE


def _edit_fragment(file: Path, path: str) -> None:
    """Opens a fragment in the editor. UsageError if that fails."""
    try:
        click.edit(filename=str(file))
    except click.ClickException as error:
        tip = f"relbot kept {path}: edit it or remove it. Set $VISUAL or $EDITOR to use another editor."
        raise UsageError(f"The editor failed: {error.format_message()}.", tip=tip, example=f"rm {path}") from error


def _parse_references(flag: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """What a flag refers to, without the `#` of a number. UsageError if it names nothing."""
    for reference in written:
        if problem := reference_problem(reference.strip().removeprefix("#").strip()):
            tip = f"{problem[0].upper()}{problem[1:]}. Allowed: a number, owner/repo#12, PROJ-7, or an address."
            what = f"`{reference[:60]}` is not an issue or a pull request."
            raise UsageError(what, tip=f"{tip} For example `{flag} 4075`, or leave `{flag}` out.")
    return tuple(reference.strip().removeprefix("#").strip() for reference in written)


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
        component=next(iter(given["components"]), None),
        other_components=given["components"][1:],
        audience=given["audience"] if given["audience"] != NotesAudience.PUBLIC else None,
        compat=given["compat"],
        needs=given["needs"],
        hold=given["hold"],
        note=given["note"],
        step={key: value for key, value in step.items() if value},
    )


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
    answers = _ask_what_deploys_need(answers, edit)
    return replace(answers, text=answers.text or PLACEHOLDER)


def _ask_what_deploys_need(answers: Answers, edit: bool) -> Answers:
    if not answers.breaking and answers.migration is None:
        answers = replace(answers, breaking=ask_confirmation("Does something that worked stop working?", default=False))
    if answers.migration is None:
        acts = ask_confirmation("Does the deploy need action?", default=answers.breaking)
        answers = replace(answers, migration=True if acts else False if answers.breaking else None)
    if answers.breaking and not answers.compat:
        still = ask_choice("Does the old way still work: not at all, or for a while", (*_COMPATS, ""), "")
        answers = replace(answers, compat=still or None)
    if answers.migration and not answers.note and not answers.step and not edit:
        answers = _ask_step(answers)
    if answers.migration is False and not answers.reason:
        answers = replace(answers, reason=ask_text("Why is no action needed"))
    return answers


def _ask_step(answers: Answers) -> Answers:
    """The answers with what has to be done: prose, and a step where its author knows when it is done."""
    what = ask_text("What to do")
    phase = ask_choice("When", (*(phase.value for phase in PHASES), ""), "")
    if not phase:
        return replace(answers, note=what)
    command = ask_optional_text("Command (Enter: by hand)")
    if not command:
        return replace(answers, step={"phase": phase, "do": what})
    check = ask_optional_text("Command that succeeds afterwards (Enter: none)")
    undo = ask_optional_text("Command that takes it back (Enter: none)")
    step = {"phase": phase, "run": command, "check": check, "undo": undo}
    return replace(answers, note=what, step={key: value for key, value in step.items() if value})
