"""How what `config-structure` finds looks, and what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

_PATHS = {
    "sample": "config/options.yml.example",
    "shipped": "config/settings.yml",
    "deployment": "docker-compose.yml",
    "policy": "etc/policy.yaml",
    "rendered": "deploy/shop.yml.j2",
}
_KEYS = "bind_host: 0.0.0.0\nworkers: 4\n"
_EXAMPLES: dict[str, tuple[str, str | None]] = {
    "moved": (_KEYS, "default:\n  bind_host: 0.0.0.0\n  workers: 4\n"),
    "shown-moved": ("a: 1\n#proxy_host: e\n#proxy_port: 1\n", "default:\n  a: 1\n  #proxy_host: e\n  #proxy_port: 1\n"),
    "renamed": (_KEYS, _KEYS.replace("bind_host", "listen_host")),
    "removed": (_KEYS, "workers: 4\n"),
    "removed-deprecated": ("workers: 4\n# Deprecated: use workers.\nthreads: 2\n", "workers: 4\n"),
    "shown-removed": ("workers: 4\n#threads: 2\n", "workers: 4\n"),
    "type-changed": ("servers: a\n", "servers: [a]\n"),
    "default-changed": ("mode: fast\n", "mode: slow\n"),
    "changed": ("mode: fast\n", "mode: slow\n"),
    "address-changed": ("port: 80\n", "port: 81\n"),
    "shown-default-changed": ("a: 1\n#mode: fast\n", "a: 1\n#mode: slow\n"),
    "newly-required": (_KEYS, f"{_KEYS}secret_key:\n"),
    "file-removed": (_KEYS, None),
    "written-otherwise": (_KEYS, "# How many.\nworkers: 4\nbind_host: '0.0.0.0'\n"),
}


def example_of(kind: str, happened: str) -> Table:
    """The change of a file of that kind in which this happens."""
    path = _PATHS[kind]
    if happened == "file-renamed":
        folder, _, name = path.rpartition("/")
        other = f"{folder}/{name.replace('.', '-policy.' if kind == 'policy' else '-config.', 1)}".lstrip("/")
        return {path: (_KEYS, None), other: (None, _KEYS)}
    return {path: _EXAMPLES[happened]}


BAD: dict[str, tuple[str | None, str | None]] = {
    "config/options.yml.example": (
        "source_host: localhost\nsource_port: 5352\n#proxy_host: example.org\n",
        "default:\n  source_host: localhost\n  source_port: 5352\n  #proxy_host: example.org\n",
    ),
    "etc/server.conf": ("[api]\nbind_host = 0.0.0.0\nworkers = 4\n", "[api]\nlisten_host = 0.0.0.0\nworkers = 4\n"),
    "config/server.toml": ('[cache]\nservers = "a"\n', '[cache]\nservers = ["a"]\n'),
    "docker-compose.yml": (
        "services:\n  web:\n    environment:\n      - DB_HOST=db\n",
        "services:\n  web:\n    environment:\n      - DATABASE_URL=postgres://db\n",
    ),
    "settings.json.template": ('{\n  // listen here\n  "port": 9001\n}\n', '{\n  // listen here\n  "port": 8080\n}\n'),
    ".env.example": ("SMTP_HOST=localhost\n", "SMTP_HOST=localhost\nSECRET_KEY=\n"),
    "conf/app.properties": ("app.mode=fast\n", None),
}
GOOD: dict[str, tuple[str | None, str | None]] = {
    "config/options.yml.example": ("a_host: localhost\nb_port: 1\n", "# Where it is\nb_port: 1\n\na_host: 'localhost'\n"),
    "package.json": ('{"version": "1"}', '{"version": "2"}'),
    ".github/workflows/test.yml": ("on: push\n", "on: pull_request\n"),
    "config/locales/en.yml": ("en:\n  hello: Hello\n", "en:\n  hello: Hi\n"),
    "tests/config/settings.yml": ("a: 1\n", "b: 1\n"),
}
