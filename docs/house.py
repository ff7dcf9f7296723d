"""The page docs/house.md: the rooms of relbot with their purposes, and the imports between them as a picture."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.rooms import FLOORS, PACKAGE, imported_rooms

ROOT = Path(__file__).parents[1]


def house_page(note: str) -> str:
    """The page as Markdown: a picture in Mermaid, then a table of the rooms from the top floor down.

    `note` is the comment that says that the page is generated. An arrow is drawn where a file of one room imports a file of
    another one; arrows to `errors`, `finding` and `_version`, which every room may use, are left out.
    """
    rooms = [room.name for floor in FLOORS for room in floor]
    arrows = _count_imports()
    picture = ["```mermaid", "flowchart TD"]
    for number, floor in enumerate(FLOORS):
        members = "; ".join(_box(room.name) for room in floor)
        picture.append(f"  subgraph floor{number}[ ]\n    direction LR\n    {members}\n  end")
    downward = sorted(arrows, key=lambda pair: tuple(map(rooms.index, pair)))
    picture += [f"  {_id(source)} --> {_id(target)}" for source, target in downward]
    picture.append("```")
    table = ["| Room | Pure | What |", "|---|---|---|"]
    table += [f"| `{room.name}` | {'yes' if room.pure else ''} | {room.purpose} |" for floor in FLOORS for room in floor]
    intro = (
        "Imports point downward only. A pure room does no input or output and reads no clock. `tests/test_architecture.py` holds"
        " the code to both; the rooms are declared in `tests/rooms.py`."
    )
    everywhere = "The picture leaves out the arrows to `errors`, `finding` and `_version`, which every room may use."
    return "\n\n".join(["# The house", note, intro, "\n".join(picture), everywhere, "\n".join(table)]) + "\n"


def _count_imports() -> Counter[tuple[str, str]]:
    """How many files of a room import a file of another room, by the two rooms' names."""
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        relative = path.relative_to(ROOT / PACKAGE)
        source = relative.parts[0].removesuffix(".py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update({(source, target) for target in imported_rooms(tree, relative) if target != source})
    return Counter({pair: count for pair, count in found.items() if pair[1] not in ("errors", "finding", "_version")})


def _box(room: str) -> str:
    return f'{_id(room)}["{room}"]'


def _id(room: str) -> str:
    return f"room{room.strip('_')}"
