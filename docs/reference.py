"""The reference documentation, written from the code: `python -m docs.reference [--check]`.

docs/rules.md comes from the rulebook, docs/commands.md from the command line, docs/formats.md from the registries of formats,
docs/fragments.md and docs/configuration.md from the tables of keys, docs/sources.md from the sources of revisions. With
`--check` nothing is written: exit code 1, and the names of the files that are not what the code says.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import relbot.render
from docs.commands import commands_page
from docs.house import house_page
from docs.reliability import reliability_page
from relbot.config.environments import ENVIRONMENT_KEYS
from relbot.config.keys import CONFIG_KEYS
from relbot.config.model import Config
from relbot.detect.engine.registry import DETECTOR_IDS
from relbot.fragment.keys import fragment_keys
from relbot.render.formats import FormatRegistry
from relbot.review.rulebook import RULES
from relbot.review.rulebook.detectors import detector_rules, list_facts
from relbot.schema.kinds import LateTable, Many, Named, Table
from relbot.sources.registry import all_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from relbot.review.rulebook.model import Example, File, Rule
    from relbot.schema.kinds import Key, ValueKind
    from relbot.sources.model import Source

_NOTE = "<!-- Generated from the code by `make docs`. Do not edit. -->"
_LANGUAGES = {"jsonl": "json", "md": "markdown", "toml": "toml", "rb": "ruby"}


def pages() -> dict[str, str]:
    """The text of each page, by its path below the repository's root."""
    config = Config()
    keys = fragment_keys(config.type_names, config.component_names)
    return {
        "docs/rules.md": _rules(),
        "docs/commands.md": commands_page(_NOTE),
        "docs/fragments.md": _reference("The keys of a fragment", _FRAGMENTS, keys, "yaml"),
        "docs/sources.md": _sources(),
        "docs/house.md": house_page(_NOTE),
        "docs/reliability.md": reliability_page(_NOTE),
        "docs/configuration.md": _reference("The configuration", _CONFIGURATION, CONFIG_KEYS, "toml"),
        "docs/formats.md": _formats(),
    }


_FRAGMENTS = """A fragment is a Markdown file in `changes/` that describes one change. Between two lines of `---` stand the keys
below, then the text. Its only headings of level two are `## Migration`, `## Compatibility` and `## For operators`. Only `type`
is needed. What stands below `## Migration` is read on the checklist before the first step, and in the upgrade guide.
What is allowed here is so without configuration: `types` and `components` change it."""
_CONFIGURATION = """`relbot.toml` at the root of the repository, or `[tool.relbot]` in `pyproject.toml`. Every key may be left
out, and so may the file."""


_SOURCES = """What tells relbot which revision runs somewhere: `deployed` of `[environments.NAME]` names one of these.
What an answer may be, and what follows if there is none: [Which revision runs](deployed.md)."""


def _sources() -> str:
    sources = sorted(all_sources().values(), key=lambda source: source.title)
    keys = {key.name: key for key in ENVIRONMENT_KEYS}
    return (
        "\n\n".join([f"# Sources of revisions\n\n{_NOTE}\n\n{_SOURCES}", *(_source(source, keys) for source in sources)]) + "\n"
    )


def _source(source: Source, keys: Mapping[str, Key]) -> str:
    taken = [
        f"- {code(name)}{' (required)' if name == source.keys[0] else ''}: {_inline(keys[name].doc)}" for name in source.keys
    ]
    parts = [f"## {code(source.id)}: {source.title}", source.description, block(source.example, "toml")]
    return "\n\n".join([*parts, "\n".join(taken) or "It needs no other keys."])


_FORMATS = """`--format NAME` chooses how a command shows its answer. The first format of a list is the default, unless the help
of the command names another. In every format relbot writes out control characters and invisible characters, as `\\x1b` or
`\\u202e`. In the log of a GitHub Actions runner no text acts as a workflow command."""


def _formats() -> str:
    """A page with a list for each thing that relbot shows."""
    parts = [f"# Output formats\n\n{_NOTE}\n\n{_FORMATS}"]
    for registry in _registries():
        commands = ", ".join(code(f"relbot {name}") for name in registry.commands)
        listed = "\n".join(f"- {code(each.name)}: {each.about}" for each in registry.formats)
        parts.append(f"## {registry.shown}\n\nOf {commands}:\n\n{listed}")
    return "\n\n".join(parts) + "\n"


def _registries() -> list[FormatRegistry[Any]]:
    """All registries of relbot.render, by what they show."""
    found = {
        id(value): value
        for module in pkgutil.walk_packages(relbot.render.__path__, "relbot.render.")
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, FormatRegistry)
    }
    return sorted(found.values(), key=lambda registry: registry.shown)


def _rules() -> str:
    rules = RULES | detector_rules()
    listed = "\n".join(f"- [`{rule.id}`](#{rule.id}): {rule.summary}" for rule in rules.values())
    intro = "What relbot reports, why, and how it looks wrong and right. `relbot explain RULE` shows the same."
    return "\n".join([f"# Rules\n\n{_NOTE}\n\n{intro}\n\n{listed}", *(_rule(rule) for rule in rules.values())])


def _rule(rule: Rule) -> str:
    facts = [f"Its facts, and their levels:\n\n{list_facts(rule.id)}"] if rule.id in DETECTOR_IDS else []
    parts = [f"## {rule.id}", rule.summary, rule.why, *facts]
    for title, example in (("Wrong", rule.bad), ("Right", rule.good)):
        parts += [f"### {title}: {rule.id}", _example(example)]
    return "\n" + "\n\n".join(parts) + "\n"


def _example(example: Example) -> str:
    return "\n\n".join(f"{code(f.path)}\n\n{block(f.shown, _language(f))}" for f in example.files)


def _language(file: File) -> str:
    if file.text.startswith("@@ "):
        return "diff"
    return _LANGUAGES[file.path.rsplit(".", 1)[-1]]


def _reference(title: str, intro: str, keys: Sequence[Key], language: str) -> str:
    """A page with a section for each key, and one for each table of keys inside it."""
    return "\n\n".join([f"# {title}\n\n{_NOTE}\n\n{intro}", *_sections(keys, "", 2, language)]) + "\n"


def _sections(keys: Sequence[Key], within: str, level: int, language: str) -> Iterator[str]:
    for key in keys:
        name = f"{within}{key.name}"
        facts = [f"- Allowed: {_inline(key.kind.allowed)}", f"- {_default(key)}"]
        yield "\n\n".join([f"{'#' * level} {code(name)}", _inline(key.doc), "\n".join(facts), block(key.example, language)])
        inner, separator = _record_in(key.kind)
        if inner is not None:
            yield from _sections(inner.keys, f"{name}{separator}", level + 1, language)


def _record_in(kind: ValueKind) -> tuple[Table | None, str]:
    """The table of keys that a value of this kind holds, and what stands between its name and theirs."""
    match kind:
        case LateTable():
            return _record_in(kind.load())
        case Table():
            return kind, "."
        case Named(kind=Table() as record):
            return record, ".NAME."
        case Many(kind=Table() as record):
            return record, "[]."
        case _:
            return None, ""


def _default(key: Key) -> str:
    """Whether a key is required, or what holds without it, as the file would say it."""
    value: Any = key.default
    if key.required:
        return "Required"
    if value in (None, "", ()):
        return "Default: none"
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)  # the same in TOML and in YAML
    return f"Default: {code(written)}"


def code(text: str) -> str:
    """A text as inline code, whatever backticks it has (CommonMark 6.1)."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def block(text: str, language: str) -> str:
    """A text as a fenced block, whatever fences it has (CommonMark 4.5)."""
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text.rstrip(chr(10))}\n{ticks}"


def _inline(text: str) -> str:
    """A text with what Markdown would obey escaped, except inside backticks."""
    parts = re.split("(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\<>*_\[\]|])", r"\\\1", part) for part in parts)


def main(arguments: Sequence[str] | None = None, root: Path = Path()) -> int:
    """Writes the pages below `root`, or says which of them are stale. The exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.reference", description="Writes docs/ from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a page is stale")
    only_check = parser.parse_args(arguments).check
    wanted = {path: text.encode() for path, text in pages().items()}
    stale = [path for path, content in wanted.items() if not (root / path).is_file() or (root / path).read_bytes() != content]
    for path in stale:
        if only_check:
            print(f"{path} is stale. Run `make docs`.", file=sys.stderr)
        else:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(wanted[path])
            print(f"wrote {path}")
    return 1 if stale and only_check else 0


if __name__ == "__main__":
    sys.exit(main())
