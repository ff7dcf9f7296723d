"""Inputs made to do harm, by kind: each has its exit code and its finding, in bounded memory, and none is a bug of relbot.

`cases/` has a table for each kind: the command, and for each case what is different from a sound project: `files` to write,
the `argument` in place of `{}`, or a `path` that `becomes` something else. A text is in pieces where one repeats: `["[", 900]`.
`says` is in what the command prints, `lacks` is not.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.commandline import ROOT, run_here
from tests.files.mishaps import in_child
from tests.repository import Repo
from tests.tiers import sample

if TYPE_CHECKING:
    from tests.commandline import Result

KINDS = sorted((ROOT / "tests" / "hostile" / "cases").glob("*.json"))
EACH = 6
"""Cases of a kind in `make test`."""
MEMORY = 1_000_000_000
"""Bytes of addresses that a command may take beyond those of the test."""
SECONDS = 120
"""What ends a command that hangs. No case comes near it."""
CONFIG = (
    'changelog = "CHANGELOG.md"\n[services.web]\nrestart = "systemctl restart web"\n'
    '[environments.production]\ndeployed = "ledger"\n'
)
FRAGMENT = (
    '---\ntype: fixed\nbreaking: true\nmigration: true\nissues: [12]\ndeploy:\n  - phase: before-restart\n    run: "true"\n'
    '    undo: "true"\n    restart: [web]\n---\n\nA text.\n\n## Migration\n\nDo it.\n'
)


@pytest.fixture(scope="module")
def planted() -> dict[str, Repo]:
    """The sound project of this module, once a test has made it: all cases begin with a copy."""
    return {}


@pytest.fixture
def project(planted: dict[str, Repo], tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A sound project: a release, an environment that runs it, and a change with a step."""
    if "project" not in planted:
        planted["project"] = plant_project(Repo(tmp_path_factory.mktemp("sound") / "project"))
    return planted["project"]


def plant_project(repo: Repo) -> Repo:
    """Makes the sound project in an empty repository."""

    def relbot(*args: str) -> Result:
        return run_here(args, repo.path, "")

    repo.write("relbot.toml", CONFIG)
    repo.write("CHANGELOG.md", "# Changes\n")
    repo.write("changes/0.md", "---\ntype: added\n---\n\nOld.\n")
    repo.commit("Begin")
    assert relbot("build", "1.0.0", "--date", "2026-01-01").code == 0
    repo.commit("Release")
    assert relbot("deploy", "adopt", "production", "--at", "HEAD").code == 0
    repo.write("changes/1-a.md", FRAGMENT)
    repo.commit("Change")
    return repo


def test_there_are_enough() -> None:
    tables = [json.loads(path.read_text("ascii")) for path in KINDS]
    assert len(tables) >= 40
    assert sum(min(EACH, len(table["cases"])) for table in tables) >= 300


@pytest.mark.parametrize("path", KINDS, ids=lambda path: path.stem)
def test_every_case_of_a_kind(project: Repo, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "https://127.0.0.1:1")
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_X")
    monkeypatch.setattr("relbot.sources.extract._SECONDS", 0.5)
    table = json.loads(path.read_text("ascii"))
    names = list(table["cases"])
    numbers = sample(range(len(names)), EACH, KINDS.index(path))
    outcome = in_child(lambda: [_try_case(project, table, names[number]) for number in numbers])
    assert outcome.signal == 0, f"ended by {signal.Signals(outcome.signal).name}"
    assert list(filter(None, outcome.value)) == []


def _try_case(project: Repo, table: dict[str, Any], name: str) -> str:
    """What is wrong with the answer of a command to a case, "" if nothing is."""
    limit_resources()
    case = table["cases"][name]
    folder = project.path.with_name("case")  # in a child, one after the other
    shutil.copytree(project.path, folder, symlinks=True)
    try:
        for path, text in case.get("files", {}).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(case_content(text))
        if "path" in case:
            _replace(folder / case["path"], case["becomes"])
        argument = case_content(case.get("argument", "")).decode("utf-8", "surrogateescape")
        done = run_here(tuple(argument if word == "{}" else word for word in table["command"]), folder, "")
    finally:
        shutil.rmtree(folder)
    said = done.out + done.err
    lacked = all(text not in said for text in ("ghs_X", "root:", *filter(None, [case.get("lacks")])))
    right = done.code == case["code"] and case["says"] in said and lacked
    return "" if right else f"{name}: {case['code']} and {case['says']!r} are right, not {done.code} and {said[:500]!r}"


def limit_resources() -> None:
    """Bounds what this process may take from now on. Only in a child."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, resource.RLIM_INFINITY))


def case_content(text: Any) -> bytes:
    """The bytes of a text: whole, in pieces of which some repeat, or as digits."""
    if isinstance(text, dict):
        return bytes.fromhex(text["hex"])
    pieces = [text] if isinstance(text, str) else text
    whole = "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in pieces)
    return whole.encode("utf-8", "surrogateescape")


def _replace(path: Path, kind: str) -> None:
    """Puts something else in the place of a file or folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    match kind:
        case "dir":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(os.path.relpath(path))
        case "huge":
            with path.open("wb") as file:
                file.truncate(1 << 27)
        case "empty":
            path.touch()
        case "bin":
            path.write_bytes(bytes(range(256)) * 40)
        case "gone":
            pass
        case _:
            links = {"loop": path.name, "out": "/etc/passwd", "outdir": "/etc", "dev": "/dev/zero", "dangling": "nowhere"}
            path.symlink_to({**links, "git": ".git/config"}[kind])
