"""Evidence, circumstances, authors and fragments to a judgement, without git."""

from __future__ import annotations

import pytest

from relbot.config.model import Config, Rules
from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.finding import Level
from relbot.review.rules.evaluate import Author, evaluate_change_set
from relbot.review.scoring.model import Weights

DROPS = b"class Drop < ActiveRecord::Migration[5.2]\n  def change\n    remove_column :cars, :colour, :string\n  end\nend\n"
REQUIRED = Config(rules=Rules(levels=(("migrations", "require"), ("likeness", "off"))))


def migration(path: str = "db/migrate/20180720082742_drop.rb") -> ChangeSet:
    return ChangeSet((FileChange("A", path, None, DROPS),))


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("renovate[bot]",), False),
        (("Jane", "49699333+dependabot[bot]@users.noreply.github.com"), True),
        (("Dependabot[bot]",), False),
        (("Robert",), True),
        (("abbot", "abbot@example.org"), True),
        ((), True),
    ],
)
def test_only_robots_are_exempt(names: tuple[str, ...], asked: bool) -> None:
    judged = evaluate_change_set(migration(), [], REQUIRED, [Author(names)])
    assert bool(judged.findings) is asked


def test_what_lies_among_the_fragments_is_not_judged() -> None:
    assert evaluate_change_set(migration(), [], REQUIRED).findings
    assert evaluate_change_set(migration("changes/db/migrate/20180720082742_drop.rb"), [], REQUIRED).findings == ()


def test_circumstances_alone_ask_and_never_require(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "relbot.review.rules.evaluate.WEIGHTS", Weights({"kind/settings": 90.0, "word/+default": -9.0}, 0.0, 1.0, 2.0)
    )
    changes = ChangeSet((FileChange("M", "app/settings.pl", b"1;\n", b"1;\n$default;\n"),))
    (finding,) = evaluate_change_set(changes, [], Config()).findings
    assert (finding.rule, finding.level) == ("likeness", Level.WARNING)
    assert (
        "it touches where settings are declared or read." in finding.message
    )  # and nothing of `default`, which spoke against it
    assert evaluate_change_set(changes, [], Config(rules=Rules(levels=(("likeness", "off"),)))).findings == ()


def test_a_change_set_without_files_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relbot.review.rules.evaluate.WEIGHTS", Weights({}, 9.0, 1.0, 2.0))
    assert evaluate_change_set(ChangeSet(()), [], Config()).findings == ()
