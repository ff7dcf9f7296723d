"""The options `--dir` and `--config`, which nearly every command has, and `--component` of those that show changes."""

from __future__ import annotations

import functools
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from relbot.app.project import open_project
from relbot.cli.environment import read_environment
from relbot.cli.output import is_verbose, print_trace

if TYPE_CHECKING:
    from collections.abc import Callable


only_component = click.option("--component", metavar="NAME", help="Only changes of this component, and changes without one.")
"""Gives a command the option that leaves out the changes of other components."""


def with_project(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options `--dir` and `--config`, and calls it with the `Project` they name."""

    @click.option("--dir", "directory", type=click.Path(path_type=Path), help="Work as if started in this folder.")
    @click.option("--config", "config_file", type=click.Path(path_type=Path), help="Use this configuration file.")
    @functools.wraps(function)
    def opened(*, directory: Path | None, config_file: Path | None, **options: Any) -> Any:
        said = read_environment()
        project = open_project(directory or Path.cwd(), config_file)
        if is_verbose() and project.config_path is None:
            print_trace("+ There is no relbot.toml: the defaults apply.")
        with closing(project.git):
            return function(project._replace(github=said.github), **options)

    return opened
