"""Rules about the text of a fragment, and about what it and the keys say together."""

from __future__ import annotations

from relbot.review.rulebook.model import Rule, fragment_example

_HEAD = "---\ntype: changed\nmigration: true\n---\n\n"
_TEXT = "`config/options.yml` now groups its keys per Rails environment.\n\n"
_RUN = "Run `rake migrate_options_yml` before the restart.\n"

TEXT_RULES = (
    Rule(
        "empty-body",
        "A fragment has no text.",
        "Readers of the notes see this text. One sentence is enough: what changes for users?",
        bad=fragment_example("---\ntype: fixed\nissues: [4075]\n---\n"),
        good=fragment_example("---\ntype: fixed\nissues: [4075]\n---\n\nThe login page no longer forgets who you are.\n"),
    ),
    Rule(
        "foreign-fragment",
        "A file is a note of towncrier, reno, changesets, scriv or changie, not a fragment of relbot.",
        "relbot does not read it, so the notes and the checklist would lack its change.",
        bad=fragment_example("A dark theme.\n", "changes/12.feature.md"),
        good=fragment_example("---\ntype: added\nissues: [12]\n---\n\nA dark theme.\n", "changes/12-feature.md"),
    ),
    Rule(
        "placeholder-left",
        "A line of a draft is not filled in.",
        "`relbot check --fix` writes what the diff shows. Readers need the rest, which only the author knows.",
        bad=fragment_example(_HEAD + _TEXT + "## Migration\n\nFILL IN: who has to do what, and when.\n"),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\n" + _RUN),
    ),
    Rule(
        "html-left-open",
        "A comment, or HTML in a list or a quote, is not closed.",
        "A browser treats everything up to the next `-->` as a comment. It would hide the entries and releases below.",
        bad=fragment_example("---\ntype: fixed\n---\n\nUploads work.\n\n- <!-- Do we say more?\n"),
        good=fragment_example("---\ntype: fixed\n---\n\nUploads work.\n\n- <!-- Do we say more? -->\n"),
    ),
    Rule(
        "hidden-html",
        "HTML outside of code that GitHub does not show.",
        "Of `Vec<String>` readers see `Vec`, of `<Select />` nothing: GitHub takes both for HTML and leaves them out.",
        bad=fragment_example("---\ntype: fixed\n---\n\nThe menu of <Select /> opens.\n"),
        good=fragment_example("---\ntype: fixed\n---\n\nThe menu of `<Select />` opens.\n"),
    ),
    Rule(
        "raw-html",
        "HTML outside of code that GitHub shows.",
        "Notes have other readers, too: on a terminal, in a package and in reStructuredText, HTML is not shown as meant.",
        bad=fragment_example("---\ntype: fixed\n---\n\nPress <kbd>F1</kbd> for help.\n"),
        good=fragment_example("---\ntype: fixed\n---\n\nPress `F1` for help.\n"),
    ),
    Rule(
        "control-character",
        "The fragment has a control character, or one that turns the direction of text.",
        "Operators read checklists on terminals, where such characters can hide or fake a line (CWE-150, CVE-2021-42574).",
        bad=fragment_example("---\ntype: fixed\n---\n\nThe prompt is \x1b[31mred\x1b[0m again.\n"),
        good=fragment_example("---\ntype: fixed\n---\n\nThe prompt is red again.\n"),
    ),
    Rule(
        "merge-conflict",
        "The text has both sides of an unresolved merge conflict.",
        "The notes and the checklist would show both sides, and the lines that git put between them.",
        bad=fragment_example(
            "---\ntype: fixed\n---\n\n<<<<<<< HEAD\nUploads are fast.\n\n=======\nUploads work.\n>>>>>>> topic\n"
        ),
        good=fragment_example("---\ntype: fixed\n---\n\nUploads work, and are fast.\n"),
    ),
    Rule(
        "heading-level",
        "A heading of level one or two, other than `## Migration`, `## Compatibility` and `## For operators`.",
        (
            "The changelog uses levels one and two: `# Details` in a fragment would begin another release there. A "
            "line of `---` directly below a sentence also makes it a heading."
        ),
        bad=fragment_example("---\ntype: changed\n---\n\nUploads are checked.\n\n# Details\n\nThe size and the type.\n"),
        good=fragment_example("---\ntype: changed\n---\n\nUploads are checked.\n\n### Details\n\nThe size and the type.\n"),
    ),
    Rule(
        "duplicate-section",
        "`## Migration`, `## Compatibility` or `## For operators` appears twice.",
        "Operators would see one of them and miss the other.",
        bad=fragment_example(_HEAD + _TEXT + "## Migration\n\nStop the workers.\n\n## Migration\n\n" + _RUN),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\nStop the workers.\n\n" + _RUN),
    ),
    Rule(
        "empty-section",
        "`## Migration` or `## Compatibility` has no text.",
        "Operators would find a heading without an instruction.",
        bad=fragment_example(_HEAD + _TEXT + "## Migration\n"),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\n" + _RUN),
    ),
    Rule(
        "migration-missing",
        "The change needs action, but the fragment does not say which.",
        (
            "A breaking change, or one with `migration: true`, needs instructions. The author knows them now. "
            "Operators would have to find out while users wait."
        ),
        bad=fragment_example(_HEAD + _TEXT),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\n" + _RUN),
    ),
    Rule(
        "migration-contradicted",
        "`migration: false`, but there are instructions.",
        "One of the two is out of date, and relbot does not know which.",
        bad=fragment_example(
            "---\ntype: changed\nmigration: false\nreason: It converts itself.\n---\n\n" + _TEXT + "## Migration\n\n" + _RUN
        ),
        good=fragment_example("---\ntype: changed\nmigration: false\nreason: It converts itself.\n---\n\n" + _TEXT),
    ),
    Rule(
        "reason-missing",
        "Something is waived, or cannot be undone, and a reason is missing.",
        "`migration: false` sets a rule aside, `irreversible: true` closes the way back. Reviewers can agree only with a reason.",
        bad=fragment_example("---\ntype: changed\nmigration: false\n---\n\n" + _TEXT),
        good=fragment_example("---\ntype: changed\nmigration: false\nreason: The old file is still read.\n---\n\n" + _TEXT),
    ),
    Rule(
        "compat-without-breaking",
        "`compat` in a change that is not breaking.",
        (
            "`compat` says whether the old way still works for a while. If nothing breaks, there is no old way. If "
            "something does, `breaking: true` puts the change first in the notes."
        ),
        bad=fragment_example("---\ntype: changed\ncompat: shim\n---\n\n" + _TEXT),
        good=fragment_example("---\ntype: changed\nbreaking: true\ncompat: shim\n---\n\n" + _TEXT + "## Migration\n\n" + _RUN),
    ),
)
