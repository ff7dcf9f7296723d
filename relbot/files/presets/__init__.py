"""Rules that fit a kind of project, as data: `preset = ["rails"]` below `[rules]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.config.model import Config, Rules


def with_presets(config: Config) -> Config:
    """The configuration with the rules of its presets below its own: what it says itself wins."""
    rules = config.rules
    for name in rules.presets:
        rules = _merge_rules(rules, load_preset(name))
    return config._replace(rules=rules)


def load_preset(name: str) -> Rules:
    """The rules of one preset."""
    from importlib.resources import files  # few projects name a preset

    from relbot.config.rules import read_rules  # the same

    path = f"{name}.toml"
    return read_rules(path, files(__package__).joinpath(path).read_text("utf-8"))


def _merge_rules(own: Rules, below: Rules) -> Rules:
    return own._replace(
        levels=tuple((dict(below.levels) | dict(own.levels)).items()),
        paths=tuple((dict(below.paths) | dict(own.paths)).items()),
        routine=tuple(dict.fromkeys((*own.routine, *below.routine))),
    )
