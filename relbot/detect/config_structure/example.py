"""How what `config-structure` finds looks, and what it leaves alone."""

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
