"""Plays the story in a folder of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from relbot.demo.story import SCENES
from relbot.errors import RelbotError, Unknown
from relbot.processes import child_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from relbot.demo.story import Scene


class DemoBroken(RelbotError):
    """A command of the demo did something else than the story tells: a bug in relbot."""


def play_story(folder: Path, tell: Callable[[str], None], prompt: Callable[[str], None]) -> None:
    """Builds the repository in `folder` scene by scene; `tell` gets what is said and printed, `prompt` each command.

    Unknown if git fails; DemoBroken if a command of relbot exits with another code than the story expects.
    """
    for scene in SCENES:
        tell(f"\n{scene.told}")
        for path, text in scene.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        for number, command in enumerate(scene.commands):
            last = all(later[0] == "git" for later in scene.commands[number + 1 :])
            _run_command(command, scene, folder, tell, prompt, scene.exits if last else 0)


def _run_command(
    command: tuple[str, ...],
    scene: Scene,
    folder: Path,
    tell: Callable[[str], None],
    prompt: Callable[[str], None],
    expected: int,
) -> None:
    environment = _command_environment(scene.day)
    if command[0] == "git":
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Unknown(f"`{shlex.join(command)}` failed: {done.stderr.strip()}")
        return
    prompt(shlex.join(command))
    words = (sys.executable, "-m", "relbot", *command[1:])
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False
    )
    printed = (done.stdout + done.stderr).rstrip()
    tell(printed or "(nothing: all is well)")
    if done.returncode != expected:
        raise DemoBroken(f"`relbot {command[1]}` exited with {done.returncode}, the demo expects {expected}.")


def _command_environment(day: str) -> dict[str, str]:
    """The caller's, without what would let its git configuration or its own repository change the story."""
    kept = {name: value for name, value in child_environment().items() if not name.startswith("GIT_")}
    who = {"NAME": "Jane Doe", "EMAIL": "jane@example.org", "DATE": f"{day}T08:00:00+00:00"}
    return (
        kept
        | {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in who.items()}
        | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PYTHONIOENCODING": "utf-8"}
    )
