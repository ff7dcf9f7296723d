"""Where code asks for a variable of the environment or a key of the configuration, in the calls of each language."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import (
    CALLS,
    Arguments,
    FileConstants,
    arguments_of,
    assigned_name,
    assigned_value,
    callee_of,
    literal_value,
    string_value,
    walk_tree,
)
from relbot.detect.engine.syntax import text_of
from relbot.detect.environment.bound import FIELDS, read_bound_field
from relbot.detect.environment.checked import read_checked_variable
from relbot.detect.environment.indirect import is_demanded, read_indirect_names, read_listed_names
from relbot.detect.environment.key_lookups import (
    CAPITAL_NAME,
    CAPITALS_IN_NAME,
    lookup_of_atoms,
    lookup_of_helper,
    lookup_of_key,
    lookup_of_placeholder,
)
from relbot.detect.environment.lookup import KEY, PREFIX, VARIABLE, Lookup
from relbot.detect.environment.lookup_words import CAPITALS, HELPER_CALL, JAVASCRIPT, LOOKUPS, NEVER, LookupWords
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import SyntaxTree

_DEMANDING = re.compile(r"config|env(\.(str|bool|int|float|list|tuple|dict|json|url|path|bytes|db|cache|email|decimal))?")
"""What django-environ, environs and decouple call; without a default it fails where the variable is not set."""
_VARIABLE = re.compile(r"[A-Za-z_][\w.*-]*$")
_PREFIXES = re.compile(
    r"((Env|envy)::prefixed|Environment::with_prefix|SetEnvPrefix|^env\.Provider|envconfig\.Process|env_prefix|ConfigurationProperties|ConfigMapping"
    r"|AddEnvironmentVariables|from_prefixed_env)$"
)
_OF_FLASK = "FLASK"
"""The prefix where `from_prefixed_env()` gets none: https://flask.palletsprojects.com/en/stable/api/#flask.Config."""
_INDEXED = frozenset(("subscript", "subscript_expression", "element_reference", "index_expression", "element_access_expression"))
_BOUND = frozenset(("shorthand_property_identifier_pattern", "pair_pattern", "interpreted_string_literal"))
_ASKING = frozenset((*CALLS, *_BOUND, *_INDEXED, "member_expression"))
"""The types of nodes that ask for something in some language, but for bound fields."""
_CALLED = frozenset((*CALLS, *_INDEXED))


_FILLED = re.compile(r"([A-Z][A-Z0-9]{0,40}_)[$#]?\{")
"""How a name begins of which only a run of the program tells the rest."""
_CHECKED = re.compile(rb"process\.env|import\.meta\.env|ConfigModule|validationSchema|[jJ]oi\.object\(")
"""Where an object checks the environment."""


def find_lookups(tree: SyntaxTree, language: str) -> Iterator[Lookup]:
    """All that a file asks for."""
    words = LOOKUPS[language]
    source = tree.source
    if not words.may_have_hint(source) and not HELPER_CALL.search(source):
        return
    prefixed = b"_prefix" in source or b"_nested_delimiter" in source
    lines = tree.lines_with_any(words.places, CAPITALS)
    everywhere = tree.are_most(lines) or words.apart.search(source) is not None
    asking = _types_that_ask(language, source)
    constants = FileConstants(tree)
    indirect: list[Lookup] = []
    for node in tree.nodes if everywhere else tree.walk(lines):
        kind = node.type
        found = (
            (_lookup_of_node(node, kind, tree, words, language) if kind in asking else None)
            or (_lookup_of_prefix(node) if prefixed else None)
            or _lookup_of_named_key(node, tree, words, language, constants)
        )
        if found is not None:
            yield found
        elif kind in _CALLED:
            indirect.extend(_lookups_without_literal(node, words, constants))
        elif language == "rust" and kind == "token_tree":
            yield from _lookups_in_tokens(node, tree)
    yield from (each for each in indirect if each.name)
    yield from _lookups_of_listed(tree, [each.node for each in indirect if not each.name])


def _types_that_ask(language: str, source: bytes) -> frozenset[str]:
    """The types of nodes of a file that may ask for something."""
    asking = _ASKING | FIELDS if language in _BINDING else _ASKING
    return asking | {"pair"} if LOOKUPS[language] is JAVASCRIPT and _CHECKED.search(source) is not None else asking


def _lookups_of_listed(tree: SyntaxTree, places: list[Node]) -> Iterator[Lookup]:
    """What lists and a file's own functions ask for, at the places whose names only a run of the program tells."""
    for node, name in read_listed_names(tree, CAPITALS, places) if places else ():
        demanded = is_demanded(node, tree, places)
        yield Lookup(node, VARIABLE, name, required=demanded, text=None if demanded else "(given elsewhere)")


def _lookups_without_literal(node: Node, words: LookupWords, constants: FileConstants) -> list[Lookup]:
    """What a call or an access by key asks for by a constant; the name is "" where only a run of the program tells it."""
    default = _second_argument(arguments_of(node)) if node.type in CALLS else None
    return [
        Lookup(node, PREFIX, name.text) if name.is_prefix else Lookup(node, VARIABLE, name.text, default if name.text else None)
        for name in read_indirect_names(node, words, constants)
    ]


def _given_to(call: Node, tree: SyntaxTree, language: str) -> Arguments:
    """The arguments of a call, with what Elixir's `|>` puts before them."""
    given = arguments_of(call)
    above = tree.parent_of(call) if language == "elixir" else None
    if above is None or above.type != "binary_operator" or text_of(above.child_by_field_name("operator")) != "|>":
        return given
    left = above.child_by_field_name("left")
    return given if left is None or left == call else Arguments((left, *given.positional), given.named)


def _second_argument(given: Arguments) -> Node | None:
    return given.positional[1] if len(given.positional) > 1 else given.named.get("default")


def _lookup_of_node(node: Node, kind: str, tree: SyntaxTree, words: LookupWords, language: str) -> Lookup | None:
    if language in _BINDING and (bound := read_bound_field(node, tree, language)) is not None:
        text = bound.default and bound.default.strip('"')
        return Lookup(node, KEY, bound.key, required=bound.required and not bound.default, text=text, rules=bound.rules)
    if kind in CALLS:
        return _lookup_of_call(node, tree, words, language)
    if kind == "pair" and (checked := read_checked_variable(node, tree)) is not None:
        return Lookup(node, VARIABLE, checked.name, checked.default, checked.required, checked.text, checked.rules)
    if kind in _BOUND:
        return _lookup_of_bound(node, tree, words)
    if kind in _INDEXED:
        return _lookup_of_index(node, tree, words, language)
    return _lookup_of_member(node, words) if kind == "member_expression" and words is JAVASCRIPT else None


_BINDING = ("java", "kotlin", "c_sharp")
_RUST_CALL = re.compile(r"\benv::var(?:_os)?\(\s*\"([A-Za-z_]\w*)\"\s*\)(\s*\.\s*(?:expect|unwrap)\b)?")


def _lookups_in_tokens(node: Node, tree: SyntaxTree) -> Iterator[Lookup]:
    """What the body of a macro of Rust asks for, such as `lazy_static!`: its grammar has tokens alone."""
    above = tree.parent_of(node)
    if above is None or above.type != "macro_invocation":
        return
    yield from (Lookup(node, VARIABLE, found[1], required=bool(found[2])) for found in _RUST_CALL.finditer(text_of(node)))


def _lookup_of_member(node: Node, words: LookupWords) -> Lookup | None:
    name = text_of(node.child_by_field_name("property"))
    if not CAPITAL_NAME.fullmatch(name) or not words.tables.search(text_of(node.child_by_field_name("object"))):
        return None
    return Lookup(node, VARIABLE, name)


def _lookup_of_prefix(node: Node) -> Lookup | None:
    """The prefix that pydantic or a command line puts before the names of its settings."""
    name = assigned_name(node).rpartition(".")[2]
    said = string_value(assigned_value(node)) if name in ("env_prefix", "envvar_prefix", "env_nested_delimiter") else None
    if said and name == "env_nested_delimiter":
        said = f"…{said}…"  # what stands in names of variables, and begins none
    return Lookup(node, PREFIX, said) if said else None


def _lookup_of_bound(node: Node, tree: SyntaxTree, words: LookupWords) -> Lookup | None:
    """JavaScript's `const { A, B: b } = process.env`, and the variables that viper's `BindEnv(key, "A", "B")` names."""
    above, beyond, outer = islice((*tree.ancestors_of(node), None, None, None), 3)
    if above is None:
        return None
    if node.type == "interpreted_string_literal":
        call = beyond
        bound = call is not None and words is LOOKUPS["go"] and callee_of(call).endswith("BindEnv")
        name = string_value(node)
        return Lookup(node, VARIABLE, name) if bound and name and above.named_children[0] != node else None
    default = above.child_by_field_name("right") if above.type == "object_assignment_pattern" else None
    holder = outer if default is not None else beyond
    if words is not JAVASCRIPT or holder is None or not words.tables.search(text_of(holder.child_by_field_name("value"))):
        return None
    name = text_of(node.child_by_field_name("key") or node)
    return Lookup(node, VARIABLE, name, default) if CAPITALS_IN_NAME.match(f"{name}_A") else None


def _lookup_of_call(node: Node, tree: SyntaxTree, words: LookupWords, language: str) -> Lookup | None:
    callee = callee_of(node)
    given = _given_to(node, tree, language)
    name = _asked_name(callee, given)
    if not name:
        return lookup_of_atoms(node, callee) if language in ("elixir", "ruby") and words.keys.search(callee) else None
    if _PREFIXES.search(callee):
        return Lookup(node, PREFIX, name)
    if (filled := _FILLED.match(name)) is not None and (words.optional.search(callee) or words.required.search(callee)):
        return Lookup(node, PREFIX, filled[1])
    if callee.rpartition(".")[2] == "Value" and "${" in name:
        return lookup_of_placeholder(node, name)
    default = _second_argument(given)
    if words.optional.search(callee) and _VARIABLE.match(name):
        # What django-environ and decouple call `env("X")` and `config("X")` fails without a default.
        return Lookup(
            node,
            VARIABLE,
            name,
            default,
            required=default is None and words is LOOKUPS["python"] and _DEMANDING.fullmatch(callee) is not None,
        )
    if words.required.search(callee):
        block = node.child_by_field_name("block")
        return Lookup(node, VARIABLE, name, default or _literal_in(block), required=default is None and block is None)
    if words.keys.search(callee):
        return lookup_of_key(node, tree, callee, name, language)
    return lookup_of_helper(node, callee, name, default)


def _asked_name(callee: str, given: Arguments) -> str | None:
    """The literal that a call asks for; the prefix that it has where none is given."""
    first = given.positional[0] if given.positional else given.named.get("prefix") or given.named.get("name")
    return string_value(first) or (_OF_FLASK if first is None and callee.endswith("from_prefixed_env") else None)


def _literal_in(block: Node | None) -> Node | None:
    """The literal that a block of Ruby gives back: `ENV.fetch("PORT") { 3000 }`."""
    return next((each for each in walk_tree(block) if literal_value(each) is not None), None) if block is not None else None


def _lookup_of_named_key(
    node: Node, tree: SyntaxTree, words: LookupWords, language: str, constants: FileConstants
) -> Lookup | None:
    """A key that a constant stands for: `GetSection(MailOptions.Section)`, `configuration[HostKey]`."""
    if node.type in _INDEXED:
        key = _key_of_index(node)
        name = constants.get(text_of(key)) if key is not None and words.key_tables is not NEVER else None
        return _lookup_of_name(node, tree, words, language, name) if name else None
    callee = callee_of(node) if node.type in CALLS and language not in ("elixir", "ruby", "python") else ""
    given = arguments_of(node) if words.keys.search(callee) else None
    first = (given.positional[0] if given.positional else given.named.get("name")) if given is not None else None
    if first is None or string_value(first) is not None:
        return None
    name = constants.get(text_of(first))
    return None if not name else lookup_of_key(node, tree, callee, name, language)


def _lookup_of_index(node: Node, tree: SyntaxTree, words: LookupWords, language: str) -> Lookup | None:
    name = string_value(_key_of_index(node))
    if name and (filled := _FILLED.match(name)) is not None:
        return Lookup(node, PREFIX, filled[1]) if words.tables.search(text_of(node.named_children[0])) else None
    return _lookup_of_name(node, tree, words, language, name) if name else None


def _key_of_index(node: Node) -> Node | None:
    """What stands in the brackets of an access by key."""
    inside = node.named_children
    if not inside:
        return None
    last = inside[-1]
    key = last.named_children[0] if last.type == "bracketed_argument_list" and last.named_children else last
    return key.named_children[0] if key.type == "argument" and key.named_children else key


def _lookup_of_name(node: Node, tree: SyntaxTree, words: LookupWords, language: str, name: str) -> Lookup | None:
    """What an access by that key asks for."""
    if _is_written(node, tree):
        return None
    owner = text_of(node.named_children[0])
    if words.tables.search(owner):
        return Lookup(node, VARIABLE, name, required=language == "python")
    if words.key_tables.search(owner) and re.match(r"[A-Z]\w*(:\w+)*$", name):
        return Lookup(node, KEY, name)
    return None


def _is_written(node: Node, tree: SyntaxTree) -> bool:
    parent = tree.parent_of(node)
    return parent is not None and "assignment" in parent.type and (parent.child_by_field_name("left") == node)
