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
    """A repository with that many commits to modules, settings, migrations, tests and documentation, from `git fast-import`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    stream = b"".join(_commit(number) for number in range(commits))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    git(folder, "reset", "-q", "--hard")
    return folder


def fifty_files(folder: Path) -> None:
    """One more commit, that changes modules in a few places each, renames some, and touches settings and documentation."""
    for number in range(45):
        file = folder / _module_path(number)
        text = file.read_text("utf-8").replace("size", "length", 5) + f'LAST = os.environ["LAST_{number}"]\n'
        file.write_text(text, "utf-8")
    for number in range(45, 48):
        git(folder, "mv", _module_path(number), f"app/moved_{number}.py")
    (folder / "config" / "app.yml").write_text("app:\n  nothing: true\n", "utf-8")
    (folder / "docs" / "page1.md").write_text("All else is gone.\n", "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Fifty files")


def _commit(number: int) -> bytes:
    message = f"Change {number}\n".encode()
    lines = [b"commit refs/heads/main\ncommitter Bench <bench@example.org> %d +0000\n" % (1_500_000_000 + 3600 * number)]
    lines.append(b"data %d\n%s" % (len(message), message))
    for path, content in ((_module_path(number), _module(number)), _beside(number)):
        lines.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content.encode()))
    return b"".join(lines)


def _module_path(number: int) -> str:
    return f"app/part{number % MODULES % 7}/module{number % MODULES}.py"


def _module(number: int) -> str:
    """A module of 200 lines of which each version differs from the last in a few places."""
    version = number // MODULES
    functions = []
    for part in range(40):
        value = version + part if (part * 7 + version) % 11 == 0 else part
        functions.append(
            f'def step_{part}(size):\n    name = os.environ.get("STEP_{part}", "{value}")\n    return name * size\n\n'
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
        return f"tests/test_module{number % MODULES}.py", _module(number)
    return "Dockerfile", f"FROM python:3.{number // 400 + 8}\nENV LEVEL={number // 100}\nRUN make\n"
