"""What others use a project by and what declares it in plain text: programs, plugins, operations, hooks, policy rules."""

from __future__ import annotations

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple


class KindOfThing(NamedTuple):
    """A kind of thing that others use: its id, and its name in a sentence."""

    id: str
    singular: str
    plural: str


ROUTE = KindOfThing("route", "route", "routes")
PROBE = KindOfThing("probe", "address of a health check or of metrics", "addresses of health checks or of metrics")
CALLBACK = KindOfThing("callback", "address of a webhook or a callback", "addresses of webhooks or callbacks")
COMMAND = KindOfThing("command", "command", "commands")
FLAG = KindOfThing("flag", "flag", "flags")
METRIC = KindOfThing("metric", "metric", "metrics")
SCRIPT = KindOfThing("script", "script of the package", "scripts of the package")
FIELD = KindOfThing("json-field", "field of exchanged data", "fields of exchanged data")
PROGRAM = KindOfThing("program", "installed program", "installed programs")
PLUGIN = KindOfThing("plugin", "plugin", "plugins")
HOOK = KindOfThing("hook", "hook", "hooks")
PLUGIN_METHOD = KindOfThing("plugin-method", "method that plugins have", "methods that plugins have")
POLICY = KindOfThing("policy", "policy rule", "policy rules")
READ_KINDS = (ROUTE, PROBE, CALLBACK, COMMAND, FLAG, METRIC)
"""Kinds that are read from syntax trees."""


class LineDeclaration(NamedTuple):
    """Where and how things of a kind are declared in plain text.

    `hints` are bytes of which a file must hold one to be looked at closely; each group of `pattern` is a name or a part of one.
    `marks`, if there are any, are texts of which every match of `pattern` holds one: to look for them takes a tenth of the time.
    """

    kind: KindOfThing
    paths: re.Pattern[str]
    hints: tuple[bytes, ...]
    pattern: re.Pattern[str]
    marks: tuple[str, ...] = ()


_PYTHON = re.compile(r"\.py$")
_GO = re.compile(r"\.go$")
_NODE = re.compile(r"\.(js|ts|mjs|cjs|tsx)$")
_Q = r"['\"`]"

LINE_DECLARATIONS = (
    LineDeclaration(
        ROUTE,
        re.compile(r"(^|/)next\.config\.([cm]?js|ts)$"),
        (b"source:",),
        re.compile(rf"\bsource:\s*{_Q}(/[^'\"`\n]{{1,200}})"),
    ),
    LineDeclaration(
        COMMAND,
        _NODE,
        (b".command(",),
        re.compile(rf"\.command\(\s*{_Q}([\w:-]+)"),
    ),
    LineDeclaration(
        PROGRAM,
        re.compile(r"(^|/)(setup\.(cfg|py)|pyproject\.toml)$"),
        (b"console_scripts", b"scripts"),
        re.compile(
            r"^[ \t]*['\"]?([\w.-]+)\s*=\s*['\"]?[a-zA-Z_][\w.]*:[a-z]\w*\b|^[ \t]+scripts\s*=\s*\[([^\]]{0,9000})\]", re.M
        ),
    ),
    LineDeclaration(
        PROGRAM,
        re.compile(r"(^|/)package\.json$"),
        (b'"bin"',),
        re.compile(r"\"([\w@./-]+)\"\s*:\s*\"(?:\./)?(?:s?bin|dist|lib|cli|src)/[^\"\n]*\""),
    ),
    LineDeclaration(
        PROGRAM,
        re.compile(r"(^|/)(\.?goreleaser[\w-]*|nfpm[\w.-]*)\.ya?ml$|(^|/)nfpm/[^/]+\.ya?ml$"),
        (b"dst:", b"binary:"),
        re.compile(r"^[ \t-]*(?:dst:[ \t]*['\"]?/usr/(?:local/)?s?bin/|binary:[ \t]*['\"]?)([\w.-]+)", re.M),
    ),
    LineDeclaration(
        PROGRAM,
        re.compile(r"(^|/)Cargo\.toml$"),
        (b"[[bin]]",),
        re.compile(r"^\[\[bin\]\][ \t]*\n(?:[\w-]+[ \t]*=[^\n]*\n){0,9}?name[ \t]*=[ \t]*\"([\w-]+)\"", re.M),
    ),
    LineDeclaration(
        PROGRAM,
        re.compile(r"(^|/)mix\.exs$"),
        (b"releases",),
        re.compile(r"\breleases(?::|[ \t]+do)\s{0,99}\[\s{0,99}(\w+):"),
    ),
    LineDeclaration(
        PROGRAM,
        re.compile(r"(^|/)((build|settings)\.gradle(\.kts)?|pom\.xml)$|\.(cs|fs|vb)proj$"),
        (b"Name",),
        re.compile(
            r"\b(?:archive(?:File|Base)Name|rootProject\.name)(?:[ \t]*=[ \t]*|\.set\(|[ \t]+)['\"]([\w.-]+)"
            r"|<(?:finalName|AssemblyName)>([\w.-]+)<"
        ),
    ),
    LineDeclaration(
        PLUGIN,
        re.compile(r"(^|/)(setup\.cfg|setup\.py|pyproject\.toml)$"),
        (b"entry_points", b"entry-points"),
        re.compile(r"^[ \t]*['\"]?([\w.-]+)\s*=\s*['\"]?[a-zA-Z_][\w.]*:[A-Z]\w*", re.M),
    ),
    LineDeclaration(
        PLUGIN,
        re.compile(r"(^|/)pyproject\.toml$"),
        (b"entry-points",),
        re.compile(r"^\[project\.entry-points\.[\"']?([\w.-]+)", re.M),
    ),
    LineDeclaration(
        COMMAND,
        re.compile(r"(^|/)s?bin/[^/.]+$|\.(sh|bash)$"),
        (b'case "$1"', b"case $1 ", b'case "${1'),
        re.compile(r"(?:^[ \t]*\(?|\|[ \t]?)([a-z][\w-]+)(?=(?:[ \t]?\|[ \t]?[\w*\"'-]+){0,9}\))", re.M),
    ),
    LineDeclaration(
        FIELD,
        _GO,
        (b'json:"',),
        re.compile(r"^[ \t]*\w+\s[^`\n]{0,200}`[^`\n]{0,200}\bjson:\"([\w-]+)", re.M),
        ('json:"',),
    ),
    LineDeclaration(
        HOOK,
        re.compile(r"\.(js|ts|py|rb|php)$"),
        (b"allAll", b"allFirst", b"do_action", b"apply_filters", b"run_hook", b"Action(", b"Filter("),
        re.compile(
            rf"\b(?:a?[cC]allAll\w*|a?[cC]allFirst|do_action|apply_filters|run_hooks?)\(\s*{_Q}([\w-]+)"
            rf"|=\s*(?:hooks\.)?(?:Action|Filter)[^(\n]{{0,200}}\(\s*{_Q}([\w:-]+)"
        ),
        ("allAll", "allFirst", "do_action(", "apply_filters(", "run_hook", "Action", "Filter"),
    ),
    LineDeclaration(
        PLUGIN_METHOD,
        _PYTHON,
        (b"abstractmethod", b"abstractproperty"),
        re.compile(r"@(?:abc\.)?abstract(?:method|property)\s{0,200}(?:@[^\n]{0,200}\n\s{0,200}){0,20}(?:async )?def (\w+)"),
    ),
    LineDeclaration(
        POLICY,
        _PYTHON,
        (b"RuleDefault(",),
        re.compile(r"RuleDefault\(\s*(?:name\s*=\s*)?(?:[A-Z]\w*|(?:\w+\.)*[A-Z_]+\s*%\s*)?" + rf"{_Q}([\w:%-]+)"),
    ),
)
