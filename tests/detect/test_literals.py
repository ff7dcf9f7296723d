"""What the detector of named literals sees."""

from __future__ import annotations

import pytest

from relbot.detect.literals.detector import DETECTOR
from tests.detect.changes import evidence, facts

CASES = [
    ("a.rb", "class A < Job\n  queue_as {}\nend\n", ":mail", ":outgoing", {"queue-renamed"}),
    ("a.py", "QUEUE_NAME = {}\n", "'a'", '"a"', set()),
    ("a.py", "@task(queue={})\ndef f(): pass\n", "'a'", "'b'", {"queue-renamed"}),
    ("A.java", "class A {{ @KafkaListener(topics = {}) void a() {{}} }}\n", '"a"', '"b"', {"queue-renamed"}),
    ("A.java", 'class A {{ @KafkaListener(topics = {}, groupId = "g") void a() {{}} }}\n', '"a"', "TOPIC", set()),
    ("a.php", "<?php class A {{ function a() {{ $this->onQueue({}); }} }}\n", "'a'", "'b'", {"queue-renamed"}),
    ("a.ex", "defmodule A do\n  use Oban.Worker, queue: {}\nend\n", ":a", ":b", {"queue-renamed"}),
    ("a.cs", "class A {{ const string QueueName = {}; }}\n", '"a"', '"b"', {"queue-renamed"}),
    ("settings.py", "X = {{'DEFAULT_PERMISSION_CLASSES': [{}]}}\n", "'a'", "'b'", {"policy-changed"}),
    ("src/cache/keys.ts", "export const prefix = {};\n", "'a:'", "'b:'", {"cache-key-changed"}),
    ("src/paths/keys.ts", "export const prefix = {};\n", "'a:'", "'b:'", {"literal-changed"}),
    ("a.rs", "const BUCKET: &str = {};\n", '"a"', '"b"', {"store-moved"}),
    ("a.go", "package a\n\nfunc f() {{\n\td := json.NewDecoder(r)\n\t{}\n}}\n", "", "d.DisallowUnknownFields()", {"stricter"}),
    ("application.yml", "server:\n  {}\n", "a: 1", "port: 9090", {"address-changed"}),
    (
        "appsettings.json",
        '{{"Kestrel": {{"Endpoints": {{"Http": {{"Url": "{}"}}}}}}}}\n',
        "http://*:1",
        "http://*:2",
        {"address-changed"},
    ),
    ("a.scala", "val limit = {}\n", "5", "6", {"literal-changed"}),
    ("a.scala", "val limit = {}\n", "5", "5 // five", set()),
    ("a.py", "MAX_ITEMS = {}\n", "5", "6", {"literal-changed"}),
]


@pytest.mark.parametrize(("path", "around", "before", "after", "expected"), CASES)
def test_facts(path: str, around: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (around.format(before), around.format(after))}) == expected


def test_a_literal_is_called_by_its_own_name() -> None:
    (found,) = evidence(DETECTOR, {"a.py": ("class A:\n    MAX_ITEMS = 5\n", "class A:\n    MAX_ITEMS = 6\n")})
    assert found.subjects == ("MAX_ITEMS",)
