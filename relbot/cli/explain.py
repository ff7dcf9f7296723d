"""`relbot explain`: what a rule is about."""

from __future__ import annotations

import click

from relbot.cli.exits import Exit
from relbot.errors import UsageError
from relbot.review.rulebook import RULES
from relbot.review.rulebook.detectors import detector_rules
from relbot.schema.faults import did_you_mean


@click.command(name="explain", short_help="Explains a rule.")
@click.argument("rule", required=False)
def command(rule: str | None) -> int:
    """Explains RULE: why it is there, what it reports, and how it is right. Without RULE, lists all rules."""
    rules = RULES | detector_rules()
    if rule is None:
        width = max(map(len, rules))
        click.echo("\n".join(f"{name:{width}}  {known.summary}" for name, known in rules.items()))
        return Exit.FINE
    if rule not in rules:
        raise UsageError(f"There is no rule `{rule}`.", tip=did_you_mean(rule, rules))
    known = rules[rule]
    click.echo(f"{known.id}: {known.summary}\n\n{known.why}\n")
    for title, example in (("Wrong", known.bad), ("Right", known.good)):
        click.echo(f"{title}:\n\n{_indent_text(str(example))}\n")
    return Exit.FINE


def _indent_text(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
