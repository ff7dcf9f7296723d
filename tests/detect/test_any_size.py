"""How much else changes plays no part: words, names and lists far behind are seen, in a time that grows with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.detect.documented_settings.detector import DETECTOR as DOCUMENTED
from relbot.detect.literals.detector import DETECTOR as LITERALS
from relbot.detect.settings_read.detector import DETECTOR as SETTINGS
from relbot.detect.wording.detector import DETECTOR as WORDING
from relbot.git.known_names import find_known_names
from relbot.git.process import Git
from tests.detect.changes import facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table
    from relbot.detect.engine.model import Detector
    from tests.repository import Repo

MANY = 1_600
LINES = tuple("".join(f"run_{side}_{number}()\n" for number in range(MANY)) for side in ("a", "b"))
PROSE = tuple("".join(f"Line {number} on {side}.\n" for number in range(MANY)) for side in ("a", "b"))
ELEMENTS = "".join(f'    "element_{number}",\n' for number in range(100))

CASES: list[tuple[str, Detector, Table, set[str]]] = [
    (
        "words that came",
        WORDING,
        {"shop/a.py": (LINES[0], f'{LINES[1]}warn("`size` is deprecated")\nraise ConfigError("no secret")\n')},
        {"deprecates", "refuses-configuration"},
    ),
    (
        "words that went",
        WORDING,
        {"shop/a.py": (f"{LINES[0]}read()  # the old format\n# Deprecated: use B.\n", LINES[1])},
        {"old-way-gone", "deprecated-gone"},
    ),
    (
        "settings of documentation",
        DOCUMENTED,
        {
            "docs/a.md": (
                f"{PROSE[0]}- `--cache.size`: how much\n\n    shop cache clear\n",
                f"{PROSE[1]}- `--session.lifetime`: how long, 1h by default. It is deprecated.\n",
            )
        },
        {"removed", "added", "deprecated", "command-removed"},
    ),
    (
        "an element of a long list",
        LITERALS,
        {"a.py": (f"ALLOWED_HOSTS = [\n{ELEMENTS}    'a',\n]\n", f"ALLOWED_HOSTS = [\n{ELEMENTS}    'b',\n]\n")},
        {"policy-changed"},
    ),
]


@pytest.mark.parametrize(("detector", "table", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_far_behind_is_seen(detector: Detector, table: Table, expected: set[str]) -> None:
    assert facts(detector, table) >= expected


def test_many_settings_that_keep_their_old_names_still_work() -> None:
    old, new = "cfg.StrOpt('car_{0}')\n", "cfg.StrOpt('{0}_bus', deprecated_name='car_{0}')\n"
    before, after = ("".join(one.format(number) for number in range(70)) for one in (old, new))
    assert facts(SETTINGS, {"a.py": (before, after)}) == {"renamed-with-alias"}


def test_each_of_many_names_is_looked_up(repo: Repo) -> None:
    repo.write("README.md", "Set `ZEBRA` and `AARDVARK`.\n")
    repo.commit()
    names = frozenset(("ZEBRA", "AARDVARK", *(f"LIMIT_{number}" for number in range(250))))
    assert set(find_known_names(Git(repo.path), "HEAD", names)) == {"ZEBRA", "AARDVARK"}
