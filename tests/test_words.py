"""No text that people read has words that they stumble over: CONTRIBUTING.md, "Words"."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import relbot
from tests.syntax_trees import parse_file

PACKAGE = Path(relbot.__file__).parent
PROJECT = PACKAGE.parent
PAGES = (
    *sorted(PROJECT.glob("docs/**/*.md")),
    *(path for path in sorted(PROJECT.glob("changes/*.md"))),
    *(path for path in sorted(PROJECT.glob("*.md")) if path.name != "CHANGELOG.md"),
    *sorted(PROJECT.glob(".github/**/*.md")),
    *sorted(PACKAGE.rglob("*.html")),
    *sorted(PACKAGE.rglob("*.toml")),
    PROJECT / "action.yml",
)
STUMBLES = {
    r"\b(whoever|nobody|somebody)\b": "name the person: you, the author, an operator",
    r"(?:^|[.;] )who (changes|has|sets|does not set|still sets) \w+": "name the person: you, the author, an operator",
    r"\bof (its|their|your|our) own\b": "say separate, temporary, your own X",
    r"\bin (its|their) place\b": "say which place, or replace",
    r"\b(in|at|from) the old place\b": "say the old path, name or address",
    r"\bit is not known\b": "say who does not know: relbot does not know",
    r"\bnothing of (it|a|the)\b": "say what happens to it",
    r"\bshall\b": "say must, should, or the target",
    r"\bleft out:": "say default, or required",
    r"\ba fault, the key is needed": "say required",
    r"\bis no (time|duration|address|text|list|version|json|heading|file name|placeholder|type)\b": "say is not a",
    r"\bhas \w+ no longer\b": "say no longer has",
    r"\bis read where it was not\b": "say is now read",
    r"\bnone beyond step\b": "say not possible after step",
    r"\bnothing takes (it|this|that|them) back\b": "say cannot be undone",
    r"\busers notice (it )?for\b": "say expected downtime",
    r"\bunknown never looks like nothing\b": "say that relbot never reports nothing to do without knowing it",
    r"\bhow it is right\b": "say with a correct example",
    r"\bwithout a word\b": "say silently",
    r"\bvisible characters\b(?<!invisible characters)": "say without control or invisible characters",
    r"\bgoes down to one line\b": "say shrinks to one line",
    r"\bcount together\b": "say add up",
    r"\bthe way back: ": "say rollback:",
    r"\brestart \S+, for ": "say needed by",
    r"\bare found \(recall\)|\bwithout any note found\b": "say what could not be computed, and why",
    r"\b(asked|noted):$": "say please answer (does not block), or for information",
}
"""What the pattern matches, and what to write."""
MARKDOWN_CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", re.DOTALL)


PATTERN = re.compile("|".join(f"(?:{each})" for each in STUMBLES))
"""For small letters: ten times as fast as a pattern that ignores case."""


def literals(tree: ast.Module) -> list[tuple[int, str]]:
    """The texts of a module that a program can show: all but docstrings and other texts that stand alone."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone)
    return [(node.lineno, node.value) for node in texts if isinstance(node.value, str) and " " in node.value]


def shown_texts(path: Path) -> list[tuple[int, str]]:
    """Each text of a file that people read, with its line. A module that has no such words is not parsed."""
    content = path.read_text("utf-8")
    if path.suffix == ".py":
        return literals(parse_file(path)) if PATTERN.search(re.sub(r'"\n *f?"', "", content.lower())) else []
    prose = MARKDOWN_CODE.sub(lambda code: "\n" * code[0].count("\n"), content)
    return list(enumerate(prose.splitlines(), 1))


def find_stumbles(path: Path) -> list[str]:
    """Where a text of the file has such words, and what to write."""
    return [
        f"{path}:{line}: {match[0]!r}: {next(advice for each, advice in STUMBLES.items() if re.search(each, match[0]))}"
        for line, text in shown_texts(path)
        for match in PATTERN.finditer(text.lower())
    ]


LONGEST = 40
"""Words of a sentence. Most have fewer than 25."""
_BLOCK_END = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*#|>]|\d+\. ))")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|(?<=[.!?]\*\*)\s+|(?<=:)\s+(?=[A-Z])")


def sentences(page: str) -> list[str]:
    """The sentences of a Markdown page, without code, tables, headings and HTML; inline code counts as one word."""
    prose = re.sub(r"^```.*?^ *```$|<[^>]*>", "", page, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"`[^`\n]*`", "code", re.sub(r"\]\([^)]*\)", "]", prose))
    blocks = (block.strip() for block in _BLOCK_END.split(prose))
    return [each for block in blocks if block and not block.startswith(("|", "#")) for each in _SENTENCE_END.split(block)]


def test_no_sentence_of_a_page_is_too_long() -> None:
    pages = [path for path in PAGES if path.suffix == ".md"]
    counted = [(len(each.split()), path, each) for path in pages for each in sentences(path.read_text("utf-8"))]
    found = [f"{path}: {words} words: {' '.join(each.split())}" for words, path, each in counted if words > LONGEST]
    assert not found, "\n".join(found)


def test_a_sentence_ends_where_readers_end_it() -> None:
    page = "# A title\n\nOne `a b`. Two; three.\n- Four **five.** Six\n  seven.\n\n| a | b. c |\n\n```sh\na. b\n```\n"
    assert sentences(page) == ["One code.", "Two;", "three.", "- Four **five.**", "Six\n  seven."]


def test_no_text_has_words_that_readers_stumble_over() -> None:
    found = [each for path in (*PACKAGE.rglob("*.py"), *PAGES) for each in find_stumbles(path)]
    assert not found, "\n".join(found)


def test_a_text_with_such_words_is_found_and_its_docstring_is_not(tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text('"""For whoever reads."""\nHELP = (\n    "What "\n    "shall run."\n)\n')
    page = tmp_path / "one.md"
    page.write_text("Ask `nobody`.\n\nNothing takes it back.\n")
    assert [each.partition("one.")[2] for each in (*find_stumbles(module), *find_stumbles(page))] == [
        "py:3: 'shall': say must, should, or the target",
        "md:3: 'nothing takes it back': say cannot be undone",
    ]


def test_the_texts_of_the_first_hour_are_all_found() -> None:
    """What new users read and stumbled over, word for word."""
    told = (
        "Who changes something that somebody will notice adds a file",
        "why a rule is there, and how it is right",
        "Unknown never looks like nothing",
        "Shows what whoever logs in to a host should know",
        "The way back: NONE BEYOND STEP 3",
        "Users notice for 5 min.",
        "Restart apache2, for 5622",
        "Left out: nothing",
        "a fault, the key is needed",
        "Allowed: a command of visible characters",
        "`1` is no time for a lock.",
        "What shall the fragment be called?",
        "`hostname` and 6 more is read where it was not",
        "The image or container has X no longer.",
        "Facts count together, so one may be seen without a word.",
        "are found (recall)",
        "(without any note found)",
        "goes down to one line when all is there",
        "Asked:",
        "Noted:",
    )
    assert [each for each in told if not PATTERN.search(each.lower())] == []
