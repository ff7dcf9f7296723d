"""Finds the sources of revisions: every file of this folder that defines `SOURCE`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import relbot.sources

if TYPE_CHECKING:
    from relbot.sources.model import Source


def all_sources() -> dict[str, Source]:
    """Returns every source by its id, sorted."""
    modules = (import_module(f"relbot.sources.{found.name}") for found in iter_modules(relbot.sources.__path__))
    sources: list[Source] = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    return {source.id: source for source in sorted(sources)}


def load_source(name: str) -> Source:
    """Returns the source of that id; only its own file is loaded. ModuleNotFoundError if there is none."""
    source: Source = import_module(f"relbot.sources.{name}").SOURCE
    return source
