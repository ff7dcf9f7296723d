"""What to say where no single fact asks for a note, but change sets like this one often needed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Evidence
from relbot.review.scoring.features import KINDS, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST = 3
_WHAT = {
    "settings": "where settings are declared or read",
    "commands": "a command",
    "start": "what starts the application",
    "deployment": "how it is deployed",
    "packaging": "what it depends on",
    "storage": "how data is stored",
    "access": "who may do what",
    "example": "what is shipped as an example or template",
    "api": "what it answers",
    "model": "what it stores",
    "documents-operation": "the documentation for those who operate it",
}


def likeness(paths: Sequence[str], shares: Mapping[str, float]) -> Evidence:
    """The heaviest circumstances in a sentence, at the first path that they are about."""
    heaviest = sorted((name for name, share in shares.items() if share > 0), key=lambda name: -shares[name])
    kinds = [name.removeprefix("kind/") for name in heaviest if name.startswith("kind/")][:_MOST]
    words = [name.removeprefix("word/").removeprefix("documented-") for name in heaviest if name.startswith("word/")]
    path = next((path for kind in kinds for path in paths if kind in kind_of(path)), paths[0])
    told = [f"it touches {_listed([_WHAT[kind] for kind in kinds])}"] if kinds else []
    if words:
        told.append(f"its lines speak of {_listed([f'`{word}`' for word in dict.fromkeys(word[1:] for word in words)][:_MOST])}")
    about = " and ".join(told) or "of its size, and with the kinds of files that it touches"
    return Evidence("likeness", "alike", path, None, f"Change sets like this one have often needed a note: {about}.")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


assert set(_WHAT) == set(KINDS)
