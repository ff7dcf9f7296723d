"""What the fake GitHub sends back: answers, refusals, planned faults, and the headers of its limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.github.fake.faults import Fault

OF_WORKFLOW, OF_PERSON = 1000, 5000
"""Requests an hour: GitHub fact 80."""


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    content: bytes
    headers: tuple[tuple[str, str], ...] = ()


def refuse(status: int, message: str) -> Answer:
    return Answer(status, json.dumps({"message": message, "documentation_url": "https://docs.github.com/rest"}).encode())


def answer_fault(fault: Fault) -> Answer:
    refused = refuse(fault.status, fault.message)
    return Answer(fault.status, refused.content if fault.content is None else fault.content, fault.headers)


def add_limits(answer: Answer, left: int, enterprise: str, user: str) -> Answer:
    """https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.

    GitHub fact 115: Enterprise Server has none by default. 80: a workflow's token has fewer than a person's.
    """
    own = dict(answer.headers)
    if enterprise:
        return Answer(answer.status, answer.content, tuple({"X-GitHub-Enterprise-Version": enterprise, **own}.items()))
    most = OF_WORKFLOW if user.endswith("[bot]") else OF_PERSON
    limits = {"x-ratelimit-limit": str(most), "x-ratelimit-remaining": str(max(left, 0)), "x-ratelimit-reset": "4102444800"}
    limits |= {"x-ratelimit-used": str(most - left), "x-ratelimit-resource": "core"}
    return Answer(answer.status, answer.content, tuple({**limits, **own}.items()))
