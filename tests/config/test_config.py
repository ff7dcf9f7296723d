"""The configuration: defaults, examples that hold, and all faults at once."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from relbot.config.keys import CONFIG_KEYS
from relbot.config.model import Config
from relbot.config.read import read_config
from relbot.errors import ConfigError
from relbot.schema.kinds import LateTable, Named, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.schema.kinds import Key


def examples(keys: tuple[Key, ...], header: str = "") -> Iterator[tuple[str, str]]:
    """(path of the key, a configuration that sets it)"""
    for key in keys:
        yield f"{header}{key.name}", f"[{header.rstrip('.')}]\n{key.example}\n" if header else f"{key.example}\n"
        record = key.kind.kind if isinstance(key.kind, Named) else key.kind
        record = record.load() if isinstance(record, LateTable) else record
        if isinstance(record, Table):
            yield from examples(record.keys, f"{header}{key.name}." + ("some." if isinstance(key.kind, Named) else ""))


EXAMPLES = list(examples(CONFIG_KEYS))


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_example_of_every_key_is_valid(name: str, text: str) -> None:
    assert text.strip()
    needed = "" if "title" in text or not name.startswith("types.") else 'title = "x"\n'
    assert isinstance(read_config("relbot.toml", text + needed), Config)


def test_nothing_written_is_the_default() -> None:
    assert read_whole("").directory == Config().directory == "changes"
    read = read_whole("")
    assert (read.types, read.components, read.links, read.versions, read.package) == (
        Config().types, Config().components, Config().links, Config().versions, Config().package,
    )  # fmt: skip
    assert (read.changelog, read.title, read.tag, read.marker, read.format) == (
        "CHANGELOG.md",
        "{version} ({date})",
        "v{version}",
        "",
        "",
    )


def test_pyproject_counts_only_with_its_table() -> None:
    assert read_config("pyproject.toml", "[tool.other]\n") is None
    assert read_config("pyproject.toml", "tool = 1\n") is None
    assert read_whole('[tool.relbot]\ndirectory = "news"\n', "sub/pyproject.toml").directory == "news"


def read_whole(text: str, path: str = "relbot.toml") -> Config:
    config = read_config(path, text)
    assert config is not None
    return config


def faults(text: str, path: str = "relbot.toml") -> list[tuple[str, int | None]]:
    with pytest.raises(ConfigError) as raised:
        read_config(path, text)
    return [(finding.rule, finding.place.line) for finding in raised.value.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("directory = changes\n", [("toml-syntax", 1)]),
        ("a = " + "[" * 5_000, [("toml-syntax", 1)]),
        ('directory = "/etc"\n', [("unknown-value", 1)]),
        ('directory = "../x"\n', [("unknown-value", 1)]),
        ("directory = 1\n", [("wrong-type", 1)]),
        ('tag = "release {version}"\n', [("unknown-value", 1)]),
        ('tag = "{version}.lock"\n', [("unknown-value", 1)]),
        ('title = "{version!r}"\n', [("unknown-value", 1)]),
        ('title = "{version} {date:%Y}"\n', [("unknown-value", 1)]),
        ('[versions]\ncalendar = "YYYYY.MICRO"\n', [("unknown-value", 2)]),
        ('[versions]\ncalendar = "MICRO.YYYY"\n', [("unknown-value", 2)]),
        ('changelog = "relbot.toml"\n', [("unknown-value", 1)]),
        ('directory = ".git/changes"\n', [("unknown-value", 1)]),
        ('changelog = "changes/CHANGELOG.md"\n', [("unknown-value", 1)]),
        (
            (
                '[components.a]\ndirectory = "changes"\n\n[components.b]\ndirectory = "changes/released/b"\n\n'
                '[components.c]\nchangelog = "CHANGELOG.md"\ntag = "v{version}"\n\n'
                '[components.d]\ndirectory = "changes/e"\nchangelog = 4\n\n[components.e]\ntitle = ""\n'
            ),
            [
                ("unknown-value", 2),  # the folder of the project
                ("unknown-value", 5),  # where its releases lie
                ("unknown-value", 8),  # its changelog
                ("unknown-value", 9),  # its tag
                ("wrong-type", 13),
                ("unknown-value", 15),  # the folder of d
                ("wrong-type", 16),
            ],
        ),
        ('tag = "release"\n', [("unknown-value", 1)]),
        ('tag = "{version"\n', [("unknown-value", 1)]),
        ('tag = "{version}{user}"\n', [("unknown-value", 1)]),
        ('[components.released]\ntitle = "x"\n', [("unknown-value", 1)]),
        ('[components.api]\ndirectory = "changes"\n', [("unknown-value", 2)]),
        (
            (
                'drectory = "x"\nformat = "html"\n\n[links]\nhistory = "yes"\nisue = "x"\n\n'
                '[rules]\nevery-change = "maybe"\n\n[types.Fixed]\nbump = "huge"\n'
            ),
            [
                ("unknown-key", 1),
                ("unknown-value", 2),
                ("wrong-type", 5),
                ("unknown-key", 6),
                ("unknown-value", 9),
                ("unknown-key", 11),
                ("unknown-value", 12),
            ],
        ),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_all_faults_are_told_with_their_lines(text: str, expected: object) -> None:
    assert faults(text) == expected


SOUND = [
    'changelog = "changes/CHANGELOG.rst"\n',
    '[components.a]\ndirectory = "a/changes"\nchangelog = "a/CHANGELOG.md"\n\n[components.b]\nchangelog = "b/CHANGELOG.md"\n',
    '[components.a]\n\n[components.b]\ntag = "v{version}"\n',  # released with the project, whose tag counts
    'tag = "release/{version}"\ntitle = "Version {version} of {date}"\n',
    '[versions]\nscheme = "calendar"\ncalendar = "1.YY.0M.MICRO"\n',
]


@pytest.mark.parametrize("text", SOUND)
def test_what_gets_in_nobodys_way_is_sound(text: str) -> None:
    read_whole(text)


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("directory = 1", 'directory = "1"'),
        ("title = true", 'title = "true"'),
        ('format = "html"', 'format = "'),
        ('[links]\nhistory = "no"', "history = true"),
        ("[rules]\nevery-change = 1", 'every-change = "off"'),
        ('[rules.paths]\n"a/**" = "maybe"', 'paths."a/**" = "'),
    ],
)
def test_an_example_can_be_copied(text: str, example: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_config("relbot.toml", text)
    (finding,) = raised.value.findings
    assert finding.example.startswith(example)
    assert "YAML" not in finding.message
    tomllib.loads(finding.example)


def test_lines_are_those_of_pyproject() -> None:
    assert faults('[tool.relbot]\ntag = "x"\n\n[tool.relbot.links]\nisue = "x"\n', "pyproject.toml") == [
        ("unknown-value", 2),
        ("unknown-key", 5),
    ]
    assert faults("[project]\n\n[tool.relbot.components.released]\n", "pyproject.toml") == [("unknown-value", 3)]
