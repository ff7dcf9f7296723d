"""The facts of the detector `terraform`."""

from __future__ import annotations

from relbot.detect.engine.facts import (
    ASK,
    BEFORE_INSTALL,
    INTERFACE,
    NOTE,
    REQUIRE,
    Fact,
    FactAnswer,
    Subject,
    Table,
)

_PHASES = (BEFORE_INSTALL,)
_REGION = 'variable "region" {\n  type = string\n  default = "eu"\n}\n'
_SERVER = 'resource "aws_instance" "web" {\n  ami = "a"\n}\n'
_MODULE = 'module "net" {\n  source = "a"\n  version = "1.2"\n}\n'
_DATABASE = 'resource "aws_db_instance" "db" {\n  identifier = "shop"\n  engine_version = "13.7"\n}\n'


def _change(before: str, after: str) -> Table:
    return {"infra/main.tf": (before, after)}


_DESCRIBED = _change(_REGION, _REGION.replace("type", 'description = "Where."\n  type'))
_MOVED = _change(_SERVER, _SERVER.replace("web", "front") + "moved {\n  from = aws_instance.web\n  to = aws_instance.front\n}\n")

_ELSEWHERE = FactAnswer("terraform/declared-elsewhere", "another file of the module declares it")

FACTS = (
    Fact(
        "variable-required",
        "a variable of a module has no default, and is new or had one",
        REQUIRE,
        Subject.SETTING,
        "Plan and apply fail, or ask, until the variable is given.",
        phases=_PHASES,
        wrong=_change("", 'variable "key" {\n  type = string\n}\n'),
        right=_DESCRIBED,
        answers=(_ELSEWHERE,),
    ),
    Fact(
        "variable-type-changed",
        "a variable of a module has another type",
        REQUIRE,
        Subject.SETTING,
        "A value that was given is refused.",
        phases=_PHASES,
        wrong=_change(_REGION, _REGION.replace("string", "list(string)")),
        right=_DESCRIBED,
    ),
    Fact(
        "variable-checked",
        "a variable of a module is checked in another way",
        ASK,
        Subject.SETTING,
        "A value that was accepted may be refused.",
        phases=_PHASES,
        wrong=_change(
            _REGION,
            _REGION.replace("}\n", '  validation {\n    condition = var.region != "us"\n    error_message = "no"\n  }\n}\n'),
        ),
        right=_DESCRIBED,
    ),
    Fact(
        "variable-removed",
        "a variable of a module is gone",
        REQUIRE,
        Subject.SETTING,
        "Where it is still given, the plan fails or ignores it.",
        phases=_PHASES,
        wrong=_change(_REGION, ""),
        right=_DESCRIBED,
        answers=(_ELSEWHERE,),
    ),
    Fact(
        "variable-renamed",
        "a variable of a module has another name",
        REQUIRE,
        Subject.SETTING,
        "Where the old name is given, the plan fails or falls back to the default.",
        phases=_PHASES,
        wrong=_change(_REGION, _REGION.replace("region", "zone")),
        right=_DESCRIBED,
    ),
    Fact(
        "variable-default-changed",
        "a variable of a module has another default",
        ASK,
        Subject.SETTING,
        "Installations that do not set it are changed by the next apply.",
        phases=_PHASES,
        wrong=_change(_REGION, _REGION.replace("eu", "us")),
        right=_DESCRIBED,
    ),
    Fact(
        "declared-elsewhere",
        "what a file no longer declares, another file of the module does",
        NOTE,
        Subject.OBJECT,
        "The module declares the same.",
    ),
    Fact("variable-added", "a variable with a default is new", NOTE, Subject.SETTING, "It can be set."),
    Fact(
        "output-removed",
        "an output of a module is gone or has another name",
        ASK,
        Subject.SETTING,
        "What reads it, in other modules or from the state, fails.",
        INTERFACE,
        wrong=_change('output "ip" {\n  value = 1\n}\n', ""),
        right=_DESCRIBED,
        answers=(_ELSEWHERE,),
    ),
    Fact(
        "resource-removed",
        "a resource or a module call is gone",
        REQUIRE,
        Subject.OBJECT,
        "The next apply destroys it, with its data.",
        phases=_PHASES,
        wrong=_change(_SERVER, ""),
        right=_DESCRIBED,
        answers=(FactAnswer("terraform/resource-moved", "a `moved` or `removed` block keeps it"), _ELSEWHERE),
    ),
    Fact(
        "resource-renamed",
        "a resource or a module call has another name",
        REQUIRE,
        Subject.OBJECT,
        "The next apply destroys the old one and creates another one.",
        phases=_PHASES,
        wrong=_change(_SERVER, _SERVER.replace("web", "front")),
        right=_DESCRIBED,
        answers=(FactAnswer("terraform/resource-moved", "a `moved` block keeps it"),),
    ),
    Fact(
        "resource-moved", "a `moved` or `removed` block keeps a resource", NOTE, Subject.OBJECT, "Terraform keeps what there is."
    ),
    Fact(
        "resource-replaced",
        "what a resource with data is known by changes",
        REQUIRE,
        Subject.STORE,
        "The next apply replaces it: its data is gone, or somewhere else.",
        phases=_PHASES,
        wrong=_change(_DATABASE, _DATABASE.replace("shop", "store")),
        right=_DESCRIBED,
    ),
    Fact(
        "provider-major",
        "a provider or a module must have another major version",
        ASK,
        Subject.RUNTIME,
        "Whoever applies this needs the newer version.",
        phases=_PHASES,
        wrong=_change(_MODULE, _MODULE.replace("1.2", "2.0")),
        right=_DESCRIBED,
    ),
    Fact(
        "backend-changed",
        "the state is kept somewhere else",
        REQUIRE,
        Subject.STORE,
        "The state must be moved before the next apply, which would create everything anew.",
        phases=_PHASES,
        wrong=_change(
            'terraform {\n  backend "s3" {\n    bucket = "a"\n  }\n}\n',
            'terraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n',
        ),
        right=_DESCRIBED,
    ),
)
