"""What is wrong with fragments together."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import pytest

from relbot.config.model import Component, Config, Service
from relbot.fragment.file import FragmentFile
from relbot.review.check import check_changed_fragments, check_fragments
from relbot.review.shown_text import check_release_prose


def source(path: str, **keys: list[str]) -> FragmentFile:
    lines = "".join(f"{key}: [{', '.join(names)}]\n" for key, names in keys.items())
    return FragmentFile(f"changes/{path}.md", f"---\ntype: fixed\n{lines}---\ntext\n".encode())


def told(*sources: FragmentFile) -> list[tuple[str, str]]:
    return [(f.rule, str(f.place)) for f in check_fragments(sources, Config()).findings]


def test_fragments_come_in_the_order_of_their_sources_and_other_files_are_passed_over() -> None:
    checked = check_fragments([source("b"), source("README"), source("a"), source("released/1.0/c")], Config())
    assert [(f.identity, f.version) for f in checked.fragments] == [("b", None), ("a", None), ("c", "1.0")]
    assert checked.findings == ()


def test_faults_come_in_reading_order_beside_what_is_fine() -> None:
    broken = FragmentFile("changes/b.md", b"---\ntype: x\nisue: 1\n---\ntext")
    checked = check_fragments([broken, source("x/y"), source("a b"), source("c")], Config())
    assert [f.identity for f in checked.fragments] == ["c"]
    assert [(f.rule, str(f.place)) for f in checked.findings] == [
        ("file-name", "changes/a b.md"),
        ("unknown-value", "changes/b.md:2:7"),
        ("unknown-key", "changes/b.md:3:1"),
        ("misplaced-fragment", "changes/x/y.md"),
    ]


@pytest.mark.parametrize("other", ["released/1.0/A", "A"])
def test_one_name_twice(other: str) -> None:
    findings = check_fragments([source("a"), source(other)], Config()).findings
    assert [(f.rule, f.place.path) for f in findings] == [("duplicate-identity", f"changes/{other}.md")]
    assert "`changes/a.md`" in findings[0].message


def test_one_name_three_times() -> None:
    assert len(told(source("a"), source("A"), source("released/1/A"))) == 2


def test_references_to_nothing() -> None:
    findings = check_fragments(
        [source("4070-expand"), source("b", needs=["4070-expnd"], hold=["4070-expand", "zzz"])], Config()
    ).findings
    assert [(f.rule, str(f.place)) for f in findings] == [
        ("unknown-reference", "changes/b.md:3:9"),
        ("unknown-reference", "changes/b.md:4:21"),
    ]
    assert findings[0].tip == "Did you mean `4070-expand`? Allowed: the name of a fragment's file without `.md`."
    assert findings[0].example == "needs: [4070-expand]"
    assert findings[1].tip.endswith("without `.md`, or an issue or pull request such as 5644, owner/repo#12 or PROJ-7.")
    assert findings[1].example == ""


@pytest.mark.parametrize(
    "name", ["5644", "owner/repo#12", "group/sub/repo!3", "PROJ-7", "'#5644'", "'https://example.org/1'", "a"]
)
def test_hold_may_name_issues(name: str) -> None:
    assert told(source("a"), source("b", hold=[name])) == []


@pytest.mark.parametrize("name", ["5644", "PROJ-7"])
def test_needs_may_not(name: str) -> None:
    assert told(source("b", needs=[name])) == [("unknown-reference", "changes/b.md:3:9")]


def test_a_faulty_fragment_is_still_there_to_be_named() -> None:
    broken = FragmentFile("changes/a.md", b"---\ntype: fixed\n---\n")
    assert told(broken, source("b", needs=["a"])) == [("empty-body", "changes/a.md:3:1")]


def test_a_cycle_is_told_once_and_whole() -> None:
    sources = [
        source("x", needs=["c"]),
        source("c", needs=["a"]),
        source("b", needs=["c"]),
        source("a", needs=["b"]),
        source("z"),
    ]
    findings = check_fragments(sources, Config()).findings
    assert [(f.rule, str(f.place)) for f in findings] == [("needs-cycle", "changes/a.md:3:9")]
    assert "a → b → c → a" in findings[0].message


def test_two_cycles_are_two_findings() -> None:
    sources = [source("a", needs=["b"]), source("b", needs=["a"]), source("c", needs=["d"]), source("d", needs=["c", "a"])]
    assert [rule for rule, _ in told(*sources)] == ["needs-cycle", "needs-cycle"]


def test_needs_that_meet_again_are_no_cycle() -> None:
    assert told(source("a", needs=["b", "c"]), source("b", needs=["d"]), source("c", needs=["d"]), source("d")) == []


def test_a_long_chain_needs_no_deep_stack() -> None:
    chain = [source(f"n{i}", needs=[f"n{i + 1}"]) for i in range(3000)]
    assert told(*chain, source("n3000")) == []
    assert [rule for rule, _ in told(*chain, source("n3000", needs=["n0"]))] == ["needs-cycle"]


class Files(NamedTuple):
    """The files of a tree."""

    of: dict[str, FragmentFile]

    @property
    def paths(self) -> Collection[str]:
        return self.of.keys()

    def read(self, paths: Iterable[str]) -> list[FragmentFile]:
        return [self.of[path] for path in paths]


def told_of_change(changed: str, *sources: FragmentFile, gone: str = "", added: str = "") -> list[tuple[str, str, str]]:
    """What is said where one fragment changes, others come with it, or one has gone."""
    tree = Files({each.path: each for each in sources})
    new = [f"changes/{name}.md" for name in added.split()]
    found = check_changed_fragments(tree, {f"changes/{changed}.md", *new}, {gone} - {""}, Config(), new).findings
    return [(finding.rule, finding.place.path, finding.tip) for finding in found]


def test_what_a_change_needs_is_read_as_far_as_it_goes_and_its_faults_are_not_told() -> None:
    far = [source("a", needs=["b"]), source("b", needs=["c", "nothing"]), source("c", needs=["d"])]
    assert told_of_change("a", *far, source("d"), source("e", needs=["nothing"])) == []
    assert [rule for rule, *_ in told_of_change("a", *far, source("d", needs=["a"]))] == ["needs-cycle"]
    assert [rule for rule, *_ in told_of_change("b", source("b", needs=["b"]), source("c"))] == ["needs-cycle"], "once"
    [(rule, path, _)] = told_of_change("a", source("a", needs=["notes.txt"]), FragmentFile("changes/notes.txt", b""))
    assert (rule, path) == ("unknown-reference", "changes/a.md")


def test_what_a_change_needs_from_an_earlier_deploy_does_not_come_with_it() -> None:
    old, needing = source("old"), source("a", needs=["old"])
    assert told_of_change("x", old, needing, added="a") == []
    assert told_of_change("old", old, needing, added="a") == []
    assert [(rule, path) for rule, path, _ in told_of_change("x", old, needing, added="a old")] == [
        ("needs-together", "changes/a.md")
    ]
    assert [rule for rule, *_ in told_of_change("x", source("a", needs=["a"]), added="a")] == ["needs-cycle"]
    released = [source(f"released/1.0/{name}", needs=needs) for name, needs in (("old", []), ("a", ["old"]))]
    assert told_of_change("x", *released, added="released/1.0/a released/1.0/old") == []


def test_a_name_is_told_where_it_stands_below_its_key() -> None:
    assert told(source("b", hold=["5644"], needs=["5"])) == [("unknown-reference", "changes/b.md:4:9")]
    text = b"---\ntype: fixed\nneeds:\n  - a\n  - zzz\n---\nzzz needs: zzz\n"
    assert told(source("a"), FragmentFile("changes/b.md", text)) == [("unknown-reference", "changes/b.md:5:5")]


def test_a_change_of_two_release_lines_is_read_again_where_one_file_changes() -> None:
    fix = b"---\ntype: fixed\nissues: [7]\n---\nA fix.\n"
    files = [FragmentFile(f"changes/{name}.md", fix) for name in ("a", "released/1.9.1/a")]
    assert told_of_change("a", *files) == []
    other = FragmentFile("changes/released/1.9.1/a.md", b"---\ntype: fixed\n---\nAnother.\n")
    assert [rule for rule, *_ in told_of_change("a", files[0], other)] == ["duplicate-identity"]


def test_a_name_of_what_has_gone_is_told_with_one_that_is_like_it() -> None:
    others = [source("4070-expand"), source("own"), source("b", needs=["4070-expnd", "onw"]), source("c", needs=["nothing"])]
    like = "Did you mean `4070-expand`? Allowed: the name of a fragment's file without `.md`."
    assert told_of_change("own", *others, gone="4070-expnd") == [("unknown-reference", "changes/b.md", like)]
    others[0] = source("own-expnd")
    assert "`own-expnd`" in told_of_change("own-expnd", *others, gone="4070-expnd")[0][2]


def test_services_that_nobody_declares_are_told_where_others_are() -> None:
    step = "---\ntype: fixed\ndeploy:\n  - phase: before-restart\n    run: x\n    restart: [web, wbe]\n---\ntext\n"
    files = [FragmentFile(f"changes/{name}.md", step.encode()) for name in ("a", "released/1.0/b")]
    declared = Config(services=(Service("web", "systemctl restart web"),))
    [found] = check_fragments(files, declared).findings
    assert (found.rule, str(found.place), found.example) == ("unknown-service", "changes/a.md:4", "[services.wbe]")
    assert check_fragments(files, Config()).findings == ()


def test_a_folder_that_is_no_release_is_told_once() -> None:
    assert told(source("released/x y/a"), source("released/x y/b")) == [("misplaced-fragment", "changes/released/x y/a.md")]


def test_a_note_of_another_tool_is_told_alone() -> None:
    note = FragmentFile("changes/12.feature.md", b"A new thing.\n")
    [found] = check_fragments([note], Config()).findings
    assert (found.rule, found.example) == ("foreign-fragment", "relbot import towncrier")
    changeset = FragmentFile("changes/a.md", b'---\n"pkg": minor\n---\nA new thing.\n')
    assert [f.rule for f in check_fragments([changeset], Config()).findings] == ["foreign-fragment"]


def test_a_change_of_several_components_lies_in_the_release_of_each() -> None:
    config = Config(components=(Component("web", "web"), Component("cli", "cli")))

    def both(second: str, *texts: str) -> list[str]:
        paths = ("changes/released/1.0/a.md", second)
        files = [
            FragmentFile(path, f"---\ntype: fixed\n{keys}---\ntext\n".encode()) for path, keys in zip(paths, texts, strict=True)
        ]
        return [finding.rule for finding in check_fragments(files, config).findings]

    several = "component: [web, cli]\n"
    assert both("changes/released/1.0/b.md", several, several) == []
    assert both("changes/a.md", several, several) == []
    assert both("changes/a.md", "", "") == []
    each = tuple(Component(name, name, f"{name}/NEWS.md", f"{name}/changes") for name in ("web", "cli"))
    for keys, said in (
        (several, []),
        ("", ["duplicate-identity"]),
        (several + "x: 1\n", ["unknown-key"] * 2 + ["duplicate-identity"]),
    ):
        copies = [FragmentFile(f"{c.directory}/released/1.0/a.md", f"---\ntype: fixed\n{keys}---\ntext\n".encode()) for c in each]
        assert sorted(f.rule for f in check_fragments(copies, Config(components=each)).findings) == sorted(said)
    assert both("changes/a.md", "", "issue: x\n") == ["duplicate-identity", "unknown-key"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Fine.\n", []),
        ("Two.\n\nOne <script>x</script>.\n", ["hidden-html:3: Write it as code, between backticks:"]),
        ("<!-- x\n", ["html-left-open:1: End it with `-->`, or write it as code."]),
        ("<? x\n", ["html-left-open:1: End it with `?>`, or write it as code."]),
        ("<!X x\n", ["html-left-open:1: End it with `>`, or write it as code."]),
        ("A.\n\n<details>\n", ["html-left-open:3: Close the element and show its text, or write it as code."]),
        ("A <b>b</b>.\n", ["raw-html:1: Write it in Markdown, or as code."]),
        (b"A.\n\n\xff\n", ["file-encoding:3: Save it as UTF-8."]),
        ("A \x1b[2J.\n", ["control-character:1: Remove it."]),
    ],
)
def test_the_text_above_a_release_is_judged_as_readers_would_see_it(text: str | bytes, said: list[str]) -> None:
    source = FragmentFile("changes/_next.md", text if isinstance(text, bytes) else text.encode())
    assert [f"{each.rule}:{each.place.line}: {each.tip}" for each in check_release_prose(source)] == said
    assert check_release_prose(source._replace(path="changes/other.md")) == []
    [kind] = check_release_prose(source._replace(problem="It is a link."))
    assert (kind.rule, kind.message) == ("file-kind", "It is a link.")
