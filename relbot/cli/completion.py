"""`relbot completion`: the script by which a shell completes relbot's commands, options and names; and those names.

For each parameter that names something, shells complete the names that there are. What cannot be read completes to nothing,
silently: there is no place to say it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from relbot.app import known_names
from relbot.cli.output import print_text
from relbot.errors import RelbotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relbot.app.project import Project

    Lister = Callable[[Project], Iterable[str]]

_SHELLS = ("bash", "zsh", "fish")
_START_COMPLETION_OF_ZSH = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"
"""What a ~/.zshrc without `compinit` lacks; the script of click fails there."""


@click.command(name="completion", short_help="Prints the completion script of a shell.")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Prints the script that lets SHELL complete commands, options, and the names of this project.

    For bash, write into ~/.bashrc: eval "$(relbot completion bash)". For zsh, write the same with `zsh` at the end of ~/.zshrc.
    For fish, run: relbot completion fish > ~/.config/fish/completions/relbot.fish

    Completion reads the clone alone. It asks no remote and no server.
    """
    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(context.find_root().command, {}, "relbot", "_RELBOT_COMPLETE").source()
    if shell == "zsh":
        first, end, rest = script.partition("\n")  # `#compdef relbot`, which has to stay first
        script = first + end + _START_COMPLETION_OF_ZSH + rest
    print_text(script)


def add_completion(command: click.Command) -> None:
    """Lets a command complete the names that its parameters stand for."""
    for parameter in command.params:
        if parameter.name == _WORDS:
            parameter.type = _NamedText(_list_words)
        elif parameter.metavar != "COMMAND" and (lister := _LISTERS.get(parameter.name or "")):
            parameter.type = _NamedText(_of_project(lister))


class _NamedText(click.types.StringParamType):
    """A text that names one of the things that `lister` lists; others are taken, too."""

    def __init__(self, lister: Callable[[click.Context, str], Iterable[str]]) -> None:
        self._lister = lister

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        """The names that begin with `incomplete`, without those that would do something to a terminal."""
        try:
            names = list(self._lister(ctx, incomplete))
        except (RelbotError, OSError):
            return []
        return [CompletionItem(name) for name in names if name.isprintable() and " " not in name]


def _of_project(lister: Lister) -> Callable[[click.Context, str], Iterable[str]]:
    def list_names(context: click.Context, incomplete: str) -> Iterable[str]:
        return [name for name in lister(_project(context)) if name.startswith(incomplete)]

    return list_names


def _project(context: click.Context) -> Project:
    from relbot.app.project import open_project  # options complete without it

    given = context.params
    return open_project(given.get("directory") or Path.cwd(), given.get("config_file"))


_WORDS = "words"
"""The parameter of commands that take an environment, which may be left out, and perhaps something after it."""


def _list_words(context: click.Context, incomplete: str) -> list[str]:
    """The names of environments, or of what comes after one; where there is only one environment, either."""
    before: tuple[str, ...] = context.params.get(_WORDS) or ()
    project = _project(context)
    environments = known_names.list_environment_names(project)
    found = [] if before else [name for name in environments if name.startswith(incomplete)]
    if not before and len(environments) != 1:
        return found
    named = bool(before) and before[0] in environments
    typed, pieces = incomplete, before[1:] if named else before
    if pieces:  # bash gives `restart:apache2` as three words, and completes the last of them
        typed = "".join(pieces) + incomplete
    names = _list_after_environment(context.command.name, project, before[0] if named else None)
    cut = typed.rfind(":") + 1 if pieces else 0
    return found + [name[cut:] for name in names if name.startswith(typed)]


def _list_after_environment(command: str | None, project: Project, environment: str | None) -> list[str]:
    """What may stand after the environment in a command of `relbot deploy`."""
    from relbot.cli.deploy.options import make_surroundings  # what takes no words needs no clock

    match command:
        case "tick":
            return known_names.list_step_names(project, environment, make_surroundings(project.git))
        case "overrule":
            steps = known_names.list_step_names(project, environment, make_surroundings(project.git))
            return [f"step:{step}" for step in steps]
        case "lift":
            return known_names.list_revision_names(project)
        case _:
            return []


_LISTERS: dict[str, Lister] = {
    "environment": known_names.list_environment_names,
    "kind": lambda project: project.config.type_names,
    **dict.fromkeys(("component", "components"), lambda project: project.config.component_names),
    "restart": known_names.list_service_names,
    "identity": known_names.list_fragment_names,
    "needs": known_names.list_fragment_names,
    "hold": known_names.list_fragment_names,
    "rule": lambda _: known_names.list_rule_names(),
    "subject": lambda project: [*known_names.list_environment_names(project), *known_names.list_version_names(project)],
    **dict.fromkeys(("version", "refresh", "undo"), known_names.list_version_names),
    **dict.fromkeys(("base", "head", "start", "target", "revision", "replaces"), known_names.list_revision_names),
}
"""By the name of the parameter."""
