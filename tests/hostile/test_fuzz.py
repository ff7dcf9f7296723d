"""The fuzzer notices what must not happen, and makes the same inputs of the same seed."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from relbot.adoption.notes.rst_to_markdown import convert_rst
from relbot.cli.deploy import lock, note
from relbot.files import configuration
from relbot.files.journal import Journal
from relbot.fragment import yaml_parser
from relbot.github.event import parse_payload
from relbot.release.record import read_release_record
from relbot.render.common import media
from relbot.schema import toml_nodes, yaml_nodes
from relbot.schema.json_text import load_json
from relbot.sources import extract
from tests.guards import code_without
from tests.hostile.fuzz import TOKENS, is_wrong, new_inputs, read_corpus, run_once
from tests.hostile.test_corpus import planted, project

if TYPE_CHECKING:
    from tests.repository import Repo

__all__ = ["planted", "project"]


def test_a_bug_is_noticed_and_a_finding_is_not(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"changes/2.md": "---\ntype: fixed\nissues: [[1]]\n---\n\nA.\n"}
    assert not is_wrong(run_once(project, ["check"], files))
    monkeypatch.setattr("relbot.schema.yaml_nodes._too_much", lambda text: 1 / 0)
    assert is_wrong(run_once(project, ["check"], files))


RECORD = "changes/released/1.0.0/release.json"
GUARDS = [
    (toml_nodes.parse_toml, "except RecursionError:", "except _Never:", "relbot.toml", "\nx = [["),
    (toml_nodes.parse_toml, "except RecursionError:", "except _Never:", "relbot.toml", "\na.a."),
    (toml_nodes.parse_toml, "except ValueError:", "except _Never:", "relbot.toml", "\nx = 99"),
    (configuration._decode_content, "except UnicodeDecodeError", "except _Never", "relbot.toml", "\ud800"),
    (yaml_nodes._own_nodes, "if id(node) in own:", "if False:", "changes/1.md", "\nx: &a"),
    (yaml_nodes._report_tags, "if id(node) in seen:", "if False:", "changes/1.md", "\nx: &a"),
    (yaml_parser._decode_content, "except UnicodeDecodeError", "except _Never", "changes/1.md", "\ud800"),
    (load_json, "except RecursionError:", "except _Never:", "rec", "[[["),
    (parse_payload, "except ValueError:", "except _Never:", "ev", "[[["),
    (Journal._believed, "except (ValueError, KeyError, TypeError)", "except _Never", "changes/.relbot-journal.json", "null"),
    (read_release_record, "except (ValueError, KeyError, TypeError, A", "except (A", RECORD, "null"),
    (extract._parse_xml, "except (expat.ExpatError, ET.ParseError, LookupError, ValueError)", "except _Never", "REVISION", "\0"),
    (convert_rst, "except RecursionError:", "except _Never:", "news/1.feature.rst", "\n\n- -"),
    (lock._parse_length, "except (ValueError, OverflowError):", "except _Never:", "{}", "9" * 30),
    (note._parse_time, "except ValueError:", "except _Never:", "{}", "9" * 30),
    (media.neutralize_text, "return make_visible(text)", "return text", "{}", "\u202e"),
]
"""What stands between an input and a bug: the function, its guard, what is without it, and a token of a kind of file or argument
that gets through then. The limit of brackets in YAML is none of them: libyaml has one of its own since 0.2.6.
"""


@pytest.mark.parametrize(("function", "guard", "instead", "place", "token"), GUARDS, ids=[each[0].__name__ for each in GUARDS])
def test_a_guard_that_is_gone_is_found(
    project: Repo, monkeypatch: pytest.MonkeyPatch, function: Any, guard: str, instead: str, place: str, token: str
) -> None:
    whole = min((each for each in TOKENS if each.startswith(token)), key=len)
    corpus, draw = read_corpus(), random.Random(1)  # noqa: S311  # inputs of tests
    inputs = [corpus.with_token(draw, place, whole) for _ in range(corpus.rounds(place))]
    monkeypatch.setattr("tests.hostile.test_corpus.MEMORY", 200_000_000)
    monkeypatch.setattr(function, "__code__", code_without(function, guard, instead))
    monkeypatch.setitem(function.__globals__, "_Never", _Never)
    assert any(is_wrong(run_once(project, *each)) for each in inputs)


class _Never(Exception):
    """In the place of an error that relbot catches: nothing raises it."""


def test_a_seed_makes_the_same_inputs_again() -> None:
    first, second = (list(islice(new_inputs(random.Random(7)), 50)) for _ in range(2))  # noqa: S311  # inputs of tests
    assert first == second
    assert len({str(each) for each in first}) > 40
