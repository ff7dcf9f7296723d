"""What GitHub Actions gives a step and takes from it: the event, the summary, the outputs.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. Outside of Actions the environment names
none of these files, and nothing is written.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from relbot.errors import CannotWrite, Unknown, UsageError
from relbot.github.event import activity_of, event_name_of, parse_payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relbot.github.event import Activity

MOST_SUMMARY = 900_000
"""Bytes of a summary: GitHub takes 1 MiB for a step, and drops one that is longer as a whole."""
_PLAIN = re.compile(r"[A-Za-z0-9.+_~!/-]*")


def read_event(file: Path | None) -> Activity:
    """What the event in `file`, or else the one that the environment names, asks for.

    UsageError if there is none, or it is one that relbot does not know; Unknown if it cannot be read.
    """
    path = file or _file_from_environment("GITHUB_EVENT_PATH")
    if path is None:
        raise UsageError(
            "Nothing says which pull request is meant.",
            tip="In GitHub Actions the event does. Anywhere else, name it:",
            example="relbot pr --repo OWNER/NAME --number 4075",
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unknown(f"The event file {path} cannot be read: {error.strerror}.", tip="`--event FILE` names another.") from error
    payload = parse_payload(content, str(path))
    named = os.environ.get("GITHUB_EVENT_NAME", "") if file is None else ""
    return activity_of(named or event_name_of(payload), payload)


def run_page_url() -> str:
    """The address of the run that this is, "" outside of Actions."""
    server, repository, run = (os.environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}" if server.startswith("https://") and repository and run.isdigit() else ""


def write_summary(markdown: str) -> None:
    """Adds to the summary of the step. CannotWrite if the file cannot be written."""
    content = markdown.encode("utf-8", "replace")
    _append_to_file("GITHUB_STEP_SUMMARY", content if len(content) <= MOST_SUMMARY else b"The summary would be too long.\n")


def write_outputs(outputs: Mapping[str, str]) -> None:
    """Sets outputs of the step. A value that could end its line is set to nothing. CannotWrite if the file cannot be written."""
    lines = (f"{name}={value if _PLAIN.fullmatch(value) else ''}\n" for name, value in outputs.items())
    _append_to_file("GITHUB_OUTPUT", "".join(lines).encode("ascii"))


def _append_to_file(variable: str, content: bytes) -> None:
    path = _file_from_environment(variable)
    if path is None:
        return
    try:
        with path.open("ab") as file:
            file.write(content)
    except OSError as error:
        raise CannotWrite(
            f"{variable} cannot be written: {error.strerror}.", tip="It is the runner that names the file."
        ) from error


def _file_from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None
