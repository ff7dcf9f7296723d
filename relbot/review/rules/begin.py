"""The fragment that a pull request is offered: named after its branch, told by its title where the diff tells nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from relbot.fragment.location import as_identity
from relbot.fragment.model import Compat
from relbot.fragment.prose import FILL_IN, PLACEHOLDER
from relbot.fragment.write import Answers, as_markdown
from relbot.review.rules.model import Proposal
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Collection

    from relbot.config.model import Config

_TYPES = (
    ("security", r"security|vulnerab|cve-\d"),
    ("fixed", r"fix|bug|repair|mend|correct"),
    ("removed", r"remov|delet|drop"),
    ("deprecated", r"deprecat"),
    ("added", r"add|feat|introduc|support|implement|new"),
)
_LONGEST = 200
_WHAT = "what changes, in a sentence, for people who use or run this."
_WHO = "who has to do what, and when."
_WHY = "why the old way cannot keep working for a while. If it does, write `compat: shim` above and remove this section."


def offer_fragment(proposal: Proposal | None, branch: str, title: str, config: Config, taken: Collection[str]) -> Proposal:
    """The proposal, or one made of branch and title if there is none, with a name that is not among the identities `taken`."""
    name = _free_name(as_identity(branch), {identity.lower() for identity in taken})
    path = f"{config.directory}/{name}.md"
    if proposal is not None:
        return proposal._replace(path=path)
    line = " ".join(title.split())[:_LONGEST]
    return Proposal(path, as_markdown(Answers(type=hinted_type(f"{branch} {line}", config), text=line or PLACEHOLDER)))


def complete_proposal(proposal: Proposal | None, branch: str, config: Config, taken: Collection[str]) -> Proposal:
    """A fragment that is named after the branch and valid once its author has filled in what no diff tells.

    What is to be filled in are whole lines that begin with `FILL IN`. `proposal` is what the diff tells, None if nothing.
    """
    answers = proposal.answers if proposal else None
    answers = replace(answers or Answers(type="", text=""), type=hinted_type(branch, config), text=f"{FILL_IN}{_WHAT}")
    questions = proposal.questions if proposal else ()
    if answers.migration and not answers.step.get("run"):
        asked = " ".join(questions)
        answers = replace(answers, note="\n\n".join(filter(None, (answers.note, f"{FILL_IN}{_WHO} {asked}".rstrip()))))
    if answers.breaking:
        answers = replace(answers, compat=Compat.NONE.value, compatibility=f"{FILL_IN}{_WHY}")
    name = _free_name(as_identity(branch), {identity.lower() for identity in taken})
    return Proposal(f"{config.directory}/{name}.md", as_markdown(answers), questions, answers)


def _free_name(name: str, taken: Collection[str]) -> str:
    if name.lower() not in taken:
        return name
    return next(f"{name[:90]}-{n}" for n in range(2, len(taken) + 3) if f"{name[:90]}-{n}".lower() not in taken)


def hinted_type(text: str, config: Config) -> str:
    """The type that the words hint at, else `changed`, else the first that the project has."""
    types = config.type_names
    hinted = [name for name, pattern in _TYPES if name in types and re.search(rf"\b(?:{pattern})", text, re.IGNORECASE)]
    return next((name for name in (*hinted[:1], "changed") if name in types), types[0])
