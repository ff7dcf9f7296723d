"""`relbot completion`: the script by which a shell completes relbot's commands, options and names."""

from __future__ import annotations

import click

from relbot.cli.exits import Exit
from relbot.cli.output import print_text

_SHELLS = ("bash", "zsh", "fish")
_START_COMPLETION_OF_ZSH = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"
"""What a ~/.zshrc without `compinit` lacks; the script of click fails there."""


@click.command(name="completion", short_help="Prints the completion script of a shell.")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Prints the script that lets SHELL complete commands, options, and the names of this project.

    For bash, write into ~/.bashrc: eval "$(relbot completion bash)". For zsh, write the same with `zsh` at the end of ~/.zshrc.
    For fish, run: relbot completion fish > ~/.config/fish/completions/relbot.fish

    Completion reads the clone alone. It asks no remote and no server.
    """
    from click.shell_completion import get_completion_class  # only this command needs it

    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(context.find_root().command, {}, "relbot", "_RELBOT_COMPLETE").source()
    if shell == "zsh":
        first, end, rest = script.partition("\n")  # `#compdef relbot`, which has to stay first
        script = first + end + _START_COMPLETION_OF_ZSH + rest
    print_text(script)
    return Exit.FINE
