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
        "a variable of a module is now required",
        REQUIRE,
        Subject.SETTING,
        "Plan and apply fail, or ask, until the variable is set.",
        phases=_PHASES,
        wrong=_change("", 'variable "key" {\n  type = string\n}\n'),
        right=_DESCRIBED,
        answers=(_ELSEWHERE,),
    ),
    Fact(
        "variable-type-changed",
        "the type of a module variable changes",
        REQUIRE,
        Subject.SETTING,
        "Terraform refuses the values that users set.",
        phases=_PHASES,
        wrong=_change(_REGION, _REGION.replace("string", "list(string)")),
        right=_DESCRIBED,
    ),
    Fact(
        "resource-resized",
        "a machine or a database has another size",
        ASK,
        Subject.OBJECT,
        "The resource restarts, and runs with another load and at another price.",
        phases=_PHASES,
        wrong=_change(
            'resource "aws_instance" "web" {\n  instance_type = "t3.large"\n}\n',
            'resource "aws_instance" "web" {\n  instance_type = "t3.micro"\n}\n',
        ),
        right=_DESCRIBED,
    ),
    Fact(
        "resource-platform",
        "a resource runs on another version of its platform",
        ASK,
        Subject.RUNTIME,
        "What runs there must work with the other version, and the resource may restart.",
        phases=_PHASES,
        wrong=_change(
            'resource "aws_lambda_function" "mail" {\n  runtime = "python3.9"\n}\n',
            'resource "aws_lambda_function" "mail" {\n  runtime = "python3.12"\n}\n',
        ),
        right=_DESCRIBED,
    ),
    Fact(
        "variable-checked",
        "the validation of a module variable changes",
        ASK,
        Subject.SETTING,
        "Terraform may refuse values that it accepted.",
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
        "Where it is still set, the plan fails or ignores it.",
        phases=_PHASES,
        wrong=_change(_REGION, ""),
        right=_DESCRIBED,
        answers=(_ELSEWHERE,),
    ),
    Fact(
        "variable-renamed",
        "a variable of a module is renamed",
        REQUIRE,
        Subject.SETTING,
        "Where the old name is set, the plan fails or uses the default.",
        phases=_PHASES,
        wrong=_change(_REGION, _REGION.replace("region", "zone")),
        right=_DESCRIBED,
    ),
    Fact(
        "variable-default-changed",
        "the default of a module variable changes",
        ASK,
        Subject.SETTING,
        "The next apply changes installations that do not set it.",
        phases=_PHASES,
        wrong=_change(_REGION.replace("region", "size"), _REGION.replace("region", "size").replace("eu", "us")),
        right=_DESCRIBED,
    ),
    Fact(
        "declared-elsewhere",
        "another file of the module declares what this file no longer declares",
        NOTE,
        Subject.OBJECT,
        "The module still declares the same.",
    ),
    Fact("variable-added", "a variable with a default is new", NOTE, Subject.SETTING, "Setting it is optional."),
    Fact(
        "output-removed",
        "an output of a module is gone or renamed",
        ASK,
        Subject.SETTING,
        "Modules and programs that read the output fail.",
        INTERFACE,
        wrong=_change('output "ip" {\n  value = 1\n}\n', ""),
        right=_DESCRIBED,
        answers=(_ELSEWHERE,),
    ),
    Fact(
        "output-needed",
        "an output of a module is gone or renamed, which other configurations call",
        REQUIRE,
        Subject.SETTING,
        "Configurations that call the module and read the output can no longer be planned.",
        INTERFACE,
        wrong={"modules/net/outputs.tf": ('output "ip" {\n  value = 1\n}\n', "")},
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
        "a resource or a module call is renamed",
        REQUIRE,
        Subject.OBJECT,
        "The next apply destroys the old one and creates a new one.",
        phases=_PHASES,
        wrong=_change(_SERVER, _SERVER.replace("web", "front")),
        right=_DESCRIBED,
        answers=(FactAnswer("terraform/resource-moved", "a `moved` block keeps it"),),
    ),
    Fact(
        "resource-moved",
        "a `moved` or `removed` block keeps a resource",
        NOTE,
        Subject.OBJECT,
        "Terraform keeps the existing resource.",
    ),
    Fact(
        "resource-replaced",
        "the identifier of a resource with data changes",
        REQUIRE,
        Subject.STORE,
        "The next apply replaces the resource. Its data is gone, or stays in the old one.",
        phases=_PHASES,
        wrong=_change(_DATABASE, _DATABASE.replace("shop", "store")),
        right=_DESCRIBED,
    ),
    Fact(
        "resource-guard-changed",
        "the protection or the access of a resource changes",
        ASK,
        Subject.OBJECT,
        "Data is protected in another way, or others can reach the resource.",
        phases=_PHASES,
        wrong=_change(
            'resource "aws_db_instance" "db" {\n  deletion_protection = true\n}\n',
            'resource "aws_db_instance" "db" {\n  deletion_protection = false\n}\n',
        ),
        right=_DESCRIBED,
    ),
    Fact(
        "resource-kept-shorter",
        "a resource keeps data or backups for a shorter time",
        REQUIRE,
        Subject.STORE,
        "The next apply makes it delete what is older, for good.",
        phases=_PHASES,
        wrong=_change(
            'resource "aws_db_instance" "db" {\n  backup_retention_period = 14\n}\n',
            'resource "aws_db_instance" "db" {\n  backup_retention_period = 1\n}\n',
        ),
        right=_DESCRIBED,
    ),
    Fact(
        "resource-closed",
        "networks that could reach a resource no longer can",
        REQUIRE,
        Subject.ADDRESS,
        "It is not reachable from these networks any more.",
        phases=_PHASES,
        wrong=_change(
            'resource "aws_security_group_rule" "web" {\n  cidr_blocks = ["0.0.0.0/0"]\n}\n',
            'resource "aws_security_group_rule" "web" {\n  cidr_blocks = ["10.0.0.0/8"]\n}\n',
        ),
        right=_DESCRIBED,
    ),
    Fact(
        "provider-major",
        "the required major version of a provider or a module changes",
        ASK,
        Subject.RUNTIME,
        "Terraform needs the new version before the next apply.",
        phases=_PHASES,
        wrong=_change(_MODULE, _MODULE.replace("1.2", "2.0")),
        right=_DESCRIBED,
    ),
    Fact(
        "backend-changed",
        "the state backend changes",
        REQUIRE,
        Subject.STORE,
        "Move the state before the next apply. Otherwise, Terraform creates all resources again.",
        phases=_PHASES,
        wrong=_change(
            'terraform {\n  backend "s3" {\n    bucket = "a"\n  }\n}\n',
            'terraform {\n  backend "s3" {\n    bucket = "b"\n  }\n}\n',
        ),
        right=_DESCRIBED,
    ),
)
