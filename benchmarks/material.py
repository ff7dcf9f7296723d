"""What is measured on: repositories with many fragments, and the same content for other tools."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TYPES = ("added", "changed", "deprecated", "removed", "fixed", "security")


def text(number: int) -> str:
    """The prose of change `number`: a sentence or two, every tenth with a list."""
    more = "\n\n- The first thing.\n- The second thing.\n" if number % 10 == 0 else ""
    return f"Change number {number} makes `option_{number}` do what its name says, also for those who never set it.{more}"


def fragment(number: int) -> str:
    """Change `number` as a fragment with a step, its pull request and its author; every twentieth is breaking."""
    keys = [f"type: {TYPES[number % 6]}", f"issues: [{number}]", f"prs: [{number}]", f"authors: [author{number % 50}]", "deploy:"]
    keys += ["  - phase: before-restart", f"    run: rake task_{number}", "    on: [web]", "    restart: [web]"]
    note = ""
    if number % 20 == 0:
        keys.insert(1, "breaking: true")
        note = f"\n## Migration\n\nSet `option_{number}` before the restart.\n"
    return "---\n" + "\n".join(keys) + f"\n---\n\n{text(number)}\n{note}"


def git(folder: Path, *words: str) -> str:
    """Runs git in a repository of this benchmark."""
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def repository(folder: Path, fragments: int, others: int = 0) -> Path:
    """A committed repository with that many fragments and other files, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "changes").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for number in range(1, fragments + 1):
        (folder / "changes" / f"{number}.md").write_text(fragment(number), "utf-8")
    for number in range(others):
        file = folder / "src" / str(number // 100) / f"module_{number}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"VALUE = {number}\n", "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All of it", "--allow-empty")
    return folder


def towncrier_project(folder: Path, fragments: int) -> Path:
    """The same content for towncrier."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "changes").mkdir(parents=True)
    kinds = "".join(f'[[tool.towncrier.type]]\ndirectory = "{kind}"\nname = "{kind}"\nshowcontent = true\n' for kind in TYPES)
    header = '[tool.towncrier]\ndirectory = "changes"\nfilename = "NEWS.md"\nname = "bench"\nversion = "1.0"\n'
    (folder / "pyproject.toml").write_text(header + kinds, "utf-8")
    for number in range(1, fragments + 1):
        (folder / "changes" / f"{number}.{TYPES[number % 6]}.md").write_text(text(number) + "\n", "utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All of it")
    return folder


def scriv_project(folder: Path, fragments: int) -> Path:
    """The same content for scriv."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "changelog.d").mkdir(parents=True)
    kinds = ", ".join(kind.capitalize() for kind in TYPES)
    (folder / "setup.cfg").write_text(f"[tool:scriv]\nformat = md\ncategories = {kinds}\nversion = 1.0\n", "utf-8")
    for number in range(1, fragments + 1):
        body = f"### {TYPES[number % 6].capitalize()}\n\n- {text(number)}\n"
        (folder / "changelog.d" / f"20260101_0000_{number}.md").write_text(body, "utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All of it")
    return folder
