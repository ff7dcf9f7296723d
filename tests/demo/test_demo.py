"""The demo reads as it did. After a change that was meant: RELBOT_UPDATE_GOLDEN=1 pytest tests/demo, then read the diff."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.commandline import Run

GOLDEN = Path(__file__).parent / "demo.txt"
WRITE = bool(os.environ.get("RELBOT_UPDATE_GOLDEN"))


def test_the_demo_reads_as_it_did(tmp_path: Path, run_relbot: Run) -> None:
    played = run_relbot("demo", str(tmp_path / "site"), cwd=tmp_path)
    assert (played.code, played.err) == (0, "")
    text = played.out.replace(str(tmp_path), "FOLDER")
    if WRITE:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_the_demo_writes_over_nothing(tmp_path: Path, run_relbot: Run) -> None:
    (tmp_path / "mine").write_text("mine")
    refused = run_relbot("demo", str(tmp_path), cwd=tmp_path)
    assert refused.code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
