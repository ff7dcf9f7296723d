"""What options call by its name: there, or a UsageError that says which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.config.environments import EXAMPLE
from relbot.errors import UsageError
from relbot.schema.faults import nearest_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relbot.config.model import Config, Environment


def known_type(config: Config, name: str | None) -> str | None:
    """The name, if there is a type of that name, or if it is None. UsageError otherwise."""
    if name is not None and name not in config.type_names:
        raise no_such("type", name, config.type_names)
    return name


def known_component(config: Config, name: str | None) -> str | None:
    """The name, if there is a component of that name, or if it is None. UsageError otherwise."""
    if name is not None and config.component(name) is None:
        raise no_such("component", name, config.component_names)
    return name


def known_environment(config: Config, name: str) -> Environment:
    """The environment of that name. UsageError if there is none."""
    found = config.environment(name)
    if found is None:
        raise no_such("environment", name, [environment.name for environment in config.environments])
    return found


def no_such(what: str, name: str, known: Sequence[str]) -> UsageError:
    """That there is none of that name, with the nearest name that there is."""
    if not known:
        example = EXAMPLE.replace("production", name) if what == "environment" else f"[components.{name}]"
        return UsageError(
            f"There is no {what} `{name}`: relbot.toml declares none.", tip="Write into relbot.toml, as in:", example=example
        )
    near = nearest_word(name, known)
    guess = f"Did you mean `{near}`? " if near else ""
    return UsageError(f"There is no {what} `{name}`.", tip=f"{guess}There are: {', '.join(known)}.")
