"""The facts of `services` about units of systemd and about compose files."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, NOTE, REQUIRE, Fact, FactLevel, Subject
from relbot.detect.services.examples import NEW_ADDRESS, NEW_PLACE, edit_example

_SERVICE, _FILE = Subject.SERVICE, Subject.FILE
UNIT_TEXT = "[Unit]\nDescription=Shop\n\n[Service]\nExecStart=/usr/bin/shop --config /etc/shop.conf\nUser=shop\n"
UNIT_TEXT += "EnvironmentFile=/etc/default/shop\nStateDirectory=shop\nMemoryMax=2G\n"
_COMPOSE = (
    "services:\n  web:\n    image: shop\n    ports:\n      - 8080:8080\n    volumes:\n      - data:/data\n    command: serve\n"
)
_COMPOSE += "    user: shop\n  db:\n    image: postgres:15.4\n"


def _unit(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str) -> Fact:
    wrong = edit_example("dist/shop.service", UNIT_TEXT, old, new)
    return Fact(
        name,
        summary,
        level,
        _SERVICE,
        meaning,
        phases=ANY_PHASE,
        wrong=wrong,
        right={"dist/shop.service": (UNIT_TEXT, f"# A.\n{UNIT_TEXT}")},
    )


def _compose(name: str, summary: str, level: FactLevel, meaning: str, old: str, new: str) -> Fact:
    wrong = edit_example("docker-compose.yml", _COMPOSE, old, new)
    right = edit_example("docker-compose.yml", _COMPOSE, "15.4", "15.5")
    return Fact(name, summary, level, _SERVICE, meaning, phases=ANY_PHASE, wrong=wrong, right=right)


UNIT_FACTS = (
    _unit(
        "unit-user",
        "a unit runs as another user or group",
        REQUIRE,
        "The new user cannot read the files of the old one.",
        "=shop\nE",
        "=www\nE",
    ),
    _unit(
        "unit-file",
        "a unit reads another environment file, or requires one",
        REQUIRE,
        "systemd no longer reads the file that operators filled in, or the unit does not start without the new one.",
        "default/shop",
        "shop/environment",
    ),
    Fact(
        "unit-variable",
        "a unit gives its program another path or address",
        REQUIRE,
        _SERVICE,
        "The program uses the new path or address: files at the old path have no effect.",
        phases=ANY_PHASE,
        wrong=edit_example("dist/shop.service", "[Service]\nEnvironment=CONFIG=/etc/a.toml MODE=b\n", "a.toml", "b.toml"),
        right={
            "dist/shop.service": (
                "[Service]\nEnvironment=CONFIG=/etc/a.toml MODE=b\n",
                "[Service]\nEnvironment=MODE=b\nEnvironment=CONFIG=/etc/a.toml\n",
            )
        },
    ),
    _unit("unit-directory", "the data directory of a unit changes", REQUIRE, NEW_PLACE, "Directory=shop", "Directory=shops"),
    _unit(
        "unit-command",
        "a unit starts another program, or loses an argument",
        REQUIRE,
        "Overrides of the command, and files that it no longer names, have no effect.",
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
        "unit-limited",
        "a limit on a unit's memory, tasks or time is lowered",
        ASK,
        "systemd kills processes that need more.",
        "MemoryMax=2G",
        "MemoryMax=1G",
    ),
    _unit(
        "unit-tuned",
        "the order, the restarts or the limits of a unit change",
        NOTE,
        "The change applies at the next restart.",
        "Environment",
        "Restart=always\nEnvironment",
    ),
)
COMPOSE_FACTS = (
    _compose(
        "compose-added",
        "a service is new in a compose file",
        ASK,
        "Run, monitor and back up the service, or provide it in another way.",
        "  db:",
        "  redis:\n    image: redis:7\n  db:",
    ),
    _compose(
        "compose-removed",
        "a service is gone in a compose file",
        ASK,
        "Its container and its data stay until you remove them.",
        "  db:\n    image: postgres:15.4\n",
        "",
    ),
    _compose(
        "compose-renamed",
        "a service of a compose file is renamed",
        REQUIRE,
        "Scripts, overrides and links still use the old name, and the old container stays.",
        "  db:",
        "  database:",
    ),
    _compose(
        "compose-image",
        "the image of a service of a compose file changes",
        ASK,
        "You may have to convert its data and change its settings.",
        "image: shop",
        "image: shopd",
    ),
    _compose(
        "engine-major",
        "the major version of a database, a search engine or a broker changes",
        REQUIRE,
        "The server converts its data or refuses to start. Without a backup, you cannot go back.",
        "15.4",
        "16.1",
    ),
    _compose(
        "engine-rebuilt",
        "the image of a database has another C library",
        REQUIRE,
        "It sorts texts in another order: rebuild the indexes, or they are corrupt.",
        "15.4",
        "15.4-alpine",
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
    Fact(
        "compose-file",
        "the environment file of a service of a compose file changes",
        REQUIRE,
        _FILE,
        "Compose no longer reads the file that operators filled in.",
        phases=ANY_PHASE,
        wrong={
            "docker-compose.yml": (
                "services:\n  web:\n    image: a\n    env_file: .env\n",
                "services:\n  web:\n    image: a\n    env_file: web.env\n",
            )
        },
    ),
    Fact(
        "compose-env",
        "a service of a compose file no longer gets a variable",
        REQUIRE,
        _SERVICE,
        "Overrides that set it have no effect, and the program does not find the variable.",
        phases=ANY_PHASE,
        wrong={
            "docker-compose.yml": (
                "services:\n  web:\n    image: a\n    environment:\n      DB_URL: db\n      SIZE: 1\n",
                "services:\n  web:\n    image: a\n    environment:\n      SIZE: 1\n",
            )
        },
    ),
    Fact(
        "compose-external",
        "a compose file needs an external network, volume or secret, or the file of one",
        REQUIRE,
        _SERVICE,
        "Compose refuses to start until it exists.",
        phases=ANY_PHASE,
        wrong={
            "docker-compose.yml": (
                "services:\n  web:\n    image: a\n",
                "services:\n  web:\n    image: a\nnetworks:\n  proxy:\n    external: true\n",
            )
        },
    ),
    _compose(
        "compose-user",
        "a service of a compose file runs as another user",
        REQUIRE,
        "The new user cannot read the files of the old one.",
        "user: shop",
        "user: www",
    ),
    _compose(
        "compose-command",
        "the start command of a service of a compose file changes",
        ASK,
        "Compare your overrides of the command.",
        "command: serve",
        "command: run",
    ),
    _compose(
        "compose-dependencies",
        "the dependencies of a service of a compose file change",
        NOTE,
        "Compose starts the services in another order.",
        "user: shop",
        "user: shop\n    depends_on:\n      - db",
    ),
)
