"""Plans to look at: those of the incident, and one with everything a plan can hold."""

from __future__ import annotations

from datetime import UTC, datetime

from relbot.deploy.log.reconcile import reconcile_plan
from relbot.deploy.log.record import Deed, DeedKind, Record, Who
from relbot.deploy.log.state import Deploy, EnvironmentState
from relbot.deploy.plan.changelog import Arrival, ChangeLog, Revision
from relbot.deploy.plan.make import make_plan
from relbot.finding import Finding, Place
from relbot.fragment.model import Compat, Fragment, Phase, Step

OPTIONS = Fragment(
    "5622-options",
    "changes/5622-options.md",
    "changed",
    "`config/options.yml` now groups its keys per Rails environment.",
    breaking=True,
    migration=True,
    authors=("Jane",),
    steps=(
        Step(
            Phase.BEFORE_RESTART,
            "bundle exec rake migrate_options_yml",
            on=("frontend",),
            check="grep -q '^production:' config/options.yml",
            undo="cp config/options.yml.bkp config/options.yml",
            restart=("apache2", "obsapidelayed"),
            duration=60,
            downtime=30,
            line=9,
        ),
    ),
    hold=("5644",),
    migration_note="Run `rake migrate_options_yml` after installing and before restarting. It keeps a backup.",
)
EXPAND = Fragment(
    "5700-expand-owner",
    "changes/5700-expand-owner.md",
    "changed",
    "Packages have an owner of their own.",
    migration=True,
    compat=Compat.SHIM,
    steps=(
        Step(
            Phase.BEFORE_INSTALL,
            "psql obs <<'END'\nALTER TABLE packages\n  ADD owner integer;\nEND",
            on=("db",),
            undo="psql obs -c 'ALTER TABLE packages DROP owner'",
            duration=300,
        ),
        Step(
            Phase.LATER,
            "bundle exec rake packages:fill_owner --batch=500 --log=/var/log/obs/fill_owner.log --quiet",
            check="rake packages:without_owner",
        ),
    ),
)
CONTRACT = Fragment(
    "5702-contract-owner",
    "changes/5702-contract-owner.md",
    "removed",
    "The column `packages.user` is gone.",
    migration=True,
    steps=(
        Step(Phase.AFTER_RESTART, do="Tell the search team that the index may be rebuilt."),
        Step(
            Phase.AFTER_RESTART,
            "psql obs -c 'ALTER TABLE packages DROP user'",
            on=("db",),
            irreversible=True,
            reason="the data are gone",
            downtime=90,
        ),
    ),
    needs=("5700-expand-owner", "5600-legacy"),
)
PROSE = Fragment(
    "5650-mail",
    "changes/5650-mail.md",
    "changed",
    "Mails are sent by a service of their own.",
    migration=True,
    authors=("@joe",),
    migration_note="Open port 25 from the front ends to `mail.example.org`:\n\n"
    "```\nfirewall-cmd --add-rich-rule='rule … accept'\n```\n\nThen tell the mail team.",
)
EVIL = Fragment(
    "5660-evil",
    "changes/5660-evil.md",
    "fixed",
    "Text with \u202e in it, <b>HTML</b>, @everyone and [a link](https://example.org).",
    migration=True,
    steps=(Step(Phase.BEFORE_RESTART, "rm -rf /tmp/x\u200b", line=5),),
)
WAIVED = Fragment(
    "5661-docs", "changes/5661-docs.md", "fixed", "The manual has an index.", waived=True, reason="Only the manual changes."
)
LEGACY = Fragment(
    "5600-legacy",
    "changes/5600-legacy.md",
    "changed",
    "The old search runs beside the new one.",
    migration=True,
    steps=(
        Step(Phase.BEFORE_INSTALL, "systemctl start oldsearch", undo="systemctl stop oldsearch"),
        Step(Phase.BEFORE_RESTART, "rake search:copy", restart=("memcached",)),
    ),
)
AMENDED = LEGACY._replace(
    identity="5610-cache",
    path="changes/5610-cache.md",
    text="The cache is warmed.",
    steps=(Step(Phase.AFTER_RESTART, "rake cache:warm"),),
)

BROKEN = Finding("yaml-syntax", Place("changes/5670-broken.md", 3), "This is not YAML: found `@`.", "Put it in quotes.")

BEFORE = ChangeLog(Revision("deployed/2018-08-14", "1614bc67178466e6e01443f054ece5301400bda9"))
AFTER = ChangeLog(Revision("deployed/2018-08-15", "bf4113f5d84fa750969271b2c3a884f348756dfb"), {OPTIONS.identity: OPTIONS})
BRANCH = ChangeLog(Revision("2.9"), {f.identity: f for f in (LEGACY, AMENDED)})
EVERYTHING = ChangeLog(
    Revision("main", "0d3220b4361c42bd02a4cd21b9bd7e7a0a1e9d01"),
    {f.identity: f for f in (OPTIONS, EXPAND, CONTRACT, PROSE, EVIL, WAIVED)}
    | {AMENDED.identity: AMENDED._replace(steps=(Step(Phase.AFTER_RESTART, "rake cache:warm --all", on=("frontend",)),))},
    faulty={
        "5670-broken": (
            Finding("yaml-syntax", Place("changes/5670-broken.md", 3), "This is not YAML: found `@`.", "Put it in quotes."),
        )
    },
    arrivals={
        i: Arrival(n, f"{n:040x}")
        for n, i in enumerate(("5622-options", "5700-expand-owner", "5650-mail", "5702-contract-owner"), 1)
    },
)

STOPPED = Record(
    2,
    datetime(2018, 8, 15, 10, 10, tzinfo=UTC),
    Who("Jane", host="deploy.example.org"),
    "production",
    Deed(DeedKind.FAILED, BEFORE.revision.commit, AFTER.revision.commit, "5622-options#1", reason="disk full"),
)
UNDER_WAY = Deploy(BEFORE.revision.commit, AFTER.revision.commit, STOPPED, {"5622-options#1": (STOPPED,)})

PLANS = {
    "deploy": make_plan(BEFORE, AFTER),
    "released": make_plan(BEFORE, AFTER._replace(merged=frozenset({"5644"}))),
    "rollback": make_plan(AFTER, BEFORE),
    "everything": make_plan(BRANCH, EVERYTHING),
    "everything-back": make_plan(EVERYTHING, BRANCH),
    "nothing": make_plan(BEFORE, BEFORE._replace(revision=Revision("main", "0d3220b4361c42bd02a4cd21b9bd7e7a0a1e9d01"))),
    "turned-back": reconcile_plan(
        make_plan(BEFORE, BEFORE), EnvironmentState(deploy=UNDER_WAY), lambda _: make_plan(AFTER, BEFORE)
    ),
    "never-done": reconcile_plan(
        make_plan(EVERYTHING, BRANCH), EnvironmentState(not_done={"5702-contract-owner#2": STOPPED}), lambda _: None
    ),
    "no-step": make_plan(BEFORE, AFTER._replace(fragments={"1": Fragment("1", "changes/1.md", "fixed", "A fix.")})),
}
