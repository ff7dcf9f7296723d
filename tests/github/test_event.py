"""What an event asks for: real payloads, and such as nobody should send."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.errors import RelbotError, Unknown, UsageError
from relbot.github.event import (
    KNOWN,
    CommitRangeActivity,
    NoActivity,
    PullRequestActivity,
    activity_of,
    event_name_of,
    named_pull_request,
    parse_payload,
)
from tests.github.payloads import payloads
from tests.tiers import examples

PULL = payloads("pull_request")[0]
ZEROS = "0" * 40


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_every_real_pull_request_is_understood(name: str) -> None:
    for payload in payloads("pull_request"):
        expected = PullRequestActivity(
            payload["repository"]["full_name"], payload["number"], payload["pull_request"]["head"]["sha"]
        )
        assert activity_of(name, payload) == expected
        assert event_name_of(payload) == "pull_request"


def test_a_merge_group_names_the_pull_request_that_is_queued() -> None:
    payload = payloads("merge_group")[0]
    group = payload["merge_group"]
    assert activity_of("merge_group", payload) == CommitRangeActivity(
        "octo-org/octo-repo", group["base_sha"], group["head_sha"], 104
    )
    assert event_name_of(payload) == "merge_group"


def test_a_push_is_too_late_to_ask() -> None:
    by_ref = {payload["ref"]: payload for payload in payloads("push")}
    kinds = {ref: type(activity_of("push", payload)) for ref, payload in by_ref.items()}
    assert kinds["refs/tags/simple-tag"] is NoActivity
    pushed = {
        "ref": "refs/heads/main", "before": "a" * 40, "after": "b" * 40, "repository": {"full_name": "o/r"}
    }  # fmt: skip
    assert activity_of("push", pushed) == CommitRangeActivity("o/r", "a" * 40, "b" * 40, asks=False)
    assert isinstance(activity_of("push", pushed | {"before": ZEROS}), NoActivity)
    assert isinstance(activity_of("push", pushed | {"after": ZEROS}), NoActivity)
    for payload in by_ref.values():
        assert event_name_of(payload) == "push"


def test_a_comment_counts_on_a_pull_request_only() -> None:
    payload = payloads("issue_comment")[0]
    assert isinstance(activity_of("issue_comment", payload), NoActivity)
    on_pull = copy.deepcopy(payload)
    on_pull["issue"]["pull_request"] = {"url": "…"}
    assert activity_of("issue_comment", on_pull) == PullRequestActivity(
        payload["repository"]["full_name"], payload["issue"]["number"]
    )
    assert event_name_of(payload) == "issue_comment"


@pytest.mark.parametrize("key", ["number", "pr", "pull-request"])
def test_a_dispatch_names_the_pull_request(key: str) -> None:
    payload = payloads("workflow_dispatch")[0]
    with pytest.raises(UsageError, match="without a pull request"):
        activity_of("workflow_dispatch", payload)
    given_ = payload | {"inputs": {key: "4075"}}
    assert activity_of("workflow_dispatch", given_) == PullRequestActivity(payload["repository"]["full_name"], 4075)
    for wrong in ("x", "-1", "0", "１２", "4075; rm"):
        with pytest.raises(UsageError):
            activity_of("workflow_dispatch", payload | {"inputs": {key: wrong}})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("repository", "full_name"), "o/r/../x"),
        (("repository", "full_name"), "o"),
        (("repository", "full_name"), None),
        (("repository",), []),
        (("pull_request",), "x"),
        (("pull_request", "number"), "12"),
        (("pull_request", "number"), True),
        (("pull_request", "number"), 0),
        (("pull_request", "head", "sha"), "--upload-pack=x"),
        (("pull_request", "head", "sha"), "HEAD"),
        (("pull_request", "head", "sha"), "a" * 41),
        (("pull_request", "head"), None),
    ],
)
def test_what_is_used_is_checked(path: tuple[str, ...], value: Any) -> None:
    payload = copy.deepcopy(PULL)
    at = payload
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(Unknown, match="no usable"):
        activity_of("pull_request", payload)


def test_an_event_that_relbot_does_not_know() -> None:
    with pytest.raises(UsageError, match="“schedule”") as caught:
        activity_of("schedule", {})
    assert all(name in caught.value.tip for name in KNOWN)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_event(content: bytes) -> None:
    with pytest.raises(Unknown, match=r"event\.json"):
        parse_payload(content, "event.json")


KEYS = ("number", "sha", "full_name", "head", "inputs", "pull_request", "base_sha", "head_sha")
TOPS = ("pull_request", "repository", "inputs", "merge_group", "issue", "ref", "before", "after")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda each: st.lists(each) | st.dictionaries(st.sampled_from(KEYS), each),
)


@settings(max_examples=examples(20))
@given(st.sampled_from(KNOWN), st.dictionaries(st.sampled_from(TOPS), JSON))
def test_no_payload_is_a_bug(name: str, payload: dict[str, Any]) -> None:
    with contextlib.suppress(RelbotError):
        activity_of(name, parse_payload(json.dumps(payload).encode(), "event.json"))


def test_a_pull_request_named_by_hand() -> None:
    assert named_pull_request("openSUSE/open-build-service", 5622) == PullRequestActivity("openSUSE/open-build-service", 5622)
    for repository, number in (("o", 1), ("o/r", 0), ("o/..", 1), ("-o/r", 1), ("o/r?x", 1)):
        with pytest.raises(UsageError):
            named_pull_request(repository, number)
