"""One rich release in every format, as a file to read.

After a change that is meant, write the files anew and read the diff:

    RELBOT_UPDATE_GOLDEN=1 python -m pytest tests/render/test_golden.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from relbot.render.notes import NOTES_FORMATS
from tests.render.example import CONTEXT, NOTES

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))
"""Read here: a test does not see the variable."""
FILES = {
    "markdown": "notes.md",
    "rst": "notes.rst",
    "json": "notes.json",
    "debian": "debian-changelog.txt",
    "rpm": "rpm.changes",
    "template": "template.md",
}


def test_every_format_has_a_file() -> None:
    assert set(FILES) == set(NOTES_FORMATS)


@pytest.mark.parametrize("name", FILES)
def test_format(name: str) -> None:
    context = CONTEXT._replace(template=(GOLDEN / "template.md.j2").read_text(encoding="utf-8"))
    text = NOTES_FORMATS[name].render(NOTES, context)
    path = GOLDEN / FILES[name]
    if UPDATE:
        path.write_bytes(text.encode("utf-8"))
    assert text.encode("utf-8") == path.read_bytes()
