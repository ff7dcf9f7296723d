"""What is wrong with fragments together."""

import pytest

from relbot.config.model import Config
from relbot.fragment.file import FragmentFile
from relbot.review.check import check_fragments


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
    assert "`4070-expand`" in findings[0].tip


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
