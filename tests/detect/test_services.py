"""What the detector of services sees, per way to run a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.detect.engine.model import ChangeSet, FileChange
from relbot.detect.services.detector import DETECTOR
from tests.detect.changes import evidence, facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

COMPOSE = "services:\n  web:\n    image: {image}\n    command: [run]\n{rest}"
PLAIN = COMPOSE.format(image="a", rest="")
STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  labels:
    a: b
  name: db
spec:
  serviceName: {}
  replicas: {}
"""
INIT = "#!/bin/sh\n### BEGIN INIT INFO\n# Provides: shop\n### END INIT INFO\nstart {}\n"

# fmt: off
CASES: list[tuple[str, str | None, str | None, set[str]]] = [
    ("dist/shop.service", None, "[Service]\nExecStart=a\n", {"unit-added"}),
    ("dist/shop.service", "[Service]\nExecStart=a\n", None, {"unit-removed"}),
    ("dist/shop.timer", "[Timer]\nOnCalendar=daily\n", "[Timer]\nOnCalendar=hourly\n", {"unit-changed"}),
    ("templates/net.systemd.j2", "a\n{# x #}\n", "b\n", {"unit-changed"}),
    ("dist/shop.service", "[Unit]\nA=1\nB=2\n", "[Unit]\nB=2\n\nA=1\n", set()),
    ("dist/shopd", INIT.format("a"), INIT.format("b"), {"unit-changed"}),
    ("dist/shopd", "start a\n", "start b\n", set()),
    ("Procfile", "web: a\nworker: b\n", "web: c\n", {"process-removed", "process-changed"}),
    ("docker/supervisord.conf", "[program:a]\ncommand=b\n", "[program:a]\ncommand=b\n[program:c]\ncommand=d\n",
     {"process-added"}),
    ("docker-compose.yml", PLAIN.replace(": a", ": redis:6"), PLAIN.replace(": a", ": redis:7"), {"compose-image"}),
    ("docker-compose.yml", PLAIN.replace(": a", ": mysql:5"), PLAIN.replace(": a", ": mysql:8"), {"engine-major"}),
    ("docker-compose.yml", COMPOSE.format(image="a:1.1", rest=""), COMPOSE.format(image="a:1.2", rest=""), set()),
    ("docker-compose.yml", PLAIN, COMPOSE.format(image="a", rest="  db:\n    image: b\n"),
     {"compose-added"}),
    ("docker-compose.yml", COMPOSE.format(image="a", rest="    volumes:\n      - a:/b\n"), PLAIN, {"compose-volumes"}),
    ("compose.yaml", COMPOSE.format(image="a", rest="    ports:\n      - 1:2\n"),
     COMPOSE.format(image="a", rest="    ports:\n      - 1:3\n"),
     {"compose-ports"}),
    ("docker-compose.dev.yml", COMPOSE.format(image="a", rest="  b:\n    image: c\n"), PLAIN,
     {"compose-removed"}),
    ("t/docker-compose.yml", COMPOSE.format(image="a", rest="{% if x %}\n  b:\n    image: c\n{% endif %}\n"), PLAIN,
     {"compose-removed"}),
    ("docker-compose.yml", COMPOSE.format(image="a", rest="  b:\n    image: c\n"), "services:\n", set()),
    ("helm/db.yaml", STATEFUL.format("a", 1), STATEFUL.format("b", 1), {"object-immutable"}),
    ("helm/db.yaml", STATEFUL.format("a", 1), STATEFUL.format("a", 2), set()),
    ("helm/db.yaml", STATEFUL.format("a", 1), None, {"object-data-removed"}),
    ("helm/db.yaml", None, STATEFUL.format("a", 1), {"object-added"}),
    ("config/clock.rb", "every(1.day)\n", "every(1.hour)\n", {"schedule-changed"}),
    ("dist/shop.spec", "%post\n%service_add_post shop.service\n", "%post\n%service_add_post shop.target\n", {"package-scripts"}),
    ("dist/shop.spec", "Version: 1\n", "Version: 2\n", set()),
    ("docker/entrypoint-web.sh", "exec a\n", "exec b\n", {"entrypoint-changed"}),
    ("docker/nginx.conf", "listen 80;\n", "listen 81;\n", {"web-address"}),
    ("dist/shop.logrotate", "weekly\n", "daily\n", {"logrotate-changed"}),
    ("dist/shop.logrotate", "rotate 7\n", "rotate 2\n", {"logrotate-changed", "logrotate-shorter"}),
    ("dist/shop.logrotate", "rotate 2\n", "rotate 7\n", {"logrotate-changed"}),
    ("Dockerfile", "FROM a\nHEALTHCHECK CMD wget http://a:8/up\n", "FROM a\nHEALTHCHECK CMD curl http://a:8/up\n",
     {"container-tuned"}),
    ("elements/agent/post-install.d/11-x", None, "a\n", {"image-build-added"}),
    ("Dockerfile", "FROM a\nENTRYPOINT [\"a\"]\n", "FROM a\nENTRYPOINT [\"b\"]\n", {"container-runs"}),
    ("Dockerfile", "FROM a\nEXPOSE 80\nVOLUME /b\n", "FROM a\n", {"container-port", "container-volume"}),
    ("Dockerfile", "FROM a AS b\nUSER x\nFROM c\nUSER y\n", "FROM a AS b\nUSER z\nFROM c\nUSER y\n", set()),
    ("docs/docker-compose.yml", COMPOSE.format(image="a:1", rest=""), COMPOSE.format(image="a:2", rest=""), set()),
]
# fmt: on


@pytest.mark.parametrize(("path", "before", "after", "expected"), CASES)
def test_what_is_seen(path: str, before: str | None, after: str | None, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (before, after)}) == expected


def test_an_object_that_moves_to_another_file_is_the_same() -> None:
    table: Table = {"helm/a.yaml": (STATEFUL.format("a", 1), None), "helm/b.yaml": (None, STATEFUL.format("a", 1))}
    assert facts(DETECTOR, table) == set()


def test_objects_of_one_name_in_two_clusters_are_compared_each_with_its_own() -> None:
    changed, other = STATEFUL.format("db", 1), STATEFUL.format("store", 1)
    table: Table = {"east/db.yaml": (changed, other), "west/db.yaml": (changed, changed.replace("a: b", "a: c"))}
    assert "object-immutable" in facts(DETECTOR, table)
    assert "object-immutable" in facts(DETECTOR, dict(list(table.items())[::-1]))


def test_an_object_that_moves_and_changes_is_compared_with_what_it_was() -> None:
    old, new = STATEFUL.format("db", 1), STATEFUL.format("store", 1)
    assert "object-immutable" in facts(DETECTOR, {"a/db.yaml": (old, None), "b/db.yaml": (None, new)})


def test_a_new_unit_proposes_to_enable_it() -> None:
    (found,) = evidence(DETECTOR, {"dist/shop.service": (None, "[Service]\n")})
    assert found.todo is not None
    assert found.todo.phase == "after-restart"
    assert "`shop.service`" in found.todo.text


def test_a_unit_that_git_calls_renamed_is_gone_and_new() -> None:
    unit = b"[Service]\nExecStart=/usr/bin/shop\n"
    changes = ChangeSet((FileChange("R", "dist/shop-web.service", unit, unit, "dist/shop.service"),))
    assert {found.fact for found in DETECTOR.find(changes)} == {"unit-removed", "unit-added"}
