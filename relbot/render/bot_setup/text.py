"""How the bot is set up, for people: what was found, and last what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot._version import documentation_link
from relbot.render.common.media import Medium, neutralize_text
from relbot.render.common.units import count_noun
from relbot.review.bot_setup import SetupState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.review.bot_setup import BotSetup, SetupCheck


def render(setup: BotSetup) -> str:
    """Returns a line for each thing that was looked at, and the list of what to change."""
    lines = (line.replace("\n", " ") for line in _lines(setup))
    return neutralize_text("\n".join(lines) + "\n", Medium.TEXT)


def _lines(setup: BotSetup) -> Iterator[str]:
    yield f"relbot in {setup.repository}"
    yield ""
    for check in setup.checks:
        yield f"{check.state.upper():<9}{check.topic}: {check.what}{_facts(check)}"
    open_checks = [check for check in setup.checks if check.state is not SetupState.FINE]
    yield ""
    if not open_checks:
        yield "There is nothing to change."
        return
    yield "What to change, or to check yourself:"
    for number, check in enumerate(open_checks, 1):
        yield f"{number:>3}. {check.change or check.what}"
        if check.page:
            yield f"     {check.page}"
    wrong = sum(check.state is SetupState.WRONG for check in open_checks)
    yield ""
    yield f"{count_noun(wrong, 'thing')} to change, {len(open_checks) - wrong} unknown."
    link = documentation_link("github")
    if link:
        yield f"The numbers of facts: {link}"


def _facts(check: SetupCheck) -> str:
    return f" [{'fact' if len(check.facts) == 1 else 'facts'} {', '.join(map(str, check.facts))}]" if check.facts else ""
