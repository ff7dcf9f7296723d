"""Rules about the steps of a deploy."""

from __future__ import annotations

from relbot.review.rulebook.model import Example, Rule, fragment_example


def _step_example(*lines: str) -> Example:
    step = "\n    ".join(lines)
    return fragment_example(f"---\ntype: changed\ndeploy:\n  - {step}\n---\n\nOptions are grouped per environment.\n")


STEP_RULES = (
    Rule(
        "step-empty",
        "A step has neither `run`, nor `do`, nor `restart`.",
        "The checklist would show a box to tick without anything to do.",
        bad=_step_example("phase: before-restart", "on: frontend"),
        good=_step_example("phase: before-restart", "on: frontend", "run: bundle exec rake migrate_options_yml"),
    ),
    Rule(
        "step-contradicted",
        "A step is irreversible and has an `undo`.",
        "Operators who roll back must know which of the two is true.",
        bad=_step_example(
            "phase: later",
            "run: rake options:drop",
            "undo: rake options:restore",
            "irreversible: true",
            "reason: It drops a column.",
        ),
        good=_step_example("phase: later", "run: rake options:drop", "irreversible: true", "reason: It drops a column."),
    ),
    Rule(
        "step-order",
        "A step has an unknown phase, or restarts services after the restart.",
        (
            "A deploy has four phases: `before-install` (the old code runs), `before-restart` (the new code is on "
            "disk, the old processes still run), `after-restart` (the new code runs) and `later` (when convenient). "
            "`restart` names the services that a step needs restarted, so it belongs to one of the first two phases."
        ),
        bad=_step_example("phase: after-restart", "run: rake options:migrate", "restart: [apache2]"),
        good=_step_example("phase: before-restart", "run: rake options:migrate", "restart: [apache2]"),
    ),
    Rule(
        "unsafe-command",
        "A command contains invisible characters, or spaces that a shell does not split at.",
        (
            "Operators copy it into a root shell. With invisible or direction-changing characters, it does something "
            "else than it shows (CVE-2021-42574)."
        ),
        bad=_step_example("phase: later", "run: rake options:\u200bclean"),
        good=_step_example("phase: later", "run: rake options:clean"),
    ),
)
