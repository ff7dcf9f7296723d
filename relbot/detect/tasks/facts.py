"""The facts of `tasks`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, INTERFACE, NOTE, REQUIRE, Fact, FactAnswer, Subject

_TASK = Subject.TASK
_RAKE = "task :prices => :environment do\n  run\nend\n"
_ONCE = "task :migrate_prices => :environment do\n  run\nend\n"
_CALLED = "Cron jobs, units and scripts that call it fail."
_RUN_ONCE = "An operator must run it once, and only the author knows when."
_ELSEWHERE = FactAnswer("tasks/added", "another file now has it")

FACTS = (
    Fact(
        "added",
        "a rake task or a management command is new",
        NOTE,
        _TASK,
        "There is one more command.",
        wrong={"lib/tasks/prices.rake": (None, _RAKE)},
    ),
    Fact(
        "once-added",
        "a rake task or a management command is new, and its name suggests a single run",
        ASK,
        _TASK,
        _RUN_ONCE,
        phases=ANY_PHASE,
        wrong={"lib/tasks/prices.rake": (None, _ONCE)},
        right={"lib/tasks/prices.rake": (None, _RAKE)},
        answers=(FactAnswer("tasks/removed", "another file had it before"),),
    ),
    Fact(
        "relied-on",
        "a new task fills a new column that other new code relies on",
        REQUIRE,
        _TASK,
        "Until you run it, the new code finds rows in which the column is empty.",
        phases=ANY_PHASE,
        wrong={
            "db/migrate/20180720082742_rank.rb": (None, "add_column :cars, :rank, :integer\n"),
            "lib/tasks/rank.rake": (None, "task rank: :environment do\n  Car.find_each { |c| c.update!(rank: 1) }\nend\n"),
            "app/controllers/cars_controller.rb": ("Car.order(:name)\n", "Car.order(:rank)\n"),
        },
        right={
            "db/migrate/20180720082742_rank.rb": (None, "add_column :cars, :rank, :integer\n"),
            "lib/tasks/rank.rake": (None, "task rank: :environment do\n  Car.find_each { |c| c.update!(rank: 1) }\nend\n"),
        },
    ),
    Fact(
        "removed",
        "a rake task or a management command is gone",
        ASK,
        _TASK,
        _CALLED,
        INTERFACE,
        wrong={"lib/tasks/prices.rake": (_RAKE, None)},
        right={"lib/tasks/prices.rake": (_RAKE, f"# Prices.\n{_RAKE}")},
        answers=(_ELSEWHERE, _ELSEWHERE._replace(fact="tasks/once-added")),
    ),
    Fact(
        "changed",
        "a rake task or a management command changes",
        NOTE,
        _TASK,
        "The task works differently.",
        INTERFACE,
    ),
    Fact(
        "script-added",
        "a script is new",
        NOTE,
        _TASK,
        "There is one more script.",
        wrong={"bin/prices": (None, "#!/bin/sh\nexec prices\n")},
    ),
    Fact(
        "script-once-added",
        "a script is new, and its name suggests a single run",
        ASK,
        _TASK,
        _RUN_ONCE,
        phases=ANY_PHASE,
        wrong={"bin/migrate-prices": (None, "#!/bin/sh\nexec prices\n")},
        right={"bin/prices": (None, "#!/bin/sh\nexec prices\n")},
    ),
    Fact(
        "script-removed",
        "a script is gone",
        ASK,
        _TASK,
        _CALLED,
        INTERFACE,
        wrong={"bin/prices": ("#!/bin/sh\nexec prices\n", None)},
    ),
    Fact(
        "command-added",
        "a command is new, and its name suggests a single run",
        ASK,
        _TASK,
        _RUN_ONCE,
        phases=ANY_PHASE,
        wrong={
            "shop/cli.py": (
                "import click\n",
                'import click\n\n\n@click.command("migrate-prices")\ndef migrate_prices():\n    pass\n',
            )
        },
    ),
    Fact(
        "upgrade-code",
        "code changes whose name suggests that it upgrades installations",
        ASK,
        _TASK,
        "The upgrade does something new.",
        wrong={"shop/upgrade.py": ("def run():\n    pass\n", "def run():\n    fill_colours()\n")},
    ),
)
