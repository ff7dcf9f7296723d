"""Reads in files that are no code: placeholders of Spring's configuration, variables of shell scripts and of compose files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.entry import dotted_path
from relbot.detect.config_structure.yaml_file import read_yaml
from relbot.detect.environment.lookup import KEY, VARIABLE
from relbot.detect.environment.reads import NO_READS, FileReads, Read
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SPRING = re.compile(r"(^|/)(application|bootstrap)[\w-]*\.(properties|ya?ml)$")
_NAMES_OF_VARIABLES = re.compile(r"(^|/)custom-environment-variables\.(json5?|ya?ml)$")
_COMPOSE = re.compile(r"(^|/)(docker-)?compose[\w.-]*\.ya?ml$")
_SHELL = re.compile(r"\.(sh|bash|ksh)(\.eex)?$|(^|/)(docker-)?entrypoint[^/.]*$|(^|/)bin/[^/.]+$")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*$")
_SHELL_READ = re.compile(r"\$(?:([A-Z][A-Z0-9_]+)|\{([A-Z][A-Z0-9_]+)(?:(:?[-=?+])([^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+))?\})")
_SHELL_SET = re.compile(
    r"(?m)^[ \t]*(?:export\s+|local\s+|readonly\s+)?([A-Z][A-Z0-9_]*)=(.*)$"
    r"|\b(?:for|read(?:\s+-\w{1,40}){0,8})\s+([A-Z][A-Z0-9_]*)\b"
)


_SETTINGS = re.compile(r"\.(ya?ml|conf|hocon)(\.erb)?$")
_OTHER_CODE = re.compile(r"\.(scala|sc|groovy|dart|lua|swift|clj|cljs|c|cc|cpp|cxx|h|hpp|hs|erl|pl|pm|t|jl|r|R|nim|cr|ml|zig)$")
_EMBEDDED = re.compile(
    r"%env\((?:\w+:){0,4}([A-Z][A-Z0-9_]*)\)%"
    r"|ENV(?:\.fetch)?[\[(]\s*['\"]([A-Z][A-Z0-9_]*)['\"]\s*(?:,\s*+['\"]?([^'\")\]\n]*)['\"]?)?[\])]"
    r"|\$\{(\?)?([A-Z][A-Z0-9_]*)\}"
)
_ASKS = re.compile(
    r"(?:[gG]et_?[eE]nv|[lL]ookupEnv|\benv(?:OrElse|\.getOrElse|\.get)?|environment|fromEnvironment|\bENV|requireEnv)\s{0,3}[(\[{]{0,2}\s{0,3}[\"']([A-Z][A-Z0-9_]+)[\"']"
    r"|\$ENV\{\s?['\"]?([A-Z][A-Z0-9_]+)"
)


def reader_for(path: str) -> Callable[[str, str], FileReads] | None:
    """The reader for a file that is no code, by its path; None for all others."""
    if _SPRING.search(path):
        return read_properties if path.endswith(".properties") else read_yaml_values
    if _COMPOSE.search(path):
        return read_yaml_values
    if _SERVERLESS.search(path):
        return read_serverless
    if _NAMES_OF_VARIABLES.search(path):
        return read_variable_names
    if _SHELL.search(path):
        return read_shell
    if _SETTINGS.search(path):
        return read_config_variables
    return read_other_code if _OTHER_CODE.search(path) else None


def read_config_variables(text: str, path: str) -> FileReads:
    """Variables that a configuration file puts in: Symfony's `%env(X)%`, `ENV["X"]` of ERB, HOCON's `${?X}`."""
    reads: list[Read] = []
    if "env(" not in text and "ENV" not in text and not path.endswith(("conf", "hocon")):
        return NO_READS
    defaults = dict(_DEFAULTED.findall(text))
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith(("#", "//")):
            continue
        target = (_EMBEDDED.sub("$", line).strip(),)
        for found in _EMBEDDED.finditer(line):
            name = found[1] or found[2] or (found[5] if path.endswith(("conf", "hocon")) else None)
            if name:
                default = found[3] if found[3] is not None else defaults.get(name)
                always = found[1] or (found[2] and "fetch" in found[0]) or (found[5] and not found[4])
                needed = default is None and bool(always)
                reads.append(Read(VARIABLE, name, number, default, needed, target, target, path))
    return FileReads(tuple(reads))


_DEFAULTED = re.compile(r"(?m)^[ \t]*+env\((\w+)\):[ \t]*+[\"']?([^\"'\n]*+)")
"""Symfony's default of a variable: `env(PAGE_SIZE): '20'`."""


_SERVERLESS = re.compile(r"(^|/)serverless(\.[\w-]{1,40})?\.ya?ml$")
_ASKED = re.compile(r"\$\{(env:|ssm:|cf:|s3:)([\w./-]+(?:\$\{[^{}]*\}[\w./-]*)*)\s*(,[^{}]*)?\}")


def read_serverless(text: str, path: str) -> FileReads:
    """Variables and parameters that Serverless puts in: without a default, a deploy without them fails."""
    reads: list[Read] = []
    for number, line in enumerate(text.split("\n"), 1):
        target = (line.partition(":")[0].strip(),)
        for kind, name, default in () if line.lstrip().startswith("#") else _ASKED.findall(line):
            said = default.strip(", '\"") if default else None
            reads.append(Read(VARIABLE if kind == "env:" else KEY, name, number, said, not default, target, target, path))
    return FileReads(tuple(reads))


def read_other_code(text: str, path: str) -> FileReads:
    """Variables that code asks for in languages without a grammar here; what gets the value is the rest of the line."""
    reads: list[Read] = []
    for number, line in enumerate(text.split("\n"), 1):
        target = (_ASKS.sub("$", line).strip(),)
        names = [found[1] or found[2] for found in _ASKS.finditer(line)]
        reads += [Read(VARIABLE, name, number, None, False, target, target, path) for name in names]
    return FileReads(tuple(reads))


def read_variable_names(text: str, path: str) -> FileReads:
    """The variables that node-config reads: the values of `custom-environment-variables.json`. Raises Unreadable."""
    entries = read_yaml(text)
    places = [(entry, (dotted_path(entry.path),)) for entry in entries if _NAME.match(entry.value.strip("\"'"))]
    return FileReads(
        tuple(Read(VARIABLE, entry.value.strip("\"'"), entry.line, None, False, at, at, path) for entry, at in places)
    )


def read_properties(text: str, path: str) -> FileReads:
    """Placeholders of a file of `key=value` lines."""
    reads: list[Read] = []
    literals: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        key, found, value = line.partition("=")
        if found and not line.lstrip().startswith(("#", "!")):
            target = (key.strip(),)
            inside = list(_read_placeholders(value.strip(), number, target, path))
            reads += inside
            if not inside:
                literals[target] = value.strip()
    return FileReads(tuple(reads), literals.get)


def read_yaml_values(text: str, path: str) -> FileReads:
    """Placeholders in the values of a YAML file. Raises Unreadable."""
    entries = read_yaml(text)
    reads: list[Read] = []
    literals: dict[tuple[str, ...], str] = {}
    for entry in entries:
        target = (dotted_path(entry.path),)
        inside = list(_read_placeholders(entry.value, entry.line, target, path))
        reads += inside
        if not inside:
            literals[target] = entry.value.strip("\"'")
    return FileReads(tuple(reads), literals.get)


def split_placeholders(text: str) -> Iterator[tuple[str, str | None]]:
    """Name and default of each `${name:default}` of a text, those inside of defaults too; a default may be None."""
    at = text.find("${")
    while at >= 0:
        depth, end = 0, at
        for end in range(at, len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0 and text[end] == "}":
                break
        name, colon, default = text[at + 2 : end].partition(":")
        yield name.strip(), default if colon else None
        if "${" in default:
            yield from split_placeholders(default)
        at = text.find("${", end)


_SIGNED = re.compile(r"([A-Z][A-Z0-9_]*)([-?+].+)")
"""Compose's `${NAME-default}` and `${NAME?error}`: https://docs.docker.com/reference/compose-file/interpolation/."""


def _read_placeholders(value: str, line: int, target: tuple[str, ...], path: str) -> Iterator[Read]:
    for whole, after in split_placeholders(value):
        name, rest = whole, after
        if rest is None and (signed := _SIGNED.fullmatch(whole)) is not None and _COMPOSE.search(path):
            name, rest = signed[1], signed[2]
        default, required = rest, rest is None and not _COMPOSE.search(path)
        if rest is not None and rest[:1] in "?-+=":  # compose, as in a shell
            default, required = (None, True) if rest[:1] == "?" else (rest[1:], False)
        if name.endswith(("?", "-")):
            default, required = (None, True)
        if _NAME.match(name.rstrip("?-")):
            yield Read(VARIABLE, name.rstrip("?-"), line, default, required, target, target, path)


def read_shell(text: str, path: str) -> FileReads:
    """The variables in capitals that a script reads and does not set itself; what gets the value is the rest of the line."""
    listed = [name for found in _LISTED.finditer(text) for name in found[1].split() if _NAME.match(name)]
    looped = listed if "eval" in text or "${!" in text or "printenv" in text else []
    own = {found[1] or found[3] for found in _SHELL_SET.finditer(text) if found[3] or f"${{{found[1]}" not in found[2]}
    reads = [Read(VARIABLE, name, 1, None, False, ("loop",), ("loop",), path) for name in looped]
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        target = (_masked(line),)
        for name, default, required in _shell_reads(line):
            if name not in own:
                reads.append(Read(VARIABLE, name, number, default, required, target, target, path))
    return FileReads(tuple(reads))


_LISTED = re.compile(r"(?m)^[ \t]*for [ \t]*\w+ in ((?:[A-Z][A-Z0-9_]*[ \t]*){1,60});?")


def _shell_reads(text: str) -> Iterator[tuple[str, str | None, bool]]:
    for found in _SHELL_READ.finditer(text):
        operator, rest = found[3] or "", found[4] or ""
        default = rest.strip("\"'") if operator[-1:] in ("-", "=") else None
        yield found[1] or found[2], default, operator.endswith("?")
        yield from _shell_reads(rest)


def _masked(line: str) -> str:
    plain = _SHELL_READ.sub("$", line)
    return re.sub(r"[\"'\s]+", " ", plain).strip()
