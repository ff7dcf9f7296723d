"""What the detector of environment variables and keys sees, in each language."""

from __future__ import annotations

import pytest

from relbot.detect.engine.registry import run_detectors
from relbot.detect.environment.detector import DETECTOR
from tests.detect.changes import change_set, evidence, facts

# Path, the text around, what stands there before and after, and the facts.
CASES = [
    ("a.py", "{}\n", "X = os.environ['HOST']", "X = 1", {"removed"}),
    ("a.py", "{}\n", "X = os.environ.get('HOST', 'a')", "X = 'a'", {"removed", "default-kept"}),
    ("a.py", "{}\n", "X = int(os.getenv('LIMIT', '5'))", "X = int(os.environ.get('LIMIT', 6))", {"default-changed"}),
    ("a.py", "{}\n", "X = int(os.getenv('LIMIT', '5'))", "X = int(os.environ.get('LIMIT', 5))", set()),
    ("a.py", "D = 5\n{}\n", "X = os.getenv('LIMIT', '5')", "X = os.getenv('LIMIT', D)", set()),
    ("a.py", "{}\n", "X = os.environ.get('HOST')", "X = os.environ['HOST']", {"newly-required"}),
    ("a.py", "def f():\n    os.getenv('HOST')\n{}\n", "os.getenv('HOST')", "", set()),
    ("a.py", "{}\n", "X = os.getenv('PORT', '80')", "X = os.getenv('PORT', '8080')", {"address-default-changed"}),
    ("a.py", "{}\n", "X = os.getenv('LIMIT', '5')", "X = os.getenv('LIMIT', str(cores()))", {"default-reworked"}),
    ("a.py", "{}\n", "", "if not os.getenv('KEY'):\n    raise ValueError('KEY')", {"added-required"}),
    ("a.py", "{}\n", "", "if not os.getenv('KEY'):\n    log.info('off')", {"added"}),
    ("a.py", "class S:\n    {}\n", "env_prefix = 'A_'", "env_prefix = 'B_'", {"prefix-changed"}),
    ("a.py", "{}\n", "", "X = os.environ['HOME']", set()),
    ("a.rb", "{}\n", 'X = ENV["HOST"]', "X = 1", {"removed"}),
    ("a.rb", "{}\n", 'X = ENV["LIMIT"] || "5"', 'X = ENV.fetch("LIMIT", "6")', {"default-changed"}),
    ("a.rb", "{}\n", 'x = ENV["HOST"]', 'raise "HOST" unless ENV["HOST"]\nx = ENV["HOST"]', {"newly-required"}),
    (
        "a.ts",
        "{}\n",
        "const x: string = process.env.MODE ?? 'a';",
        "const x: string = process.env.MODE ?? 'b';",
        {"default-changed"},
    ),
    ("a.ts", "{}\n", "const x = process.env['HOST'];", "", {"removed"}),
    ("a.ts", "const e = cleanEnv(process.env, {{ {} }});\n", "A_B: str({default: 'x'})", "A_B: str()", {"newly-required"}),
    (
        "a.js",
        "{}\n",
        "const x = process.env.OLD_NAME;",
        "const x = process.env.NAME || process.env.OLD_NAME;",
        {"renamed", "old-name-read"},
    ),
    # A read of the old name that something else gets does not keep it alive.
    (
        "a.js",
        "const y = process.env.OLD_NAME;\n{}\n",
        "const x = process.env.OLD_NAME;",
        "const x = process.env.NAME;",
        {"renamed"},
    ),
    (
        "a.go",
        "package a\n\nfunc f() string {{\n\t{}\n}}\n",
        'return os.Getenv("HOST_NAME")',
        'return ""',
        {"removed"},
    ),
    (
        "a.go",
        'package a\n\nfunc f() string {{\n\tk := os.Getenv("K")\n\t{}\n\treturn k\n}}\n',
        "",
        'if k == "" {\n\t\tlog.Fatal("K")\n\t}',
        {"newly-required"},
    ),
    ("A.java", "class A {{ String a() {{ return {}; }} }}\n", 'System.getenv("A")', 'System.getenv("B")', {"renamed"}),
    ("A.java", "class A {{ @Value({}) String a; }}\n", '"${a.b:x}"', '"${a.b}"', {"newly-required"}),
    ("A.java", "class A {{ @Value({}) String a; }}\n", '"${a.b:x}"', '"${a.c:${a.b:x}}"', {"renamed", "old-name-read"}),
    ("A.java", "@ConfigurationProperties({})\nclass A {{}}\n", '"stock"', '"store"', {"prefix-changed"}),
    ("a.kt", "val a = {}\n", 'System.getenv("A") ?: "x"', 'System.getenv("A")!!', {"newly-required"}),
    (
        "A.cs",
        "class A {{ string A(IConfiguration config) => {}; }}\n",
        'config["A:B"] ?? "x"',
        'config["C:B"] ?? "x"',
        {"renamed"},
    ),
    ("a.php", "<?php return ['a' => {}];\n", "env('A', 5)", "env('A', 6)", {"default-changed"}),
    ("a.php", "<?php return ['a' => {}];\n", "getenv('A') ?: 5", "env('A', '5')", set()),
    (
        "a.rs",
        "fn a() -> String {{ {} }}\n",
        'env::var("A").unwrap_or("x".into())',
        'env::var("A").expect("A")',
        {"newly-required"},
    ),
    ("a.exs", "config :a, b: {}\n", 'System.get_env("A") || "x"', 'System.fetch_env!("A")', {"newly-required"}),
    ("run.sh", "#!/bin/sh\nexec a --db {}\n", '"$DB_URL"', '"$DATABASE_URL"', {"renamed"}),
    ("run.sh", "#!/bin/sh\nexec a --db {}\n", '"$DB_URL"', '"${DATABASE_URL:-$DB_URL}"', {"renamed", "old-name-read"}),
    ("run.sh", "#!/bin/sh\nTMP_FILE=x\n{}\n", "", 'echo "$TMP_FILE"', set()),
    ("docker-compose.yml", "services:\n  web:\n    environment:\n      A: {}\n", "x", "${A_KEY:?set it}", {"added-required"}),
    ("src/main/resources/application.properties", "{}\n", "", "a.key=${A_KEY}", {"added-required"}),
    ("src/main/resources/application.yml", "a:\n  key: {}\n", "${A_KEY:x}", "${B_KEY:x}", {"renamed"}),
]


@pytest.mark.parametrize(("path", "around", "before", "after", "expected"), CASES)
def test_facts(path: str, around: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (around.format(before), around.format(after))}) == expected


def test_a_read_that_moves_to_another_file_is_answered() -> None:
    table = {"a.rb": ('X = ENV.fetch("HOST")\n', "\n"), "b.rb": ("\n", 'Y = ENV.fetch("HOST")\n')}
    seen = {found.fact: found.subjects for found in evidence(DETECTOR, table)}
    assert seen == {"removed": ("HOST",), "added-required": ("HOST",), "read-elsewhere": ("HOST",)}


def test_each_name_is_a_subject() -> None:
    seen = evidence(DETECTOR, {"a.py": ('A = os.environ["A_A"]\nB = os.environ["B_B"]\n', "")})
    assert [found.subjects for found in seen] == [("A_A", "B_B")]


@pytest.mark.parametrize("path", ["a.py", "a.rb", "a.ts", "a.go", "A.java", "a.kt", "A.cs", "a.php", "a.rs", "a.exs", "run.sh"])
def test_what_is_no_code_is_survived(path: str) -> None:
    table = {path: ("getenv ENV env( os.Getenv env::var [{(\"'", "${ ENV[ process.env. System.fetch_env!(((")}
    assert isinstance(facts(DETECTOR, table), set)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("config/app.yml", "url: {}<%= ENV.fetch('MAIL_HOST', 'a') %>\n"),
        ("src/Main.scala", 'val a = "{}" + sys.env("MAIL_HOST")\n'),
        ("shop/app.py", "a = '{}', config.get('mail_host', 'a')\n"),
    ],
)
def test_a_long_line_is_read_to_its_end(path: str, line: str) -> None:
    before = line.format("x" * 3_000)
    after = before.replace("MAIL_HOST", "SMTP_HOST").replace("mail_host", "smtp_host")
    changes = change_set({path: (before, after)})
    assert any("mail_host" in name.lower() for seen in run_detectors(changes).evidence for name in seen.subjects)
