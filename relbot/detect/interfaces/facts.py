"""The facts of `interfaces`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, DEPLOY, INTERFACE, NOTE, REQUIRE, Fact, Subject, Table
from relbot.detect.interfaces.kinds import LINE_DECLARATIONS, READ_KINDS, SCRIPT

_SUBJECTS = {"route": Subject.ROUTE, "callback": Subject.ADDRESS, "probe": Subject.ADDRESS, "command": Subject.COMMAND}
_SUBJECTS |= {"program": Subject.COMMAND, "flag": Subject.SETTING, "metric": Subject.METRIC, "policy": Subject.POLICY}
_FAILS = "Callers that use the old name fail."
_PROBED = (
    "The load balancer or orchestrator that probes it considers the program dead, and takes it out of service or restarts it."
)
_STARTED = "Units, images and scripts that start the program by its old name fail."
_ENTERED = "Other services call the address that was entered there, and fail until the new one is entered."
_GRAVER = {"callback": (REQUIRE, _ENTERED, DEPLOY), "probe": (REQUIRE, _PROBED, DEPLOY), "program": (REQUIRE, _STARTED, DEPLOY)}
_INSIDE = "Only code outside of the repository that imports it breaks."
_EXAMPLES = {
    "route": ("src/app.js", "app.get('{}', x);\napp.get('/stays', y);\n", "/cars", "/buses"),
    "probe": ("src/app.js", "app.get('{}', x);\napp.get('/stays', y);\n", "/healthz", "/livez"),
    "callback": ("src/app.js", "app.post('{}', x);\napp.get('/stays', y);\n", "/webhooks/pay", "/hooks/pay"),
    "command": ("lib/mix/tasks/x.ex", "defmodule Mix.Tasks.{} do\nend\n", "Pull", "Fetch"),
    "flag": ("a.cs", 'root.Add(new Option<string>("{}"));\n', "--listen", "--bind"),
    "metric": ("shop/m.py", 'Gauge("{}", "x")\n', "shop_queue_length", "shop_queue_size"),
    "program": ("setup.cfg", "[entry_points]\nconsole_scripts =\n    {} = shop.cli:main\n", "shop", "store"),
    "script": ("package.json", '{{"scripts": {{"{}": "node a.js"}}}}\n', "plugins:add", "plugins"),
    "plugin": ("setup.cfg", "[entry_points]\nshop.drivers =\n    {} = shop.a:A\n", "a", "b"),
    "json-field": ("pkg/t.go", 'type car struct {{\n\tA string `json:"{}"`\n}}\n', "a", "b"),
    "hook": ("src/a.js", "hooks.callAll('{}', x)\n", "carLoad", "carStore"),
    "plugin-method": ("shop/base.py", "class _A:\n    @abc.abstractmethod\n    def {}(self):\n        pass\n", "drive", "stop"),
    "policy": ("shop/p.py", "policy.RuleDefault(name='{}', check_str=base.A)\n", "car:get", "car:list"),
}
"""For each kind: a path, a declaration, and two names."""


def _declare(of: str, plural: str) -> tuple[Fact, Fact]:
    subject = _SUBJECTS.get(of, Subject.CODE)
    level, meaning, scope = _GRAVER.get(of, (NOTE if of == "script" else ASK, _FAILS, INTERFACE))
    known = ASK if of == "script" else None
    path, text, one, other = _EXAMPLES[of]
    before = text.format(one)
    same: Table = {path: (before, f"{before}\n")}
    return (
        Fact(
            f"{of}-removed",
            f"{plural} are removed without a replacement",
            level,
            subject,
            meaning,
            scope,
            wrong={path: (before, _EMPTY if of == "script" else before.splitlines()[-1] if of in _TWO else "# gone: no pull\n")},
            right=same,
            known=known,
        ),
        Fact(
            f"{of}-renamed",
            f"{plural} are removed or renamed",
            level,
            subject,
            meaning,
            scope,
            wrong={path: (before, text.format(other))},
            right=same,
            known=known,
        ),
    )


_TWO = ("route", "probe", "callback")
_EMPTY = "{}\n"
FACTS = (
    *(
        fact
        for kind in dict.fromkeys(
            (kind.id, kind.plural) for kind in (*READ_KINDS, *(each.kind for each in LINE_DECLARATIONS), SCRIPT)
        )
        for fact in _declare(*kind)
    ),
    Fact(
        "answers-rewritten",
        "a switch of a serializer comes or goes",
        ASK,
        Subject.CODE,
        "Clients must read all answers in another way, such as texts where numbers were.",
        INTERFACE,
        wrong={"src/Program.cs": ("options.A = 1;\n", "options.Converters.Add(new JsonStringEnumConverter());\n")},
        right={"src/Program.cs": ("options.A = 1;\n", "options.WriteIndented = true;\n")},
    ),
    Fact(
        "policy-default",
        "default permissions change",
        REQUIRE,
        Subject.POLICY,
        "Users and services may lose access, or gain it.",
        wrong={
            "shop/p.py": (
                "policy.RuleDefault(\n    name='car:get',\n    check_str=base.RULE_ADMIN)\n",
                "policy.RuleDefault(\n    name='car:get',\n    check_str=base.RULE_READER)\n",
            )
        },
    ),
    Fact("export-removed", "a public function, class or type is gone", NOTE, Subject.CODE, _INSIDE, INTERFACE),
    Fact("exports-removed", "many public functions, classes or types are gone", NOTE, Subject.CODE, _INSIDE, INTERFACE),
    Fact(
        "file-deleted",
        "code that runs in production is deleted",
        NOTE,
        Subject.FILE,
        "If only this code did something, that no longer happens.",
    ),
    Fact(
        "much-deleted",
        "a change set deletes much production code and adds little",
        NOTE,
        Subject.FILE,
        "If only this code did something, that no longer happens.",
    ),
)
