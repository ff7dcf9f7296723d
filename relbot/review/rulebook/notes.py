"""Rules about the notes of a change set, beside what its diff shows."""

from __future__ import annotations

from relbot.review.rulebook.model import Example, File, Rule, fragment_example

_RUBY = File(".ruby-version", "@@ -1 +1 @@\n-2.7.1\n+3.1.2\n")
_HEAD = "---\ntype: changed\nmigration: true\n"
_TEXT = "---\n\nShop needs Ruby 3.1.\n"
_BREAKING = "---\ntype: changed\nbreaking: true\n"
_HOW = "---\n\nOptions are grouped.\n\n## Migration\n\nRun `rake migrate`.\n"


def _step(phase: str) -> Example:
    return Example((_RUBY, File("changes/4075.md", f"{_HEAD}deploy:\n  - phase: {phase}\n    do: Install Ruby 3.1.\n{_TEXT}")))


def _note(text: str) -> Example:
    return Example((_RUBY, File("changes/4075.md", f"{_HEAD}{_TEXT}\n## Migration\n\n{text}\n")))


NOTE_RULES = (
    Rule(
        "step-phase",
        "No step of a note has a phase that fits the facts of the change set.",
        (
            "For example, a host needs a new Ruby before you install the code. A step after the restart comes too "
            "late. `relbot explain FACT` shows the phases of a fact."
        ),
        bad=_step("after-restart"),
        good=_step("before-install"),
    ),
    Rule(
        "migration-vague",
        "The instructions of a note name neither a command nor a subject of the change set.",
        "Operators read them at night and have to find out which setting, table or service is meant.",
        bad=_note("Take care."),
        good=_note("Install Ruby 3.1 on all hosts."),
    ),
    Rule(
        "compat-missing",
        "A breaking change does not say whether the old way still works for a while.",
        "If it does, operators can act later. If not, all of them must act at the same time.",
        bad=fragment_example(f"{_BREAKING}{_HOW}"),
        good=fragment_example(f"{_BREAKING}compat: shim\n{_HOW}"),
    ),
    Rule(
        "compat-reason",
        "`compat: none` without a `## Compatibility` that says why.",
        "Reviewers need the reason to agree that the old way cannot keep working.",
        bad=fragment_example(f"{_BREAKING}compat: none\n{_HOW}"),
        good=fragment_example(f"{_BREAKING}compat: none\n{_HOW}\n## Compatibility\n\nBoth files have the same name.\n"),
    ),
)
