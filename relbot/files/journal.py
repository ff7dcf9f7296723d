"""The journal: a file that holds everything needed to finish a change, for as long as it is under way.

It is believed only where it was written: its time stamp, to the nanosecond, stands inside it, and what git checks out never
has that. So nobody can have files written by contributing a journal.
"""

from __future__ import annotations

import json
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from relbot.errors import Unknown
from relbot.files.disk import remove_file, sync_folder, write_draft
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.files.os_errors import report_os_errors
from relbot.release.operations import Operations, split_path
from relbot.schema.json_text import load_json

NAME = ".relbot-journal.json"
"""The file's name in the main folder of fragments."""
LARGEST_JOURNAL = 268_435_456
"""Bytes of a journal: it holds the changelog and all that a build writes."""
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal at `path`, relative to `root`."""

    root: str
    path: str

    @property
    def full(self) -> str:
        """Where it lies on this machine."""
        return os.path.join(self.root, self.path)

    @property
    def folder(self) -> str:
        """The folder that holds it, relative to the root."""
        return split_path(self.path)[0]

    @property
    def _draft(self) -> str:
        return self.full + ".tmp"

    def exists(self) -> bool:
        """Whether a change is under way, or was when relbot was killed."""
        return os.path.lexists(self.full)

    def begin(self, operations: Operations) -> None:
        """Writes the journal, down to the disk: from now on the change can be finished. CannotWrite."""
        with report_os_errors(self.path, "written"):
            seal = time.time_ns() | 1
            write_draft(self._draft, _seal_operations(operations.to_json(), seal).encode(), None)
            os.utime(self._draft, ns=(seal, seal))
            os.rename(self._draft, self.full)
            sync_folder(os.path.dirname(self.full))

    def end(self) -> None:
        """Removes the journal: the change is complete, or was put back. OSError."""
        remove_file(self.full)

    def clean(self) -> None:
        """Removes the draft of a journal that was never begun. CannotWrite."""
        with report_os_errors(self.path + ".tmp", "removed"):
            remove_file(self._draft)

    def read(self) -> Operations | None:
        """What is to be finished; None if there is no journal. Unknown if there is one that cannot be believed."""
        try:
            found = os.lstat(self.full)
            if not stat.S_ISREG(found.st_mode):
                raise self._unknown("is not a regular file")
            content = read_regular_file(Path(self.full), LARGEST_JOURNAL, within=Path(self.root))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unknown(f"could not be read: {error.strerror}") from error
        except CannotOpen as error:
            raise self._unknown(error.what) from error
        return self._believed(content, found.st_mtime_ns)

    def _believed(self, content: bytes, stamp: int) -> Operations:
        try:
            form = load_json(content)
            seal, text = form["seal"], form["operations"]
            operations = Operations.from_json(json.dumps(text))
        except (ValueError, KeyError, TypeError) as error:
            raise self._unknown("is damaged") from error
        if seal != stamp or stamp % _SECOND == 0:
            raise self._unknown("was not written by relbot in this working tree")
        return operations

    def _unknown(self, why: str) -> Unknown:
        tip = "`git status` shows the unfinished change. Correct it, then remove that file."
        return Unknown(f"`{self.path}`, the journal of an unfinished change, {why}.", tip=tip, example=f"rm '{self.path}'")


def _seal_operations(operations: str, seal: int) -> str:
    return f'{{"seal":{seal},"operations":{operations}}}'
