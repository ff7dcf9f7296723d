"""The facts of the detector `settings-read`."""

from __future__ import annotations

from relbot.detect.engine.facts import (
    ANY_PHASE,
    ASK,
    DEPLOY,
    INTERFACE,
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
    "image-removed": _change("Dockerfile", "FROM a\n{}\n", "ENV WORKERS=2", ""),
    "flag-renamed": _change(
        "a.go", _FLAGS, 'f.IntVar(&c, "wk", 1, "Number of all workers")', 'f.IntVar(&c, "n", 1, "Number of all workers")'
    ),
    "flag-removed": _change("a.go", _FLAGS, 'f.IntVar(&c.W, "w", 1, "Workers")', ""),
    "address-default-changed": _change("a.go", _FLAGS, 'flag.String("listen", ":80", "u")', 'flag.String("listen", ":81", "u")'),
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
    "added-limit": _change("a.py", _OSLO, "", "cfg.IntOpt('max_size', default=10),"),
}
_DECLARED: tuple[tuple[str, FactLevel, str, str], ...] = (
    (
        "removed",
        REQUIRE,
        "an option, flag or setting that code declares is removed",
        "Who still sets it is ignored, or refused at the start.",
    ),
    (
        "removed-deprecated",
        REQUIRE,
        "one that had been called deprecated is removed",
        "Who still sets it is ignored, or refused at the start.",
    ),
    ("env-removed", REQUIRE, "an environment variable is no longer read", "Where it is set, it has no effect any more."),
    (
        "key-removed",
        REQUIRE,
        "a key is no longer read by the module that reads the configuration",
        "Where it is set, it has no effect any more.",
    ),
    (
        "read-removed",
        ASK,
        "code reads a setting no longer that is declared elsewhere",
        "Where it is set, it may have no effect any more.",
    ),
    (
        "image-removed",
        ASK,
        "a variable of an image or container is removed",
        "What reads the variable in the container finds nothing.",
    ),
    (
        "flag-renamed",
        ASK,
        "a flag of the command line has another name",
        "A unit or a script that passes the old one does not start.",
    ),
    ("flag-removed", ASK, "a flag of the command line is gone", "A unit or a script that passes it does not start."),
    (
        "address-default-changed",
        REQUIRE,
        "an address, a path or a store has another default",
        "An installation on the default is not reachable, or looks for its data, where it was.",
    ),
    ("renamed", REQUIRE, "a setting has another name", "Where the old name is set, it has no effect any more, or is refused."),
    ("renamed-with-alias", NOTE, "a setting has another name, and the old one still works", "The old name still works, for now."),
    (
        "prefix-changed",
        REQUIRE,
        "a group of flags has another prefix",
        "Where the old names are set, they have no effect any more, or are refused.",
    ),
    ("deprecated", NOTE, "a setting is called deprecated now", "It still works, for now."),
    (
        "default-changed",
        ASK,
        "an option, flag or environment variable has another default",
        "Installations that do not set it behave in another way.",
    ),
    (
        "default-reworked",
        ASK,
        "an option, flag or environment variable has a default that is computed in another way",
        "Installations that do not set it may behave in another way.",
    ),
    (
        "setting-reworked",
        NOTE,
        "a setting or constant has a value that is computed in another way",
        "Its value is computed in another way.",
    ),
    (
        "setting-changed",
        ASK,
        "a setting in a settings module has another value",
        "Installations that do not override it behave in another way.",
    ),
    (
        "key-default-changed",
        ASK,
        "a key of the configuration has another default where it is read",
        "Configurations that leave it out behave in another way.",
    ),
    (
        "constant-changed",
        NOTE,
        "a constant that holds a default has another value",
        "What is used where nothing is configured changes.",
    ),
    (
        "script-default-changed",
        ASK,
        "a variable has another default in a script",
        "The script does something else where the variable is not set.",
    ),
    (
        "image-changed",
        ASK,
        "a variable of an image or container has another value",
        "What runs in the container gets another value, unless you set it.",
    ),
    ("newly-required", REQUIRE, "a setting must be given now", "Without it the program refuses to start, or to do its work."),
    ("limits-changed", ASK, "what a setting may be is limited in another way", "Values that were accepted may be refused."),
    ("type-changed", REQUIRE, "a setting has another type", "Values that are configured may be refused, or read in another way."),
    ("added", NOTE, "an option, flag or setting is added", "Who does not set it keeps what there was."),
    ("added-on", ASK, "a new switch is on by default", "It is on where nobody sets it."),
    ("added-required", REQUIRE, "a new setting must be given", "Without it the program refuses to start, or to do its work."),
    ("added-limit", ASK, "a new limit, timeout or size has a default", "It limits where nothing was limited before."),
    ("env-added", NOTE, "an environment variable is read that was not", "Who does not set it keeps what there was."),
    (
        "key-added",
        NOTE,
        "a key is read by the module that reads the configuration that was not",
        "Who does not set it keeps what there was.",
    ),
    ("read-added", NOTE, "code reads a setting that it did not", "A setting that exists counts in another place, too."),
    ("image-added", NOTE, "a variable of an image or container is added", "The container has one variable more."),
    ("setting-added", NOTE, "a setting is added to a settings module", "The settings module has one setting more."),
    ("script-removed", ASK, "a script reads a variable no longer", "Where it is set for the script, it has no effect any more."),
    ("script-added", NOTE, "a script reads a variable that it did not", "Who does not set it keeps what there was."),
    (
        "given-removed",
        ASK,
        "a variable that jobs or programs got is no longer given to them",
        "Jobs or programs that read it find nothing.",
    ),
    ("given-added", NOTE, "a variable is given to jobs or programs that was not", "Jobs or programs get one variable more."),
    (
        "redeclared",
        NOTE,
        "an option, flag or setting is declared in another file, with the same name",
        "The same setting is declared in another file.",
    ),
    (
        "policy-changed",
        REQUIRE,
        "what a policy rule allows by default changes",
        "Users and services that were let in are refused, or others are let in.",
    ),
    (
        "policy-scope-changed",
        REQUIRE,
        "for which scope a policy rule holds changes",
        "Users and services that were let in are refused, or others are let in.",
    ),
    ("policy-removed", REQUIRE, "a policy rule is removed", "Overrides of the rule have no effect any more."),
    ("policy-added", NOTE, "a policy rule is added", "Policy files without it go on working."),
    ("policy-deprecated", NOTE, "a policy rule gets a deprecated predecessor", "Overrides of the old rule still count, for now."),
    ("still-named", NOTE, "what one file no longer reads, another file of the change set still names", "It may count as before."),
)
_STAYS = (
    FactAnswer("settings-read/redeclared", "another file of the change set declares it"),
    FactAnswer("settings-read/still-named", "another file of the change set still names it"),
    FactAnswer("settings-read/renamed-with-alias", "the old name still works"),
)
_SAME = _change("a.py", _SETTINGS, "b: str = 'x'", 'b: str = "x"')


def _declare(name: str, level: FactLevel, summary: str, meaning: str) -> Fact:
    subject = (
        Subject.POLICY if name.startswith("policy-") else Subject.ADDRESS if name.startswith("address-") else Subject.SETTING
    )
    example = _EXAMPLES.get(name, NO_EXAMPLE)
    scope = INTERFACE if name.startswith("flag-") else DEPLOY
    answers = _STAYS if level is not NOTE and not name.startswith("policy-") else ()
    return Fact(name, summary, level, subject, meaning, scope, ANY_PHASE, example, _SAME if example else NO_EXAMPLE, answers)


FACTS = tuple(_declare(*each) for each in _DECLARED)
