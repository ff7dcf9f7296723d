"""Answers to what people seldom ask or write: each is a sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.fragments import DAY, FIXED
from tests.commandline import run_here

if TYPE_CHECKING:
    from tests.repository import Repo

CONFIG = '[services.web]\nrestart = "systemctl restart web"\n[environments.production]\ndeployed = "ledger"\n'
ASKED = [
    (("build", ""), 2, "The version is empty."),
    (("build", "--undo", "0.9"), 2, "was not written by `relbot build`, so there is no build to take back"),
    (("release", "0.9"), 2, "was not written by `relbot build`"),
    (("deploy", "gate", "a", "b"), 2, "2 arguments were given."),
    (("deploy", "note", "production", ""), 2, "The notice is empty."),
    (("deploy", "overrule", "production", "foo", "--reason", "x"), 2, "`foo` cannot be overruled."),
    (("deploy", "lift", "production", "HEAD", "--reason", "x"), 1, "No rollback of production left"),
    (("deploy", "import-record", "production", "empty"), 3, "it holds no record"),
    (("motd", "--from", "newer.json"), 2, "A newer relbot wrote `newer.json`."),
    (("motd", "--from", "odd.json"), 2, "does not hold a message of the day"),
    (("motd", "production", "--save", "nowhere/x.json"), 3, "relbot cannot write `nowhere/x.json`"),
]
WRITTEN = [
    ("relbot.toml", '[pr]\nlabel = "x"\nwaiver = "x"\n', "`label` and `waiver` are both `x`"),
    ("relbot.toml", '[rules.migrations]\nnosuch = "ask"\n', "has no fact `nosuch`"),
    ("relbot.toml", 'title = "a\\nb"\n', "has more than one line"),
    (
        "changes/2.md",
        "---\ntype: fixed\ndeploy:\n  - phase: later\n    run: x\n    irreversible: true\n---\n\nX.\n",
        "An irreversible step needs a reason.",
    ),
]


def test_each_has_its_sentence(repo: Repo) -> None:
    repo.write("relbot.toml", CONFIG)
    repo.write("changes/1-a.md", FIXED)
    repo.write("changes/released/0.9/0.md", FIXED)
    repo.write("empty", "")
    repo.write("newer.json", '{"version": 99}')
    repo.write("odd.json", '{"version": 1, "time": "2026-01-01T00:00:00", "text": 1, "exit_code": 0}')
    repo.commit("One")
    assert run_here(("build", "1.0", *DAY), repo.path, "").code == 0
    repo.commit("Release")
    assert run_here(("deploy", "adopt", "production", "--at", "HEAD"), repo.path, "").code == 0
    for args, code, says in ASKED:
        done = run_here(args, repo.path, "")
        assert (done.code, says in " ".join(done.err.split())) == (code, True), (args, done)
    for path, text, says in WRITTEN:
        repo.write(path, text)
        done = run_here(("check",), repo.path, "")
        assert (done.code in (1, 2), says in " ".join(f"{done.out} {done.err}".split())) == (True, True), (text, done)
        repo.write(path, CONFIG if path == "relbot.toml" else FIXED)
