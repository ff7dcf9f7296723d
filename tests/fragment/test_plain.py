"""The quick reader of front matter against the thorough one: it gives the same, or nothing."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

import relbot.fragment.parse
from relbot.fragment.location import Folder, Location
from relbot.fragment.parse import Parser, Source

PARSER = Parser(("added", "fixed", "no"), ("api", "web-ui"))
KEYS = st.sampled_from(["type", "component", "breaking", "migration", "issues", "reason", "tpye", "Type"])
VALUES = st.sampled_from(
    ["added", "fixed", "no", "api", "web-ui", "true", "false", "yes", "[1]", "[1, 22]", "[]", "[01]", "[1,2]", "[1.10]", ""]
)  # fmt: skip
LINES = st.tuples(KEYS, st.sampled_from([": ", ":", ":  "]), VALUES, st.sampled_from(["\n", "\n", " \n", " # why\n", "\n\n"]))
BODIES = st.sampled_from(["Text.\n", "", "Text.\n\n## Migration\n\nRun it.\n", "# Title\n", "Text.\n\n## Migration\n"])
FOLDERS = st.sampled_from([Folder("changes"), Folder("changes/api", "api")])


def parsed(content: bytes, folder: Folder) -> object:
    return PARSER.parse(Source(f"{folder.path}/1.md", content), Location(f"{folder.path}/1.md", "1", folder))


@given(st.lists(LINES, min_size=1, max_size=5), BODIES, FOLDERS)
def test_both_readers_give_the_same(lines: list[tuple[str, str, str, str]], body: str, folder: Folder) -> None:
    content = ("---\n" + "".join("".join(line) for line in lines) + f"---\n\n{body}").encode()
    with mock.patch.object(relbot.fragment.parse, "quick_fragment", return_value=None):
        plain = parsed(content, folder)
        with mock.patch.object(relbot.fragment.parse, "plain_values", return_value=None):
            thorough = parsed(content, folder)
    assert parsed(content, folder) == plain == thorough


def test_a_plain_fragment_needs_no_yaml() -> None:
    content = b"---\ntype: fixed\nbreaking: true\nissues: [4075, 1]\n---\n\nText.\n\n## Migration\n\nRun it.\n"
    with mock.patch.object(relbot.fragment.parse, "read_yaml", side_effect=AssertionError("asked")):
        assert not isinstance(parsed(content, Folder("changes")), list)
