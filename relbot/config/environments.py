"""The keys of `[environments.NAME]`: how to learn which revision runs somewhere, and what shall run there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from relbot.config.model import Environment
from relbot.schema import lazy_re as re
from relbot.schema.kinds import INVALID, Choice, Key, Many, Table, Text, Whole
from relbot.schema.nodes import value_at

if TYPE_CHECKING:
    from relbot.schema.faults import Faults
    from relbot.schema.nodes import MappingNode

EXAMPLE = """[environments.production]
deployed = "url"
url = "https://build.example.org/about"
xpath = "/about/commit\""""
"""An environment to copy. The Open Build Service tells its commit like this."""

_URL = 'deployed = "url"\nurl = "https://build.example.org/about"'
_WHERE = ("pointer", "xpath", "regex")
KEYS_OF_SOURCES = {
    "tag": ("tag", "newest"),
    "ledger": (),
    "url": ("url", *_WHERE, "timeout"),
    "command": ("command", *_WHERE, "timeout"),
    "file": ("file", *_WHERE),
    "rpm": ("package", "regex", "timeout"),
    "debian": ("package", "regex", "timeout"),
    "github": ("repository", "tasks", "creators", "timeout"),
}
"""The keys of each kind of source beside those of every environment; the first one is what it cannot do without."""
SOURCES = tuple(KEYS_OF_SOURCES)
_OF_ALL = ("deployed", "target", "component", "store", "tells", "after", "shares")
STORES = ("ref", "github")
LONGEST_TIMEOUT = 3600
"""Seconds that a source may take at the most."""


def _check_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, secret = parts.hostname, parts.username or parts.password
        _ = parts.port
    except ValueError:
        return "This is not an address."
    if parts.scheme not in ("http", "https") or not host:
        return "This is not an address that begins with `https://` or `http://`."
    # The text is not quoted here: it holds a secret.
    return "A password does not belong here: put it into ~/.netrc, which is read." if secret else ""


def _check_pointer(text: str) -> str:
    if not text.startswith("/"):
        return f"`{text}` does not begin with `/`."
    return f"In `{text}`, `~` can only be part of `~0` (for `~`) and `~1` (for `/`)." if re.search(r"~(?![01])", text) else ""


def _check_xpath(text: str) -> str:
    from xml.etree.ElementTree import Element  # only a configuration with an XPath is worth its import

    path, _, _ = split_xpath(text)
    try:
        Element("document").findall(path)
    except (SyntaxError, KeyError, IndexError, TypeError):
        return f"relbot does not support the path `{text}`."
    return ""


def split_xpath(text: str) -> tuple[str, str, bool]:
    """An XPath as a path that ElementTree takes, the attribute in which it ends ("" if in none), and where it begins.

    The last is True for a path that begins inside of the root element, False for one that begins above it.
    """
    path, at, attribute = text.rpartition("/@") if re.search(r"/@[^\]/]+$", text) else (text, "", "")
    path = path.removesuffix("/text()")
    return (f".{path}" if path.startswith("/") else path or "."), attribute if at else "", not text.startswith("/")


def _check_regex(text: str) -> str:
    try:
        groups = re.compile(text).groups
    except (re.error, OverflowError, RecursionError) as error:
        return f"`{text}` is not a regular expression: {error}."
    return f"`{text}` has {groups} groups. The revision is what the one group matches, or all of it." if groups > 1 else ""


def _check_tag_pattern(text: str) -> str:
    rest = text.replace("{version}", "")
    if re.search("[{}]", text) and (text.count("{version}") != 1 or re.search(r"[{}*?\[]", rest)):
        return f"`{text}` can hold `{{version}}` once, or the wildcards `*`, `?` and `[…]`."
    return f"`{text}` cannot be the name of a tag." if re.search(r"[\s~^:\\\x00-\x20]|\.\.|^[-/]|/$", text) else ""


ENVIRONMENT_KEYS = (
    Key(
        "deployed",
        Choice(SOURCES),
        (
            "The source of the revision that runs: a tag, relbot's ledger, an address, a command's "
            "output, a file, a package's version, or GitHub's deployments."
        ),
        _URL,
        required=True,
    ),
    Key(
        "tag",
        Text("the name of a tag, with `*` for any text or `{version}` for a version", check=_check_tag_pattern),
        "The tag on what runs. If several match, the newest counts: with `{version}` the highest version, else see `newest`.",
        'deployed = "tag"\ntag = "deployed/production/*"',
        "",
    ),
    Key(
        "newest",
        Choice(("name", "date")),
        "Which of several tags is the newest: the last by name, numbers as numbers (`2018-08-15`, `build-112`);"
        " or the one that was made last, which only annotated tags tell.",
        'deployed = "tag"\ntag = "deployed/production/*"\nnewest = "date"',
        "name",
    ),
    Key(
        "url",
        Text("an address", check=_check_address),
        "An address that answers with the revision.",
        _URL,
        "",
    ),
    Key(
        "command",
        Many(Text("a word of a command")),
        "A command that prints the revision, as a list of words. No shell reads it.",
        'deployed = "command"\ncommand = ["ssh", "www1.example.org", "cat", "/srv/app/REVISION"]',
        (),
    ),
    Key(
        "file",
        Text("a path"),
        "A file that holds the revision; from the root of the project.",
        'deployed = "file"\nfile = "/srv/app/REVISION"',
        "",
    ),
    Key(
        "package",
        Text("the name of a package", pattern=r"[A-Za-z0-9][A-Za-z0-9._+:-]*"),
        "The installed package whose version holds a commit, as `2.10~git1533.0abc123` does.",
        'deployed = "rpm"\npackage = "obs-api"',
        "",
    ),
    Key(
        "repository",
        Text("OWNER/NAME", pattern=r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*"),
        "The repository on GitHub whose deployments to the environment of this name tell what runs, or that keeps its ledger.",
        'deployed = "github"\nrepository = "openSUSE/open-build-service"',
        "",
    ),
    Key(
        "tasks",
        Many(Text("the name of a task")),
        "The tasks of deployments that tell what runs. Jobs with `environment:` have `deploy`, `relbot deploy` has `relbot`.",
        'deployed = "github"\nrepository = "openSUSE/open-build-service"\ntasks = ["deploy", "deploy:rollback"]',
        ("deploy", "relbot"),
    ),
    Key(
        "creators",
        Many(Text("a login")),
        "The accounts whose deployments tell what runs, `github-actions[bot]` for workflows. Default: all.",
        'deployed = "github"\nrepository = "openSUSE/open-build-service"\ncreators = ["github-actions[bot]"]',
        (),
    ),
    Key(
        "pointer",
        Text("a JSON pointer (RFC 6901)", check=_check_pointer),
        "Where in a JSON answer the revision stands.",
        _URL + '\npointer = "/build/commit"',
    ),
    Key(
        "xpath",
        Text("a path such as `/about/commit`, `//app[@name='api']/commit` or `/about/@commit`", check=_check_xpath),
        "Where in an XML answer the revision stands, in the part of XPath that Python's ElementTree knows.",
        _URL + '\nxpath = "/about/commit"',
    ),
    Key(
        "regex",
        Text("a regular expression with at most one group", check=_check_regex),
        "What of the answer, or of what `pointer` or `xpath` found, is the revision.",
        _URL + "\nregex = 'commit: ([0-9a-f]+)'",
    ),
    Key(
        "target",
        Text("a revision"),
        "The target revision. Default: HEAD.",
        'deployed = "ledger"\ntarget = "origin/main"',
    ),
    Key(
        "component",
        Text("a component"),
        "The component that runs there. Default: the whole project.",
        'deployed = "ledger"\ncomponent = "api"\n\n[components.api]',
    ),
    Key(
        "store",
        Choice(STORES),
        "Where its ledger is kept, in which `relbot deploy` records what was done: on the git ref `refs/relbot/NAME`, or on"
        " GitHub, in deployments and an issue with the checklist. `repository` names it if `origin` does not.",
        'deployed = "ledger"\nstore = "github"',
        "ref",
    ),
    Key(
        "tells",
        Choice(("installed", "running")),
        "What the source tells: which revision is installed, or which one runs. Default: `running` for `url`, else `installed`.",
        'deployed = "command"\ncommand = ["curl", "--fail", "https://build.example.org/commit"]\ntells = "running"',
    ),
    Key(
        "after",
        Text("an environment"),
        "The environment that must have finished a target before a deploy of it begins here. A rollback does not wait.",
        'deployed = "ledger"\nafter = "staging"\n\n[environments.staging]\ndeployed = "ledger"',
    ),
    Key(
        "shares",
        Many(Text("an environment")),
        "Environments that use the same database or other services: a step that belongs to no component and is done there is"
        " done here, too.",
        'deployed = "ledger"\nshares = ["worker-production"]\n\n[environments.worker-production]\ndeployed = "ledger"',
        (),
    ),
    Key("timeout", Whole("a whole number of seconds, 1 to 3600"), "How long to wait for an answer.", _URL + "\ntimeout = 30", 10),
)


def _check_environment(values: dict[str, Any], node: MappingNode, faults: Faults) -> None:
    kind = values["deployed"]
    if values["timeout"] is not INVALID and not 1 <= values["timeout"] <= LONGEST_TIMEOUT:
        message = f"`timeout` is {values['timeout']}."
        faults.at(
            value_at(node, "timeout"), "unknown-value", message, f"Allowed: 1 to {LONGEST_TIMEOUT} seconds.", "timeout = 10"
        )
    if values["pointer"] is not None and values["xpath"] is not None:
        message = "`pointer` is for JSON and `xpath` for XML: an answer cannot be both."
        faults.at(value_at(node, "xpath"), "unknown-key", message, "Keep one of them.")
    command = values["command"]
    if command is not INVALID and len(command) == 1 and " " in command[0]:
        words = ", ".join(f'"{word}"' for word in command[0].split())
        message = "`command` is one word with spaces in it, and no shell takes it apart."
        faults.at(value_at(node, "command"), "wrong-type", message, "Allowed: a list of words.", f"command = [{words}]")
    if kind is INVALID:
        return
    own = KEYS_OF_SOURCES[kind]
    if own and values[own[0]] in ("", ()):
        key = next(key for key in ENVIRONMENT_KEYS if key.name == own[0])
        message = f"`{key.name}` is missing: `deployed` is `{kind}`."
        faults.at(node, "missing-key", message, f"Allowed: {key.kind.allowed}.", key.example)
    known = {key.name for key in ENVIRONMENT_KEYS}
    for name_node, _ in node.value:
        name = name_node.value
        if name in known and name not in (*own, *_OF_ALL, *_store_keys(values["store"])):
            tip = f"It belongs to: {', '.join(other for other, keys in KEYS_OF_SOURCES.items() if name in keys)}. Remove it."
            faults.at(name_node, "unknown-key", f"`{name}` says nothing where `deployed` is `{kind}`.", tip)


def _store_keys(store: object) -> tuple[str, ...]:
    """The keys that a store of the ledger has beside those of every environment."""
    return ("repository",) if store == "github" else ()


def make_environment(name: str, values: dict[str, Any]) -> Environment:
    """An environment of the values of its table."""
    return Environment(name, **values)


ENVIRONMENT = Table(ENVIRONMENT_KEYS, judge=_check_environment)
"""A table `[environments.NAME]` to its values, or to every fault it has."""
