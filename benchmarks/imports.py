"""Notes of another tool to be imported, and what reading them costs anyone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from material import git

if TYPE_CHECKING:
    from pathlib import Path

READ_AND_PARSE = """
import pathlib, yaml
from docutils.core import publish_doctree
for path in pathlib.Path("releasenotes/notes").iterdir():
    for notes in yaml.safe_load(path.read_text()).values():
        for note in notes:
            publish_doctree(note, settings_overrides={"report_level": 5})
"""
"""Reads each note as YAML, and its text as reStructuredText."""
_KINDS = ("features", "fixes", "fixes", "upgrade", "deprecations", "security", "other")
_WORDS = (
    "the instance volume driver now reads `option_x` from ``nova.conf`` and *fails* when it is missing see bug fixed server api "
    "call node port network token"
).split()


def reno_notes(folder: Path, count: int) -> Path:
    """A repository with so many notes of reno, the same at each run, and a tag."""
    shutil.rmtree(folder, ignore_errors=True)
    notes = folder / "releasenotes" / "notes"
    notes.mkdir(parents=True)
    for number in range(count):
        words = [_WORDS[(number * 7 + place * (number % 11 + 1)) % len(_WORDS)] for place in range(26)]
        text = "".join(f"    {' '.join(line).capitalize()}.\n" for line in (words[:13], words[13:]))
        section = _KINDS[number % len(_KINDS)]
        (notes / f"note-{number}-{number:016x}.yaml").write_text(f"---\n{section}:\n  - |\n{text}", "utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Notes")
    git(folder, "tag", "1.0.0")
    return folder
