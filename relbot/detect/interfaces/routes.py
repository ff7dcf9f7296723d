"""Routes that code declares, read from syntax trees: each as `METHOD /path`, with the paths of what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    Arguments,
    FileConstants,
    arguments_node,
    arguments_of,
    assigned_name,
    callee_of,
    literal_value,
    string_value,
    walk_tree,
)
from relbot.detect.engine.syntax import text_of
from relbot.detect.engine.texts import text_value
from relbot.detect.interfaces.route_prefixes import PATH_KEYS, find_prefixes, read_first_path, read_named_path, split_callee
from relbot.detect.interfaces.route_words import (
    ACTIONS,
    DECORATED,
    FILE_ROUTES,
    ONLY_DECORATED,
    RESOURCES,
    SAME_ACTIONS,
    VERB,
    VERBS,
    WORDS,
    Words,
    plain_path,
)
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_CLASSES = frozenset(("class_declaration", "class_definition", "interface_declaration", "record_declaration"))
_METHODS = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")


def has_routes(language: str, content: bytes) -> bool:
    """Whether a file of that language may declare routes: a look at its bytes, before it is parsed."""
    words = WORDS.get(language)
    return words is not None and words.hint.search(content) is not None


def file_route(path: str) -> str:
    """The route that a file is by its place, "" for all others."""
    return f"ANY {path.rpartition('.')[0]}" if FILE_ROUTES.search(path) else ""


def read_routes(tree: SyntaxTree, language: str) -> Iterator[str]:
    """The routes of a parsed file, such as `GET /orders/{}`."""
    words = WORDS[language]
    lines = tree.lines_with_whole_words(words.spoken)
    variables = find_prefixes(tree, lines, words)
    constants = FileConstants(tree)
    stack: list[tuple[Node, str]] = [(tree.root, "")]
    while stack:
        node, prefix = stack.pop()
        if node.type in _CLASSES:
            prefix += _prefix_of_class(node, words, constants)
        if node.type == "marker_annotation" or (node.type == "attribute" and not arguments_of(node).positional):
            yield from _read_marker(node, prefix)
        inner = prefix
        if language == "kotlin" and prefix and node.type == "call_expression" and (verb := _verb_alone(node)):
            yield f"{verb} {prefix}"
        if node.type in CALLS and (_is_route_word(split_callee(node)[1], words) or _has_call_first(node, words)):
            inner = prefix + _path_of_group(node, words)
            owner = callee_of(node).rpartition(".")[0].rpartition("->")[0] or callee_of(node).rpartition(".")[0]
            before = prefix + variables.get(owner.strip("$"), "")
            yield from _read_call(node, language, words, before, constants)
        stack += [(child, inner) for child in reversed(node.named_children) if lines.meet(child)]


def _verb_alone(node: Node) -> str:
    """The method of Ktor's `get { ... }` without a path, "" for all other calls."""
    first = node.named_children[0] if node.named_children and arguments_node(node) is None else None
    return text_of(first).upper() if first is not None and text_of(first) in VERBS else ""


def _is_route_word(word: str, words: Words) -> bool:
    """Whether a call of this word may declare a route or put a path before others."""
    lower = word.lower()
    return (
        lower in words.groups or lower in words.others or lower in RESOURCES or lower == "group" or VERB.match(lower) is not None
    )


def _has_call_first(node: Node, words: Words) -> bool:
    """Whether a call may be Ktor's `route("/x") { ... }`, where what is called is a call."""
    return "route" in words.groups and node.named_child_count > 0 and node.named_children[0].type in CALLS


def _path_of_group(node: Node, words: Words) -> str:
    """The path that a call puts before those inside of it."""
    owner, word = split_callee(node)
    given = arguments_of(node)
    if word.lower() in words.groups and word != "group" and words.owner.search(owner):
        path = read_first_path(given) if given.positional else read_named_path(given)
        member = "/{}" if word == "resources" else ""
        return plain_path(path) + member if path else ""
    if word == "group":  # Laravel: Route::prefix("x")->group(...)
        return "".join(plain_path(path) for path in re.findall(r"prefix\(['\"]([^'\"]+)['\"]\)", owner))
    first = node.named_children[0] if node.named_children else None
    if first is not None and first.type in CALLS and "route" in words.groups:  # Ktor: route("/x") { ... }
        path = read_first_path(arguments_of(first))
        return plain_path(path) if split_callee(first)[1] == "route" and path else ""
    return ""


def _prefix_of_class(node: Node, words: Words, constants: FileConstants) -> str:
    """The path in an annotation of a class."""
    around = [child for child in node.named_children if child.type in DECORATED]
    if node.parent is not None and node.parent.type == "export_statement":
        around += [child for child in node.parent.named_children if child.type in DECORATED]
    for each in around:
        for call in walk_tree(each):
            if call.type in CALLS and split_callee(call)[1].lower() in words.prefixes:
                given = arguments_of(call)
                said = given.positional[0] if given.positional else None
                path = read_first_path(given) or read_named_path(given) or text_value(said, constants.get)
                owner = text_of(node.child_by_field_name("name")).removesuffix("Controller").lower()
                return plain_path(path.replace("[controller]", owner)) if path else ""
    return ""


def _is_on_class(node: Node) -> bool:
    at = node.parent
    while at is not None and at.type in DECORATED:
        at = at.parent
    if at is not None and at.type == "export_statement":
        return True
    return at is not None and at.type in _CLASSES


def _read_marker(node: Node, prefix: str) -> Iterator[str]:
    """`@GetMapping`, `@GET` and `[HttpPost]` without a path: the path of the class."""
    verb = VERB.match(text_of(node.child_by_field_name("name") or (node.named_children or [node])[0]).lower())
    if verb is not None and prefix:
        yield f"{verb[1].upper()} {prefix}"


def _read_call(node: Node, language: str, words: Words, prefix: str, constants: FileConstants) -> Iterator[str]:
    owner, word = split_callee(node)
    lower = word.lower()
    verb = VERB.match(lower)
    decorated = node.parent is not None and node.parent.type in DECORATED
    if not _may_declare(node, language, words, decorated=decorated):
        return
    given = arguments_of(node)
    paths = list(_paths_in(given, language, constants))
    if not paths and ".route(" in owner:
        paths = re.findall(r"\.route\(\s*['\"`]([^'\"`]+)", owner)[-1:]
    if decorated and not paths and prefix:
        paths = [""]
    if lower in RESOURCES and language in ("ruby", "elixir", "php"):
        for method, rest in _actions_of(_with_narrowing(node, given)):
            end = rest.replace("/{}", "") if lower == "resource" else rest
            yield from (f"{method} {prefix}{plain_path(path)}{end}" for path in paths)
        return
    methods = _methods_of(node, given, verb[1].upper() if verb is not None else "")
    for path in paths:
        method, _, rest = path.rpartition(" ")
        own = _METHODS.fullmatch(method) is not None  # Go: "GET /orders"
        whole = plain_path(prefix + plain_path(rest if own else path))
        if language == "c_sharp":
            whole = whole.lower()  # https://learn.microsoft.com/aspnet/core/fundamentals/routing: matching ignores case
        yield from (f"{each} {whole}" for each in ([method] if own else methods))


def _may_declare(node: Node, language: str, words: Words, *, decorated: bool) -> bool:
    """Whether a call's word declares a route here: some words do so only as decorators, annotations or attributes."""
    owner, word = split_callee(node)
    lower = word.lower()
    verb = VERB.match(lower)
    if (verb is None and lower not in words.others | RESOURCES) or not words.owner.search(owner):
        return False
    if decorated:
        return language == "python" or not _is_on_class(node)
    if language == "rust":
        return verb is None
    if lower == "route" and language in ("tsx", "typescript") and len(arguments_of(node).positional) == 1:
        return arguments_of(node).positional[0].type == "object"  # what follows tells the methods: `.route("/a").get(b)`
    if lower in ONLY_DECORATED.get(language, ()):
        return language == "kotlin" and owner == ""
    return language != "python" or _is_declared(owner, lower)


def _is_declared(owner: str, word: str) -> bool:
    """Whether a call in Python declares a path: `path` and `url` are words of daily use elsewhere."""
    if word in ("path", "re_path", "url"):
        return owner in ("", "urls")
    return word != "register" or owner.endswith(("router", "api"))


def _methods_of(node: Node, given: Arguments, verb: str) -> list[str]:
    """The methods of HTTP of a route: its word's, or those that an argument or a call after it names."""
    said = [text_of(value) for key, value in given.named.items() if key in ("methods", "method", "via", "verbs")]
    said += [text_of(each) for each in given.positional[:1] if each.type == "object"]
    for after in _calls_behind(node):
        if split_callee(after)[1].lower() in ("methods", "via"):
            said.append(" ".join(text_of(each) for each in arguments_of(after).positional))
    found = _METHODS.findall(" ".join(said).upper())
    if not found and not verb:
        handler = " ".join(text_of(each) for each in given.positional[1:2])
        found = [word.upper() for word in re.findall(r"(?:^|[.:])(get|post|put|patch|delete|head)\(", handler)]
    return found or [verb if verb and verb != "ALL" else "ANY"]


def _calls_behind(node: Node) -> Iterator[Node]:
    """The calls on what a call gives: those of `.controller(b)` and `.methods(c)` in `add(a).controller(b).methods(c)`."""
    at = node.parent
    while at is not None and (at.type in CALLS or at.type in _MEMBERS):
        if at.type in CALLS:
            yield at
        at = at.parent


_MEMBERS = frozenset(("member_expression", "selector_expression", "attribute", "field_expression", "navigation_expression"))


def _with_narrowing(node: Node, given: Arguments) -> Arguments:
    """The arguments with those of Laravel's `->only([...])` and `->except([...])` behind the call."""
    after = node.parent if node.parent is not None and node.parent.type == "member_call_expression" else None
    if after is None or split_callee(after)[1] not in ("only", "except") or not arguments_of(after).positional:
        return given
    return Arguments(given.positional, given.named | {split_callee(after)[1]: arguments_of(after).positional[0]})


def _actions_of(given: Arguments) -> list[tuple[str, str]]:
    """What of a resource is declared, each as a method and the end of the path: all, but for `only` and `except`."""
    for key, wanted in (("only", True), ("except", False)):
        if key in given.named:
            named = {SAME_ACTIONS.get(word, word) for word in re.findall(r"\w+", text_of(given.named[key]))}
            return [route for action, route in ACTIONS.items() if (action in named) == wanted]
    return list(ACTIONS.values())


def _paths_in(given: Arguments, language: str, constants: FileConstants) -> Iterator[str]:
    """The paths that a call declares: its first string or symbol, or each of a list."""
    first = _holder_of_path(given, language)
    if first is None:
        yield from _paths_of_keys(given) if language == "ruby" else ()
        return
    if re.search(r"array|list|collection", first.type):
        yield from (text for child in first.named_children if (text := literal_value(child)) is not None)
        return
    is_text = string_value(first) is not None or literal_value(first) is None  # no symbol and no number
    text = text_value(first, constants.get) if is_text else None
    if text is None and language in ("ruby", "elixir") and literal_value(first) is not None:
        yield from (each for node in given.positional if (each := literal_value(node)) is not None)
    elif text is not None and (language in _ANY_PATH or text.startswith(_PATHS)):
        yield text


def _paths_of_keys(given: Arguments) -> Iterator[str]:
    """Ruby's `get "/a" => "b#c"` and `mount Engine => "/a"`, where the arguments are nothing but pairs."""
    yield from (key for key in list(given.named)[:1] if "/" in key or key.islower())
    yield from (at for node in given.named.values() if (at := string_value(node) or "").startswith("/"))


def _holder_of_path(given: Arguments, language: str) -> Node | None:
    """The node that says the path: the first argument, a part of it, or an argument with a name."""
    first = given.positional[0] if given.positional else None
    named = [given.named[key] for key in PATH_KEYS[:-2] if key in given.named]
    if first is None:
        return named[0] if named else None
    if first.type == "object":
        keys = {assigned_name(pair): pair.named_children[-1] for pair in first.named_children if pair.named_children}
        return keys.get("url") or keys.get("path")
    if first.type == "pair":  # Rails: `get "a" => "b#c"`, but `mount Engine => "/a"`
        return first.named_children[0 if string_value(first.named_children[0]) is not None else -1]
    if language == "php" and len(given.positional) > 1 and (string_value(given.positional[1]) or "").startswith("/"):
        return given.positional[1]  # Symfony: `$routes->add("name", "/path")`
    return named[0] if language == "python" and named and string_value(first) is None else first


_PATHS = ("/", "GET /", "POST /", "PUT /", "DELETE /", "PATCH /")
_ANY_PATH = frozenset(("python", "ruby", "elixir", "java", "kotlin", "c_sharp", "php", "typescript", "tsx"))
