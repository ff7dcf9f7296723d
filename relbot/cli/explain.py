"""`relbot explain`: what a rule is about."""

from __future__ import annotations

import click

from relbot.app.explain_rule import explain_rule, list_rules
from relbot.cli.exits import Exit
from relbot.cli.output import print_line


@click.command(name="explain", short_help="Explains a rule.")
@click.argument("rule", required=False)
def command(rule: str | None) -> int:
    """Explains RULE, or a fact such as `migrations/dropped`: what it reports, why, and how it looks wrong and right.

    Without RULE, lists all rules.
    """
    if rule is None:
        rules = list_rules()
        width = max(map(len, rules))
        print_line("\n".join(f"{name:{width}}  {known.summary}" for name, known in rules.items()))
        return Exit.FINE
    known = explain_rule(rule)
    print_line("\n\n".join(part for part in (f"{known.id}: {known.summary}", known.why, known.facts) if part) + "\n")
    examples = (("Wrong", known.bad), ("Right", known.good))
    for title, example in [(title, example) for title, example in examples if example.files]:
        print_line(f"{title}:\n\n{_indent_text(str(example))}\n")
    return Exit.FINE


def _indent_text(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
