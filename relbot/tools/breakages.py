"""Prints what breaks between two folders of Python packages, a JSON object a line. A process of its own: see griffe.py.

    python breakages.py OLD NEW

Nothing of what lies there is imported or run.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASIDE = frozenset("test tests testing docs doc examples benchmarks scripts tools".split())


def list_python_packages(root: Path) -> Iterator[tuple[Path, str]]:
    """The folders below the root, or below its `src`, that are packages: where to search, and the name."""
    for folder in (root, root / "src"):
        for inside in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (inside / "__init__.py").is_file() and inside.name not in _ASIDE and inside.name.isidentifier():
                yield folder, inside.name


def find_breakages(old: Path, new: Path) -> Iterator[dict[str, Any]]:
    """What breaks: `rule`, `path`, `line` and `message`. A path is one below the folder that has the object."""
    import griffe  # runs in a process of its own, where griffe is installed

    for folder, name in list_python_packages(old):
        place = folder.relative_to(old)
        if not (new / place / name / "__init__.py").is_file():
            path = (place / name / "__init__.py").as_posix()
            yield {"rule": "package-removed", "path": path, "line": None, "message": f"The package `{name}` is gone."}
            continue
        before, after = (griffe.load(name, search_paths=[str(side / place)], allow_inspection=False) for side in (old, new))
        for found in griffe.find_breaking_changes(before, after):
            yield _as_json_object(found, old, new)


def _as_json_object(found: Any, old: Path, new: Path) -> dict[str, Any]:
    data = found.as_dict()
    kind, where = str(data["kind"]), found.obj.filepath
    side = new if where.is_relative_to(new.resolve()) else old
    values = " -> ".join(
        f"`{value}`" for value in (data["old_value"], data["new_value"]) if isinstance(value, str) and len(value) < 80
    )
    return {
        "rule": kind.lower().replace(" was ", " ").replace(" ", "-"),
        "path": where.relative_to(side.resolve()).as_posix(),
        "line": found.obj.lineno,
        "message": f"`{data['object_path']}`: {kind[:1].lower()}{kind[1:]}{f': {values}' if values else ''}.",
    }


def print_breakages() -> None:
    """Prints what breaks between the two folders that the command line names."""
    try:
        for found in find_breakages(Path(sys.argv[1]), Path(sys.argv[2])):
            sys.stdout.write(json.dumps(found) + "\n")
    except ModuleNotFoundError as error:
        if error.name != "griffe":
            raise
        sys.exit("griffe is not installed: pip install 'relbot[griffe]'")


if __name__ == "__main__":
    print_breakages()
