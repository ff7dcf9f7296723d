"""The keys of a step: the one table from which they are read, checked and documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.fragment.invisible_characters import foreign_spaces, unsafe_characters
from relbot.fragment.model import PHASES, Phase, Step
from relbot.fragment.prose import shows_something
from relbot.schema import lazy_re as re
from relbot.schema.kinds import INVALID, Choice, Flag, Key, Many, Table, Text

if TYPE_CHECKING:
    from relbot.schema.faults import Faults
    from relbot.schema.nodes import MappingNode, Node

_DURATION = re.compile(r"(?:(\d+) ?h)? ?(?:(\d+) ?m(?:in)?)? ?(?:(\d+) ?s)?", re.ASCII)


def _check_command(command: str) -> str:
    found = unsafe_characters(command)
    if found:
        return f"it has invisible characters ({', '.join(found)})."
    spaces = foreign_spaces(command)
    return f"it has spaces that a shell does not split at ({', '.join(spaces)}): write plain spaces." if spaces else ""


def _check_instruction(instruction: str) -> str:
    return _check_command(instruction) or ("" if shows_something(instruction) else "it shows no text.")


def parse_duration(text: str) -> int:
    """The seconds of a duration such as `1h30m`, `5 min` or `90s`. ValueError if it is none."""
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.groups()):
        raise ValueError(text)
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + rest


def _not_a_duration(text: str) -> str:
    try:
        parse_duration(text)
    except ValueError:
        return f"`{text}` is not a duration."
    return ""


COMMAND = Text(
    "a command without control or invisible characters", check=_check_command, check_rule="unsafe-command", multiline=True
)
INSTRUCTION = Text(
    "an instruction without control or invisible characters",
    check=_check_instruction,
    check_rule="unsafe-command",
    multiline=True,
)
NAMES = Many(Text("a name without control or invisible characters", check=_check_command, check_rule="unsafe-command"))
DURATION = Text("a duration such as `90s`, `5m` or `1h30m`", check=_not_a_duration)
PHASE = Choice(tuple(phase.value for phase in PHASES), rule="step-order")

STEP_KEYS = (
    Key("phase", PHASE, "When the step is done.", "phase: before-restart", required=True),
    Key("run", COMMAND, "The command to run, as you type it into a shell.", "run: bundle exec rake convert_options"),
    Key("do", INSTRUCTION, "What to do, if there is no command for it.", "do: Ask the database team for the new role."),
    Key("on", NAMES, "The hosts or roles on which to do it.", "on: frontend", ()),
    Key("check", COMMAND, "A command that succeeds after the step.", "check: test -s config/options.yml"),
    Key("undo", COMMAND, "The command that undoes the step.", "undo: cp options.yml.bkp options.yml"),
    Key("irreversible", Flag(), "True if the step cannot be undone; `reason` says why.", "irreversible: true", False),
    Key("reason", Text("a sentence", multiline=True), "Why the step cannot be undone.", "reason: It drops a column."),
    Key("restart", NAMES, "The services to restart after the step.", "restart: [apache2]", ()),
    Key("duration", DURATION, "How long the step takes.", "duration: 5m"),
    Key("downtime", DURATION, "The expected downtime.", "downtime: 30s"),
)


def _check_step(values: dict[str, Any], node: MappingNode, faults: Faults) -> None:
    if not (values["run"] or values["do"] or values["restart"]):
        tip = "Give it `run:` with a command, `do:` with an instruction, or `restart:`."
        faults.at(node, "step-empty", "The step does nothing.", tip, "run: bundle exec rake convert_options")
    if values["irreversible"] is True and values["undo"]:
        faults.at(node, "step-contradicted", "The step is irreversible and has an `undo`.", "Keep one of the two.")
    if values["irreversible"] is True and not values["reason"]:
        tip = "Say in `reason:` why it cannot be undone."
        faults.at(node, "reason-missing", "An irreversible step needs a reason.", tip, "reason: It drops the old column.")
    if values["restart"] and values["restart"] is not INVALID and values["phase"] in (Phase.AFTER_RESTART, Phase.LATER):
        message = f"`restart` in `{values['phase']}`: the services have restarted by then."
        tip = "Put the step into an earlier phase, or restart with `run:`."
        faults.at(node, "step-order", message, tip, f"run: systemctl restart {values['restart'][0]}")


def _make_step(values: dict[str, Any], node: Node) -> Step:
    read: dict[str, Any] = {
        "phase": Phase(values["phase"]),
        "duration": parse_duration(values["duration"]) if values["duration"] else None,
        "downtime": parse_duration(values["downtime"]) if values["downtime"] else None,
        "line": node.start.line + 2 if node.start else None,
    }
    return Step(**values | read)


STEP = Table(STEP_KEYS, _make_step, _check_step)
