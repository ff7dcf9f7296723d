"""Keeps a message of the day in a file, for hosts that have no clone, and reads it there."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from relbot.deploy.answers import SavedMotd
from relbot.errors import CannotWrite, UsageError
from relbot.files.disk import draft_of, write_draft
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.schema.json_text import load_json

VERSION = 1
"""The version of the file. Raised when an older relbot would misread what a newer one writes."""
STALE = timedelta(hours=1)
"""A message that is older than this is not known to be true any more."""
_EXAMPLE = "relbot motd production --save motd.json"


def save_motd(path: Path, saved: SavedMotd) -> None:
    """Writes a message of the day to a file as JSON. Who logs in meanwhile sees the old one. CannotWrite if that fails."""
    data = {"version": VERSION, "time": saved.time.astimezone(UTC).isoformat(), "exit_code": saved.exit_code, "text": saved.text}
    content = (json.dumps(data, indent=2) + "\n").encode("ascii")
    try:
        _replace_content(path.resolve(), content)
    except OSError as error:
        raise CannotWrite(f"relbot cannot write `{path}`: {error.strerror}.", tip="Name another file.") from error


def _replace_content(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():  # a pipe or a terminal has nothing that could be replaced
        path.write_bytes(content)
        return
    draft = Path(draft_of(str(path)))
    try:
        write_draft(str(draft), content, path.stat() if path.exists() else None)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def read_saved_motd(path: Path) -> SavedMotd:
    """The message of the day in a file that `save_motd` wrote. UsageError if it is none."""
    tip = "Write it on a machine that has a clone:"
    try:
        data = load_json(read_regular_file(path))
        if data["version"] > VERSION:
            raise UsageError(f"A newer relbot wrote `{path}`.", tip="Install that relbot here, too.")
        time = datetime.fromisoformat(data["time"])
        if time.tzinfo is None or not isinstance(data["text"], str) or type(data["exit_code"]) is not int:
            raise ValueError(data)
        return SavedMotd(data["text"], time, data["exit_code"])
    except CannotOpen as error:
        raise UsageError(f"`{path}` {error.what}.", tip=tip, example=_EXAMPLE) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"`{path}` does not hold a message of the day.", tip=tip, example=_EXAMPLE) from error
