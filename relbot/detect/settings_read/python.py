"""Settings in Python.

os.environ, django-environ, Django settings, oslo.config and oslo.policy, pydantic, dataclasses, click, argparse, optparse,
and reads of a configuration's mapping or attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.settings_read.class_fields import read_class_field
from relbot.detect.settings_read.framework_keys import CELERY_CONF, read_celery_argument, read_framework_key
from relbot.detect.settings_read.list_settings import SettingLists
from relbot.detect.settings_read.loaded_names import loaded_names
from relbot.detect.settings_read.python_arguments import split_arguments
from relbot.detect.settings_read.setting import (
    CONSTANT,
    ENV,
    FLAG,
    KEY,
    OPTION,
    POLICY,
    SETTING,
    Setting,
    name_of,
    normalize_source,
    says_deprecated,
    string_literal,
)
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.engine.tree import Lines, SyntaxTree

HINT = re.compile(
    r"(?<!os\.)environ\.\w*\(|\benv\b|\bEnv\b|Opt\("
    r"|([cC]onf(ig)?|CONF(IG)?|cfg|[sS]ettings|[oO]ptions?|experimental)(\.|\[)|[(]config, "
    r"|option\(|add_argument|RuleDefault|check_str|default\s*[=)]|deprecated"
    r"|^[ \t]*+_?(?=[A-Z0-9_]*DEFAULT)[A-Z0-9_]++\b.*=|help=|choices"
    r"|required=|\b(min|max)=|models\.\w+Field\(",
    re.M,
)
CONSTANT_HINT = re.compile(r"^[ \t]*+_?[A-Z][A-Z0-9_]{2,}+\b.*=", re.M)
"""What else may be a setting in a module whose constants are settings."""
_SETTINGS_MODULE = re.compile(r"(^|/)[\w-]{0,80}settings[\w.-]{0,80}\.py$|(^|/)settings/[^/]{0,200}\.py$")
_CONSTANTS_MODULE = re.compile(r"(^|/)([\w-]*defaults?|[\w-]*constants?|conf|config)\.py$|(^|/)(conf|config)/[^/]*\.py$")
_CONFIG_MODULE = re.compile(r"(^|/)(config|conf|settings)(/|\.py$)|[\w-]{0,80}(config|settings)\.py$")
_OPT = re.compile(r"(^|\.)([A-Z][A-Za-z]*)?Opt$")
_RULE = re.compile(r"(^|\.)(Documented)?RuleDefault$")
_ENV_CALL = re.compile(
    r"(^|\.)(getenv|environ\.(get|pop|setdefault))$|^env(\.(str|bool|int|float|list|tuple|dict|json|url|path|bytes|db|cache|email|\w+_url))?$"
)
_ENV_SCHEME = re.compile(r"(^|\.)(FileAware)?Env$")
_OF_PARSERS = ("get", "getint", "getfloat", "getboolean")
"""Methods of Python's ConfigParser that take a section and a key."""
_CONFIG = re.compile(r"(?i)(^|[._])(config|conf|cfg|settings|options)$")
_FLAG_CALL = re.compile(r"(^|\.)(option|Option|add_argument|add_option)$")
_ATTRIBUTE = re.compile(
    r"^(?:(?:cfg|cls|self|hs|self\.hs|self\._hs|app|current_app)\.)*(?:_?conf(?:ig)?|CONF|settings)\.(?P<name>[A-Za-z]\w*(\.\w+){0,2})$"
)
_NO_OPTIONS = re.compile(
    r"(^|\.)(register\w*|get|items|keys|values|update|pop|setdefault|set_\w+|import_\w+|clear_\w+|reload\w*|load\w*|read\w*)$"
)
_PART = re.compile(r"([A-Z][A-Z0-9_]+)\[[\"']([\w.-]+)[\"']\]")
_OF_CODE = re.compile(r"^_|OPTS$|OPTIONS$|GROUPS?$|^ALL_|_MSG$|_RE$|REGEX$")
_LIMITS = ("choices", "min", "max", "regex", "max_length", "ge", "le", "gt", "lt", "schemes", "quotes")


def has_constants(path: str) -> bool:
    """Whether the constants of a module are settings, or what it reads by a key is."""
    return any(pattern.search(path) for pattern in (_SETTINGS_MODULE, _CONSTANTS_MODULE, _CONFIG_MODULE))


def python_settings(tree: SyntaxTree, lines: Lines | None, path: str) -> Iterator[Setting]:
    """The settings that a module declares or reads in the lines (all for None)."""
    settings_module = _SETTINGS_MODULE.search(path) is not None
    constants_module = _CONSTANTS_MODULE.search(path) is not None
    config_module = _CONFIG_MODULE.search(path) is not None
    lists = SettingLists(tree) if settings_module else None
    loaded = loaded_names(tree, config_module=config_module)
    for node in tree.walk(lines):
        kind = node.type
        if kind == "call":
            yield from _read_call(node, loaded, config_module=config_module)
        elif kind == "subscript":
            yield from _read_subscript(node, loaded, config_module=config_module)
        elif lists is not None and (whole := lists.setting_of(node)) is not None:
            yield from whole
        elif kind == "assignment":
            yield from _read_assignment(node, settings_module=settings_module, constants_module=constants_module)
        elif kind == "pair" and settings_module:
            yield from read_framework_key(node, tree)
        elif kind == "keyword_argument" and tree.source.find(b".conf.update(") >= 0:
            yield from read_celery_argument(node, tree)
        elif kind == "attribute" and (node.parent is None or node.parent.type not in ("attribute", "import_from_statement")):
            yield from _read_attribute(node)


def _read_call(node: Node, loaded: frozenset[str], *, config_module: bool) -> Iterator[Setting]:
    function = text_of(node.child_by_field_name("function"))
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.type != "argument_list":
        return
    line = line_of(node)
    if _ENV_SCHEME.search(function):
        yield from _env_scheme(arguments)
    elif _OPT.search(function):
        yield from _oslo_option(function, arguments, line)
    elif _RULE.search(function):
        yield from _policy_rule(arguments, line)
    elif _ENV_CALL.search(function):
        positional, named = split_arguments(arguments)
        name = name_of(positional[0]) if positional else None
        if name:
            default = named.get("default", positional[1] if len(positional) > 1 else None)
            yield Setting(ENV, name, line, None if default is None else normalize_source(default))
    elif _FLAG_CALL.search(function):
        yield from _read_flag(arguments, line)
    else:
        yield from _read_lookup(function, arguments, line, loaded, config_module=config_module)


def _read_lookup(function: str, arguments: Node, line: int, loaded: frozenset[str], *, config_module: bool) -> Iterator[Setting]:
    receiver, _, method = function.rpartition(".")
    if receiver in loaded and method in _OF_PARSERS:
        yield from _read_section(arguments, line)
    elif method in ("get", "pop", "getboolean", "getint") and (config_module or _CONFIG.search(receiver)):
        positional, named = split_arguments(arguments)
        name = string_literal(positional[0]) if positional else None
        if name:
            default = named.get("default", positional[1] if len(positional) > 1 else None)
            yield Setting(KEY, name, line, None if default is None else normalize_source(default), declared=config_module)
    elif arguments.named_child_count > 1 and text_of(arguments.named_children[0]) in ("config", "conf", "settings"):
        name = string_literal(text_of(arguments.named_children[1]))
        if name:
            yield Setting(KEY, name, line, declared=False)
    elif function == "getattr":
        positional, _ = split_arguments(arguments)
        name = string_literal(positional[1]) if len(positional) > 1 and _CONFIG.search(positional[0]) else None
        if name:
            yield Setting(KEY, name, line, normalize_source(positional[2]) if len(positional) > 2 else None, declared=False)
    elif method == "set_defaults":
        for name, value in split_arguments(arguments)[1].items():
            yield Setting(OPTION, f"set_defaults.{name}", line, normalize_source(value))


def _read_section(arguments: Node, line: int) -> Iterator[Setting]:
    """A key of a section: `parser.get("mail", "host")`."""
    names = [string_literal(text) or "" for text in split_arguments(arguments)[0][:2]]
    if len(names) == 2 and all(names):
        yield Setting(KEY, ".".join(names), line, declared=True)


def _env_scheme(arguments: Node) -> Iterator[Setting]:
    for argument in arguments.named_children:
        name, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        if argument.type == "keyword_argument" and name is not None and value is not None:
            parts = [text_of(part) for part in value.named_children] if value.type == "tuple" else [text_of(value)]
            default = normalize_source(parts[1]) if len(parts) > 1 else None
            yield Setting(ENV, text_of(name), line_of(argument), default, type=parts[0] if parts else "")


def _oslo_option(function: str, arguments: Node, line: int) -> Iterator[Setting]:
    positional, named = split_arguments(arguments)
    name = string_literal(positional[0] if positional else named.get("name", ""))
    if not name:
        return
    about = named.get("help", "")
    gone = named.get("deprecated_for_removal", "False") != "False" or says_deprecated(about)
    yield Setting(
        OPTION,
        name.replace("-", "_"),
        line,
        normalize_source(named["default"]) if "default" in named else None,
        help=normalize_source(about),
        type=function.rpartition(".")[2],
        deprecated=gone,
        required=named.get("required") == "True",
        limits=_read_limits(named),
        aliases=tuple(re.findall(r"[\"']([\w.-]+)[\"']", named.get("deprecated_name", "") + named.get("deprecated_opts", ""))),
    )


def _policy_rule(arguments: Node, line: int) -> Iterator[Setting]:
    positional, named = split_arguments(arguments)
    name = positional[0] if positional else named.get("name", "")
    check = positional[1] if len(positional) > 1 else named.get("check_str", "")
    if not name:
        return
    yield Setting(
        POLICY,
        re.sub(r"[\"'\s]", "", re.sub(r"^(\w+\.)*\w+\s*%\s*", "", name)),
        line,
        normalize_source(check),
        help=normalize_source(named.get("scope_types", "")),
        deprecated="deprecated_for_removal" in named,
        aliases=(normalize_source(named["deprecated_rule"]),) if "deprecated_rule" in named else (),
    )


def _read_flag(arguments: Node, line: int) -> Iterator[Setting]:
    positional, named = split_arguments(arguments)
    names = [name for text in positional if (name := string_literal(text))]
    long = [part for name in names for part in name.split("/") if part.startswith("--")]
    if not long:
        return
    about = named.get("help", "")
    default = normalize_source(named["default"]) if "default" in named else None
    common = Setting(
        FLAG,
        long[0],
        line,
        default,
        help=normalize_source(about),
        type=named.get("type", ""),
        deprecated=says_deprecated(about),
        required=named.get("required") == "True",
        limits=_read_limits(named),
        aliases=tuple(long[1:]),
    )
    yield common
    for name in re.findall(r"[\"'](\w+)[\"']", named.get("envvar", "")):
        yield Setting(ENV, name, line, default, help=common.help, deprecated=common.deprecated)


def _read_subscript(node: Node, loaded: frozenset[str], *, config_module: bool) -> Iterator[Setting]:
    value = text_of(node.child_by_field_name("value"))
    keys = node.children_by_field_name("subscript")
    name = string_literal(text_of(keys[0])) if len(keys) == 1 else None
    if not name or _is_written(node):
        return
    if value in ("os.environ", "environ"):
        yield Setting(ENV, name, line_of(node), required=True)
    elif value in loaded or _CONFIG.search(value):
        yield Setting(KEY, name, line_of(node), declared=config_module or value in loaded)


def _is_written(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "assignment" and parent.child_by_field_name("left") == node


def _read_assignment(node: Node, *, settings_module: bool, constants_module: bool) -> Iterator[Setting]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None:
        return
    name = text_of(left)
    if settings_module and left.type == "subscript":
        yield from _read_part(node, name, right)
    if found := CELERY_CONF.fullmatch(name):
        yield Setting(SETTING, found[1], line_of(node), normalize_source(text_of(right)))
    if left.type != "identifier":
        return
    level = node.parent.parent if node.parent is not None else None
    if level is None:
        return
    owner = level.parent if level.type == "block" else None
    if owner is not None and owner.type == "class_definition":
        yield from read_class_field(node, name, owner)
    elif right is not None and name.isupper() and len(name) > 2 and level.type in ("module", "block"):
        value = normalize_source(text_of(right))
        if settings_module:
            yield from () if _OF_CODE.search(name) else (Setting(SETTING, name, line_of(node), value),)
        elif level.type == "module" and _is_constant(name, constants_module=constants_module):
            yield Setting(CONSTANT, name, line_of(node), value)


def _read_part(node: Node, name: str, right: Node | None) -> Iterator[Setting]:
    """One key of a setting that holds a table: `FEATURES["search"] = True`."""
    part = _PART.fullmatch(name)
    if part is not None and right is not None:
        yield Setting(SETTING, f"{part[1]}.{part[2]}", line_of(node), normalize_source(text_of(right)))


def _is_constant(name: str, *, constants_module: bool) -> bool:
    return "DEFAULT" in name or (constants_module and not _OF_CODE.search(name))


def _read_attribute(node: Node) -> Iterator[Setting]:
    found = _ATTRIBUTE.match(text_of(node))
    if found is None or _NO_OPTIONS.search(found["name"]) or _is_written(node):
        return
    name = found["name"]
    parent = node.parent
    called = parent is not None and parent.type == "call" and parent.child_by_field_name("function") == node
    if called:
        name = name.rpartition(".")[0]
    if name:
        yield Setting(KEY, name, line_of(node), declared=False)


def _read_limits(named: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((key, normalize_source(named[key])) for key in _LIMITS if key in named)
