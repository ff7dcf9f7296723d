"""What the detector of settings sees, per language and way of declaring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from relbot.config.model import Rules
from relbot.detect.engine.facts import FactLevel
from relbot.detect.settings_read.detector import DETECTOR
from relbot.review.rules.levels import grade_facts
from tests.detect.changes import evidence, facts

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

OSLO = "OPTS = [\n    cfg.StrOpt('kept'),\n    {}\n]\n"
FLAGS = "package main\n\nfunc flags() {{\n\t{}\n}}\n"
STRUCT = 'package main\n\ntype ServerConfig struct {{\n\tPort int `yaml:"port"`\n\t{}\n}}\n'
DEFINITIONS = "module.exports.Options = {{\n  kept: {{ env: 'KEPT', help: 'Kept', default: 1 }},\n  {}\n}};\n"
POLICY = "rules = [\n    policy.DocumentedRuleDefault(name='car:get', check_str={}, description='x', operations=[])\n]\n"

CASES = [
    ("a.py", OSLO, "cfg.IntOpt('workers', default=4),", "", {"removed"}),
    ("a.py", OSLO, "cfg.IntOpt('workers', default=4, deprecated_for_removal=True),", "", {"removed-deprecated"}),
    ("a.py", OSLO, "", "cfg.IntOpt('workers', default=4),", {"added"}),
    ("a.py", OSLO, "cfg.IntOpt('workers', default=4),", "cfg.IntOpt('workers', default=8),", {"default-changed"}),
    ("a.py", OSLO, "cfg.IntOpt('w',\n        default=4),", "cfg.IntOpt('w',\n        default=8),", {"default-changed"}),
    ("a.py", OSLO, "cfg.IntOpt('w',\n        default=4),", 'cfg.IntOpt("w", default = 4),', set()),
    ("a.py", OSLO, "cfg.IntOpt('w', default=4),", "cfg.IntOpt('w', default=default_workers()),", {"default-reworked"}),
    ("a.py", OSLO, "cfg.IntOpt('w', help='a ' 'b'),", "cfg.IntOpt('w', help='a b'),", set()),
    ("a.py", OSLO, "cfg.StrOpt('w'),", "cfg.IntOpt('w'),", {"type-changed"}),
    ("a.py", OSLO, "cfg.StrOpt('w'),", "cfg.StrOpt('w', choices=['a', 'b']),", {"limits-changed"}),
    ("a.py", OSLO, "cfg.StrOpt('w'),", "cfg.StrOpt('w', required=True),", {"newly-required"}),
    ("a.py", OSLO, "cfg.StrOpt('w'),", "cfg.StrOpt('w', deprecated_for_removal=True),", {"deprecated"}),
    ("a.py", OSLO, "cfg.StrOpt('w', help='Colour.'),", "cfg.StrOpt('w', help='DEPRECATED. Colour.'),", {"deprecated"}),
    ("a.py", OSLO, "cfg.StrOpt('old'),", "cfg.StrOpt('colour', deprecated_name='old'),", {"renamed-with-alias"}),
    ("a.py", OSLO, "cfg.StrOpt('worker_count'),", "cfg.StrOpt('workers_count'),", {"renamed"}),
    ("a.py", OSLO, "", "cfg.BoolOpt('w', default=True),", {"added", "added-on"}),
    ("a.py", OSLO, "", "cfg.IntOpt('max_size', default=10),", {"added", "added-limit"}),
    ("a.py", OSLO, "", "cfg.StrOpt('w', required=True),", {"added", "added-required"}),
    ("a.py", POLICY, "base.ADMIN", "base.READER", {"policy-changed"}),
    ("a.py", POLICY, "'role:admin'", '"role:admin"', set()),
    ("a.py", "env = environ.Env(\n    {}\n)\n", "SIZE=(int, 3),", "SIZE=(int, 4),", {"default-changed"}),
    ("a.py", "env = environ.Env(\n    {}\n)\n", "SIZE=(int, 3),", "", {"env-removed"}),
    ("shop/settings.py", "{}\n", "SESSION_AGE = 86_400", "SESSION_AGE = 3600", {"setting-changed"}),
    ("shop/settings.py", "{}\n", "SESSION_AGE = 86_400", "", {"removed"}),
    ("shop/settings.py", "{}\n", "AGES = [1,  2**3, 86_400]", "AGES = [\n    1,\n    2 ** 3,\n    86400,\n]", set()),
    ("shop/settings.py", "{}\n", "NAME = 'a  b'", "NAME = 'a b'", {"setting-changed"}),
    ("shop/settings.py", "{}\n", "NAME = 'a'", 'NAME = "a"', set()),
    ("a.py", "class S(BaseSettings):\n    a: int = 1\n    {}\n", "b: str = 'x'", "b: str = 'y'", {"default-changed"}),
    ("a.py", "class S(BaseSettings):\n    a: int = 1\n    {}\n", "b: str = 'x'", "", {"removed"}),
    ("a.py", "class S(BaseSettings):\n    a: int = 1\n    {}\n", "b: str = 'x'", "b: str", {"default-changed", "newly-required"}),
    ("a.py", "{}\n", "p.add_argument('-w', '--workers', default=1)", "", {"flag-removed"}),
    ("a.py", "{}\ndef f(): pass\n", "@click.option('--w', envvar='W_W')", "@click.option('--w')", {"env-removed"}),
    ("a.py", "{}\n", "x = config.get('a', 1)", "x = config.get('a', 2)", {"key-default-changed"}),
    ("app/config.py", "{}\n", "x = config.get('colour', 1)", "x = 1", {"key-removed"}),
    ("a.py", "{}\n", "x = CONF.api.colour", "x = 1", {"read-removed"}),
    ("a.py", "{}\n", "x = CONF.api.colour", "x = str(CONF.api.colour)", set()),
    ("a.go", FLAGS, 'f.IntVar(&c.W, "w", 1, "Workers")', "", {"flag-removed"}),
    ("a.go", FLAGS, 'f.IntVar(&c.W, p+"w.max", 1, "Workers")', 'f.IntVar(&c.W, p+"w.max", 2, "Workers")', {"default-changed"}),
    ("a.go", FLAGS, 'f.IntVar(&c.W, "w", 1, "Workers")', 'f.IntVar(&c.W, "w", 1, "Deprecated: workers")', {"deprecated"}),
    (
        "a.go",
        FLAGS,
        'f.IntVar(&c.W, "wk", 1, "Number of all workers")',
        'f.IntVar(&c.W, "n", 1, "Number of all workers")',
        {"flag-renamed"},
    ),
    (
        "a.go",
        FLAGS,
        'flags.StringVarP(&c.W, "w", "W", "a", "u")',
        'flags.StringVarP(&c.W, "w", "W", "b", "u")',
        {"default-changed"},
    ),
    ("a.go", FLAGS, 'flag.String("w", "a", "u")', 'flag.String("w", "b", "u")', {"default-changed"}),
    ("a.go", FLAGS, 'c.RegisterFlags("old", f)', 'c.RegisterFlags("new.one", f)', {"prefix-changed"}),
    ("a.go", FLAGS, 'app.Flag("w", "u").Default("1").Int()', 'app.Flag("w", "u").Default("2").Int()', {"default-changed"}),
    ("a.go", FLAGS, 'viper.SetDefault("a.b", 1)', 'viper.SetDefault("a.b", 2)', {"key-default-changed"}),
    (
        "a.go",
        FLAGS,
        'x := &cli.IntFlag{EnvVars: []string{"APP_W"}, Name: "w", Value: 1}',
        'x := &cli.IntFlag{EnvVars: []string{"APP_W2"}, Name: "w", Value: 1}',
        {"renamed"},
    ),
    ("a.go", STRUCT, 'Name string `yaml:"name"`', "", {"removed"}),
    ("a.go", STRUCT, 'Name string `yaml:"name"`', 'Name []string `yaml:"name"`', {"type-changed"}),
    ("a.go", STRUCT, "", 'Name string `yaml:"name"`', {"added"}),
    ("a.go", "package a\n\ntype Car struct {{\n\t{}\n}}\n", 'Name string `json:"name"`', "", set()),
    ("a.go", "package a\n\nconst (\n\t{}\n)\n", "DefaultAge = 1", "DefaultAge = 2", {"constant-changed"}),
    ("a.go", "package a\n\nfunc DefaultConfig() C {{\n\treturn C{{\n{}\n}}\n}}\n", "Age: 1,", "Age: 2,", {"constant-changed"}),
    ("a.rb", "{}\n", "x = AppConfig.mail.host?", "x = 1", {"read-removed"}),
    ("a.rb", "{}\n", "x = CONFIG['host']", "x = 1", {"read-removed"}),
    (
        "config/environments/production.rb",
        "{}\n",
        "config.cache_classes = true",
        "config.cache_classes = false",
        {"setting-changed"},
    ),
    ("a.js", DEFINITIONS, "w: { env: 'W', help: 'Colour', default: 1 },", "", {"removed", "env-removed"}),
    ("a.js", DEFINITIONS, "w: { help: 'Colour', default: true },", "w: { help: 'Colour', default: false },", {"default-changed"}),
    ("src/settings.js", "{}\n", "exports.port = 9001;", "exports.port = 9002;", {"setting-changed"}),
    ("src/settings.ts", "{}\n", "export default { a: { port: 1 } };", "export default { a: { port: 2 } };", {"setting-changed"}),
    ("a.js", "{}\n", "p.option('-w, --workers <n>', 'Workers', 1);", "", {"flag-removed"}),
    (
        "a.py",
        POLICY.replace("description", "scope_types={}, description").replace("{}", "'a'", 1),
        "['a']",
        "['b']",
        {"policy-scope-changed"},
    ),
    ("shop/settings.py", "{}\n", "", "HASHERS = ['a']", {"setting-added"}),
    ("shop/settings.py", "{}\n", "FEATURES['A_B'] = False", "FEATURES['A_B'] = True", {"setting-changed"}),
    ("shop/constants.py", "{}\n", "SIZE = 1", "SIZE = 2", {"constant-changed"}),
    ("shop/constants.py", "{}\n", "", "SIZE = 1", set()),
    ("a.py", "class Site_Settings(models.Model):\n    {}\n    b = 1\n", "a = models.BooleanField(default=True)", "", {"removed"}),
    ("a.py", "{}\n", "x = typed(config, 'HOST', str)", "x = 1", {"read-removed"}),
    ("app/config/a.py", "{}\n", "x = experimental.get('a', False)", "x = experimental.get('a', True)", {"key-default-changed"}),
    (
        "a.go",
        FLAGS,
        'x := &cli.IntFlag{Name: "w", Sources: cli.EnvVars("A_OLD")}',
        'x := &cli.IntFlag{Name: "w", Sources: cli.EnvVars("A_URL", "A_OLD")}',
        {"env-added", "renamed-with-alias"},
    ),
    ("a.go", FLAGS, 'env["JOB_LINK"] = x', "", {"given-removed"}),
    (
        "a.go",
        FLAGS,
        'x := map[string]string{"JOB_LINK": y}',
        'x := map[string]string{"JOB_URL": y}',
        {"given-removed", "given-added"},
    ),
    ("a.js", "x = {{ {} }}\n", "a: { type: new A(), description: 'b' }", "a: { type: new B(), description: 'b' }", set()),
    ("run.sh", "{}\n", "x=${RELEASE:-focal}", "x=1", {"script-removed"}),
    ("Dockerfile", "FROM a\n{}\n", "ARG RELEASE=1", "ARG RELEASE=2", {"image-changed"}),
    ("Dockerfile", "FROM a\n{}\n", "ENV A_B=1 C_D=2", "ENV A_B=1", {"image-removed"}),
    ("docker-compose.yml", "services:\n  a:\n    environment:\n{}\n", "      - A_B=1", "      - A_B=2", {"image-changed"}),
    ("run.sh", "{}\n", "x=${RELEASE:-focal}", "x=${RELEASE:-jammy}", {"script-default-changed"}),
    ("BSConfig.pm.template", "{}\n", "our $port = 1;", "our $port = 2;", {"setting-changed"}),
]


@pytest.mark.parametrize(("path", "frame", "before", "after", "expected"), CASES)
def test_facts(path: str, frame: str, before: str, after: str, expected: set[str]) -> None:
    def text(part: str) -> str:
        return frame.replace("{}", part).replace("{{", "{").replace("}}", "}")

    assert facts(DETECTOR, {path: (text(before), text(after))}) == expected


MOVES: list[tuple[str, Table, set[str]]] = [
    ("to another file", {"a.py": ("cfg.StrOpt('w')\n", "\n"), "b.py": (None, "cfg.StrOpt('w')\n")}, {"removed", "redeclared"}),
    (
        "and its default",
        {"a.py": ("cfg.StrOpt('w')\n", ""), "b.py": (None, "cfg.StrOpt('w', default=1)\n")},
        {"removed", "redeclared"},
    ),
    (
        "from env to flag",
        {"a.go": ('package a\nvar x = os.Getenv("A_B")\n', "package a\n"), "b.py": (None, "parser.add_option('--a-b')\n")},
        set(),
    ),
    ("in a development environment", {"devstack/a.py": ("os.environ['A_B']\n", "")}, set()),
    ("in a test", {"tests/a.py": ("os.environ['A_B']\n", "")}, set()),
    (
        "still read elsewhere",
        {"a.py": ("CONF.api.car\n", ""), "b.py": ("x = 1\n", "x = CONF.api.car\n")},
        {"read-removed", "redeclared"},
    ),
    ("in what cannot be parsed any more", {"a.py": ("cfg.StrOpt('w')\n", "<<<<<<< config\n=======\n")}, set()),
    (
        "still read on a line that stays",
        {"a.py": ("CONF.api.car\n", ""), "b.py": ("x = 1\ny = CONF.api.car\n", "x = 2\ny = CONF.api.car\n")},
        {"read-removed", "still-named"},
    ),
    ("in a file that is deleted", {"a.py": ("cfg.StrOpt('w')\n", None)}, {"removed"}),
]


@pytest.mark.parametrize(("table", "expected"), [case[1:] for case in MOVES], ids=[case[0] for case in MOVES])
def test_over_the_change_set(table: Table, expected: set[str]) -> None:
    assert facts(DETECTOR, table) >= expected
    assert not {fact for fact in facts(DETECTOR, table) - expected if "removed" in fact or "changed" in fact}


def test_a_move_answers_no_other_default() -> None:
    table: Table = {"a.py": ("cfg.StrOpt('w', default='a')\n", ""), "b.py": (None, "cfg.StrOpt('w', default='b')\n")}
    graded = grade_facts(evidence(DETECTOR, table), Rules(), {})
    assert {one.evidence.fact: one.level for one in graded} == {
        "default-changed": FactLevel.ASK,
        "removed": FactLevel.NOTE,
        "added": FactLevel.NOTE,
        "redeclared": FactLevel.NOTE,
    }


def test_forty_settings_are_one_evidence_that_names_them() -> None:
    before = "".join(f"cfg.StrOpt('colour_{number}')\n" for number in range(40))
    (found,) = evidence(DETECTOR, {"a.py": (before, "x = 1\n")})
    assert found.fact == "removed"
    assert len(found.subjects) == len(found.details) == 40
    assert found.todo is not None
    assert "colour_0" in found.message
    assert "38 more" in found.message


def test_a_default_is_shown_on_both_sides() -> None:
    (found,) = evidence(DETECTOR, {"a.py": ("cfg.StrOpt('w', default='a')\n", "cfg.StrOpt('w', default='b')\n")})
    assert found.line == 1
    assert '`w`: `"a"` → `"b"`' in found.message
