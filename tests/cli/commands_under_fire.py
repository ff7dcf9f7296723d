"""The commands that write, as the suites call them that kill them, or refuse them, at each point."""

from __future__ import annotations

import errno
from typing import NamedTuple

from tests.cli.fragments import ADDED, BREAKING, DAY, FIXED
from tests.cli.test_import import TOWNCRIER

LEDGER = '[environments.production]\ndeployed = "ledger"\n'
STEPS = """---
type: changed
deploy:
  - phase: before-restart
    run: rake a
  - phase: after-restart
    run: rake b
---

B.
"""
KEPT = (
    (
        "CHANGELOG.md",
        "# Changes\n\n[0.9.0]: https://x.example/v0.8.0...v0.9.0\n\n## Unreleased\n\n- By hand.\n\n## [0.9.0]\n\n- Old.\n",
    ),
    ("package.json", '{"version": "0.9.0"}\n'),
    ("relbot.toml", '[versions]\nmanifests = ["package.json"]\n[environments.production]\ndeployed = "ledger"\n'),
)
DEBIAN = (
    "obs-api (0.9.0-1) UNRELEASED; urgency=low\n\n  * Hand.\n\n -- Jane Doe <j@example.org>  Wed, 15 Aug 2018 00:00:00 +0000\n"
)
TOML_OF_DEBIAN = (
    "relbot.toml",
    'changelog = "debian/changelog"\n[package]\nname = "obs-api"\nmaintainer = "Jane Doe <j@example.org>"\n',
)
ADOPT = ("deploy", "adopt", "production", "--at", "HEAD~1")
BEGIN = ("deploy", "begin", "production", "--to", "HEAD")
FIRST = ("deploy", "tick", "production", "steps#1", "--to", "HEAD")
SECOND = ("deploy", "tick", "production", "steps#2")


LOCK = ("deploy", "lock", "production", "--for", "1h", "--reason", "x")
UNVERIFIED = (
    "deploy", "gate", "production", "--before", "install", "--to", "HEAD", "--unverified", "--reason", "x",
    "--record", "kept.json",
)  # fmt: skip
ORIGIN = (".git/origin", "")
"""Among the files of a case: the clone has a remote, which is in its own folder."""
PUBLISH = "publish"
"""A notice that is there to publish what this clone alone knows."""
CODES = (errno.ENOSPC, errno.EACCES, errno.EIO)
FULL = "fatal: unable to write: No space left on device"
"""What a program says that fails."""


class Case(NamedTuple):
    """A command, what was done before it, and the files that are there. `first` is a command that it does first, if any."""

    args: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    first: tuple[str, ...] = ()


CASES = {
    "init": Case(("init", "--yes")),
    "new": Case(("new", "login", "--type", "fixed", "--message", "A.")),
    "new with steps": Case(("new", "login", "-t", "fixed", "-m", "A.", "--run", "rake x", "--phase", "later")),
    "import": Case(("import", "towncrier"), files=tuple(TOWNCRIER.items())),
    "check --fix": Case(
        ("check", "--base", "HEAD~1", "--fix"),
        files=(
            (
                "db/migrate/20180815_drop.rb",
                "class Drop < ActiveRecord::Migration[5.2]\n  def up\n    drop_table :sessions\n  end\nend\n",
            ),
        ),
    ),
    "build of several": Case(
        ("build", "1.0.0", *DAY), files=(("changes/a.md", FIXED), ("changes/b.md", BREAKING), ("changes/c.md", ADDED))
    ),
    "undo": Case(("build", "--undo", "1.0.0"), (("build", "1.0.0", *DAY),), (*KEPT, ("changes/a.md", FIXED))),
    "refresh": Case(
        ("build", "--refresh", "1.0.0"),
        (("build", "1.0.0", *DAY), ("spoil",)),
        (*KEPT, ("changes/a.md", FIXED)),
    ),
    "debian": Case(("build", "1.0.0", *DAY), files=(("debian/changelog", DEBIAN), ("changes/a.md", FIXED), TOML_OF_DEBIAN)),
    "adopt": Case(ADOPT),
    "begin": Case(BEGIN, (ADOPT,)),
    "a first tick": Case(FIRST, (ADOPT,), first=BEGIN),
    "a tick": Case(SECOND, (ADOPT, FIRST)),
    "a failure": Case((*SECOND, "--failed", "disk"), (ADOPT, FIRST)),
    "done": Case(("deploy", "done", "production"), (ADOPT, FIRST, SECOND)),
    "abort": Case(("deploy", "abort", "production", "--reason", "x"), (ADOPT, BEGIN)),
    "lift": Case(
        ("deploy", "lift", "production", "HEAD", "--reason", "x"),
        (
            ("deploy", "adopt", "production", "--at", "HEAD"),
            ("deploy", "begin", "production", "--to", "HEAD~1", "--rollback", "--reason", "x"),
            ("deploy", "done", "production", "--anyway", "x"),
        ),
    ),
    "a gate": Case(("deploy", "gate", "production", "--before", "install", "--to", "HEAD"), (ADOPT,)),
    "lock": Case(LOCK, (ADOPT,)),
    "unlock": Case(("deploy", "unlock", "production"), (ADOPT, LOCK)),
    "overrule": Case(("deploy", "overrule", "production", "step:steps#2", "--reason", "x"), (ADOPT, FIRST)),
    "note": Case(("deploy", "note", "production", "patched", "--until", "2199-01-01"), (ADOPT,)),
    "verify --vouch": Case(
        ("deploy", "verify", "production", "--vouch", "{gap}", "--reason", "x"), (ADOPT, FIRST, ("lose",)), (ORIGIN,)
    ),
    "import-record": Case(("deploy", "import-record", "production", "kept.json"), (ADOPT, ("keep",))),
    "a gate --record": Case(UNVERIFIED, (ADOPT, ("part",))),
    "a tick that is shared": Case(SECOND, (ADOPT, FIRST), (ORIGIN,)),
    "motd --save": Case(("motd", "production", "--save", "motd.json"), (ADOPT,)),
}
