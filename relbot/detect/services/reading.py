"""What service files say, read by their lines: many are templates, which no parser of YAML or INI takes."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Block = tuple[str, ...]
Values = dict[str, tuple[str, ...]]
"""The values of an object by the path of their key, such as `spec.replicas`; a named item of a list stands under its name."""


class KubernetesObject(NamedTuple):
    """A Kubernetes object: its kind, its name as written, and its lines."""

    kind: str
    name: str
    lines: Block


_KEY = re.compile(r"^(\s*)['\"]?([\w.${}-]+)['\"]?\s*:(?:\s+(.*))?$")
_COMMENTED = ("#", "{%", "{#", "{{-", "//")


def significant_lines(text: str) -> list[str]:
    """The lines that say something: no comments, no control lines of templates, no ends."""
    return [line.rstrip() for line in text.split("\n") if line.strip() and not line.lstrip().startswith(_COMMENTED)]


_LISTENING = re.compile(
    r"(?:(?:^|[\s=\"',])(?:-b|-p|--?(?:port|bind|listen|http|addr(?:ess)?)\w*)[\s=\"',]++(?:[\w.*\[\]]*:)?|0\.0\.0\.0:|\[::\]:)(\d{2,5})\b"
)
"""A port in the arguments of a command."""


def listens_elsewhere(before: Block, after: Block) -> bool:
    """Whether a command names another port, of those that it names."""
    old, new = (set(_LISTENING.findall(" ".join(lines))) for lines in (before, after))
    return bool(old and new and old - new)


_QUEUES = re.compile(r"(?:^|\s)(?:-Q|--queues?)[ =]([\w,.:-]+)|(?:^|\s)(?:QUEUES?)=([\w,.:-]+)")


def queues_of(programs: Iterable[object]) -> set[str]:
    """The queues that commands name: `celery -Q a,b`, `--queue=a`, `QUEUE=a`."""
    found = [given for each in programs for given in _QUEUES.findall(" ".join(each) if isinstance(each, tuple) else str(each))]
    return {queue for pair in found for part in pair for queue in part.split(",") if queue}


_ANCHOR = re.compile(r"^([ ]{0,60})[\w.-]{1,80}:[ ]{0,9}&([\w-]{1,80})[ ]{0,9}$")
_ALIAS = re.compile(
    r"^([ ]{0,60})(?:<<:[ ]{0,9}\[?((?:[ ]{0,9}\*[\w-]{1,80},?){1,9})[ ]{0,9}\]?|([\w.-]{1,80}:)[ ]{0,9}\*([\w-]{1,80}))[ ]{0,9}$"
)
_DEEPEST = 5


def put_in_anchors(text: str) -> str:
    """The text of a YAML file with the sections that anchors name put in where `<<: *name` and `key: *name` stand."""
    if "&" not in text or "*" not in text:
        return text
    lines = text.split("\n")
    for _ in range(_DEEPEST):
        blocks = {found[2]: _block_below(lines, at) for at, line in enumerate(lines) if (found := _ANCHOR.match(line))}
        put = [other for line in lines for other in _with_block(line, blocks)]
        if put == lines:
            break
        lines = put
    return "\n".join(lines)


def _block_below(lines: list[str], at: int) -> list[str]:
    """The lines below a key, without the depth that they have in common."""
    depth = len(lines[at]) - len(lines[at].lstrip())
    found: list[str] = []
    for line in lines[at + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        if line.strip():
            found.append(line)
    common = min((len(line) - len(line.lstrip()) for line in found), default=0)
    return [line[common:] for line in found]


_MOST_LINES = 200


def _with_block(line: str, blocks: dict[str, list[str]]) -> list[str]:
    found = _ALIAS.match(line)
    names = re.findall(r"\*([\w-]+)", line) if found is not None else []
    if found is None or not names or any(name not in blocks or len(blocks[name]) > _MOST_LINES for name in names):
        return [line]
    depth = f"{found[1]}  " if found[3] else found[1]
    return [*([f"{found[1]}{found[3]}"] if found[3] else []), *(f"{depth}{each}" for name in names for each in blocks[name])]


def compose_services(text: str) -> dict[str, dict[str, Block]]:
    """The services of a compose file, each with its keys and what stands below them."""
    text = put_in_anchors(text)
    services: dict[str, dict[str, Block]] = {}
    inside, depth, deeper = False, 0, 0
    name = key = ""
    for line in significant_lines(text):
        indent = len(line) - len(line.lstrip())
        if indent == 0:
            inside, depth, deeper = line.startswith("services:"), 0, 0
            continue
        if not inside:
            continue
        match = _KEY.match(line)
        depth = depth or indent
        if match and indent == depth:
            name, key, deeper = match[2], "", 0
            services.setdefault(name, {})
        elif name and (not deeper or indent == deeper) and match:
            deeper, key = indent, match[2]
            services[name][key] = (match[3] or "",)
        elif name and key:
            services[name][key] += (line.strip(),)
    return services


_KIND = re.compile(r"^kind:\s*['\"]?(\w+)", re.M)


def read_objects(text: str) -> dict[str, KubernetesObject]:
    """The Kubernetes objects of a file, by kind and name."""
    found = {}
    for document in re.split(r"^---.*$", text, flags=re.M):
        kind = _KIND.search(document)
        if kind and "apiVersion:" in document:
            lines = tuple(significant_lines(document))
            each = KubernetesObject(kind[1], _object_name(lines), lines)
            found[f"{each.kind} {each.name}".strip()] = each
    return found


_QUOTED_TEMPLATE = re.compile(r"\s{0,9}\|\s{0,9}quote(?=\s{0,9}-?\}\})")


def plain_name(name: str) -> str:
    """The name of an object without what only writes it otherwise: `{{ .Release.Name | quote }}`."""
    return _QUOTED_TEMPLATE.sub("", name) if "quote" in name else name


def _object_name(lines: Block) -> str:
    inside = False
    for line in lines:
        if not line.startswith((" ", "\t")):
            inside = line.startswith("metadata:")
        elif inside and line.lstrip().startswith("name:"):
            return plain_name(line.partition(":")[2].strip().strip("'\""))
    return ""


def read_processes(text: str) -> dict[str, str]:
    """The processes of a Procfile: from name to command."""
    return {match[1]: match[2].strip() for line in significant_lines(text) if (match := re.match(r"^([\w-]+):\s+(\S.*)", line))}


def read_start_script(text: str) -> str:
    """The command that `npm start` runs, as a `package.json` has it; "" without one."""
    try:
        package = json.loads(text)
    except ValueError:
        return ""
    scripts = package.get("scripts") if isinstance(package, dict) else None
    command = scripts.get("start") if isinstance(scripts, dict) else None
    return " ".join(word.removeprefix("./") for word in command.split()) if isinstance(command, str) else ""


def read_programs(text: str) -> dict[str, Block]:
    """The programs of a supervisor configuration: from name to their lines."""
    found: dict[str, Block] = {}
    name = ""
    for line in significant_lines(text):
        if match := re.match(r"^\[(?:program|eventlistener|fcgi-program):([^\]]+)\]", line):
            name = match[1]
            found[name] = ()
        elif line.startswith("["):
            name = ""
        elif name:
            found[name] += (line.strip(),)
    return found


_EXEC_FORM = re.compile(r"\[\s*(?:\"[\w./:=@%+,-]*\"[\s,]*)+\]")
"""A command as a list of words that a shell would leave as they are."""


def read_instructions(text: str) -> dict[str, Block]:
    """What the last stage of a Dockerfile says about how the container runs: from instruction to arguments."""
    found: dict[str, Block] = {}
    for line in re.sub(r"\\\n", " ", text).split("\n"):
        match = re.match(r"^\s*(FROM|USER|WORKDIR|ENTRYPOINT|CMD|VOLUME|EXPOSE|HEALTHCHECK|STOPSIGNAL)\s+(.*)", line, re.I)
        if match and match[1].upper() == "FROM":
            found = {}
        elif match:
            what = match[1].upper()
            arguments = " ".join(match[2].split())
            if what == "CMD" and (words := _EXEC_FORM.fullmatch(arguments)):
                arguments = " ".join(re.findall(r"\"([^\"]*)\"", words[0]))
            listed = re.findall(r"[^\s\[\],\"]+", arguments) if what in ("VOLUME", "EXPOSE") else [arguments]
            if what == "EXPOSE":
                listed = [port.removesuffix("/tcp") for port in listed]
            if what == "VOLUME":
                listed = [posixpath.join(*found.get("WORKDIR", ("/",)), path.removeprefix("./")) for path in listed]
            found[what] = (*found.get(what, ()), *listed) if what in ("VOLUME", "EXPOSE") else (arguments,)
    return found


STARTING = ("ENTRYPOINT", "CMD")


def whole_command(instructions: dict[str, Block]) -> str:
    """What a container runs, where its entry point is a list of words, to which those of its command are added."""
    entry, command = (" ".join(instructions.get(what, ())) for what in STARTING)
    if not entry.startswith("["):
        return ""
    return " ".join([*re.findall(r"\"([^\"]*)\"", entry), *command.split()])
