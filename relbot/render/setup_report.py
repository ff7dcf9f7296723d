"""What `relbot init` found and did, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.adoption.repository_survey import Observation
    from relbot.adoption.results import InitResult

_WIDTH = 11


def render_survey(found: Sequence[Observation]) -> str:
    """What was found, a line for each thing."""
    return "".join(f"{each.about:<{_WIDTH}}{each.sentence}\n" for each in found)


def render_setup(result: InitResult) -> str:
    """What was written, kept and not set up, what would be different now, and the commands that come next."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: InitResult) -> Iterator[str]:
    for word, paths in (("written", result.written), ("changed", result.changed), ("kept", result.kept)):
        yield from (f"{word:<{_WIDTH}}{path}" for path in paths)
    for difference in result.differences:
        yield f"\n{difference.path} differs from what relbot would write now. `relbot init --replace` replaces it:"
        yield from (f"    {line}" for line in difference.lines)
    if result.config_keys:
        yield "\nThese keys fit this repository, and the configuration has none or another value. Change it if they are right:"
        for key in result.config_keys:
            place = f"below [{key.table}]" if key.table else "at the top"
            yield f"    {key.shown}    # {place}. {key.reason}"
    for notice in result.notices:
        yield f"\n{notice}"
    yield "\nNext:"
    yield from (f"    {command}" for command in result.next)
