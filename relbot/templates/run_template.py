"""Starts the process that renders a template, and reads its answer."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import Unknown, UsageError
from relbot.processes import CommandFailed, child_environment, run_command
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.render.notes.context import TemplateTask

LARGEST_NOTES = 16_777_216
"""Bytes that a template may write."""
_START = "import sys; sys.path[:] = sys.argv[1:]; from relbot.templates.template_process import answer_task; answer_task()"


class TemplateLimits(NamedTuple):
    """What a template may take: seconds of computing, and bytes of memory, relbot's own modules included."""

    seconds: float = 10
    memory: int = 1_073_741_824


LIMITS = TemplateLimits()


def run_template(task: TemplateTask) -> str:
    """Returns the text of a template, rendered in a process of its own.

    The process sees none of relbot's secrets, and stands in no folder of the project. UsageError with file and line of what
    is wrong with the template, a limit that it hit included; Unknown if the process cannot be started, or gives no answer.
    """
    words = (sys.executable, "-I", "-c", _START, *(os.path.realpath(path) for path in sys.path if path))
    question = json.dumps({"task": task._asdict() | {"links": task.links._asdict()}, "limits": LIMITS})
    try:
        with tempfile.TemporaryFile() as file:
            file.write(question.encode())
            file.seek(0)
            # Longer than it may compute: the machine may be busy with something else.
            said = run_command(words, Path("/"), 6 * LIMITS.seconds + 30, child_environment(), stdin=file, largest=LARGEST_NOTES)
        answer = json.loads(said)
    except CommandFailed as error:
        if error.hit_limit:
            raise _limit_exceeded(task.path) from error
        raise Unknown(f"relbot could not render {task.path}: its process {error.what}.", tip=_AGAIN) from error
    except ValueError as error:
        raise Unknown(f"relbot could not render {task.path}: its process gave no answer.", tip=_AGAIN) from error
    if fault := answer.get("fault"):
        raise UsageError(fault["what"], tip=fault["tip"], example=fault["example"])
    return str(answer["text"])


_AGAIN = "Nothing was changed. Run the command again."


def _limit_exceeded(path: str) -> UsageError:
    limits = f"{LIMITS.seconds:g} s, {LIMITS.memory // 1_048_576} MB of memory, {LARGEST_NOTES // 1_048_576} MB of text"
    return UsageError(
        f"{path}: The template exceeds a limit: {limits}.",
        tip="Look for loops inside each other, macros that call themselves, and texts that double.",
    )
