"""YAML that other tools write, with every value as the text that stands there."""

from __future__ import annotations

from typing import Any

MOST_ALIASES = 16
"""Aliases of a document: each may double what it says, and only so many of them can be compared in milliseconds."""


def load_yaml_text(text: str) -> Any:
    """The one document of a text: mappings, lists and texts, so that `1.10` stays a version. ValueError if it is none."""
    import yaml  # few commands read YAML that is not front matter

    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        if sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)) > MOST_ALIASES:
            raise ValueError(f"more than {MOST_ALIASES} aliases")
        return loader(text).get_single_data()
    except yaml.YAMLError as error:
        raise ValueError("not one document of YAML") from error
