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
        "The text is what readers of the notes see. One sentence is enough: what changes for users?",
        bad=fragment_example("---\ntype: fixed\nissues: [4075]\n---\n"),
        good=fragment_example("---\ntype: fixed\nissues: [4075]\n---\n\nThe login page no longer forgets who you are.\n"),
    ),
    Rule(
        "foreign-fragment",
        "A file is a note of towncrier, reno, changesets, scriv or changie, and not a fragment of relbot.",
        "relbot does not read it, so neither the notes nor the checklist would tell its change.",
        bad=fragment_example("A dark theme.\n", "changes/12.feature.md"),
        good=fragment_example("---\ntype: added\nissues: [12]\n---\n\nA dark theme.\n", "changes/12-feature.md"),
    ),
    Rule(
        "placeholder-left",
        "A line that relbot left to the author of the fragment is not filled in.",
        "`relbot check --fix` writes what the diff tells. Only the author knows the rest, and readers need it.",
        bad=fragment_example(_HEAD + _TEXT + "## Migration\n\nFILL IN: who has to do what, and when.\n"),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\n" + _RUN),
    ),
    Rule(
        "html-left-open",
        "HTML in a list or a quote begins and does not end.",
        "A browser takes everything up to the next `-->` for a comment: it would hide the entries and releases below.",
        bad=fragment_example("---\ntype: fixed\n---\n\nUploads work.\n\n- <!-- Do we say more?\n"),
        good=fragment_example("---\ntype: fixed\n---\n\nUploads work.\n\n- <!-- Do we say more? -->\n"),
    ),
    Rule(
        "control-character",
        "The text has a character that steers a terminal instead of being shown.",
        "Checklists are read on terminals, which obey such characters: they can hide a line or fake one (CWE-150).",
        bad=fragment_example("---\ntype: fixed\n---\n\nThe prompt is \x1b[31mred\x1b[0m again.\n"),
        good=fragment_example("---\ntype: fixed\n---\n\nThe prompt is red again.\n"),
    ),
    Rule(
        "merge-conflict",
        "The text has both sides of an unresolved merge conflict.",
        "Both sides, and the lines that git put between them, would be read in the notes and in the checklist.",
        bad=fragment_example(
            "---\ntype: fixed\n---\n\n<<<<<<< HEAD\nUploads are fast.\n\n=======\nUploads work.\n>>>>>>> topic\n"
        ),
        good=fragment_example("---\ntype: fixed\n---\n\nUploads work, and are fast.\n"),
    ),
    Rule(
        "heading-level",
        "A heading of level one or two, other than `## Migration` and `## Compatibility`.",
        "Levels one and two are those of the changelog: `# Details` inside a fragment would begin another release there."
        " A line of `---` right below a sentence also makes that sentence a heading.",
        bad=fragment_example("---\ntype: changed\n---\n\nUploads are checked.\n\n# Details\n\nThe size and the type.\n"),
        good=fragment_example("---\ntype: changed\n---\n\nUploads are checked.\n\n### Details\n\nThe size and the type.\n"),
    ),
    Rule(
        "duplicate-section",
        "`## Migration` or `## Compatibility` is there twice.",
        "Operators would be shown one of them and miss the other.",
        bad=fragment_example(_HEAD + _TEXT + "## Migration\n\nStop the workers.\n\n## Migration\n\n" + _RUN),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\nStop the workers.\n\n" + _RUN),
    ),
    Rule(
        "empty-section",
        "`## Migration` or `## Compatibility` has no text.",
        "A heading alone promises an instruction and gives none.",
        bad=fragment_example(_HEAD + _TEXT + "## Migration\n"),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\n" + _RUN),
    ),
    Rule(
        "migration-missing",
        "The change needs action, and nothing says which.",
        "A breaking change, or one with `migration: true`, interrupts somebody's work. The author knows what to do now;"
        " whoever deploys has to find out while users wait.",
        bad=fragment_example(_HEAD + _TEXT),
        good=fragment_example(_HEAD + _TEXT + "## Migration\n\n" + _RUN),
    ),
    Rule(
        "migration-contradicted",
        "`migration: false`, but there are instructions.",
        "One of the two is out of date, and relbot cannot know which one.",
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
        "`compat` says whether the old way works for a while yet. If nothing breaks there is no old way; if something does,"
        " `breaking: true` puts the change first in the notes.",
        bad=fragment_example("---\ntype: changed\ncompat: shim\n---\n\n" + _TEXT),
        good=fragment_example("---\ntype: changed\nbreaking: true\ncompat: shim\n---\n\n" + _TEXT + "## Migration\n\n" + _RUN),
    ),
)
