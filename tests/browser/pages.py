"""The pages that are looked at."""

from __future__ import annotations

from datetime import UTC, datetime

from relbot.config.model import Component
from relbot.deploy.answers import Checklist, ChecklistSheet
from relbot.deploy.log.progress import measure_progress
from relbot.deploy.plan.changelog import ChangeLog, Revision
from relbot.deploy.plan.make import make_plan
from relbot.deploy.upgrade import UpgradeGuide
from relbot.detect.engine.model import Evidence
from relbot.fragment.model import PHASES, Fragment, Step
from relbot.render.backtest.formats import BACKTEST_FORMATS
from relbot.render.checklist.page import PageSurroundings, checklist_page
from relbot.render.deploys.checklist import render_sheet
from relbot.render.upgrade_guide import UPGRADE_FORMATS
from relbot.review.backtest.model import ChangeOutcome, ChangeRecord, PastChange
from relbot.review.backtest.report import BacktestReport
from relbot.review.backtest.tally import TallyBuilder
from relbot.review.rules.evaluate import Observed
from tests.render.cases import PLANS, UNDER_WAY

NOW = datetime(2018, 8, 15, 10, 20, tzinfo=UTC)


def comparison_page() -> str:
    """Two revisions, nothing recorded: the browser keeps the ticks."""
    return render_sheet(ChecklistSheet(Checklist(PLANS["deploy"]), "", "Jane on bastion", NOW, PLANS["rollback"])).text


def under_way_page() -> str:
    """A deploy with deeds in its ledger."""
    plan = PLANS["deploy"]
    answer = Checklist(plan, measure_progress(plan, UNDER_WAY), obstacles=("held",), headline=("This deploy is under way.",))
    return render_sheet(ChecklistSheet(answer, "production", "Jane on bastion", NOW, PLANS["rollback"])).text


def everything_page() -> str:
    """All that a plan can hold, hostile text included."""
    return checklist_page(PLANS["everything"], PageSurroundings("production", "Jane", NOW, PLANS["everything-back"]))


def large_page(steps: int) -> str:
    """A deploy with so many steps, each with a command, a check and an undo, and its way back."""
    fragments = {
        f"{5000 + n}-change": Fragment(
            f"{5000 + n}-change",
            f"changes/{5000 + n}-change.md",
            "changed",
            f"The table `packages_{n}` has an owner.",
            migration=True,
            steps=(
                Step(
                    PHASES[n * 3 // steps],
                    f"bundle exec rake packages:migrate_{n}",
                    on=("frontend",),
                    check=f"rake packages:check_{n}",
                    undo=f"rake packages:revert_{n}",
                ),
            ),
        )
        for n in range(steps)
    }
    before, after = ChangeLog(Revision("1.0", "a" * 40)), ChangeLog(Revision("2.0", "b" * 40), fragments)
    surroundings = PageSurroundings("production", "Jane", NOW, make_plan(after, before))
    return checklist_page(make_plan(before, after), surroundings)


def upgrade_page() -> str:
    """An upgrade guide."""
    return UPGRADE_FORMATS.render(UpgradeGuide(PLANS["everything"], (Component("api", "The API"),)), "html").text


def backtest_page() -> str:
    """A backtest of two months, with two rules that speak."""
    builder, told = TallyBuilder(against_notes=False), []
    for n, (month, level) in enumerate((("07", "ask"), ("08", "require"), ("08", "require"), ("08", "ask"))):
        evidence = Evidence("migrations", f"dropped-{level}", "db/1.rb", 3, f"It drops `users_{n}`.")
        change = PastChange("a" * 40, f"{n}" * 40, f"2018-{month}-15", f"Drop <b>users</b> {n}")
        told.append(ChangeOutcome(change, ChangeRecord(Observed((evidence,), (), ())), level, ((level, evidence),)))
        builder.add(told[-1])
    return BACKTEST_FORMATS.render(
        BacktestReport("the merges and commits up to main", "the rules", False, (), builder.tally(), tuple(told)), "html"
    ).text


CHECKLISTS = {"comparison": comparison_page, "under-way": under_way_page, "everything": everything_page}
PAGES = {**CHECKLISTS, "upgrade": upgrade_page, "backtest": backtest_page}
