"""What GitHub Actions gives a step and takes from it: the event, the summary, the outputs.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. Outside of Actions the settings name
none of these files, and nothing is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite, Unknown, UsageError
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.github.event import activity_of, event_name_of, parse_payload
from relbot.render.common.media import Medium, neutralize_text
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.github.event import Activity
    from relbot.github.settings import RunnerSettings

MOST_SUMMARY = 900_000
"""Bytes of a summary: GitHub takes 1 MiB for a step, and drops one that is longer as a whole."""
LARGEST_EVENT = 26_214_400
"""Bytes of a payload: GitHub makes none above 25 MB (https://docs.github.com/en/webhooks/webhook-events-and-payloads)."""
_PLAIN = re.compile(r"[A-Za-z0-9.+_~!/-]*")


def read_event(runner: RunnerSettings, file: Path | None) -> Activity:
    """What the event in `file`, or else the one that the runner names, asks for.

    UsageError if there is none, or it is one that relbot does not know; Unknown if it cannot be read.
    """
    path = file or (Path(runner.event_path) if runner.event_path else None)
    if path is None:
        raise UsageError(
            "relbot does not know which pull request to review.",
            tip="In GitHub Actions, the event names it. Elsewhere, name it:",
            example="relbot pr --repo OWNER/NAME --number 4075",
        )
    try:
        content = read_regular_file(path, LARGEST_EVENT)
    except CannotOpen as error:
        raise Unknown(f"The event file {path} {error.what}.", tip="`--event FILE` names another.") from error
    payload = parse_payload(content, str(path))
    named = runner.event_name if file is None else ""
    return activity_of(named or event_name_of(payload), payload)


def run_page_url(runner: RunnerSettings) -> str:
    """The address of the run that this is, "" outside of Actions."""
    server, repository, run = runner.server_url, runner.repository, runner.run_id
    return f"{server}/{repository}/actions/runs/{run}" if server.startswith("https://") and repository and run.isdecimal() else ""


def write_summary(runner: RunnerSettings, markdown: str) -> None:
    """Adds to the summary of the step. CannotWrite if the file cannot be written."""
    content = neutralize_text(markdown, Medium.MARKDOWN).encode("utf-8", "replace")
    _append_to_file(
        "GITHUB_STEP_SUMMARY",
        runner.summary_path,
        content if len(content) <= MOST_SUMMARY else b"The summary would be too long.\n",
    )


def write_outputs(runner: RunnerSettings, outputs: Mapping[str, str]) -> None:
    """Sets outputs of the step. A value that could end its line is set to nothing. CannotWrite if the file cannot be written."""
    lines = (f"{name}={value if _PLAIN.fullmatch(value) else ''}\n" for name, value in outputs.items())
    _append_to_file("GITHUB_OUTPUT", runner.output_path, "".join(lines).encode("ascii"))


def _append_to_file(variable: str, path: str, content: bytes) -> None:
    if not path:
        return
    try:
        with Path(path).open("ab") as file:
            file.write(content)
    except OSError as error:
        raise CannotWrite(
            f"relbot cannot write to the file that {variable} names: {error.strerror}.",
            tip="The runner of GitHub Actions sets this variable. Check the disk and the permissions of the runner.",
        ) from error
