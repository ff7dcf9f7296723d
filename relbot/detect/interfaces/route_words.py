"""The words by which web frameworks of each language declare routes, and what puts a path before others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_BEFORE_VERB = ("", "map", "http", "add_")
_AFTER_VERB = ("", "mapping", "async")
VERB = re.compile(f"^(?:{'|'.join(_BEFORE_VERB)})({'|'.join(sorted(VERBS))})(?:{'|'.join(_AFTER_VERB)})$")


def _spoken_verbs() -> Iterator[str]:
    """Whatever fits VERB."""
    return (f"{before}{verb}{after}" for before in _BEFORE_VERB for verb in VERBS for after in _AFTER_VERB)


class Words(NamedTuple):
    """How a language declares routes.

    `hint`: what a file with routes has; `owner`: on what the words are called; `others`: words, beside the methods of HTTP, that
    declare a path for every method, or for those that an argument names; `groups`: calls whose path stands before the paths
    inside of them; `prefixes`: annotations of a class and calls that give a variable a prefix. Words are in small letters.
    `spoken` are all these words: nothing else has to be looked at.
    """

    hint: re.Pattern[bytes]
    owner: re.Pattern[str]
    others: frozenset[str]
    groups: frozenset[str]
    prefixes: frozenset[str]
    spoken: frozenset[bytes]


def _words(hint: str, owner: str, others: str, groups: str = "", prefixes: str = "", begins: str = "") -> Words:
    """`begins`: with what each match of the hint begins, where that can be said."""
    spoken = {"group", *RESOURCES, *others.split(), *groups.split(), *prefixes.split(), *_spoken_verbs()}
    return Words(
        re.compile_at_words(hint.encode(), begins) if begins else re.compile(hint.encode(), re.M),
        re.compile(owner),
        frozenset(others.split()),
        frozenset(groups.split()),
        frozenset(prefixes.split()),
        frozenset(word.encode() for word in spoken),
    )


_NODE = _words(
    r"(?i)(app|router?s?|server|api|fastify|express|v\d|hono|instance)\.(get|post|put|delete|patch|all|use|route)\(|@(Controller|Get|Post|Put|Patch|Delete)\(|\.route\(",
    r"(?i)(^|[.\w])(app|routers?|routes?|server|api|fastify|express|v\d|hono|instance)$|\.route\(|^$",
    "use route",
    prefixes="controller router koarouter",
    begins="app route server api fastify express hono instance v0 v1 v2 v3 v4 v5 v6 v7 v8 v9 @ .route(",
)
_JVM = _words(
    r"Mapping|@Path\b|@(Get|Post|Put|Patch|Delete|Controller)\b|\b[rR]out(e|ing)\b",
    r"^$",
    "requestmapping path",
    "route",
    "requestmapping path controller",
    begins="Mapping @Path @Get @Post @Put @Patch @Delete @Controller rout Rout",
)
WORDS = {
    "python": _words(
        r"path\(|\burl\(|add_(get|post|put|delete|patch)\(|\.register\(|route\(|@\w+\.(get|post|put|delete|patch|head)\(|add_url_rule|_prefix=|\bprefix=|\bRoute\(",
        r"",
        "path re_path url register route add_url_rule add_api_route add_route mount register_blueprint include_router",
        prefixes="apirouter blueprint",
        begins="path( url( add_ .register( route( @ _prefix= prefix= Route(",
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
        "HandleFunc .Handle( .GET( .POST( .PUT( .DELETE( .PATCH( .Get( .Post( .Put( .Delete( .Patch( .Any( .Group( .Route( .Path("
        " .PathPrefix(",
    ),
    "tsx": _NODE,
    "typescript": _NODE,
    "java": _JVM,
    "kotlin": _JVM,
    "c_sharp": _words(
        r"\.Map[A-Z]|\[Http|\[Route", r"", "route maphealthchecks maphub", prefixes="route mapgroup", begins=".Map [Http [Route"
    ),
    "php": _words(
        r"Route::|#\[\w*Route|\$(app|router|routes?|group|r)->",
        r"Route(::|$)|^\$(app|router|routes?|group|r)$|^$",
        "match route any add",
        "group",
        "route",
        "Route:: #[ $app-> $router-> $route-> $routes-> $group-> $r->",
    ),
    "rust": _words(r"\.route\(|\.nest\(|web::|#\[(get|post|put|delete|patch)\(", r"", "route nest scope resource"),
    "elixir": _words(r"Router|router|^[ \t]*(get|post|put|patch|delete|resources|live) \"", r"^$", "forward live match", "scope"),
}
DECORATED = frozenset(("decorator", "annotation", "attribute_item", "attribute_list", "attribute_group", "modifiers"))
ONLY_DECORATED = {"python": VERBS | {"route"}, "java": VERBS | {"path"}, "rust": VERBS, "c_sharp": frozenset(("route",))}
"""Words that declare a route only as decorator, annotation or attribute: as calls they ask for something."""
FILE_ROUTES = re.compile(
    r"(^|/)(pages/api/.{1,200}|app/(?:.{1,200}/)?route|server/(?:api|routes)/.{1,200}|routes/(?:.{1,200}/)?\+server)\.[cm]?[jt]sx?$"
)
"""Files whose place is their address: Next.js, Nuxt, SvelteKit."""
PROBES = re.compile(
    r"(?i)(^|[/ ])_?(health(z|check|[-_]check)?|healthy|livez?|liveness|readyz?|readiness|ping|status|metrics|prometheus)/?$"
)
"""Addresses that load balancers, clusters and monitoring ask, and that no person looks at."""


CALLBACKS = re.compile(r"(?i)[/_-](web)?hooks?([/_-]|$)|[/_-]callbacks?([/_-]|$)")
"""Addresses that were entered at other services, which call them."""


def plain_path(path: str) -> str:
    """A path in one notation: without the marks of regular expressions, with `{}` for each part that varies."""
    text = re.sub(r"^\^|\$$|\\[AzZ]", "", path.strip())
    text = re.sub(r"\(\?P?<\w+>[^()]*\)|\{[^{}]*\}|<[^<>]*>|(?<=/)[:*]\w+|\[\^?/\]\+", "{}", text)
    return "/" + re.sub(r"//+", "/", text).strip("/")
