"""What the detector of configuration sees, per format and per kind of file."""

from __future__ import annotations

import pytest

from relbot.detect.config_structure.detector import DETECTOR
from relbot.detect.config_structure.roles import role_of_path
from relbot.detect.engine.model import ChangeSet, FileChange
from tests.detect.changes import evidence, facts

SAMPLE = "config/options.yml.example"
MANY = "".join(f"option_{n}: value-{n}\n" for n in range(38))

EDITS = [
    ("a yaml key moves", SAMPLE, "host_name: a\nport_x: 1\n", "web:\n  host_name: a\nport_x: 1\n", {"moved"}),
    ("a block moves", SAMPLE, MANY, "default:\n" + "".join(f"  {line}\n" for line in MANY.splitlines()), {"moved"}),
    ("a parent is renamed", SAMPLE, "web:\n  bind_to: a\n  max_age: 1\n", "http:\n  bind_to: a\n  max_age: 1\n", {"moved"}),
    (
        "and keys of any name move",
        SAMPLE,
        "db:\n  host: x\n  port: 1\n",
        "database:\n  host: y\n  port: 1\n",
        {"moved", "default-changed"},
    ),
    ("other keys of any name", SAMPLE, "db:\n  host: x\n  port: 1\n", "smtp:\n  host: y\n  port: 2\n", {"removed", "added"}),
    ("comments move", SAMPLE, "a_key: 1\n#b_key: 2\n", "a_key: 1\nnew:\n  #b_key: 2\n", {"shown-moved"}),
    ("a key is renamed", SAMPLE, "db_host: a.b\nx: 1\n", "database_host: a.b\nx: 1\n", {"renamed"}),
    ("a key goes", SAMPLE, "db_host: a.b\nx: 1\n", "x: 1\n", {"removed"}),
    ("a deprecated one goes", SAMPLE, "# Deprecated.\ndb_host: a.b\nx: 1\n", "x: 1\n", {"removed-deprecated"}),
    ("a key is called deprecated", SAMPLE, "db_host: a\n", "# Deprecated since 2\ndb_host: a\n", {"deprecated"}),
    ("a comment's key goes", SAMPLE, "x: 1\n#db_host: a.b\n", "x: 1\n", {"shown-removed"}),
    ("a key is commented out", SAMPLE, "x: 1\ndb_host: a\n", "x: 1\n#db_host: a\n", {"unset-now"}),
    ("a key comes out of its comment", SAMPLE, "x: 1\n#db_host: a\n", "x: 1\ndb_host: a\n", {"set-now"}),
    ("and wants a value", SAMPLE, "x: 1\n#db_host: a\n", "x: 1\ndb_host: <your host>\n", {"set-now", "newly-required"}),
    ("a key comes without value", SAMPLE, "x: 1\n", "x: 1\nsecret_key:\n", {"newly-required"}),
    ("a key comes with one", SAMPLE, "x: 1\n", "x: 1\nspeed: 3\n", {"added"}),
    ("text becomes a list", SAMPLE, "hosts: a\n", "hosts: [a]\n", {"type-changed"}),
    ("a switch becomes a section", SAMPLE, "cache: true\n", "cache:\n  size: 3\n", {"added", "removed"}),
    ("a value changes", SAMPLE, "port: 1\n", "port: 2\n", {"default-changed"}),
    ("a shown value changes", SAMPLE, "a_key: 1\n#port: 1\n", "a_key: 1\n#port: 2\n", {"shown-default-changed"}),
    ("only a version changes", SAMPLE, "image: db:16.1\n", "image: db:16.2\n", {"version-changed"}),
    ("quotes, order, comments", SAMPLE, "a: x\nb: 'y'\n", '# Why: because\nb: y\n\na: "x"\n', set()),
    ("what is for tests", SAMPLE, "a: 1\ntest:\n  b_key: 1\n", "a: 1\ntest:\n  c_key: 2\n", set()),
    (
        "prose with a colon",
        SAMPLE,
        "a: 1\n",
        "#b_key: 1\n# Note: this is it\n# Hosts: what is used\na: 1\n",
        {"shown-added"},
    ),
    ("ini", "etc/a.conf", "[api]\n#workers = 4\nhost_name = a\n", "[api]\n#workers = 2\n", {"removed", "shown-default-changed"}),
    ("an ini section", "etc/a.conf", "[api]\nhost_name = a\n", "[web]\nhost_name = a\n", {"moved"}),
    ("a deprecated option", "etc/a.conf.sample", "#a = 1\n", "# DEPRECATED: unused\n#a = 1\n", {"deprecated"}),
    ("toml", "config/a.toml", "[web]\nhost_name = 'a'\n", "[web.server]\nhost_name = 'a'\n", {"shipped-moved"}),
    ("toml types", "config/a.toml", "[web]\nhosts = 'a'\n", "[web]\nhosts = ['a']\n", {"shipped-type-changed"}),
    ("broken toml", "config/a.toml", "[web]\na_key = \n", "[web]\nb_other = 1\n", {"shipped-removed", "shipped-added"}),
    (
        "json with comments",
        "settings.json.template",
        '{\n  /* a: 1 */ "a": 1, // b\n "c_d": "x://y",\n}',
        '{"a": 1}',
        {"removed"},
    ),
    ("dotenv", ".env.example", "A_HOST=1\nB=2\n", "B=2\n", {"removed"}),
    ("properties", "conf/a.properties", "a.mode=1\nb=2\n", "b=2\n", {"shipped-removed"}),
    ("xml", "conf/a.xml", "<a><b id='x' y='1'/></a>", "<a><b id='x'/></a>", {"shipped-removed"}),
    ("settings in Python", "app/settings.dist.py", "A_KEY = 1\nB = 2\n", "B = 2\n", {"removed"}),
    (
        "compose variables",
        "docker-compose.yml",
        "s:\n  e:\n    - A_B=1\n    - C=1\n",
        "s:\n  e:\n    - C=1\n",
        {"deployment-removed"},
    ),
    (
        "a manifest by its name",
        "k8s/a.yaml",
        "kind: Job\nmetadata:\n  name: a\nspec: 1\n---\nkind: Job\nmetadata:\n  name: b\nspec: 2\n",
        "kind: Job\nmetadata:\n  name: b\nspec: 2\n---\nkind: Job\nmetadata:\n  name: a\nspec: 1\n",
        set(),
    ),
    (
        "a list by its names",
        "k8s/a.yaml",
        "c:\n- name: a\n  image_pull: x\n- name: b\n",
        "c:\n- name: b\n- name: a\n  image_pull: x\n",
        set(),
    ),
    (
        "a template",
        "config/b.yaml.example",
        "{{- if .Values.a }}\nspec:\n  size: {{ .Values.size }}\n{{- end }}\n",
        "{{- if .Values.b }}\nspec:\n  size: {{ .Values.bigSize }}\n{{- end }}\n",
        {"default-changed"},
    ),
    ("erb", SAMPLE, "<% if a %>\na: <%= b %>\n<% end %>\n", "a: <%= b %>\n", set()),
    ("a policy", "etc/policy.json", '{"a:get": "", "a:set": "x"}', '{"a:get": ""}', {"policy-removed"}),
    ("one side is broken", SAMPLE, "a_key: 1\nb: 2\n", "a_key: 1\n\tb: 2\n", set()),
]


@pytest.mark.parametrize(("path", "before", "after", "expected"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_edits(path: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (before, after)}) == expected


def test_a_moved_block_is_one_fact_that_says_where_and_who_includes_it() -> None:
    after = "default: &default\n" + "".join(f"  {line}\n" for line in MANY.splitlines())
    after += "production:\n  <<: *default\ntest:\n  <<: *default\n"
    (moved,) = evidence(DETECTOR, {"src/config/options.yml.example": (MANY, after)})
    assert moved.message == (
        "38 keys of `src/config/options.yml.example` moved below `default`, which `production` and `test` include: "
        "move them in your `src/config/options.yml` too."
    )
    assert moved.details[0] == "option_0 → default.option_0"
    assert len(moved.details) == len(moved.subjects) == 38
    assert moved.line == 2
    assert moved.todo is not None
    assert moved.todo.phase == "before-restart"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("config/options.yml.example", "sample"),
        ("docs/sample_config.yaml", "sample"),
        ("etc/app/app.conf", "sample"),
        (".env.example", "sample"),
        ("app/settings.dist.py", "sample"),
        ("config/defaults.yml", "shipped"),
        ("conf/app.properties", "shipped"),
        ("docker-compose.prod.yml", "deployment"),
        ("helm/app/templates/job.yaml", None),
        ("charts/app/values.yaml", None),
        ("etc/policy.v3.json", "policy"),
        ("app/templates/haproxy.cfg.j2", "rendered"),
        ("package.json", None),
        ("config/locales/en.yml", None),
        (".github/workflows/a.yml", None),
        ("tests/config/a.yml", None),
        ("docker-compose.test.yml", None),
        ("docs/openapi.yaml", None),
        ("setup.cfg", None),
        ("app/default_importer.py", None),
        ("releasenotes/notes/config-1.yaml", None),
        ("src/code.py", None),
    ],
)
def test_what_a_path_is_to_operators(path: str, kind: str | None) -> None:
    found = role_of_path(path)
    assert (found.kind if found else None) == kind


def test_files_that_come_go_or_are_renamed() -> None:
    def seen(status: str, path: str, old: str, before: bytes | None, after: bytes | None) -> set[str]:
        return {found.fact for found in DETECTOR.find(ChangeSet((FileChange(status, path, before, after, old),)))}

    assert seen("A", "config/a.yml", "config/a.yml", None, b"a: 1\n") == {"shipped-file-added"}
    assert seen("D", "config/a.yml", "config/a.yml", b"a: 1\n", None) == {"shipped-file-removed"}
    assert seen("R", "config/b.yml", "config/a.yml", b"a: 1\n", b"a: 1\n") == {"shipped-file-renamed"}
    assert seen("R", "src/config/a.yml", "config/a.yml", b"a: 1\n", b"a: 1\n") == set()


def test_a_bomb_of_aliases_is_read_without_expanding_it() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert facts(DETECTOR, {SAMPLE: (bomb, bomb + "speed: 1\n")}) == {"added"}
