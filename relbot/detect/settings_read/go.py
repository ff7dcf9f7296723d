"""Settings in Go: flag, pflag and cobra, kingpin, urfave/cli, viper, os.Getenv, tags of configuration structs, defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import FileConstants, literal_value
from relbot.detect.engine.syntax import line_of, text_of
from relbot.detect.engine.texts import text_value
from relbot.detect.settings_read.setting import (
    CONSTANT,
    ENV,
    FLAG,
    GIVEN,
    KEY,
    OPTION,
    Setting,
    is_literal,
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
    r"Var\(|Flag|flag|Getenv|LookupEnv|`\w+:\"|EnvVar|Sources|Value:|Required:|[dD]efault|viper|\bf\.\w+\(|Usage:|\"[A-Z]+_[A-Z_]+\""
)
WHOLE = re.compile_at_words(rb"cli\.\w+Flag\{|func \w*[dD]efault\w*\(", "cli. func")
_VAR = re.compile(
    r"^(Func|Text|\w{0,40}?(Bool|Int|Int8|Int16|Int32|Int64|Uint\w{0,40}|Float\w{0,40}|String|StringSlice|StringArray|StringToString|Duration|Count|IP\w{0,40}))?VarP?$"
)
_VALUE = re.compile(
    r"^(Bool|Int|Int32|Int64|Uint|Uint64|Float64|String|StringSlice|StringArray|StringToString|Duration|Count)P?$"
)
_FLAG_SET = re.compile(r"(?i)(^|[.\w])(f|fs|flags?|flagset|pflag|flags\(\))$")
_STRUCT = re.compile(r"(?i)(config|cfg|options?|opts|settings|limits|params|parameters|flags|provider)$")
_CONFIG_PATH = re.compile(r"(?i)(^|/)(conf|config|configuration|settings|options)(/|\w*\.go$)")
_TAG = re.compile(r'\b(\w+):"((?:[^"\\]|\\.)*)"')
_NAME_TAGS = ("yaml", "toml", "mapstructure", "env", "envconfig", "flag", "long", "cfg", "koanf", "json")
_VIPER = re.compile(r"(^|\.)(viper|v)$")
_VIPER_METHOD = re.compile(r"SetDefault$|BindEnv$|Get([A-Z]\w*)?$")
_CLI = re.compile(r"^(cli|altsrc)\.\w*Flag$")
_DEFAULT = re.compile(r"^_?[dD]efault[A-Z_]|Default$|^DEFAULT_")


def go_settings(tree: SyntaxTree, lines: Lines | None, path: str) -> Iterator[Setting]:
    """The settings that a file declares or reads in the lines (all for None)."""
    of_config = _CONFIG_PATH.search(path) is not None
    constants = FileConstants(tree)
    for node in tree.walk(lines):
        kind = node.type
        if kind == "call_expression":
            yield from _read_call(node, constants)
        elif kind == "composite_literal":
            yield from _cli_flag(node)
        elif kind == "field_declaration":
            yield from _read_field(node, of_config=of_config)
        elif kind in ("const_spec", "var_spec"):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None and _DEFAULT.search(text_of(name)):
                yield Setting(CONSTANT, text_of(name), line_of(node), normalize_source(text_of(value)))
        elif kind == "keyed_element":
            yield from _default_field(node)
            yield from _read_given(node.child_by_field_name("key"))
        elif kind == "index_expression" and re.search(r"(?i)env|params|vars", text_of(node.child_by_field_name("operand"))):
            yield from _read_given(node.child_by_field_name("index"))


def _read_call(node: Node, constants: FileConstants) -> Iterator[Setting]:
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    if function is None or arguments is None or function.type != "selector_expression":
        return
    method = text_of(function.child_by_field_name("field"))
    receiver = text_of(function.child_by_field_name("operand"))
    values = [_source_of(child, constants) for child in arguments.named_children if child.type != "comment"]
    line = line_of(node)
    if len(values) >= 3 and _VAR.match(method) and (_FLAG_SET.search(receiver) or values[0].startswith("&")):
        yield from _read_flag(values[1:], method, line)
    elif len(values) >= 3 and _VALUE.match(method) and _FLAG_SET.search(receiver):
        yield from _read_flag(values, method, line)
    elif "RegisterFlags" in method:
        yield from _read_group(receiver, method, values, line)
    elif method == "Flag" and len(values) == 2:
        yield from _read_kingpin(node, values, line)
    elif values:
        if "env" in method.lower() and len(values) > 2:
            yield from _read_given(arguments.named_children[1])
        yield from _read_lookup(receiver, method, values, line)


def _source_of(argument: Node, constants: FileConstants) -> str:
    """The source of an argument; of a text that is put together of constants, that text."""
    is_made = argument.type in ("call_expression", "binary_expression") and literal_value(argument) is None
    text = text_value(argument, constants.get) if is_made else None
    return text_of(argument) if text is None else f'"{text}"'


def _read_group(receiver: str, method: str, values: list[str], line: int) -> Iterator[Setting]:
    """A group of flags that gets its prefix from an argument."""
    names = [name for text in values if (name := name_of(text)) and re.search(r"\w", name)]
    if names:
        yield Setting(FLAG, f"{names[0].rstrip('.')}.*", line, help=f"{receiver}.{method}")


def _read_lookup(receiver: str, method: str, values: list[str], line: int) -> Iterator[Setting]:
    """The environment, viper, and what cobra says about a flag."""
    name = name_of(values[0])
    if not name:
        return
    if receiver == "os" and method in ("Getenv", "LookupEnv"):
        yield Setting(ENV, name, line)
    elif _VIPER.search(receiver) and _VIPER_METHOD.match(method):
        default = normalize_source(values[1]) if method == "SetDefault" and len(values) > 1 else None
        yield Setting(KEY, name, line, default, declared=not method.startswith("Get"))
    elif method == "MarkDeprecated" and len(values) == 2:
        yield Setting(FLAG, name, line, deprecated=True, declared=False)


def _read_flag(values: list[str], method: str, line: int) -> Iterator[Setting]:
    """Name, perhaps a letter, default, usage: of the standard library's flag and of pflag."""
    name = name_of(values[0])
    if not name or not re.search(r"\w", name) or " " in name:
        return
    usage = values[-1]
    letter = method.endswith("P")
    rest = values[1 + letter : -1]
    yield Setting(
        FLAG,
        name,
        line,
        normalize_source(rest[0]) if rest else None,
        help=normalize_source(usage),
        type=re.sub(r"VarP?$|P$", "", method),
        deprecated=says_deprecated(usage),
    )


def _read_kingpin(node: Node, values: list[str], line: int) -> Iterator[Setting]:
    name = name_of(values[0])
    if not name:
        return
    default: str | None = None
    required = False
    environment = ""
    while node.parent is not None and node.parent.type == "selector_expression" and node.parent.parent is not None:
        method, node = text_of(node.parent.child_by_field_name("field")), node.parent.parent
        given = text_of(node.child_by_field_name("arguments"))[1:-1]
        if method == "Default":
            default = normalize_source(given)
        elif method == "Required":
            required = True
        elif method in ("Envar", "OverrideDefaultFromEnvar"):
            environment = string_literal(given) or ""
    yield Setting(
        FLAG, name, line, default, normalize_source(values[1]), deprecated=says_deprecated(values[1]), required=required
    )
    if environment:
        yield Setting(ENV, environment, line, default, normalize_source(values[1]))


def _cli_flag(node: Node) -> Iterator[Setting]:
    title = text_of(node.child_by_field_name("type"))
    if not _CLI.match(title):
        return
    parts = _literal_fields(node.child_by_field_name("body"))
    name = string_literal(parts.get("Name", ""))
    if not name:
        return
    usage = parts.get("Usage", "")
    common = Setting(
        FLAG,
        name,
        line_of(node),
        normalize_source(parts["Value"]) if "Value" in parts else None,
        help=normalize_source(usage),
        type=title.rpartition(".")[2],
        deprecated=says_deprecated(usage),
        required=parts.get("Required") == "true",
        aliases=tuple(re.findall(r'"([^"]+)"', parts.get("Aliases", ""))),
    )
    yield common
    environment = parts.get("EnvVars", "") + parts.get("EnvVar", "") + parts.get("Sources", "")
    names = [one for found in re.findall(r'"([A-Za-z_][\w,]*)"', environment) for one in found.split(",")]
    for at, one in enumerate(names):
        yield common._replace(kind=ENV, name=one, aliases=tuple(names[at + 1 :]))


def _literal_fields(body: Node | None) -> dict[str, str]:
    """The fields of a composite literal, as source."""
    found: dict[str, str] = {}
    for element in body.named_children if body is not None else ():
        key, value = element.child_by_field_name("key"), element.child_by_field_name("value")
        if element.type == "keyed_element" and key is not None and value is not None:
            found[text_of(key)] = text_of(value)
    return found


def _read_field(node: Node, *, of_config: bool) -> Iterator[Setting]:
    tag = text_of(node.child_by_field_name("tag")).strip("`")
    tags = dict(_TAG.findall(tag))
    names = [(key, tags[key].split(",")[0]) for key in _NAME_TAGS if key in tags]
    if not names and "help" in tags:  # kong: the flag is called like the field
        names = [("long", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text_of(node.child_by_field_name("name"))).lower())]
        tags["long"] = names[0][1]
    if not names:
        return
    in_file = of_config and {"yaml", "toml", "mapstructure"} & tags.keys()
    if not (in_file or _is_in_settings(node) or {"flag", "env", "envconfig", "long", "cfg", "koanf"} & tags.keys()):
        return
    doc = tags.get("doc", "") + tags.get("usage", "") + tags.get("description", "")
    for name, key in dict.fromkeys((name, _kind_of_tag(key)) for key, name in names if name and name != "-"):
        yield Setting(
            key,
            name,
            line_of(node),
            normalize_source(f'"{tags["default"]}"') if "default" in tags else None,
            help=doc,
            type=normalize_source(text_of(node.child_by_field_name("type"))),
            deprecated=says_deprecated(doc) or "eprecated" in text_of(node.child_by_field_name("name")),
            required=_demands_value(tags, tag),
            limits=(("validate", tags["validate"]),) if "validate" in tags else (),
        )


def _is_in_settings(field: Node) -> bool:
    """Whether the struct of a field is named like one of settings."""
    owner = field.parent.parent.parent if field.parent is not None and field.parent.parent is not None else None
    return (
        owner is not None and owner.type == "type_spec" and _STRUCT.search(text_of(owner.child_by_field_name("name"))) is not None
    )


def _demands_value(tags: dict[str, str], tag: str) -> bool:
    return "required" in tags or ",required" in tag or "required" in tags.get("validate", "").split(",")


def _kind_of_tag(tag: str) -> str:
    return ENV if tag in ("env", "envconfig") else FLAG if tag in ("flag", "long") else OPTION


def _read_given(name: Node | None) -> Iterator[Setting]:
    """A variable that is put into an environment: its name in capitals is the key of a map."""
    found = re.fullmatch(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', text_of(name)) if name is not None else None
    if found is not None and name is not None:
        yield Setting(GIVEN, found[1], line_of(name))


def _default_field(node: Node) -> Iterator[Setting]:
    """`MaxAge: 3,` in a function or variable whose name says that it holds defaults."""
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if (
        key is None
        or value is None
        or not re.match(r"[A-Z]\w*$", text_of(key))
        or not is_literal(normalize_source(text_of(value)))
    ):
        return
    owner = node.parent
    while owner is not None and owner.type not in ("function_declaration", "method_declaration", "var_spec", "source_file"):
        owner = owner.parent
    title = text_of(owner.child_by_field_name("name")) if owner is not None and owner.type != "source_file" else ""
    if re.search(r"[dD]efault", title):
        yield Setting(CONSTANT, f"{title}.{text_of(key)}", line_of(node), normalize_source(text_of(value)))
