"""What `relbot import` did, or would do, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.render.common.units import count_noun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relbot.adoption.notes.import_plan import ImportPlan


def render_import(plan: ImportPlan, *, is_dry: bool, most: int | None) -> str:
    """The numbers, what is different from the source, and how to go on. `most` sentences are listed of a kind, None for all."""
    return "\n".join(_lines(plan, is_dry=is_dry, most=most)) + "\n"


def _lines(plan: ImportPlan, *, is_dry: bool, most: int | None) -> Iterator[str]:
    if is_dry:
        yield plan.operations.describe()
        yield ""
    verb = "would become" if is_dry else "became"
    yield f"{plan.tool} has {count_noun(plan.notes, 'note')}."
    if plan.failed:
        become = "a fragment" if len(plan.failed) == 1 else "fragments"
        yield f"{count_noun(len(plan.failed), 'note')} cannot become {become}, so relbot imports nothing:"
        yield from _listed(plan.failed, most)
        yield "Correct or remove what is listed, and run the command again."
        return
    yield f"{len(plan.new)} {verb} fragments; {plan.unchanged} already exist; {len(plan.differing)} exist and differ."
    if plan.releases:
        yield f"Releases: {len(plan.releases)}, from {plan.releases[-1]} to {plan.releases[0]}."
    if plan.differing:
        yield "\nThese fragments already exist and differ. relbot did not change them:"
        yield from _listed(plan.differing, most)
    if plan.remarks:
        yield "\nKept in the text, because fragments have no key for it:"
        yield from _listed(plan.remarks, most)
    if plan.left_out:
        yield "\nNot imported:"
        yield from _listed(plan.left_out, most)
    if not is_dry and plan.new:
        yield "\nNext:"
        yield "    relbot check"
        if plan.leave:
            yield f"    {plan.leave}"


def _listed(sentences: Sequence[str], most: int | None) -> Iterator[str]:
    shown = sentences[:most]
    yield from (f"    {sentence}" for sentence in shown)
    if len(sentences) > len(shown):
        yield f"    and {len(sentences) - len(shown)} more; `--all` shows them"
