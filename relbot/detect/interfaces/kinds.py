"""What others use a project by - routes, commands, metrics, plugins - and how code declares it."""

from __future__ import annotations

from typing import NamedTuple

from relbot.detect.engine import lazy_re as re


class Kind(NamedTuple):
    """A kind of thing that others use: its id, its name in a sentence, and where and how it is declared.

    `hints` are bytes of which a file must hold one to be looked at closely; each group of `pattern` is a name or a part of one.
    `marks`, if there are any, are texts of which every match of `pattern` holds one: to look for them takes a tenth of the time.
    """

    id: str
    singular: str
    plural: str
    paths: re.Pattern[str]
    hints: tuple[bytes, ...]
    pattern: re.Pattern[str]
    marks: tuple[str, ...] = ()


_PYTHON = re.compile(r"\.py$")
_GO = re.compile(r"\.go$")
_NODE = re.compile(r"\.(js|ts|mjs|cjs|tsx)$")
_Q = r"['\"`]"
_CALL = rf"\(\s*r?f?{_Q}([^'\"\n]+){_Q}\s*,"
_METRICS = ("Counter", "Gauge", "LaterGauge", "InFlightGauge", "Histogram", "Summary")
_METRIC = rf"\(\s*(?:name\s*=\s*)?{_Q}([a-z][\w:]*_\w+){_Q}"

KINDS = (
    Kind(
        "route",
        "route",
        "routes",
        re.compile(r"(^|/)(routes\.rb|routes/[\w/]+\.rb)$"),
        (b"get", b"post", b"resource", b"match", b"delete", b"put"),
        re.compile(rf"^\s*(get|post|put|patch|delete|match|resources?)\s*\(?\s*(?:{_Q}|:)([\w/:.*()-]+)", re.M),
    ),
    Kind(
        "route",
        "route",
        "routes",
        _PYTHON,
        (b"path(", b"url(", b"register(", b"route(", b".get(", b".post(", b"patterns(", b"add_url_rule("),
        re.compile(
            # Each way begins with letters of its own, and looks back for a word only then: so re finds the places quickly.
            rf"re_path(?<!\wre_path){_CALL}|path(?<!\wpath){_CALL}|url(?<!\wurl){_CALL}"
            rf"|router(?<!\wrouter)\.register\(\s*r?{_Q}([^'\"\n]+)"
            rf"|@\w+\.(route|get|post|put|delete|patch|head)\(\s*f?{_Q}(/[^'\"\n]*)"
            rf"|pattern(?:(?<=\w_pattern)|(?<!\wpattern))s?\(\s*r?{_Q}(/[^'\"\n]+)"
            rf"|add_url_rule(?<!\wadd_url_rule)\(\s*{_Q}([^'\"\n]+)"
        ),
        (
            "path(",
            "url(",
            "register(",
            "route(",
            ".get(",
            ".post(",
            ".put(",
            ".delete(",
            ".patch(",
            ".head(",
            "pattern(",
            "patterns(",
            "add_url_rule(",
        ),
    ),
    Kind(
        "route",
        "route",
        "routes",
        _GO,
        (b'("/', b', "/', b"HandleFunc", b"Path"),
        re.compile(
            r"\.(GET|POST|PUT|DELETE|PATCH|HEAD|HandleFunc|Handle|PathPrefix|Path|Get|Post|Put|Delete|Patch|Any)"
            r"\(\s*\"(/[^\"\n]*)\"|\bRegisterRoute\w*\(\s*([^,\n]+),"
        ),
        ('"/', "RegisterRoute"),
    ),
    Kind(
        "route",
        "route",
        "routes",
        _NODE,
        (b"('/", b'("/', b"(`/", b", '/", b', "/'),
        re.compile(
            rf"\b(?:app|router|server|api|fastify|express|args\.app)\.(get|post|put|delete|patch|all|use)\(\s*{_Q}(/[^'\"`\n]*){_Q}|\.route\(\s*{_Q}([A-Z]+){_Q},\s*{_Q}(/[^'\"`\n]*)"
        ),
        ("'/", '"/', "`/"),
    ),
    Kind(
        "route",
        "route",
        "routes",
        re.compile(r"\.(java|kt|kts|groovy)$"),
        (b"Mapping", b"@Path"),
        re.compile(
            r"@(Get|Post|Put|Delete|Patch|Request)Mapping\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*\"([^\"\n]*)\"|@Path\(\s*\"([^\"\n]*)\""
        ),
        ("Mapping(", "@Path("),
    ),
    Kind(
        "route",
        "route",
        "routes",
        re.compile(r"\.cs$"),
        (b"Map", b"[Http", b"[Route"),
        re.compile(
            r"\.Map(Get|Post|Put|Delete|Patch|Methods)\(\s*\"([^\"\n]*)\"|\[(?:Http)(Get|Post|Put|Delete|Patch)\(\s*\"([^\"\n]*)\"|\[Route\(\s*\"([^\"\n]*)\""
        ),
        (".Map", "[Http", "[Route("),
    ),
    Kind(
        "route",
        "route",
        "routes",
        re.compile(r"\.php$"),
        (b"Route::", b"#[Route", b"@Route"),
        re.compile(
            rf"Route::(get|post|put|patch|delete|any|resource|apiResource)\(\s*{_Q}([^'\"\n]+)|[#@]\[?Route\(\s*(?:path:\s*)?{_Q}([^'\"\n]+)"
        ),
        ("Route",),
    ),
    Kind(
        "route",
        "route",
        "routes",
        re.compile(r"router\.exs?$"),
        (b"get ", b"post ", b"put ", b"patch ", b"delete ", b"resources ", b"live "),
        re.compile(r"^\s*(get|post|put|patch|delete|resources|live)\(?\s+\"([^\"\n]+)\"", re.M),
    ),
    Kind(
        "route",
        "route",
        "routes",
        re.compile(r"\.rs$"),
        (b".route(", b"#[get", b"#[post", b"#[put", b"#[delete", b"#[patch"),
        re.compile(r"\.route\(\s*\"([^\"\n]+)\"|#\[(get|post|put|delete|patch)\(\s*\"([^\"\n]+)\""),
        (".route(", "#["),
    ),
    Kind(
        "command",
        "command",
        "commands",
        _PYTHON,
        (b".command(", b".group(", b"add_parser("),
        re.compile(
            rf"@(?:\w+\.)?(?:command|group)\([^)]{{0,400}}?\bname\s*=\s*{_Q}([\w-]+)|@(?:\w+\.)?(?:command|group)\(\s*{_Q}([\w-]+)"
            r"|@\w+\.(?:command|group)\((?!\s*['\"]|[^)]{0,400}?\bname\s*=)[^)]{0,400}\)"
            r"\s*(?:@[^\n]*\n\s*){0,12}(?:async )?def (\w+)"
            rf"|\badd_parser\(\s*{_Q}([\w-]+)"
        ),
        ("command(", "group(", "add_parser("),
    ),
    Kind(
        "command",
        "command",
        "commands",
        _GO,
        (b"cobra.Command{", b"cli.Command{"),
        re.compile(r"cobra\.Command\{\s*Use:\s*\"([\w-]+)|cli\.Command\{\s*Name:\s*\"([\w-]+)"),
    ),
    Kind(
        "command",
        "command",
        "commands",
        _NODE,
        (b".command(",),
        re.compile(rf"\.command\(\s*{_Q}([\w:-]+)"),
    ),
    Kind(
        "program",
        "installed program",
        "installed programs",
        re.compile(r"(^|/)(setup\.(cfg|py)|pyproject\.toml)$"),
        (b"console_scripts", b"scripts"),
        re.compile(r"^\s*['\"]?([\w.-]+)\s*=\s*['\"]?[a-zA-Z_][\w.]*:main\w*\b|^\s+scripts\s*=\s*\[([^\]]*)\]", re.M),
    ),
    Kind(
        "plugin",
        "plugin",
        "plugins",
        re.compile(r"(^|/)(setup\.cfg|setup\.py|pyproject\.toml)$"),
        (b"entry_points", b"entry-points"),
        re.compile(r"^\s*['\"]?([\w.-]+)\s*=\s*['\"]?[a-zA-Z_][\w.]*:[A-Z]\w*", re.M),
    ),
    Kind(
        "metric",
        "metric",
        "metrics",
        _GO,
        (b"prometheus.",),
        re.compile(
            r"Name(?<!\wName):\s*\"([a-z][a-z0-9]*_\w+)\""
            r"|NewDesc(?<!\wNewDesc)\(\s*(?:prometheus\.BuildFQName\([^)]{0,400})?\"(\w+)\""
        ),
        ("Name:", "NewDesc("),
    ),
    Kind(
        "metric",
        "metric",
        "metrics",
        _PYTHON,
        (b"Counter(", b"Gauge(", b"Histogram(", b"Summary(", b"MetricFamily(", b"InFlightGauge("),
        re.compile(
            "|".join(rf"{name}(?<!\w{name}){_METRIC}" for name in _METRICS) + rf"|MetricFamily(?<=\wMetricFamily){_METRIC}"
        ),
        ("Counter(", "Gauge(", "Histogram(", "Summary(", "MetricFamily("),
    ),
    Kind(
        "operation",
        "path of the API's description",
        "paths of the API's description",
        re.compile(r"\.(ya?ml|json)$"),
        (b"openapi", b"swagger"),
        re.compile(r"^ {0,4}['\"]?(/[^\s'\":]*)['\"]?:", re.M),
    ),
    Kind(
        "json-field",
        "field of exchanged data",
        "fields of exchanged data",
        _GO,
        (b'json:"',),
        re.compile(r"^\s*\w+\s[^`\n]{0,200}`[^`\n]{0,200}\bjson:\"([\w-]+)", re.M),
        ('json:"',),
    ),
    Kind(
        "hook",
        "hook",
        "hooks",
        re.compile(r"\.(js|ts|py|rb|php)$"),
        (b"allAll", b"allFirst", b"do_action", b"apply_filters", b"run_hook", b"Action(", b"Filter("),
        re.compile(
            rf"\b(?:a?[cC]allAll\w*|a?[cC]allFirst|do_action|apply_filters|run_hooks?)\(\s*{_Q}([\w-]+)"
            rf"|=\s*(?:hooks\.)?(?:Action|Filter)[^(\n]{{0,200}}\(\s*{_Q}([\w:-]+)"
        ),
        ("allAll", "allFirst", "do_action(", "apply_filters(", "run_hook", "Action", "Filter"),
    ),
    Kind(
        "plugin-method",
        "method that plugins have",
        "methods that plugins have",
        _PYTHON,
        (b"abstractmethod", b"abstractproperty"),
        re.compile(r"@(?:abc\.)?abstract(?:method|property)\s*(?:@[^\n]*\n\s*)*(?:async )?def (\w+)"),
    ),
    Kind(
        "policy",
        "policy rule",
        "policy rules",
        _PYTHON,
        (b"RuleDefault(",),
        re.compile(r"RuleDefault\(\s*(?:name\s*=\s*)?(?:[A-Z]\w*|(?:\w+\.)*[A-Z_]+\s*%\s*)?" + rf"{_Q}([\w:%-]+)"),
    ),
)
