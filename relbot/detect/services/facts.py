"""The facts of `services`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.facts import ANY_PHASE, ASK, NOTE, REQUIRE, Fact, FactLevel, Subject
from relbot.detect.services.examples import NEW_ADDRESS, NEW_PLACE, edit_example
from relbot.detect.services.object_facts import OBJECT_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVICE, _IMAGE, _OBJECT, _SCHEDULE, _FILE = Subject.SERVICE, Subject.IMAGE, Subject.OBJECT, Subject.SCHEDULE, Subject.FILE
_UNIT = "[Unit]\nDescription=Shop\n\n[Service]\nExecStart=/usr/bin/shop --config /etc/shop.conf\nUser=shop\n"
_UNIT += "EnvironmentFile=/etc/default/shop\nStateDirectory=shop\n"
_COMPOSE = (
    "services:\n  web:\n    image: shop\n    ports:\n      - 8080:8080\n    volumes:\n      - data:/data\n    command: serve\n"
)
_COMPOSE += "    user: shop\n  db:\n    image: postgres:15.4\n"
_DOCKERFILE = "FROM debian:12\nUSER root\nEXPOSE 8080\nVOLUME /data\nHEALTHCHECK CMD a\nENTRYPOINT a\n"
_NGINX = "server {\n  listen 80;\n  gzip on;\n  location / {\n    proxy_pass http://web:8080;\n  }\n}\n"


def _unit(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str) -> Fact:
    wrong = edit_example("dist/shop.service", _UNIT, old, new)
    return Fact(
        name,
        summary,
        level,
        _SERVICE,
        meaning,
        phases=ANY_PHASE,
        wrong=wrong,
        right={"dist/shop.service": (_UNIT, f"# A.\n{_UNIT}")},
    )


def _compose(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str) -> Fact:
    wrong = edit_example("docker-compose.yml", _COMPOSE, old, new)
    right = edit_example("docker-compose.yml", _COMPOSE, "15.4", "15.5")
    return Fact(name, summary, level, _SERVICE, meaning, phases=ANY_PHASE, wrong=wrong, right=right)


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
    ("unit", "a unit or an init script", _SERVICE, "dist/shop.service", _UNIT, (ASK, REQUIRE, ASK)),
    (
        "process",
        "a process of a Procfile or of supervisor",
        _SERVICE,
        "Procfile",
        "web: puma\nworker: sidekiq\n",
        (ASK, ASK, ASK),
    ),
    ("entrypoint", "the entry point of a container", _IMAGE, "docker-entrypoint.sh", "exec shop\n", (NOTE, ASK, NOTE)),
    ("schedule", "the schedule of recurring work", _SCHEDULE, "config/crontab", "0 4 * * * shop expire\n", (ASK, ASK, ASK)),
    ("web-server", "a web server's configuration", _FILE, "nginx/shop.conf", _NGINX, (NOTE, ASK, ASK)),
    ("logrotate", "the rotation of logs", _FILE, "etc/logrotate.d/shop", "daily\n", (NOTE, NOTE, NOTE)),
    ("image-build", "what builds a machine's image", _IMAGE, "packer/shop.json", "a\n", (NOTE, NOTE, NOTE)),
)
_HAPPENED = (
    ("added", "is new", "It has to be put in place, enabled and started."),
    ("removed", "is gone", "Where it runs, it has to be stopped and taken away; what it did is no longer done."),
    ("changed", "changes", "What runs has to be reloaded, and overrides of it compared."),
)


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
            yield Fact(name, f"{what} {says}", level, subject, meaning, phases=ANY_PHASE, wrong={path: side})


FACTS = (
    *_whole_facts(),
    _unit(
        "unit-user",
        "a unit runs as another user or group",
        REQUIRE,
        "Files of the old user are no longer accessible.",
        "=shop\nE",
        "=www\nE",
    ),
    _unit(
        "unit-file",
        "a unit reads another file of variables, or demands one",
        REQUIRE,
        "The file that was filled in is no longer read, or the unit does not start without the new one.",
        "default/shop",
        "shop/environment",
    ),
    _unit(
        "unit-directory", "a unit keeps its data in another directory", REQUIRE, NEW_PLACE, "Directory=shop", "Directory=shops"
    ),
    _unit(
        "unit-command",
        "a unit starts another program, or without an argument that it had",
        REQUIRE,
        "Overrides of the command, and files that it no longer names, do not count any more.",
        "shop --config /etc/shop.conf",
        "shopd serve",
    ),
    Fact(
        "unit-address",
        "a socket listens at another address",
        REQUIRE,
        Subject.ADDRESS,
        NEW_ADDRESS,
        phases=ANY_PHASE,
        wrong={"dist/shop.socket": ("[Socket]\nListenStream=8080\n", "[Socket]\nListenStream=80\n")},
    ),
    _unit(
        "unit-tuned",
        "a unit is ordered, restarted or limited in another way",
        NOTE,
        "It is started with the next restart.",
        "Environment",
        "Restart=always\nEnvironment",
    ),
    _compose(
        "compose-added",
        "a service is new in a compose file",
        ASK,
        "It has to be run, watched and backed up, or be provided otherwise.",
        "  db:",
        "  redis:\n    image: redis:7\n  db:",
    ),
    _compose(
        "compose-removed",
        "a service is gone in a compose file",
        ASK,
        "Its container stays until you remove it, and its data with it.",
        "  db:\n    image: postgres:15.4\n",
        "",
    ),
    _compose(
        "compose-renamed",
        "a service of a compose file has another name",
        REQUIRE,
        "Scripts, overrides and links use the old name, and the old container stays.",
        "  db:",
        "  database:",
    ),
    _compose(
        "compose-image",
        "a service of a compose file runs another image",
        ASK,
        "Its data and its settings may have to follow.",
        "image: shop",
        "image: shopd",
    ),
    _compose(
        "engine-major",
        "a database, search or broker runs in another major version",
        REQUIRE,
        "It converts its data or refuses to start, and there is no way back without a backup.",
        "15.4",
        "16.1",
    ),
    _compose(
        "compose-volumes", "a service of a compose file no longer has a volume", REQUIRE, NEW_PLACE, "data:/data", "data:/srv"
    ),
    _compose(
        "compose-ports",
        "a service of a compose file is no longer reachable at a port",
        REQUIRE,
        NEW_ADDRESS,
        "8080:8080",
        "80:8080",
    ),
    _compose(
        "compose-user",
        "a service of a compose file runs as another user",
        REQUIRE,
        "Files of the old user are no longer accessible.",
        "user: shop",
        "user: www",
    ),
    _compose(
        "compose-command",
        "a service of a compose file is started in another way",
        ASK,
        "Overrides of the command have to be compared.",
        "command: serve",
        "command: run",
    ),
    _compose(
        "compose-dependencies",
        "a service of a compose file waits for others",
        NOTE,
        "It is started in another order.",
        "user: shop",
        "user: shop\n    depends_on:\n      - db",
    ),
    _container(
        "container-user",
        "a container runs as another user",
        REQUIRE,
        "Files in volumes that belong to the old user are no longer accessible.",
        "USER root",
        "USER shop",
    ),
    _container(
        "container-volume", "a container keeps its data at another path", REQUIRE, NEW_PLACE, "VOLUME /data", "VOLUME /srv"
    ),
    _container("container-port", "a container is no longer reachable at a port", REQUIRE, NEW_ADDRESS, "8080", "80"),
    _container(
        "container-runs",
        "a container starts in another way",
        ASK,
        "Arguments that you pass to it reach another program.",
        "ENTRYPOINT a",
        "ENTRYPOINT b",
    ),
    _container(
        "container-tuned", "a container is watched or stopped in another way", NOTE, "It comes with the image.", "CMD a", "CMD b"
    ),
    _web("web-address", "a web server no longer answers at an address", REQUIRE, NEW_ADDRESS, "listen 80", "listen 8080"),
    _web(
        "web-upstream",
        "a web server passes requests to another place",
        REQUIRE,
        "The application has to be there before the web server asks for it.",
        "web:8080",
        "web:3000",
    ),
    _web(
        "web-server-extended",
        "a web server's configuration says more",
        NOTE,
        "What it answered goes on being answered.",
        "gzip on;",
        "gzip on;\n  etag on;",
    ),
    Fact(
        "package-scripts",
        "an operating system's package does something else at its installation",
        ASK,
        _SERVICE,
        "The installation enables, restarts or converts something else.",
        phases=ANY_PHASE,
        wrong={"shop.spec": ("%post\nsystemctl enable shop\n", "%post\nsystemctl enable shopd\n")},
    ),
    *OBJECT_FACTS,
)
