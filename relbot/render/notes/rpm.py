"""An entry of an openSUSE `.changes` file.

After https://en.opensuse.org/openSUSE:Creating_a_changes_file_(RPM): a line of 67 dashes, the date in UTC and who wrote it,
then bullets of three levels: `-`, `*` and `+`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.notes import package_fields
from relbot.render.notes.heading_outline import outline_notes
from relbot.render.notes.plain_text import entry_lines, prose_lines, wrap_entry

if TYPE_CHECKING:
    from relbot.release.notes import Notes
    from relbot.render.notes.context import NotesContext

WIDTH = 67


def render(notes: Notes, context: NotesContext) -> str:
    """The entry of a release, written at midnight UTC of its day, with a blank line below."""
    written_by = package_fields.check_maintainer(context.package.maintainer, "rpm")
    day = notes.date
    written = f"{package_fields.weekday_name(day)} {package_fields.month_name(day)} {day.day:2} 00:00:00 UTC {day.year:04}"
    lines = ["-" * WIDTH, f"{written} - {written_by}", "", f"- update to {notes.version}:"]
    if notes.prose.strip():
        lines += wrap_entry(prose_lines(notes.prose), "  * ", WIDTH)
    for part in outline_notes(notes):
        lines.append(f"  * {' / '.join(' '.join(title.split()) for title in part.path)}:")
        for entry in part.entries:
            lines += wrap_entry(entry_lines(entry, context.links), "    + ", WIDTH)
    return "\n".join(lines) + "\n\n"
