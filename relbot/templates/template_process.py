"""Renders one template, in a process of its own: the question on standard input, the answer on standard output, both JSON.

The limits hold for the process, whatever the template does: the sandbox of Jinja2 bounds single operations only.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from typing import TYPE_CHECKING, Any

from relbot.config.model import Links
from relbot.errors import UsageError
from relbot.render.notes.context import TemplateTask
from relbot.render.notes.template import render_template

if TYPE_CHECKING:
    from types import FrameType


class _OutOfTimeError(Exception):
    """The template has computed for as long as it may."""


def answer_task() -> None:
    """Answers the question on standard input: `text`, or `fault` with what an error says."""
    question = json.load(sys.stdin)
    task = question["task"]
    _limit_process(*question["limits"])
    try:
        answer = json.dumps(_render(TemplateTask(**task | {"links": Links(**task["links"])})))
    except MemoryError:  # for a text that could be rendered, and not be copied
        answer = json.dumps({"fault": {"what": f"{task['path']}: The template takes too much memory.", "tip": "", "example": ""}})
    sys.stdout.write(answer)


def _limit_process(seconds: float, memory: int) -> None:
    """A signal at the limit of time tells the line of the template; the system ends what does not listen to it."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _OutOfTimeError(f"The template takes more than {seconds:g} s.")

    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, int(seconds) + 2), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]  # the system may allow less, and nothing above it
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lower, lower))
    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _render(task: TemplateTask) -> dict[str, Any]:
    try:
        return {"text": render_template(task)}
    except UsageError as error:
        return {"fault": {"what": error.what, "tip": error.tip, "example": error.example}}
