"""The page docs/reliability.md: what relbot promises, and which tests hold it to that, with figures counted from the tests."""

from __future__ import annotations

import ast
import json
import tomllib
from pathlib import Path

from docs.fault_points import FIGURES
from docs.unreached import FIGURES as UNREACHED

ROOT = Path(__file__).parents[1]
TEXT = """# Reliability

{note}

What relbot promises, and the tests that hold it to its promises. The figures are counted from the tests.

## Every input has an answer

No file, answer or argument leads to exit code 70, a traceback or a hang. The answer is a finding with its place (exit code 1),
wrong usage (2), or unknown (3).

- `tests/hostile/cases/` holds {cases} hostile inputs of {kinds} kinds. Each has its exit code and its finding, and at most
  {memory} MB of memory on top of the test. `make test` takes {each} inputs of each kind, `make test-long` all.
- `make fuzz` puts {tokens} hostile texts into each kind of file and argument, then mixes new inputs for as long as you like. It
  prints those that fail. `tests/hostile/test_fuzz.py` takes away {guards} guards against such inputs, and the fuzz finds each.
- `tests/test_regular_expressions.py` judges every regular expression in relbot with regexploit. None may backtrack more than
  linearly on any text. Each is also tried on texts that are made to hurt it. Twice the text may not take more than three times
  as long. {short} expressions would, and get texts of a bounded length.
- A template of the project runs in a separate process, with {seconds:g} s of computing, {template_memory} MB of memory and
  {text} MB of text: `tests/cli/test_template_limits.py`.

## A command that stops halfway leaves nothing half done

A command that is killed may leave a journal, by which the next run finishes the work. A command that the system refuses leaves
the state before or the state after. After `init` and `import` each file is whole; remove what they name, and run them again.

- `tests/cli/test_writes_under_fire.py` has {commands} cases. Files: {files}. Ledgers: {ledgers}. Each is killed, and refused
  with a full disk, without permission or with a broken disk, at each write, rename, fsync and start of a program. Each program
  that it starts fails once.
- `announce --post` in the same ways. A message is sent at most once: `tests/cli/test_announce_under_fire.py`.
- `tests/cli/test_commands_that_write.py` lists all commands. It fails for one that is neither in such a suite nor shown to write
  nothing, and for a module that writes and is in no case.
- Builds: `tests/cli/test_build_crash.py`. `build --undo`: `tests/cli/test_build_undo.py`. Journals of changes to files:
  `tests/files/test_apply_crash.py`.
- GitHub fails in {faults} ways at each request, for the comment on a pull request and for the ledger on GitHub:
  `tests/github/test_pr_under_fire.py` and `tests/cli/test_deploy_github_under_fire.py`.

`make test` takes a sample of these points, `make test-long` takes all. `make fault-points` takes all, and counts them.
`deploy run` is killed and interrupted right before and right after each change of a ref and each push.

{points}

The next run finished what a killed one had begun in {finished} of these cases. Where a first tick is refused, the deploy may be
begun already. Nothing was lost, and nothing was recorded or sent twice.

## A ledger says what was done

`tests/deploy/log/test_world.py` plays histories of two clones, above sources that change, and compares the ledger with what was
really done: {histories:,} in `make test`, {long_histories:,} in `make test-long`. `tests/deploy/log/test_guards.py` takes
away {laws} guards of the ledger's rules, one at a time. Each is found within {until:,} histories. That is not so for every rule:
of 81 removals that were tried, 24 were not found by that many histories, and two only by the last hundred or so, which is too
late to count on. Their cases are rare, as most of those about renamed changes are, or relbot tells the case otherwise without
them. 20 of the 24 are noticed by a history or story that a test tells.

## A damaged clone is named

A lock that was left behind, an index that is broken or was cut off, a broken or missing object and a broken `HEAD` are exit
code 3, with the command that mends the clone. So is a named pipe, socket or device in the place of a file that git reads, for
which git waits without end: `tests/git/test_damaged.py`. Where git says nothing for {patience} s, relbot looks for such a file
among the objects, too; a git that says nothing for {deadline} s is ended. Repositories with SHA-256 ids work.

## The packages are the same wherever they are built

`tests/test_distribution.py` builds the wheel and the sdist twice from two folders and compares the bytes. The sdist holds all
that its tests read. CI runs the tests with Python {pythons}. Whatever CI, a release or the action installs is compared with the
hashes in `requirements*.txt`: `tests/test_requirements.py`.

## The tests notice changes of the code

`make mutants` changes one thing in a module at a time, runs the tests that reach the line, and prints each change that no test
notices. A change that no test notices within the time counts as unnoticed. `benchmarks/mutants.toml` lists the modules, their
tests, the changes without an effect, and the share that has to be noticed: {demanded} %. All of it takes hours, and is no part of
`make test`. `EACH=60 SEED=1` tries a sample of each room, and another seed another sample. The last samples:

| Modules | Changes | Tried | Noticed | Seed |
|---|---|---|---|---|
{scores}

## What no test reaches

Of {statements:,} statements of relbot, all but {unreached:,} ({share:.1f} %) ran when coverage was measured with the tests of
`make test`, in all processes. Each of the others was read. `python -m docs.unreached` counts them by how they begin:

| What they do | Lines |
|---|---:|
| end a `match` or a loop whose other cases are all there: the type checker knows that they never run | {excluded} |
| tell an error, or pass it on: a disk, git or GitHub that fails, a file that changes meanwhile, wrong usage | {errors} |
| return early, since there is nothing to find | {nothing} |
| others: rare forms in the code of users' projects, wording for rare states, what another system needs | {others} |

`make test-long` reaches some of the second kind: it lets each command fail at every point. Since then,
`tests/cli/test_rare_answers.py`, `tests/detect/test_rare_migrations.py` and `tests/detect/test_rare_interfaces.py` run others.
"""


def reliability_page(note: str) -> str:
    """The page as Markdown. `note` is the comment that says that the page is generated."""
    from relbot.git.waiting import DEADLINE, PATIENCE
    from relbot.templates.run_template import LARGEST_NOTES, LIMITS

    tables = [json.loads(path.read_text("ascii")) for path in sorted((ROOT / "tests/hostile/cases").glob("*.json"))]
    corpus = ROOT / "tests/hostile/test_corpus.py"
    commands = _names_of(ROOT / "tests/cli/commands_under_fire.py", "CASES")
    counted: dict[str, dict[str, int]] = json.loads(FIGURES.read_text("utf-8"))
    world = (ROOT / "tests/deploy/log/test_world.py").read_text("utf-8")
    histories = [int(each) for each in world.partition("examples(")[2].partition(")")[0].split(",")]
    mutants = tomllib.loads((ROOT / "benchmarks/mutants.toml").read_text("utf-8"))
    scores = json.loads((ROOT / "benchmarks/mutants.json").read_text("utf-8"))
    workflow = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    unreached = json.loads(UNREACHED.read_text("utf-8"))
    return TEXT.format(
        note=note,
        **unreached,
        share=100 * unreached["unreached"] / unreached["statements"],
        patience=PATIENCE,
        deadline=DEADLINE,
        scores="\n".join(_score_row(room, scores.get(room)) for room in mutants["rooms"]),
        demanded=mutants["noticed"],
        kinds=len(tables),
        cases=sum(len(table["cases"]) for table in tables),
        memory=_number_of(corpus, "MEMORY") // 1_000_000,
        each=_number_of(corpus, "EACH"),
        seconds=LIMITS.seconds,
        template_memory=LIMITS.memory // 1_048_576,
        text=LARGEST_NOTES // 1_048_576,
        tokens=len(_assigned(ROOT / "tests/hostile/fuzz.py", "TOKENS").elts),  # type: ignore[attr-defined]  # a tuple
        guards=len(_assigned(ROOT / "tests/hostile/test_fuzz.py", "GUARDS").elts),  # type: ignore[attr-defined]  # a list
        short=_size_of(ROOT / "tests/test_regular_expressions.py", "_SHORT"),
        commands=len(commands),
        histories=histories[0],
        long_histories=histories[1],
        laws=_size_of(ROOT / "tests/deploy/log/test_guards.py", "GUARDS"),
        until=_number_of(ROOT / "tests/deploy/log/test_guards.py", "HISTORIES"),
        files=", ".join(commands[: commands.index("adopt")]),
        ledgers=", ".join(commands[commands.index("adopt") :]),
        faults=len(_assigned(ROOT / "tests/github/test_pr_under_fire.py", "ALL").elts),  # type: ignore[attr-defined]  # a tuple
        points=_points_table(counted),
        finished=sum(command.get("finished", 0) for command in counted.values()),
        pythons=", ".join(json.loads(workflow.partition("python: ")[2].partition("\n")[0])),
    )


_HOW = {"killed": "Killed", "refused": "Refused", "programs": "Program failed", "requests": "Request failed"}


def _points_table(counted: dict[str, dict[str, int]]) -> str:
    """At how many points each command was made to fail, by how, and all together."""
    together = {how: sum(command.get(how, 0) for command in counted.values()) for how in _HOW}
    rows = [
        f"| {name} | {' | '.join(str(command.get(how) or '') for how in _HOW)} |"
        for name, command in (*counted.items(), ("Together", together))
    ]
    return "\n".join((f"| Command | {' | '.join(_HOW.values())} |", "|---|---:|---:|---:|---:|", *rows))


def _score_row(room: str, score: dict[str, int] | None) -> str:
    if score is None:
        return f"| `{room}` | | | no sample kept | |"
    share = f"{100 * score['noticed'] // score['tried']} %"
    return f"| `{room}` | {score['changes']} | {score['tried']} | {score['noticed']}, {share} | {score['seed']} |"


def _assigned(path: Path, name: str) -> ast.expr:
    """What a module of the tests assigns to a name."""
    tree = ast.parse(path.read_text("utf-8"))
    return next(node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name)


def _number_of(path: Path, name: str) -> int:
    return int(ast.literal_eval(_assigned(path, name)))


def _size_of(path: Path, name: str) -> int:
    return len(_names_of(path, name))


def _names_of(path: Path, name: str) -> list[str]:
    table = _assigned(path, name)
    assert isinstance(table, ast.Dict)
    return [str(ast.literal_eval(key)) for key in table.keys if key is not None]
