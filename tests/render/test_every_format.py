"""What every format of everything that relbot shows owes its readers. A new format is tested as soon as it is there."""

from __future__ import annotations

import html
import importlib
import json
import pkgutil
import re
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest

import relbot.render
from relbot import _version
from relbot.config.model import NOTES_FORMATS as NAMES_OF_NOTES
from relbot.config.model import Component
from relbot.deploy.announcement import Announcement, Audience, Stage
from relbot.deploy.answers import DeployStatus, GateAnswer, LedgerProof, RecordedLog
from relbot.deploy.log.progress import DeferredStep, measure_progress
from relbot.deploy.log.proof import LedgerGap
from relbot.deploy.log.state import EnvironmentState
from relbot.deploy.upgrade import UpgradeGuide
from relbot.finding import Finding, Level, Place
from relbot.release.availability import ArrivedIn, DeployedIn
from relbot.release.results import FragmentReport, Listing
from relbot.render.common.invisible_characters import make_visible
from relbot.render.common.media import neutralize_text
from relbot.render.formats import FormatRegistry
from relbot.render.notes import NOTES_FORMATS
from relbot.review.backtest.report import BacktestReport
from relbot.review.backtest.tally import TallyBuilder
from relbot.review.bot_setup import BotSetup, SetupCheck, SetupState
from relbot.review.reviewed import CheckReport, DetectedFacts
from relbot.review.rules.model import Evaluation
from tests.render import example
from tests.render.cases import PLANS, STOPPED, UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Iterator

FINDINGS = (
    Finding(
        "config-structure",
        Place("config/options.yml", 3),
        "38 keys moved below `production`.",
        "Say in a fragment what has to be done.",
        "relbot new --migration",
        Level.ERROR,
        ("allow_anonymous → production.allow_anonymous", "source_host → production.source_host"),
    ),
    Finding("needs-missing", Place("changes/7.md", 4, 2), "`5600` is nowhere.", level=Level.WARNING),
)
PROGRESS = measure_progress(PLANS["everything"], UNDER_WAY)
LEFT = DeferredStep("5622-options#1", STOPPED, PLANS["deploy"].steps[0], STOPPED)
SAMPLES: dict[str, Any] = {
    "A checklist": PLANS["everything"],
    "An upgrade guide": UpgradeGuide(PLANS["everything"], (Component("api", "The API"),)),
    "An announcement": Announcement("production", Stage.PLANNED, PLANS["everything"], Audience.OPERATORS, "today", ("held",)),
    "Findings": CheckReport(FINDINGS),
    "What a diff shows": DetectedFacts(
        "a" * 40, "b" * 40, Evaluation(FINDINGS, unknown=("`x.rb` is broken",), left_out=("3 files",))
    ),
    "The set-up of the bot": BotSetup(
        "acme/widgets", (SetupCheck("events", SetupState.WRONG, "It stands still.", "Push it.", "https://example.org", (1, 2)),)
    ),
    "A backtest": BacktestReport(
        "up to main", "the default rules", True, ("docs/**",), TallyBuilder(against_notes=True).tally(), (), None
    ),
    "A list of fragments": Listing((example.OPTIONS,), 1, {example.OPTIONS.identity: ArrivedIn("2.9", "c" * 40, "2018-08-15")}),
    "The status of an environment": DeployStatus(
        "production",
        EnvironmentState(STOPPED, UNDER_WAY),
        PROGRESS,
        (LEFT,),
        STOPPED,
        True,
        ("held",),
        (STOPPED,),
        (STOPPED,),
        ("offline",),
    ),
    "The answer of a gate": GateAnswer(
        "production",
        "a" * 40,
        "b" * 40,
        "install",
        ("held",),
        PROGRESS.statuses,
        (STOPPED,),
        STOPPED,
        (),
        (STOPPED,),
        (STOPPED,),
        ("offline",),
    ),
    "The log of an environment": RecordedLog("production", (STOPPED,)),
    "Whether the ledger of an environment is complete": LedgerProof(
        "production", (STOPPED,), ("a" * 64,), (LedgerGap("b" * 64, "Ada", "done x#1", "a record", "is missing"),), (STOPPED,)
    ),
    "One fragment": FragmentReport(example.OPTIONS, (DeployedIn("production", True, "d" * 40),)),
}
"""A value of each thing that is shown, by the name of its registry."""


def registries() -> dict[str, FormatRegistry[Any]]:
    found: dict[str, FormatRegistry[Any]] = {}
    for module in pkgutil.walk_packages(relbot.render.__path__, "relbot.render."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, FormatRegistry):
                assert found.setdefault(value.shown, value) is value, f"two registries show {value.shown}"
    return found


REGISTRIES = registries()
FORMATS = [(shown, name) for shown, registry in REGISTRIES.items() for name in registry.names]


def test_every_registry_has_a_sample_and_names_that_differ() -> None:
    assert set(SAMPLES) == set(REGISTRIES)
    for registry in REGISTRIES.values():
        assert len(set(registry.names)) == len(registry.names) > 1
        assert all(each.about and not each.about.endswith(".") for each in registry.formats)


def test_the_configuration_knows_every_format_of_notes() -> None:
    assert {*NAMES_OF_NOTES, "template"} == set(NOTES_FORMATS)


HOSTILE = "".join(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0), 0xAD, 0x61C, 0x200B, 0x200E, 0x2028, 0x202E, 0x2066]))
HOSTILE += "a\u200db \ufeff\ufff9\ufffb\ud800\U0001d173\U000e0041 ::stop-commands::x ##[set-output name=x]y"


RECORDED = ("The status of an environment", "The answer of a gate", "The log of an environment")
"""What has records of a ledger in it: relbot writes none with a surrogate in it."""


def poisoned(value: Any, poison: str = HOSTILE) -> Any:
    """The value with hostile characters at the end of every text in it."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value + poison if value else value
    if isinstance(value, tuple):
        parts = [poisoned(part, poison) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, dict):
        return {key if isinstance(part, int) else poisoned(key, poison): poisoned(part, poison) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: poisoned(getattr(value, field.name), poison) for field in fields(value)})
    return value


@pytest.mark.parametrize(("shown", "name"), FORMATS)
def test_no_format_lets_through_what_acts_or_hides(shown: str, name: str) -> None:
    poison = HOSTILE.replace("\ud800", "") if shown in RECORDED else HOSTILE
    rendered = REGISTRIES[shown].render(poisoned(SAMPLES[shown], poison), name)
    inert = neutralize_text(rendered.text, rendered.medium)
    assert make_visible(inert) == inert
    if name == "json":
        json.loads(inert)
    else:
        assert inert == rendered.text, "what the renderer itself leaves in is written out too late to be escaped and laid out"


@pytest.mark.parametrize("name", [name for name in NOTES_FORMATS if name != "template"])
def test_no_format_of_notes_lets_through_what_acts_or_hides(name: str) -> None:
    notes = poisoned(example.notes_of(example.OPTIONS))._replace(date=date(2018, 8, 15))
    text = NOTES_FORMATS[name].render(notes, example.CONTEXT)
    assert make_visible(text) == text
    if name == "json":
        json.loads(text)


IDENTIFIERS = ("path", "id", "after", "type")
"""What programs need to find a thing again. People are told the place of a finding, and the name of a change."""
OMITTED = {
    ("A checklist", name): {"do.summary", "do.identity"}
    | {f"{list_}.{each}" for list_ in ("do", "undo", "steps") for each in IDENTIFIERS}
    for name in ("text", "markdown", "motd")
} | {("A checklist", "html"): {f"{list_}.{each}" for list_ in ("do", "undo", "steps") for each in IDENTIFIERS}}
"""Fields of the plan that a format for people leaves out: changes for which nobody has to act are counted."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the names of the fields that lead to it."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if value.strip():
            yield path, value
    elif hasattr(value, "_fields"):
        for field in value._fields:
            yield from leaves(getattr(value, field), f"{path}.{field}".removeprefix("."))
    elif isinstance(value, tuple):
        for part in value:
            yield from leaves(part, path)


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def dropped(value: Any, text: str) -> set[str]:
    """The fields of which a text is nowhere in a rendering, whatever its line ends and escapes; commits may be shortened."""
    shown = "".join(text.split())
    is_markdown = text.startswith("# ")
    if text.startswith("<!DOCTYPE"):  # quotes are escaped, and of Markdown only the words are left
        shown = html.unescape(re.sub(r"</?(?:a|code|em|p|pre|strong)\b[^>]*>", "", shown)).replace("`", "")

    def is_shown(leaf: str) -> bool:
        plain = make_visible(leaf)
        forms = (
            plain,
            json.dumps(leaf)[1:-1],
            plain.encode("ascii", "backslashreplace").decode(),
            leaf[:12] if len(leaf) == 40 else plain,
            re.sub(r"`+", "", plain),
        )
        if is_markdown and letters(plain) in letters(shown):  # what words are code there is not what is looked at
            return True
        return any("".join(form.split()) in shown for form in forms)

    return {path for path, leaf in leaves(value) if not is_shown(leaf)}


@pytest.mark.parametrize("name", REGISTRIES["A checklist"].names)
@pytest.mark.parametrize("plan", ["everything", "never-done", "turned-back"])
def test_no_format_of_a_checklist_drops_a_field_of_the_plan(name: str, plan: str) -> None:
    registry = REGISTRIES["A checklist"]
    allowed = OMITTED.get(("A checklist", name), set())
    gone = dropped(PLANS[plan], registry.render(PLANS[plan], name).text)
    of_amended = {path for path in gone if path.startswith("amended.") and path.rpartition(".")[2] in IDENTIFIERS}
    of_rollback = {path for path in gone if plan != "everything" and path in ("undo.identity", "undo.summary", "undo.migration")}
    assert gone - allowed - (set() if name == "json" else of_amended | of_rollback) == set()


@pytest.mark.parametrize("name", REGISTRIES["Findings"].names)
def test_no_format_of_findings_drops_a_field(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_version, "DOCUMENTATION", "https://relbot.example/")
    text = REGISTRIES["Findings"].render(CheckReport(FINDINGS), name).text
    assert dropped(FINDINGS, text) == set()
    shown = text.replace("%3A", ":")
    assert [finding.link for finding in FINDINGS if finding.link not in shown] == []


def _sarif_rules() -> Any:
    shown = json.loads(REGISTRIES["Findings"].render(CheckReport(FINDINGS), "sarif").text)
    return shown["runs"][0]["tool"]["driver"]["rules"]


def test_nothing_links_to_documentation_that_is_not_published() -> None:
    assert FINDINGS[0].link == ""
    descriptors = _sarif_rules()
    assert [each for each in descriptors if "helpUri" in each] == []


def test_code_scanning_is_told_where_a_rule_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_version, "DOCUMENTATION", "https://relbot.example/")
    descriptors = _sarif_rules()
    assert [each["helpUri"] for each in descriptors] == [
        "https://relbot.example/rules/#config-structure",
        "https://relbot.example/rules/#needs-missing",
    ]
