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
        "unit-limited",
        "a unit gets less memory, fewer tasks or less time",
        ASK,
        "What needs more is killed.",
        "MemoryMax=2G",
        "MemoryMax=1G",
    ),
    _unit(
        "unit-tuned",
        "a unit is ordered, restarted or limited in another way",
        NOTE,
        "It is started with the next restart.",
        "Environment",
        "Restart=always\nEnvironment",
    ),
)
COMPOSE_FACTS = (
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
    Fact(
        "compose-file",
        "a service of a compose file gets its variables from another file",
        REQUIRE,
        _FILE,
        "The file that operators filled in is no longer read.",
        phases=ANY_PHASE,
        wrong={
            "docker-compose.yml": (
                "services:\n  web:\n    image: a\n    env_file: .env\n",
                "services:\n  web:\n    image: a\n    env_file: web.env\n",
            )
        },
    ),
    Fact(
        "compose-external",
        "a compose file needs a network, a volume or a secret that is made outside of it",
        REQUIRE,
        _SERVICE,
        "Compose refuses to start before it is there.",
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
)
