"""What code newly demands of its callers, and what only looks like it."""

from __future__ import annotations

import pytest

from relbot.detect.demands.detector import DETECTOR
from tests.detect.changes import facts

SPRING = 'class A {\n  @GetMapping("/a")\n  int a(%s) { return 1; }\n%s}\n'
OTHER = '  @GetMapping("/b")\n  int b(@RequestParam String s) { return 1; }\n'
RAILS = "class A < B\n%s  def index; end\n%send\n"
DJANGO = "%sdef a(request):\n    pass\n%s"
NODE = "program.command('a').%s('--x <y>');\n%s"
ROUTE = "<?php\nRoute::get('/a', A::class)%s;\n%s"
GO = 'package cmd\n\nfunc init() {\n\taCmd.Flags().String("x", "", "")\n%s}\n'


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        ("A.java", SPRING % ("", ""), SPRING % ("@RequestParam String s", ""), {"parameter-required"}),
        ("A.java", SPRING % ("", ""), SPRING % ("@RequestParam Optional<String> s", ""), set()),
        ("A.java", SPRING % ("", ""), SPRING % ('@RequestParam(defaultValue = "1") String s', ""), set()),
        ("A.java", SPRING % ("", ""), SPRING % ("", OTHER), set()),
        ("a.py", "@r.get('/a')\ndef a():\n    pass\n", "@r.get('/a')\ndef a(s: str):\n    pass\n", {"parameter-required"}),
        ("a.py", "@r.get('/a')\ndef a():\n    pass\n", "@r.get('/a')\ndef a(s: str = ''):\n    pass\n", set()),
        ("a.py", "@r.get('/a')\ndef a():\n    pass\n", "@r.get('/a')\ndef a(s: str | None):\n    pass\n", set()),
        ("a.py", "@r.get('/a/{s}')\ndef a():\n    pass\n", "@r.get('/a/{s}')\ndef a(s: str):\n    pass\n", set()),
        ("a.rb", RAILS % ("", ""), RAILS % ("  before_action :require_login\n", ""), {"sign-in-required"}),
        ("a.rb", RAILS % ("", ""), RAILS % ("  before_action :require_login, only: :show\n", "  def show; end\n"), set()),
        (
            "a.rb",
            RAILS % ("  before_action :require_login\n", ""),
            RAILS % ("  before_action :require_login, if: :a\n", ""),
            set(),
        ),
        ("a.rb", RAILS % ("  skip_before_action :authenticate\n", ""), RAILS % ("", ""), {"sign-in-required"}),
        ("a.py", DJANGO % ("", ""), DJANGO % ("@login_required\n", ""), {"sign-in-required"}),
        ("a.py", DJANGO % ("", ""), DJANGO % ("", "\n\n@login_required\ndef b(request):\n    pass\n"), set()),
        ("a.py", DJANGO % ("@login_required\n", ""), DJANGO % ("@login_required\n@permission_required('a')\n", ""), set()),
        ("a.js", NODE % ("option", ""), NODE % ("requiredOption", ""), {"flag-required"}),
        ("a.js", NODE % ("option", ""), NODE % ("option", "program.command('b').requiredOption('--z <y>');\n"), set()),
        ("a.go", GO % "", GO % '\taCmd.MarkFlagRequired("x")\n', {"flag-required"}),
        ("a.go", GO % "", GO % '\tbCmd.MarkFlagRequired("x")\n', set()),
        ("a.php", ROUTE % ("", ""), ROUTE % ("->middleware('auth')", ""), {"sign-in-required"}),
        ("a.php", ROUTE % ("", ""), ROUTE % ("", "Route::get('/b', B::class)->middleware('auth');\n"), set()),
    ],
)
def test_a_demand_on_callers_that_are_there(path: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (before, after)}) == expected
