"""The quick reader of fragments against the thorough one: it gives the same, or nothing."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import example, given
from hypothesis import strategies as st

from relbot.fragment.fast_parser import parse_plain_fragment
from relbot.fragment.file import FragmentFile
from relbot.fragment.location import Folder, Location
from relbot.fragment.model import Fragment, Phase
from relbot.fragment.parse import Parser
from relbot.fragment.prose import PLACEHOLDER
from relbot.fragment.yaml_parser import YamlParser

TYPES, COMPONENTS = ("added", "fixed", "no"), ("api", "web-ui")
WORDS = {"type": frozenset({"added", "fixed"}), "component": frozenset(COMPONENTS)}
KEYS = st.sampled_from("type component breaking migration issues prs authors reason tpye Type deploy".split())
VALUES = st.sampled_from(
    ["added", "fixed", "no", "api", "web-ui", "true", "false", "yes", "[1]", "[1, 22]", "[]", "[01]", "[1,2]", "[1.10]", "",
     "[jane, o-k]", "[no]", "[x, Off]", "[nan]", "[-a]", "[e1]", "[null-x]"]
)  # fmt: skip
ENDS = st.sampled_from(["\n", "\n", "\n", " \n", " # why\n", "\n\n", "\r\n"])
LINES = st.tuples(KEYS, st.sampled_from([": ", ": ", ":", ":  "]), VALUES, ENDS).map("".join)
STEP_KEYS = st.sampled_from(["phase", "run", "do", "check", "undo", "on", "restart", "run"])
ODD = [
    "later", "before-restart", "rake db:migrate", "a: b", "a #b", "a#b", "a:", "a ", "./x", "~/x", "'a'", "No", "1.10", ".inf",
    "a  b", "a\tb", "- a", "[a]", "{a}", "a, b", "&a", "a &b", "*a", "!a", "|", ">", "@a", "`a`", "a\\b", "\u00e9",
    "%a", "a\u200b", "[a, b-1]", "[on]", "[a, NULL]",
]  # fmt: skip
COMMANDS = st.one_of(st.sampled_from(ODD), st.text("ab:# -.'\"/&*[]{},|>%@`!?", max_size=6))
INDENTS = st.sampled_from(["  - ", "    ", "    ", "   ", "- "])
STEP_LINES = st.tuples(INDENTS, STEP_KEYS, st.just(": "), COMMANDS, ENDS).map("".join)
UNDONE = st.sampled_from(["\n", "\n    undo: true\n", "\n    undo: x\n"])
LISTS = st.sampled_from(["", "    on: [web, db]\n", "    restart: [web]\n", "    restart: [Yes]\n"])
PLAIN_STEPS = st.lists(st.tuples(st.just("  - phase: later\n    run: "), COMMANDS, UNDONE, LISTS).map("".join), min_size=1)
STEPS = st.one_of(st.lists(STEP_LINES, max_size=5), PLAIN_STEPS).map(lambda lines: ["deploy:\n", *lines] if lines else [])
PLAIN_KEYS = ["type: fixed\n", "breaking: true\n", "migration: true\n", "issues: [1, 2]\n", "component: api\n"]
PLAIN = st.lists(st.sampled_from([*PLAIN_KEYS, "prs: [3]\n", "authors: [jane]\n"]), max_size=4)
BODY_LINES = st.sampled_from(
    ["Text.", PLACEHOLDER, "", "", "\t", " ", "  ", "\t Text.", "    Text.", "\xa0", "\u200b", "<b>", "- a"]
)
SHOWN_BODIES = st.sampled_from(
    ["Text.\n", "", "Text.\n\n## Migration\n\nRun it.\n", "# Title\n", "Text.\n\n## Migration\n", "Te\x07xt.\n", "Te\rxt.\n",
     "Text.\r\n\r\n## Compatibility\r\n\r\nNone.\r\n", "Text.\n\n### Deep\n", "\ufeffText", "- One\n- Two\n", "Text\n===\n",
     "## Migration\n\nRun it.\n", " \n", f"{PLACEHOLDER}\n", "<!-- Why? -->\n", "[a]: /b\n"]
)  # fmt: skip
BODIES = st.one_of(SHOWN_BODIES, st.lists(BODY_LINES, max_size=4).map("\n".join))
FOLDERS = st.sampled_from([Folder("changes"), Folder("changes/api", "api")])


def location(folder: Folder) -> Location:
    return Location(f"{folder.path}/1.md", "1", folder)


@example(["type: fixed\n", "authors: [no]\n"], [], "Text.\n", Folder("changes"))
@example(["type: fixed\n"], ["deploy:\n", "  - phase: later\n    run: a\n    restart: [web]\n"], "Text.\n", Folder("changes"))
@example(["type: fixed\n"], [], f"{PLACEHOLDER}\n\t\n", Folder("changes"))  # both say that there is no text
@given(st.one_of(st.lists(LINES, max_size=5), PLAIN), STEPS, BODIES, FOLDERS)
def test_both_readers_give_the_same(lines: list[str], steps: list[str], body: str, folder: Folder) -> None:
    content = ("---\n" + "".join((*lines, *steps)) + f"---\n\n{body}").encode()
    quick = parse_plain_fragment(content, location(folder), WORDS)
    thorough = YamlParser(TYPES, COMPONENTS, frozenset()).parse(FragmentFile(location(folder).path, content), location(folder))
    assert quick is None or quick == thorough
    assert Parser(TYPES, COMPONENTS).parse(FragmentFile(location(folder).path, content), location(folder)) == thorough


def test_what_is_longer_than_any_reader_takes_is_left_to_the_thorough_one() -> None:
    numbers = ", ".join(str(number) for number in range(1, 9_000))
    content = f"---\ntype: fixed\nissues: [{numbers}]\n---\n\nText.\n".encode()
    assert parse_plain_fragment(content, location(Folder("changes")), WORDS) is None


def test_plain_fragments_need_no_yaml() -> None:
    """In a process of its own: YAML takes as long to import as a hundred plain fragments to be read."""
    code = """
import sys
from relbot.fragment.location import Folder, Location
from relbot.fragment.parse import Parser
from relbot.fragment.file import FragmentFile
for content in (
    b"---\\ntype: fixed\\n---\\n\\nText.\\n",
    b"---\\ntype: fixed\\nissues: [4075, 1]\\nbreaking: true\\n---\\n\\nText.\\n\\n## Migration\\n\\nRun it.\\n",
    b"---\\ntype: fixed\\ndeploy:\\n  - phase: later\\n    run: bin/rake db:migrate\\n---\\n\\nText.\\n",
    b"---\\ntype: fixed\\nprs: [1]\\nauthors: [jo]\\ndeploy:\\n  - phase: later\\n    run: a\\n    on: [web]\\n---\\n\\nText.\\n",
    b"---\\ntype: fixed\\ndeploy:\\n  - phase: before-restart\\n    do: a\\n    restart: [web]\\n---\\n\\nText.\\n",
    b"---\\r\\ntype: fixed\\r\\n---\\r\\n\\r\\nText.\\r\\n",
):
    assert not isinstance(Parser(("fixed",), ()).parse(FragmentFile("a", content), Location("a", "a", Folder("b"))), list)
assert not {"yaml", "frontmatter", "difflib"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_plain_step_knows_its_line() -> None:
    content = b"---\ntype: fixed\ndeploy:\n  - phase: later\n    run: a\n  - do: b\n    phase: before-restart\n---\n\nText.\n"
    found = parse_plain_fragment(content, location(Folder("changes")), WORDS)
    assert isinstance(found, Fragment)
    assert [(step.phase, step.run, step.do, step.line) for step in found.steps] == [
        (Phase.LATER, "a", None, 4),
        (Phase.BEFORE_RESTART, None, "b", 6),
    ]
