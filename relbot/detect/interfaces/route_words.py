"""The words by which web frameworks of each language declare routes, and what puts a path before others."""

from __future__ import annotations

from typing import NamedTuple

from relbot.detect.engine import lazy_re as re

VERBS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "any", "all", "live"))
RESOURCES = frozenset(("resources", "resource", "apiresource"))
ACTIONS = {
    "index": ("GET", ""),
    "show": ("GET", "/{}"),
    "new": ("GET", "/new"),
    "edit": ("GET", "/{}/edit"),
    "create": ("POST", ""),
    "update": ("PATCH", "/{}"),
    "destroy": ("DELETE", "/{}"),
}
"""What `resources` of Rails, Phoenix and Laravel declares, where nothing is said of `only` or `except`."""
SAME_ACTIONS = {"delete": "destroy", "store": "create"}
"""Phoenix's and Laravel's words for two of them."""
_VERB = r"(?:map|http|add_)?(get|post|put|patch|delete|head|options|any|all|live)(?:mapping|async)?"
VERB = re.compile(f"^{_VERB}$")


class Words(NamedTuple):
    """How a language declares routes.

    `hint`: what a file with routes has; `owner`: on what the words are called; `others`: words, beside the methods of HTTP, that
    declare a path for every method, or for those that an argument names; `groups`: calls whose path stands before the paths
    inside of them; `prefixes`: annotations of a class and calls that give a variable a prefix. Words are in small letters.
    `spoken` finds any of these words in a source: nothing else has to be looked at.
    """

    hint: re.Pattern[bytes]
    owner: re.Pattern[str]
    others: frozenset[str]
    groups: frozenset[str]
    prefixes: frozenset[str]
    spoken: re.Pattern[bytes]


def _words(hint: str, owner: str, others: str, groups: str = "", prefixes: str = "") -> Words:
    spoken = "|".join(sorted({"group", *RESOURCES, *others.split(), *groups.split(), *prefixes.split()}))
    return Words(
        re.compile(hint.encode(), re.M),
        re.compile(owner),
        frozenset(others.split()),
        frozenset(groups.split()),
        frozenset(prefixes.split()),
        re.compile(rf"(?i)(?<!\w)(?:{spoken}|{_VERB})(?!\w)".encode()),
    )


_NODE = _words(
    r"(?i)(app|router?s?|server|api|fastify|express|v\d|hono|instance)\.(get|post|put|delete|patch|all|use|route)\(|@(Controller|Get|Post|Put|Patch|Delete)\(|\.route\(",
    r"(?i)(^|[.\w])(app|routers?|routes?|server|api|fastify|express|v\d|hono|instance)$|\.route\(|^$",
    "use route",
    prefixes="controller router koarouter",
)
_JVM = _words(
    r"Mapping|@Path\b|@(Get|Post|Put|Patch|Delete|Controller)\b|\b[rR]out(e|ing)\b",
    r"^$",
    "requestmapping path",
    "route",
    "requestmapping path controller",
)
WORDS = {
    "python": _words(
        r"path\(|\burl\(|add_(get|post|put|delete|patch)\(|\.register\(|route\(|@\w+\.(get|post|put|delete|patch|head)\(|add_url_rule|_prefix=|\bprefix=|\bRoute\(",
        r"",
        "path re_path url register route add_url_rule add_api_route add_route mount register_blueprint include_router",
        prefixes="apirouter blueprint",
    ),
    "ruby": _words(
        r"routes\.draw|[sS]inatra|Grape::API|Hanami|^[ \t]*(get|post|resources?|namespace) ",
        r"^$",
        "match mount root",
        "namespace scope resources resource",
    ),
    "go": _words(
        r"HandleFunc|\.Handle\(|\.(GET|POST|PUT|DELETE|PATCH|Get|Post|Put|Delete|Patch|Any|Group|Route|Path|PathPrefix)\(\"",
        r"^(?!client$|c$)[\w.]+(\(.*\))?$",
        "handlefunc handle path pathprefix",
        "route",
        "group pathprefix",
    ),
    "tsx": _NODE,
    "typescript": _NODE,
    "java": _JVM,
    "kotlin": _JVM,
    "c_sharp": _words(r"\.Map[A-Z]|\[Http|\[Route", r"", "route", prefixes="route mapgroup"),
    "php": _words(
        r"Route::|#\[\w*Route|\$(app|router|routes?|group|r)->",
        r"Route(::|$)|^\$(app|router|routes?|group|r)$|^$",
        "match route any",
        "group",
        "route",
    ),
    "rust": _words(r"\.route\(|\.nest\(|web::|#\[(get|post|put|delete|patch)\(", r"", "route nest scope resource"),
    "elixir": _words(r"Router|router|^[ \t]*(get|post|put|patch|delete|resources|live) \"", r"^$", "forward live match", "scope"),
}
DECORATED = frozenset(("decorator", "annotation", "attribute_item", "attribute_list", "attribute_group", "modifiers"))
ONLY_DECORATED = {"python": VERBS | {"route"}, "java": VERBS | {"path"}, "rust": VERBS, "c_sharp": frozenset(("route",))}
"""Words that declare a route only as decorator, annotation or attribute: as calls they ask for something."""
FILE_ROUTES = re.compile(r"(^|/)(pages/api/.+|app/(?:.+/)?route|server/(?:api|routes)/.+|routes/(?:.+/)?\+server)\.[cm]?[jt]sx?$")
"""Files whose place is their address: Next.js, Nuxt, SvelteKit."""
PROBES = re.compile(
    r"(?i)(^|[/ ])_?(health(z|check|[-_]check)?|healthy|livez?|liveness|readyz?|readiness|ping|status|metrics|prometheus)/?$"
)
"""Addresses that load balancers, clusters and monitoring ask, and that no person looks at."""


def plain_path(path: str) -> str:
    """A path in one notation: without the marks of regular expressions, with `{}` for each part that varies."""
    text = re.sub(r"^\^|\$$|\\[AzZ]", "", path.strip())
    text = re.sub(r"\(\?P?<\w+>[^()]*\)|\{[^{}]*\}|<[^<>]*>|(?<=/)[:*]\w+|\[\^?/\]\+", "{}", text)
    return "/" + re.sub(r"//+", "/", text).strip("/")
