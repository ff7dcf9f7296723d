"""Looking at changes, at one and at many: a made-up history, and what git alone takes to show it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from material import git

if TYPE_CHECKING:
    from pathlib import Path

MODULES = 60


def history(folder: Path, commits: int) -> Path:
    """A repository with that many commits to modules, settings, migrations, tests and documentation, from `git fast-import`.

    Shaped after histories of services in Python: a thousand files in folders, modules of 500 lines of which a change touches two
    or three in some places, about 10 KB of diff; packed as a clone is.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    stream = b"".join((_begin(), *(_commit(number) for number in range(commits))))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    git(folder, "repack", "-adfq")
    git(folder, "reset", "-q", "--hard")
    return folder


def fifty_files(folder: Path) -> None:
    """One more commit: 20 modules, pages and tests in a few places each, small files, renames, a migration, settings."""
    for number in range(20):
        _edit(folder / _module_path(number), "size", "length", f'LAST = os.environ["LAST_{number}"]\n')
    for file in sorted((folder / "docs").iterdir()):
        _edit(file, "Line", "This line", "And more.\n")
    for file in sorted((folder / "tests").iterdir())[:10]:
        _edit(file, "size", "length", "# Once more.\n")
    for file in sorted((folder / "lib").rglob("*.py"))[:11]:
        _edit(file, "VALUE", "AMOUNT", "")
    for number in range(40, 43):
        git(folder, "mv", _module_path(number), f"app/moved_{number}.py")
    (folder / "db" / "migrate" / "20300101000000_last.rb").write_text("class Last\n  remove_column :t, :c1\nend\n", "utf-8")
    (folder / "config" / "app.yml").write_text("app:\n  nothing: true\n", "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Fifty files")


def five_hundred_files(folder: Path) -> None:
    """One more commit: 440 small modules with other values, and every larger one in a few places."""
    for file in sorted((folder / "lib").rglob("*.py"))[:440]:
        _edit(file, "VALUE", "AMOUNT", "")
    for number in range(MODULES):
        _edit(folder / _module_path(number), "found", "seen", f'FIRST = os.environ["FIRST_{number}"]\n')
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Five hundred files")


def _edit(file: Path, old: str, new: str, more: str) -> None:
    if file.exists():
        file.write_text(file.read_text("utf-8").replace(old, new, 3) + more, "utf-8")


def _begin() -> bytes:
    """What no change touches, and the first version of every module."""
    still = [(f"lib/area{number % 37}/part{number % 5}/still{number}.py", f"VALUE = {number}\n" * 50) for number in range(900)]
    return _as_commit(-1, [*still, *((_module_path(number), _module(number, -1)) for number in range(MODULES))])


def _commit(number: int) -> bytes:
    others = [number, *([number + 7] if number % 2 else [])]
    return _as_commit(number, [*((_module_path(each), _module(each, number)) for each in others), _beside(number)])


def _as_commit(number: int, files: list[tuple[str, str]]) -> bytes:
    message = f"Change {number}\n".encode()
    lines = [b"commit refs/heads/main\ncommitter Bench <bench@example.org> %d +0000\n" % (1_500_000_000 + 3600 * number)]
    lines.append(b"data %d\n%s" % (len(message), message))
    for path, content in files:
        lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content.encode()))
    return b"".join(lines)


def _module_path(number: int) -> str:
    return f"app/part{number % MODULES % 7}/module{number % MODULES}.py"


def _module(number: int, change: int) -> str:
    """A module of 500 lines of which each version differs from the last in a few places."""
    functions = [f'LEVEL = os.environ.get("LEVEL_{number}", "{change // 10 if change % 7 == 0 else number}")\n']
    for part in range(100):
        value = change if (part * 7 + change) % 9 == 0 else number
        functions.append(
            f"def step_{part}(size):\n    found = look_up({part}, size)\n"
            f"    if found and size > {part}:\n        return found * {value}\n    return {value}\n\n"
        )
    return "import os\n\n\n" + "\n".join(functions)


def _beside(number: int) -> tuple[str, str]:
    """What changes along with a module."""
    kind = number % 5
    if kind == 0:
        keys = "".join(f"  option_{key}: {(number + key) // 7}\n" for key in range(number % 3, 60))
        return "config/app.yml", f"app:\n{keys}"
    if kind == 1:
        migration = f"class Change{number}\n  add_column :t, :c{number}, :text\nend\n"
        return f"db/migrate/{20180101000000 + number}_change.rb", migration
    if kind == 2:
        text = "".join(f"Line {line} of `option_{line}`: {number // 40}.\n\n" for line in range(80))
        return f"docs/page{number % 20}.md", text
    if kind == 3:
        return f"tests/test_module{number % MODULES}.py", _module(number % MODULES, number)
    return "Dockerfile", f"FROM python:3.{number // 400 + 8}\nENV LEVEL={number // 100}\nRUN make\n"
