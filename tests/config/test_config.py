"""The configuration: defaults, examples that hold, and all faults at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.keys import CONFIG_KEYS
from relbot.config.model import Config
from relbot.config.read import read_config
from relbot.errors import ConfigError
from relbot.schema.kinds import Named, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.schema.kinds import Key


def examples(keys: tuple[Key, ...], header: str = "") -> Iterator[tuple[str, str]]:
    """(path of the key, a configuration that sets it)"""
    for key in keys:
        yield f"{header}{key.name}", f"[{header.rstrip('.')}]\n{key.example}\n" if header else f"{key.example}\n"
        record = key.kind.kind if isinstance(key.kind, Named) else key.kind
        if isinstance(record, Record):
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
        ("directory = 1\n", [("surprising-value", 1)]),
        ('tag = "release"\n', [("unknown-value", 1)]),
        ('tag = "{version"\n', [("unknown-value", 1)]),
        ('tag = "{version}{user}"\n', [("unknown-value", 1)]),
        ('[components.released]\ntitle = "x"\n', [("unknown-value", 1)]),
        ('[components.api]\ndirectory = "changes"\n', [("unknown-value", 1)]),
        (
            (
                'drectory = "x"\nformat = "html"\n\n[links]\nhistory = "yes"\nisue = "x"\n\n'
                '[rules]\nfragment-missing = "maybe"\n\n[types.Fixed]\nbump = "huge"\n'
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


def test_lines_are_those_of_pyproject() -> None:
    assert faults('[tool.relbot]\ntag = "x"\n\n[tool.relbot.links]\nisue = "x"\n', "pyproject.toml") == [
        ("unknown-value", 2),
        ("unknown-key", 5),
    ]
    assert faults("[project]\n\n[tool.relbot.components.released]\n", "pyproject.toml") == [("unknown-value", 3)]
