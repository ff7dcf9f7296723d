"""Rules about what other tools say, where the project's rules have them asked."""

from __future__ import annotations

from relbot.config.model import TOOLS
from relbot.review.rulebook.model import Example, File, Rule

_WHY = (
    "A tool for one kind of file knows more about it than a detector. relbot gives it both sides of the "
    "change set in a temporary folder, and uses its findings as evidence. If the tool is missing, crashes or "
    "takes too long, the answer is `unknown`."
)
_BAD = {
    "buf": File("billing.proto", "@@ -3,2 +3 @@\n message Invoice {\n-  string customer = 1;\n"),
    "griffe": File("billing/__init__.py", "@@ -1 +1 @@\n-def invoice(customer, currency): ...\n+def invoice(customer): ...\n"),
    "squawk": File("db/7.sql", "@@ -0,0 +1 @@\n+CREATE INDEX ON invoices (customer);\n"),
}
_GOOD = {
    "buf": File("billing.proto", "@@ -3,2 +3,3 @@\n message Invoice {\n   string customer = 1;\n+  string currency = 2;\n"),
    "griffe": File(
        "billing/__init__.py", "@@ -1 +1 @@\n-def invoice(customer): ...\n+def invoice(customer, currency=None): ...\n"
    ),
    "squawk": File("db/7.sql", "@@ -0,0 +1 @@\n+CREATE INDEX CONCURRENTLY IF NOT EXISTS by_customer ON invoices (customer);\n"),
}

TOOL_RULES = tuple(
    Rule(
        tool,
        f"{tool} finds {what}.",
        _WHY,
        bad=Example((File("relbot.toml", f'[rules]\n{tool} = "ask"\n'), _BAD[tool])),
        good=Example((File("relbot.toml", f'[rules]\n{tool} = "ask"\n'), _GOOD[tool])),
    )
    for tool, what in TOOLS.items()
)
