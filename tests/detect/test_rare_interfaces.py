"""Commands, flags and fields of frameworks that few projects have: what is gone is told by its name."""

from __future__ import annotations

import pytest

from relbot.detect.interfaces.detector import DETECTOR
from tests.detect.changes import evidence

KONG = 'package main\n\ntype CLI struct {\n\tList ListCmd `cmd:"" help:"L."`\n\tGONE\n}\n'
OCLIF = (
    "import {Command, Flags} from '@oclif/core';\nexport default class Put extends Command {\n  static flags = {\n"
    "    all: Flags.boolean(),\n    GONE\n  };\n}\n"
)


@pytest.mark.parametrize(
    ("path", "before", "gone", "name"),
    [
        (
            "src/cli.rs",
            "use clap::Subcommand;\n#[derive(Subcommand)]\nenum Command {\n    List,\n    GONE\n}\n",
            '#[command(name = "put-back")]\n    Restore,',
            "put-back",
        ),
        (
            "cmd/cli.go",
            KONG,
            'Purge PurgeCmd `cmd:"" help:"P."`',
            "purge",
        ),
        (
            "cmd/cli.go",
            KONG,
            'DryRun bool `help:"D."`',
            "--dry-run",
        ),
        (
            "src/commands/put.ts",
            OCLIF,
            "force: Flags.boolean(),",
            "--force",
        ),
        (
            "src/car.dto.ts",
            "import { ApiProperty } from '@nestjs/swagger';\nexport class CarDto {\n  @ApiProperty()\n  id: string;\n  GONE\n}\n",
            "@ApiProperty()\n  colour: string;",
            "CarDto.colour",
        ),
    ],
)
def test_what_is_gone_is_named(path: str, before: str, gone: str, name: str) -> None:
    found = evidence(DETECTOR, {path: (before.replace("GONE", gone), before.replace("GONE", ""))})
    assert any(name in each for one in found for each in (*one.subjects, one.message)), found
