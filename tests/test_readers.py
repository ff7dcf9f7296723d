"""Which files of relbot may read a file or JSON: all others use the one way in."""

from __future__ import annotations

import ast

from tests.commandline import ROOT
from tests.syntax_trees import parse_file

JSON_READERS = {"schema/json_text.py", "sources/extract.py"}
"""Who calls `json.loads`: one place, and one that reads an answer with a rule of its own for keys that stand twice."""


def test_json_is_read_where_its_limits_are_known() -> None:
    found = {
        path.relative_to(ROOT / "relbot").as_posix()
        for path in (ROOT / "relbot").rglob("*.py")
        if "detect" not in path.parts
        for node in ast.walk(parse_file(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "loads"
        and isinstance(node.value, ast.Name)
        and node.value.id == "json"
    }
    own = {
        "ledger/github/event.py",
        "render/deploys/as_json.py",
        "templates/run_template.py",
    }  # what relbot itself has just written
    assert found - own == JSON_READERS


READERS = {
    "files/opener.py": "the opener",
    "files/folder.py": "ten thousand fragments, whose folder is listed anyway: by the flags of the opener, bounded, and no link",
    "files/disk.py": "drafts that relbot wrote, to sync them",
    "files/configuration.py": "faults with their place, by the flags of the opener",
    "files/presets/__init__.py": "relbot's own files",
    "git/backtest_cache.py": "git's own folder, and relbot's own files",
    "git/revisions.py": "git's own folder",
    "git/sparse.py": "git's own file, which git has read before",
    "ledger/git_ref/current_refs.py": "git's own folder",
    "app/relbot_installation.py": "what pip wrote of relbot",
}
"""The files of relbot that open something to read, and why they may."""


def test_whatever_is_read_passes_the_opener() -> None:
    package = ROOT / "relbot"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(parse_file(path))
        if isinstance(node, ast.Call) and _reads(node)
    }
    assert found == set(READERS)


def _reads(call: ast.Call) -> bool:
    """Whether a call opens a file to read it: not with a mode or flags that write or create."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("read_bytes", "read_text"):
        return True
    shown = ast.unparse(call)
    writes = ("WRONLY", "_NEW", "'a'", "'ab'", "FOLDER", "(root, os.O_RDONLY)")  # the last two open folders, to lock and to sync
    return name == "open" and not any(word in shown for word in writes)
