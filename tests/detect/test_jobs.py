"""Background jobs under other names or with other arguments, and schedules in code."""

from __future__ import annotations

import pytest

from relbot.detect.jobs.detector import DETECTOR
from tests.detect.changes import facts

# fmt: off
CASES: list[tuple[str, str, str, set[str]]] = [
    ("w.rb", "class MailWorker\n  include Sidekiq::Job\n  def perform(id)\n  end\nend\n",
     "class LetterWorker\n  include Sidekiq::Job\n  def perform(id)\n  end\nend\n", {"renamed"}),
    ("w.rb", "class MailJob < ApplicationJob\n  def perform(id, at:)\n  end\nend\n",
     "class MailJob < ApplicationJob\n  def perform(id, at: nil)\n  end\nend\n", set()),
    ("w.rb", "class MailJob < ApplicationJob\n  def perform(id)\n  end\nend\n",
     "class MailJob < ApplicationJob\n  def perform(*ids)\n  end\nend\n", set()),
    ("t.py", "@shared_task\ndef mail(a):\n    pass\n", "@shared_task\ndef mail(a, b):\n    pass\n", {"arguments-changed"}),
    ("t.py", "@shared_task\ndef mail(a):\n    pass\n", "@shared_task(bind=True)\ndef mail(self, a, b=1):\n    pass\n", set()),
    ("t.py", "@app.task(name='m')\ndef mail(a):\n    pass\n", "@app.task(name='m')\ndef letter(a):\n    pass\n", set()),
    ("t.py", "@app.task(name='m')\ndef mail(a):\n    pass\n", "@app.task(name='l')\ndef mail(a):\n    pass\n", {"renamed"}),
    ("M.php", "<?php\nclass Mail implements ShouldQueue {}\n", "<?php\nclass Letter implements ShouldQueue {}\n", {"renamed"}),
    ("w.ex", "defmodule A.Mail do\n  use Oban.Worker\nend\n", "defmodule A.Letter do\n  use Oban.Worker\nend\n", {"renamed"}),
    ("K.php", "<?php\n$schedule->command('a')->daily();\n", "<?php\n$schedule->command('a')->hourly();\n", {"schedule-changed"}),
    ("c.js", "const a = cron.schedule('0 3 * * *', f);\n", "const a = cron.schedule('* * * * *', f);\n", {"schedule-changed"}),
    ("A.java", 'class A {\n@Scheduled(cron = "0 3 * * *")\nvoid a() {}\n}\n',
     'class A {\n@Scheduled(cron = "0 4 * * *")\nvoid a() {}\n}\n', {"schedule-changed"}),
]
# fmt: on


@pytest.mark.parametrize(("path", "before", "after", "expected"), CASES)
def test_facts(path: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (before, after)}) == expected


@pytest.mark.parametrize("job", ["@actor\ndef mail(a):\n    pass\n", "@shared_task(name='mail')\ndef mail(a):\n    pass\n"])
def test_a_job_that_moves_to_another_file_keeps_its_name(job: str) -> None:
    assert facts(DETECTOR, {"a.py": (f"x = 1\n{job}", "x = 1\n# shared_task\n"), "b.py": ("", job)}) == set()


def test_celery_names_a_job_by_its_module() -> None:
    job = "@shared_task\ndef mail(a):\n    pass\n"
    assert facts(DETECTOR, {"a.py": (f"x = 1\n{job}", "x = 1\n# shared_task\n"), "b.py": ("", job)}) == {"renamed"}
    assert facts(DETECTOR, {"a.py": (job, None), "b.py": (None, job)}) == {"renamed"}
