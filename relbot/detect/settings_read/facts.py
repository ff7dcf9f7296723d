"""The facts of the detector `settings-read`."""

from __future__ import annotations

from relbot.detect.engine.facts import (
    ANY_PHASE,
    ASK,
    DEPLOY,
    NO_EXAMPLE,
    NOTE,
    REQUIRE,
    Fact,
    FactAnswer,
    FactLevel,
    Subject,
    Table,
)

_OSLO = "from oslo_config import cfg\n\nOPTS = [\n    {}\n]\n"
_SETTINGS = "class Settings(BaseSettings):\n    a: int = 1\n    {}\n"
_FLAGS = "package main\n\nfunc flags() {{\n\t{}\n}}\n"
_ONE_RULE = "policy.DocumentedRuleDefault(name='car:get', check_str='a', description='x', operations=[])"
_RULE = "rules = [policy.DocumentedRuleDefault(name='car:get', {}, description='x', operations=[])]\n"


def _change(path: str, around: str, before: str, after: str) -> Table:
    return {path: (around.format(before), around.format(after))}


_EXAMPLES: dict[str, Table] = {
    "removed": _change("a.py", _SETTINGS, "b: str = 'x'", ""),
    "removed-deprecated": _change("a.py", _OSLO, "cfg.StrOpt('w', deprecated_for_removal=True),", ""),
    "env-removed": _change("a.py", "env = environ.Env(\n    {}\n)\n", "SIZE=(int, 3),", ""),
    "key-removed": _change("app/config.py", "{}\n", "x = config.get('colour', 1)", "x = 1"),
    "read-removed": _change("a.py", "{}\n", "x = CONF.api.colour", "x = 1"),
    "image-renamed": _change("Dockerfile", "FROM a\n{}\n", "ENV DATA_DIR=/data", "ENV SHOP_DATA=/data"),
    "image-removed": _change("Dockerfile", "FROM a\n{}\n", "ENV WORKERS=2", ""),
    "flag-renamed": _change(
        "a.go", _FLAGS, 'f.IntVar(&c, "wk", 1, "Number of all workers")', 'f.IntVar(&c, "n", 1, "Number of all workers")'
    ),
    "flag-removed": _change("a.go", _FLAGS, 'f.IntVar(&c.W, "w", 1, "Workers")', ""),
    "address-default-changed": _change("a.go", _FLAGS, 'flag.String("listen", ":80", "u")', 'flag.String("listen", ":81", "u")'),
    "retention-lowered": _change("a.go", _FLAGS, 'flag.Int("keep-days", 90, "u")', 'flag.Int("keep-days", 30, "u")'),
    "renamed": _change("a.py", _OSLO, "cfg.StrOpt('worker_count'),", "cfg.StrOpt('workers_count'),"),
    "prefix-changed": _change("a.go", _FLAGS, 'c.RegisterFlags("old", f)', 'c.RegisterFlags("new.one", f)'),
    "script-removed": _change("run.sh", "{}\n", "x=${RELEASE:-focal}", "x=1"),
    "given-removed": _change("a.go", _FLAGS, 'env["JOB_LINK"] = x', ""),
    "policy-changed": _change("a.py", _RULE, "check_str=base.ADMIN", "check_str=base.READER"),
    "policy-scope-changed": _change("a.py", _RULE, "scope_types=['a']", "scope_types=['b']"),
    "policy-removed": {"a.py": (f"rules = [{_ONE_RULE}]\n", "rules = []\n")},
    "default-changed": _change("a.py", _SETTINGS, "b: str = 'x'", "b: str = 'y'"),
    "setting-changed": _change("shop/settings.py", "{}\n", "SESSION_AGE = 1", "SESSION_AGE = 2"),
    "key-default-changed": _change("a.py", "{}\n", "x = config.get('a', 1)", "x = config.get('a', 2)"),
    "default-reworked": _change("a.py", _OSLO, "cfg.IntOpt('w', default=4),", "cfg.IntOpt('w', default=count_cores()),"),
    "constant-changed": _change("app/defaults.py", "{}\n", "DEFAULT_SIZE = 4", "DEFAULT_SIZE = 8"),
    "script-default-changed": _change("run.sh", "{}\n", "x=${RELEASE:-focal}", "x=${RELEASE:-jammy}"),
    "image-changed": _change("Dockerfile", "FROM a\n{}\n", "ENV WORKERS=2", "ENV WORKERS=4"),
    "newly-required": _change("a.py", _SETTINGS, "b: str = 'x'", "b: str"),
    "limits-changed": _change("a.py", _OSLO, "cfg.StrOpt('w'),", "cfg.StrOpt('w', choices=['a', 'b']),"),
    "type-changed": _change("a.py", _OSLO, "cfg.StrOpt('w'),", "cfg.IntOpt('w'),"),
    "added-on": _change("a.py", _OSLO, "", "cfg.BoolOpt('w', default=True),"),
    "added-required": _change("a.py", _OSLO, "", "cfg.StrOpt('w', required=True),"),
    "framework-setting-added": _change("shop/settings.py", "A = 1\n{}\n", "", "SESSION_COOKIE_AGE = 3600"),
    "alias-removed": _change("a.py", _OSLO, "cfg.StrOpt('v', deprecated_name='quantity'),", "cfg.StrOpt('v'),"),
    "flag-alias-removed": _change(
        "a.py", "@click.command()\n{}\ndef a(v):\n    pass\n", "@click.option('--v', '--quantity')", "@click.option('--v')"
    ),
    "moved": {
        "a/conf.go": ('package a\n\ntype Config struct {\n\tV int `yaml:"v_max"`\n}\n', "package a\n\ntype Config struct {\n}\n"),
        "b/conf.go": ("package b\n\ntype Config struct {\n}\n", 'package b\n\ntype Config struct {\n\tV int `yaml:"v_max"`\n}\n'),
    },
    "added-limit": _change("a.py", _OSLO, "", "cfg.IntOpt('max_size', default=10),"),
}
_DECLARED: tuple[tuple[str, FactLevel, str, str], ...] = (
    (
        "removed",
        REQUIRE,
        "an option, flag or setting that code declares is removed",
        "Where it is still set, the program ignores it or refuses to start.",
    ),
    (
        "removed-deprecated",
        REQUIRE,
        "a deprecated option, flag or setting is removed",
        "Where it is still set, the program ignores it or refuses to start.",
    ),
    ("env-removed", REQUIRE, "an environment variable is no longer read", "Where it is set, it has no effect."),
    (
        "key-removed",
        REQUIRE,
        "the module that reads the configuration no longer reads a key",
        "Where it is set, it has no effect.",
    ),
    ("read-removed", ASK, "code no longer reads a setting that is declared elsewhere", "Where set, it may have no effect."),
    (
        "image-renamed",
        REQUIRE,
        "a variable of an image or container is renamed",
        "The value that an installation gives to the old name has no effect.",
    ),
    (
        "image-removed",
        ASK,
        "a variable of an image or container is removed",
        "Programs in the container that read the variable do not find it.",
    ),
    (
        "flag-renamed",
        ASK,
        "a command-line flag is renamed",
        "Units and scripts that pass the old flag fail.",
    ),
    ("flag-removed", ASK, "a command-line flag is gone", "Units and scripts that pass the flag fail."),
    (
        "address-default-changed",
        REQUIRE,
        "the default of an address, a path or a store changes",
        "Installations that use the default are no longer reachable at their old address, or no longer find their data.",
    ),
    (
        "retention-lowered",
        REQUIRE,
        "by default, data is kept for a shorter time",
        "Where nothing is set, data that is older is deleted for good.",
    ),
    ("renamed", REQUIRE, "a setting is renamed", "Where the old name is set, the program ignores it or refuses to start."),
    (
        "alias-removed",
        REQUIRE,
        "the old name of a setting, kept until now, is no longer read",
        "Where the old name is set, the program ignores it or refuses to start.",
    ),
    (
        "flag-alias-removed",
        ASK,
        "the old name of a flag, kept until now, is gone",
        "Units and scripts that pass the old flag fail.",
    ),
    (
        "moved",
        ASK,
        "a key of the configuration file is declared by another package",
        "If the key stands in another section now, the program ignores it where it is set.",
    ),
    ("renamed-with-alias", NOTE, "a setting is renamed, and the old name still works", "The old name still works, for now."),
    (
        "prefix-changed",
        REQUIRE,
        "the prefix of a group of flags changes",
        "Where the old names are set, the program ignores them or refuses to start.",
    ),
    ("deprecated", NOTE, "a setting is now deprecated", "It still works, for now."),
    (
        "default-changed",
        ASK,
        "the default of an option, flag or environment variable changes",
        "Installations that do not set it behave differently.",
    ),
    (
        "default-reworked",
        ASK,
        "the default of an option, flag or environment variable is computed differently",
        "Installations that do not set it may behave differently.",
    ),
    (
        "setting-reworked",
        NOTE,
        "the value of a setting or constant is computed differently",
        "Installations that do not override it may behave differently.",
    ),
    (
        "setting-changed",
        ASK,
        "the value of a setting in a settings module changes",
        "Installations that do not override it behave differently.",
    ),
    (
        "key-default-changed",
        ASK,
        "the default of a configuration key changes where it is read",
        "Installations that do not set the key behave differently.",
    ),
    (
        "constant-changed",
        NOTE,
        "the value of a constant that holds a default changes",
        "Installations that do not configure it behave differently.",
    ),
    (
        "script-default-changed",
        ASK,
        "the default of a variable in a script changes",
        "The script behaves differently where the variable is not set.",
    ),
    (
        "image-changed",
        ASK,
        "the value of a variable of an image or container changes",
        "Programs in the container get another value, unless you set it.",
    ),
    ("newly-required", REQUIRE, "a setting is now required", "Without it, the program refuses to start or to work."),
    ("limits-changed", ASK, "the allowed values of a setting change", "The program may refuse values that it accepted."),
    (
        "type-changed",
        REQUIRE,
        "the type of a setting changes",
        "The program may refuse configured values, or read them differently.",
    ),
    ("added", NOTE, "an option, flag or setting is added", "Installations that do not set it do not change."),
    ("added-on", ASK, "a new switch is on by default", "It is on by default."),
    ("added-required", REQUIRE, "a new setting is required", "Without it, the program refuses to start or to work."),
    (
        "added-limit",
        ASK,
        "a new limit, timeout or size is in effect by default",
        "Installations that do not set it get a limit that they did not have.",
    ),
    ("env-added", NOTE, "an environment variable is now read", "Installations that do not set it do not change."),
    (
        "key-added",
        NOTE,
        "the module that reads the configuration reads a new key",
        "Installations that do not set it do not change.",
    ),
    ("read-added", NOTE, "code now reads a setting", "An existing setting takes effect in one more place."),
    ("image-added", NOTE, "a variable of an image or container is added", "The container has one more variable."),
    (
        "framework-setting-added",
        ASK,
        "a settings module now sets what had the framework's default",
        "Installations that do not override it behave differently.",
    ),
    ("setting-added", NOTE, "a setting is added to a settings module", "The settings module has one more setting."),
    ("script-removed", ASK, "a script no longer reads a variable", "Where it is set for the script, it has no effect."),
    ("script-added", NOTE, "a script now reads a variable", "Installations that do not set it do not change."),
    (
        "given-removed",
        ASK,
        "jobs or programs no longer get a variable",
        "Jobs or programs that read the variable do not find it.",
    ),
    ("given-added", NOTE, "jobs or programs now get a variable", "Jobs or programs get one more variable."),
    (
        "redeclared",
        NOTE,
        "an option, flag or setting is declared in another place or way, with the same name",
        "The same setting is declared in another place or way.",
    ),
    (
        "policy-changed",
        REQUIRE,
        "the default permissions of a policy rule change",
        "Users and services may lose access, or gain it.",
    ),
    (
        "policy-scope-changed",
        REQUIRE,
        "the scope of a policy rule changes",
        "Users and services may lose access, or gain it.",
    ),
    ("policy-removed", REQUIRE, "a policy rule is removed", "Overrides of the rule have no effect."),
    ("policy-added", NOTE, "a policy rule is added", "Policy files without the rule still work."),
    ("policy-deprecated", NOTE, "a policy rule gets a deprecated predecessor", "Overrides of the old rule still work, for now."),
    (
        "still-named",
        NOTE,
        "another file of the change set still names a setting that one file no longer reads",
        "The setting may work as before.",
    ),
)
_REDECLARED = FactAnswer("settings-read/redeclared", "the change set declares it in another place or way")
_ALIASED = FactAnswer("settings-read/renamed-with-alias", "the old name still works")
_STAYS = (_REDECLARED, FactAnswer("settings-read/still-named", "another file of the change set still names it"), _ALIASED)
_GONE = ("removed", "removed-deprecated", "renamed", "prefix-changed")
_COME = ("added-on", "added-required", "added-limit", "framework-setting-added")
"""How the ids end of facts that say that a name is gone or new. What else the change set says about the name answers these,
and never that a default, a limit or a type is another."""


def _answers_of(name: str, level: FactLevel) -> tuple[FactAnswer, ...]:
    if level is NOTE or name.startswith("policy-"):
        return (_REDECLARED,) if name == "policy-removed" else ()
    return _STAYS if name.endswith(_GONE) else (_REDECLARED, _ALIASED) if name.endswith(_COME) else ()


_SAME = _change("a.py", _SETTINGS, "b: str = 'x'", 'b: str = "x"')


def _declare(name: str, level: FactLevel, summary: str, meaning: str) -> Fact:
    subject = (
        Subject.POLICY if name.startswith("policy-") else Subject.ADDRESS if name.startswith("address-") else Subject.SETTING
    )
    example = _EXAMPLES.get(name, NO_EXAMPLE)
    right = _SAME if example else NO_EXAMPLE
    return Fact(name, summary, level, subject, meaning, DEPLOY, ANY_PHASE, example, right, _answers_of(name, level))


FACTS = tuple(_declare(*each) for each in _DECLARED)
