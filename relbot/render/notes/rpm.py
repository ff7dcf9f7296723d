"""An entry of an openSUSE `.changes` file.

After https://en.opensuse.org/openSUSE:Creating_a_changes_file_(RPM): a line of 67 dashes, the date in UTC and who wrote it,
then bullets of three levels: `-`, `*` and `+`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.notes import packages
from relbot.render.notes.outline import outline
from relbot.render.notes.plain import entry_lines, wrapped

if TYPE_CHECKING:
    from relbot.release.notes import Notes
    from relbot.render.notes.context import Context

WIDTH = 67


def render(notes: Notes, context: Context) -> str:
    """The entry of a release, written at midnight UTC of its day, with a blank line below."""
    written_by = packages.maintainer(context.package.maintainer, "rpm")
    day = notes.date
    written = f"{packages.weekday(day)} {packages.month(day)} {day.day:2} 00:00:00 UTC {day.year:04}"
    lines = ["-" * WIDTH, f"{written} - {written_by}", "", f"- update to {notes.version}:"]
    for part in outline(notes):
        lines.append(f"  * {' / '.join(' '.join(title.split()) for title in part.path)}:")
        for entry in part.entries:
            lines += wrapped(entry_lines(entry, context.links), "    + ", WIDTH)
    return "\n".join(lines) + "\n\n"
