"""The facts of `services`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.facts import ANY_PHASE, ASK, NOTE, REQUIRE, Fact, FactAnswer, FactLevel, Subject
from relbot.detect.services.examples import NEW_ADDRESS, NEW_PLACE, edit_example
from relbot.detect.services.object_facts import OBJECT_FACTS
from relbot.detect.services.unit_facts import COMPOSE_FACTS, UNIT_FACTS, UNIT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVICE, _IMAGE, _OBJECT, _SCHEDULE, _FILE = Subject.SERVICE, Subject.IMAGE, Subject.OBJECT, Subject.SCHEDULE, Subject.FILE
_DOCKERFILE = (
    "FROM debian:12\nUSER root\nEXPOSE 8080\nVOLUME /data\nHEALTHCHECK CMD curl http://localhost:80/health\nENTRYPOINT a\n"
)
_NGINX = "server {\n  listen 80;\n  gzip on;\n  location / {\n    proxy_pass http://web:8080;\n  }\n}\n"
_ALLOWING = "server {\n  allow 10.0.0.0/9;\n  allow 10.128.0.0/9;\n  allow 192.0.2.0/24;\n  deny all;\n}\n"
_CRONTAB = "0 4 * * * shop expire\n"


def _container(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str) -> Fact:
    right = edit_example("Dockerfile", _DOCKERFILE, "VOLUME", "RUN a \\\n  b\nVOLUME")
    return Fact(
        name,
        summary,
        level,
        _IMAGE,
        meaning,
        phases=ANY_PHASE,
        wrong=edit_example("Dockerfile", _DOCKERFILE, old, new),
        right=right,
    )


def _web(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str) -> Fact:
    right = edit_example("nginx/shop.conf", _NGINX, "server {", "# The shop.\nserver {")
    return Fact(
        name,
        summary,
        level,
        _FILE,
        meaning,
        phases=ANY_PHASE,
        wrong=edit_example("nginx/shop.conf", _NGINX, old, new),
        right=right,
    )


_WHOLE: tuple[tuple[str, str, Subject, str, str, tuple[FactLevel, FactLevel, FactLevel]], ...] = (
    ("unit", "a unit or an init script", _SERVICE, "dist/shop.service", UNIT_TEXT, (ASK, REQUIRE, ASK)),
    (
        "process",
        "a process of a Procfile or of supervisor",
        _SERVICE,
        "Procfile",
        "web: puma\nworker: sidekiq\n",
        (ASK, ASK, ASK),
    ),
    ("entrypoint", "the entry point of a container", _IMAGE, "docker-entrypoint.sh", "exec shop\n", (NOTE, ASK, NOTE)),
    ("schedule", "the schedule of recurring work", _SCHEDULE, "config/crontab", _CRONTAB, (ASK, ASK, ASK)),
    ("web-server", "a web server's configuration", _FILE, "nginx/shop.conf", _NGINX, (NOTE, REQUIRE, ASK)),
    ("logrotate", "the rotation of logs", _FILE, "etc/logrotate.d/shop", "daily\n", (NOTE, NOTE, NOTE)),
    ("image-build", "the build of a machine image", _IMAGE, "packer/shop.json", "a\n", (NOTE, ASK, ASK)),
)
_HAPPENED = (
    ("added", "is new", "Install, enable and start it."),
    ("removed", "is gone", "Stop and remove it where it runs. Its work is no longer done."),
    ("changed", "changes", "Reload it, and compare your overrides."),
)


MOVABLE = frozenset(
    f"{of}-{how}" for of in ("unit", "entrypoint", "schedule", "web-server", "image-build") for how in ("added", "removed")
)
"""Facts about a whole file, which the same file in another folder answers."""
_MOVED = FactAnswer("services/file-moved", "the same file moves to another folder")


def _whole_facts() -> Iterator[Fact]:
    for of, what, subject, path, text, levels in _WHOLE:
        edited = (
            text.replace("sidekiq", "resque").replace("expire", "expire -v").replace("gzip on;\n", "").replace("daily", "weekly")
        )
        edited = edited.replace("Environment", "ProtectHome=yes\nEnvironment") if of == "unit" else edited
        sides: tuple[tuple[str | None, str | None], ...] = (
            (None, text),
            (text, None),
            (text, edited if edited != text else f"{text}b\n"),
        )
        if of == "process":
            sides = (("web: puma\n", text), (text, "web: puma\n"), sides[2])
        for (how, says, meaning), level, side in zip(_HAPPENED, levels, sides, strict=True):
            name = f"{of}-{how}"
            answers = (_MOVED,) if name in MOVABLE and level is not NOTE else ()
            yield Fact(name, f"{what} {says}", level, subject, meaning, phases=ANY_PHASE, wrong={path: side}, answers=answers)


FACTS = (
    *_whole_facts(),
    Fact(
        "file-moved",
        "a file that says how something runs moves to another folder as it is",
        NOTE,
        _FILE,
        "It says the same in its new folder.",
        wrong={"etc/crontab": (_CRONTAB, None), "config/crontab": (None, _CRONTAB)},
    ),
    *UNIT_FACTS,
    *COMPOSE_FACTS,
    _container(
        "container-user",
        "a container runs as another user",
        REQUIRE,
        "The new user cannot read files of the old one in volumes.",
        "USER root",
        "USER shop",
    ),
    _container(
        "container-volume", "a container keeps its data at another path", REQUIRE, NEW_PLACE, "VOLUME /data", "VOLUME /srv"
    ),
    _container("container-port", "a container is no longer reachable at a port", REQUIRE, NEW_ADDRESS, "8080", "80"),
    _container(
        "container-runs",
        "the start command of a container changes",
        ASK,
        "Arguments that you pass to the container reach another program.",
        "ENTRYPOINT a",
        "ENTRYPOINT b",
    ),
    _container(
        "container-tuned",
        "the health check or stop signal of a container changes",
        NOTE,
        "It comes with the image.",
        "CMD curl",
        "CMD wget",
    ),
    _container(
        "container-health",
        "the health check of a container asks for another path",
        ASK,
        "Monitors and load balancers that ask for the old path may get an error.",
        "/health",
        "/up",
    ),
    Fact(
        "logrotate-shorter",
        "logs are kept for a shorter time",
        ASK,
        _FILE,
        "Older logs are deleted at the next rotation.",
        phases=ANY_PHASE,
        wrong={"etc/logrotate.d/shop": ("daily\nrotate 30\n", "daily\nrotate 7\n")},
        right={"etc/logrotate.d/shop": ("daily\nrotate 7\n", "daily\nrotate 30\n")},
    ),
    Fact(
        "logrotate-moved",
        "logs are no longer rotated, or those of another path are",
        ASK,
        _FILE,
        "Logs that are still written to the old path fill the disk.",
        phases=ANY_PHASE,
        wrong={"etc/logrotate.d/shop": ("/var/log/shop/*.log {\n  daily\n}\n", "/var/log/shopd/*.log {\n  daily\n}\n")},
        right={"etc/logrotate.d/shop": ("/var/log/shop/*.log {\n  daily\n}\n", "/var/log/shop/*.log {\n  weekly\n}\n")},
    ),
    _web("web-address", "a web server no longer answers at an address", REQUIRE, NEW_ADDRESS, "listen 80", "listen 8080"),
    Fact(
        "web-file",
        "a web server reads a certificate, a key, a file of passwords or what it serves from another path",
        REQUIRE,
        _FILE,
        "The web server does not start, or refuses requests, until the file is at the new path.",
        phases=ANY_PHASE,
        wrong=edit_example("nginx/shop.conf", "server {\n  ssl_certificate /etc/ssl/a.pem;\n}\n", "a.pem", "b.pem"),
    ),
    _web(
        "web-upstream",
        "a web server passes requests to another address",
        REQUIRE,
        "The application must listen at the new address before you reload the web server.",
        "web:8080",
        "web:3000",
    ),
    Fact(
        "web-access",
        "a web server no longer lets in a network that it let in",
        REQUIRE,
        _FILE,
        "Requests from that network are refused.",
        phases=ANY_PHASE,
        wrong=edit_example("nginx/shop.conf", _ALLOWING, "  allow 192.0.2.0/24;\n", ""),
        right=edit_example("nginx/shop.conf", _ALLOWING, "10.0.0.0/9;\n  allow 10.128.0.0/9", "10.0.0.0/8"),
    ),
    _web(
        "web-server-extended",
        "a web server's configuration has additions",
        NOTE,
        "Requests that worked still work.",
        "gzip on;",
        "gzip on;\n  etag on;",
    ),
    Fact(
        "package-latest",
        "a task installs the newest version of a package at each run",
        ASK,
        _SERVICE,
        "Hosts get new versions, even major ones, without anybody asking for them.",
        phases=ANY_PHASE,
        wrong={
            "roles/shop/tasks/main.yml": (
                "- apt:\n    name: shop\n    state: present\n",
                "- apt:\n    name: shop\n    state: latest\n",
            )
        },
        right={
            "roles/shop/tasks/main.yml": (
                "- apt:\n    name: shop\n    state: present\n",
                "- apt:\n    name: shop\n    state: installed\n",
            )
        },
    ),
    Fact(
        "package-scripts",
        "the installation script of an operating system package changes",
        ASK,
        _SERVICE,
        "The installation may enable, restart or convert other things.",
        phases=ANY_PHASE,
        wrong={"shop.spec": ("%post\nsystemctl enable shop\n", "%post\nsystemctl enable shopd\n")},
    ),
    Fact(
        "process-queues",
        "no process takes jobs from a queue any more",
        REQUIRE,
        Subject.QUEUE,
        "Jobs in that queue wait until a process takes them.",
        phases=ANY_PHASE,
        wrong={"Procfile": ("web: puma\nworker: celery -Q mail,export\n", "web: puma\nworker: celery -Q mail\n")},
    ),
    Fact(
        "package-config-moved",
        "a package installs a configuration file or data at another path, or no longer",
        REQUIRE,
        _FILE,
        "The file that operators changed stays at the old path, where the program no longer reads it.",
        phases=ANY_PHASE,
        wrong={"debian/shop.install": ("shop.conf etc/shop\n", "shop.conf etc/shop/conf.d\n")},
    ),
    Fact(
        "package-file-moved",
        "a package installs a file at another path, or no longer",
        ASK,
        _FILE,
        "Scripts, units and aliases still use the old path.",
        phases=ANY_PHASE,
        wrong={"debian/shop.install": ("bin/shop usr/bin\n", "bin/shop usr/sbin\n")},
    ),
    Fact(
        "managed-path-changed",
        "a role writes another file, or runs another service",
        ASK,
        _FILE,
        "The old file stays, and the old service goes on, until you remove them.",
        phases=ANY_PHASE,
        wrong={
            "roles/shop/tasks/main.yml": (
                "- name: A\n  template:\n    src: a.j2\n    dest: /etc/shop.conf\n",
                "- name: A\n  template:\n    src: a.j2\n    dest: /etc/shop/shop.conf\n",
            )
        },
    ),
    *OBJECT_FACTS,
)
