"""Rules about a file: its name, its place, its bytes, its front matter; and about the other files that are read."""

from __future__ import annotations

from relbot.review.rulebook.model import Example, File, Rule, config_example, fragment_example

_GOOD = "---\ntype: fixed\n---\n\nThe login page no longer forgets who you are.\n"
_LABEL = f'{{"base": "{"4a" * 20}", "head": "{"7c" * 20}", "label": "needs_note"}}\n'


def _labels_example(text: str) -> Example:
    return Example((File("labels.jsonl", text),))


FILE_RULES = (
    Rule(
        "file-name",
        "A fragment's name does not end in `.md`, or cannot be stored on every system.",
        (
            "The name without `.md` identifies a change. It stays when a release moves the file, and `needs` and "
            "`hold` refer to it. The notes would silently leave out a file with another ending."
        ),
        bad=fragment_example(_GOOD, "changes/fix login?.md"),
        good=fragment_example(_GOOD, "changes/fix-login.md"),
    ),
    Rule(
        "misplaced-fragment",
        "A fragment is in a folder that relbot does not read, or in the folder of another component.",
        "relbot does not read other folders, so the change would be missing from the notes and from every checklist.",
        bad=fragment_example(_GOOD, "changes/2026/4075.md"),
        good=fragment_example(_GOOD, "changes/4075.md"),
    ),
    Rule(
        "file-kind",
        "A fragment is not a regular file.",
        "A symbolic link or a submodule has no text in git; its target depends on the machine.",
        bad=Example((File("changes/4075.md", "", problem="It is a symbolic link."),)),
        good=fragment_example(_GOOD),
    ),
    Rule(
        "file-size",
        "A fragment is too large.",
        "Operators read it on the day of a deploy. Link to what is longer.",
        bad=fragment_example(_GOOD + "What happened: " + "it grew. " * 120_000),
        good=fragment_example(_GOOD),
    ),
    Rule(
        "file-encoding",
        "A fragment is not UTF-8.",
        "Tools would have to guess another encoding, and guess differently.",
        bad=Example((File("changes/4075.md", "---\ntype: fixed\n---\n\nDie Anmeldung merkt sich Namen mit ü.\n", "latin-1"),)),
        good=fragment_example("---\ntype: fixed\n---\n\nDie Anmeldung merkt sich Namen mit ü.\n"),
    ),
    Rule(
        "front-matter-missing",
        "A fragment does not begin with front matter.",
        "The lines between `---` and `---` say what kind of change it is, and whether it needs action.",
        bad=fragment_example("The login page no longer forgets who you are.\n"),
        good=fragment_example(_GOOD),
    ),
    Rule(
        "front-matter-unclosed",
        "The front matter is not closed.",
        "Without a second `---` relbot cannot tell the keys from the text.",
        bad=fragment_example("---\ntype: fixed\n\nThe login page no longer forgets who you are.\n"),
        good=fragment_example(_GOOD),
    ),
    Rule(
        "front-matter-shape",
        "The front matter is empty, or is not a list of keys.",
        "Every line of it is `key: value`; relbot knows no other shape.",
        bad=fragment_example("---\n- fixed\n---\n\nThe login page no longer forgets who you are.\n"),
        good=fragment_example(_GOOD),
    ),
    Rule(
        "yaml-syntax",
        "The front matter is not YAML, or far too large.",
        "Most often a text with `: `, `@` or a backtick lacks quotes, or a line is indented with a tab.",
        bad=fragment_example(
            "---\ntype: removed\nreason: @api users were told: no action needed\nmigration: false\n---\n\nThe API is gone.\n"
        ),
        good=fragment_example(
            '---\ntype: removed\nreason: "@api users were told: no action needed"\nmigration: false\n---\n\nThe API is gone.\n'
        ),
    ),
    Rule(
        "toml-syntax",
        "The configuration is not TOML.",
        "Most often a text lacks quotes. relbot does not use half a configuration.",
        bad=config_example("changelog = NEWS.md\n"),
        good=config_example('changelog = "NEWS.md"\n'),
    ),
    Rule(
        "labels",
        "A line of a file of labels, which `relbot backtest --labels` reads, cannot be used.",
        "Without that label, rules would look better or worse than they are.",
        bad=_labels_example(_LABEL.replace("needs_note", "needs-note")),
        good=_labels_example(_LABEL),
    ),
)
