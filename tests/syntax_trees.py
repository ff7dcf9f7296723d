"""Files of this repository as syntax trees. Many tests look at all of them, so a process parses each once, when it is asked."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from tests.commandline import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RELBOT = ROOT / "relbot"


@cache
def parse_file(path: Path) -> ast.Module:
    """The tree of a file that does not change meanwhile. Nobody may change the tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def relbot_trees() -> dict[str, ast.Module]:
    """The tree of each file of relbot, by its path below `relbot/`."""
    return {path.relative_to(RELBOT).as_posix(): parse_file(path) for path in sorted(RELBOT.rglob("*.py"))}
