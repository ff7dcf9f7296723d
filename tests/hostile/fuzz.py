"""`make fuzz`: makes new hostile inputs of those in `cases/`, and runs relbot with them until the time is over.

    python -m tests.hostile.fuzz SECONDS [SEED]

An input is mixed from pieces of the corpus, cut, doubled, nested. What must not happen: exit code 70, a signal, a traceback, a
token or an invisible character in the output. Each such input is printed once, as a case for a table of `cases/`, with exit code
0 to be corrected; then the exit code of the program is 1.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import pytest

import relbot
from tests.commandline import run_here
from tests.files.mishaps import Outcome, in_child
from tests.hostile.test_corpus import KINDS, case_content, limit_resources, plant_project
from tests.repository import Repo
from tests.traps import set_surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

Input = tuple[list[str], dict[str, str]]
"""A command, and the files that it finds."""
_INVISIBLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal obeys, or a reader does not see."""
ROUNDS = 5
"""How often each token is tried at each place, for each command that reads it, before inputs are mixed."""
LONGEST = 60_000
"""Characters of an input."""


TOKENS = (
    "\x1b[2J", "\u202e", "\x9b31m", "\r", "\0", "\ud800", "\u200b", "<!--", "]]>", "```", "{{ x }}",
    "[" * 20_000, "{" * 20_000, "a." * 3_000, '{"a":' * 20_000, "9" * 5_000, "1e999", "-1", "0x", "9" * 30,
    "a" * 300, "!!python/name:os", "../../x", "/etc/passwd", "~", "C:\\x", "0001-01-01", "9999-12-31T23:59:59+00:00", "NaN",
    "null", "(a+)+$", "(" * 500, "\nx = " + "[" * 20_000 + "\n", "\n" + "a." * 3_000 + "b = 1\n", "\nx: " + "[" * 20_000 + "\n",
    "\n\n" + "- " * 1_000 + "x\n", "\nx = " + "9" * 5_000 + "\n", "\nx: &a [" + "*a, " * 300 + "*a]\n",
)  # fmt: skip
"""What some parser, renderer or limit was written for."""


def put_token(draw: random.Random, text: str, token: str) -> str:
    """The text with a token in the place of one of its words. One that begins a line stands after one of its lines."""
    if token.startswith("\n"):
        end = draw.choice([each.start() for each in re.finditer("\n|$", text)])
        return text[:end] + token + text[end:]
    words = [*re.finditer(r"[\w./-]+", text)] or [*re.finditer("", text)]
    word = draw.choice(words)
    return text[: word.start()] + token + text[word.end() :]


def mix_texts(draw: random.Random, texts: list[str]) -> str:
    """A new text of pieces of the given ones."""
    text = draw.choice(texts)
    for _ in range(draw.randint(1, 4)):
        other = draw.choice(texts)
        at, until = sorted(draw.randrange(len(text) + 1) for _ in range(2))
        start, end = sorted(draw.randrange(len(other) + 1) for _ in range(2))
        piece = other[start : min(end, start + 200)]
        match draw.choice((0, 1, 2, 3, 4, 5, 6, 6, 6, 7)):
            case 0:
                text = text[:at] + piece + text[until:]
            case 1:
                text = text[:at] + piece * draw.choice((2, 30, 1_000)) + text[at:]
            case 2:
                text = text[:at] + text[until:]
            case 3:
                text = text[:at] + text[at:until] * 2 + text[until:]
            case 4:
                text = text[:at] + draw.choice("\0\x1b\u202e\ud800\udcff'\"[]{}()<>&*!|>%@`#:-\n\r\t\\~^$") + text[at:]
            case 5:
                text = text[:at] + draw.choice(TOKENS) + text[at:]
            case 6:
                text = put_token(draw, text, draw.choice(TOKENS))
            case _:
                text = text.replace(text[at : at + 3], piece, 3) if text[at : at + 3] else piece
    return text[:LONGEST]


class Corpus(NamedTuple):
    """The texts of `cases/` by kind of file, "{}" for an argument, and what reads them: a command, and the other files."""

    texts: dict[str, list[str]]
    readers: dict[str, list[Input]]

    def rounds(self, place: str) -> int:
        """How often each token is tried there."""
        return ROUNDS * len({str(command) for command, _ in self.readers[place]})

    def with_token(self, draw: random.Random, place: str, token: str) -> Input:
        """An input with a token in one of the texts."""
        return self.with_text(draw, place, put_token(draw, draw.choice(self.texts[place]), token)[:LONGEST])

    def with_text(self, draw: random.Random, place: str, text: str) -> Input:
        """A command with this text as its argument, or in the file that it reads."""
        command, others = draw.choice(self.readers[place])
        if place == "{}":
            return [text if word == "{}" else word for word in command], others
        return command, {**others, place: text}


def read_corpus() -> Corpus:
    """What `cases/` holds."""
    corpus = Corpus({}, {})
    for table in (json.loads(path.read_text("ascii")) for path in KINDS):
        for case in table["cases"].values():
            files = {_place_of(path): _case_text(content) for path, content in case.get("files", {}).items()}
            for place, text in {**files, **({"{}": _case_text(case["argument"])} if "argument" in case else {})}.items():
                others = {path: other for path, other in files.items() if path != place}
                corpus.texts.setdefault(place, []).append(text)
                corpus.readers.setdefault(place, []).append((table["command"], others))
    return corpus


def _place_of(path: str) -> str:
    return "changes/1.md" if path.startswith("changes/") and path.strip().lower().endswith(".md") else path


def _case_text(content: Any) -> str:
    return case_content(content).decode("utf-8", "surrogateescape")


def new_inputs(draw: random.Random) -> Iterator[Input]:
    """Inputs without an end. First each token stands a few times for a word of each kind of file or argument."""
    corpus = read_corpus()
    places = sorted(corpus.texts)
    begin = [(place, token) for place in places for token in TOKENS for _ in range(corpus.rounds(place))]
    draw.shuffle(begin)
    for place, token in begin:
        yield corpus.with_token(draw, place, token)
    while True:
        place = draw.choice(places)
        yield corpus.with_text(draw, place, mix_texts(draw, corpus.texts[place]))


def run_once(project: Repo, command: list[str], files: dict[str, str]) -> Outcome:
    """How a command ends with these files: its exit code and what it says."""
    folder = project.path.with_name("case")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project.path, folder, symlinks=True)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape"))

    def work() -> tuple[int, str]:
        limit_resources()
        try:
            done = run_here(tuple(command), folder, "")
        except Exception:  # noqa: BLE001  # what the way out does not stop
            return 70, traceback.format_exc()[-3_000:]
        return int(done.code), (done.out + done.err)[-3_000:]

    return in_child(work)


def load_modules() -> None:
    """Imports all of relbot, which else each child would do again."""
    for module in pkgutil.walk_packages(relbot.__path__, "relbot."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def is_wrong(outcome: Outcome) -> bool:
    """Whether a command may not end so."""
    if outcome.signal or outcome.error or not outcome.value:
        return True
    code, said = outcome.value
    return code not in (0, 1, 2, 3, 4) or "Traceback" in said or "ghs_X" in said or _INVISIBLE.search(said) is not None


def fuzz(seconds: float, seed: int) -> int:
    """Tries inputs for so long. Prints those that are wrong, each place in relbot once, and how many were tried."""
    draw, seen, tried = random.Random(seed), set(), 0  # noqa: S311  # inputs of tests
    with tempfile.TemporaryDirectory() as room, pytest.MonkeyPatch.context() as patched:
        home = Path(room) / "home"
        home.mkdir()
        set_surroundings(patched, home)
        patched.setenv("GITHUB_TOKEN", "ghs_X")
        project = plant_project(Repo(Path(room) / "project"))
        load_modules()
        end = time.monotonic() + seconds
        for command, files in new_inputs(draw):
            if time.monotonic() > end:
                break
            tried += 1
            try:
                outcome = run_once(project, command, files)
            except UnicodeEncodeError:  # no file can hold it
                continue
            if is_wrong(outcome) and (where := _place(outcome)) not in seen:
                seen.add(where)
                case = json.dumps({"command": command, "files": files, "code": 0, "says": ""})
                sys.stdout.write(f"{where}\n{case[:4_000]}\n")
    sys.stdout.write(f"{tried} inputs, seed {seed}, {len(seen)} faults\n")
    return 1 if seen else 0


def _place(outcome: Outcome) -> str:
    """Where relbot failed: the last of its own lines in the traceback."""
    if outcome.value and _INVISIBLE.search(outcome.value[1]):
        return "an invisible character in the output"
    if outcome.signal:
        return f"ended by {signal.Signals(outcome.signal).name}"
    said: Any = outcome.value[1] if outcome.value else str(outcome.error)
    lines = [line.strip() for line in said.splitlines()]
    return next((line for line in reversed(lines) if line.startswith("File") and "/relbot/" in line), lines[-1] if lines else "")


if __name__ == "__main__":
    with patch.dict(os.environ):
        sys.exit(fuzz(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)))  # noqa: S311  # a seed to print, no secret
