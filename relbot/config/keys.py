"""The keys of `relbot.toml`: the one table from which it is read, checked and documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relbot.config.environments import ENVIRONMENT, EXAMPLE, make_environment
from relbot.config.model import ChangeType, Component, Config, Links, Package, PullRequests, Rules, Versions
from relbot.config.path_conflicts import check_path_conflicts
from relbot.config.release_keys import (
    CHANGELOG_FORMATS,
    COMPONENT_KEYS,
    LINK_KEYS,
    PACKAGE_KEYS,
    PATH,
    TYPE_KEYS,
    VERSION_KEYS,
    pattern_kind,
    tag_pattern_kind,
)
from relbot.config.services import SERVICE, check_services, make_service
from relbot.fragment.model import NotesAudience
from relbot.schema.faults import did_you_mean
from relbot.schema.kinds import INVALID, Choice, Key, LateTable, Named, Table, Text
from relbot.schema.nodes import value_at

if TYPE_CHECKING:
    from relbot.schema.faults import Faults
    from relbot.schema.nodes import MappingNode, Node

PR_KEYS = (
    Key(
        "status",
        Text("the context of a commit status", pattern=r"[^\x00-\x1f]{1,100}"),
        "The commit status that `relbot pr` sets. Default: none. The job needs `statuses: write`.",
        'status = "relbot"',
        "",
    ),
    Key(
        "label",
        Text("the name of a label", pattern=r"[^\x00-\x1f,]{1,50}"),
        "The label that relbot sets while something is required or asked. Default: none.",
        'label = "needs a note"',
        "",
    ),
    Key(
        "waiver",
        Text("the name of a label", pattern=r"[^\x00-\x1f,]{1,50}"),
        "The label by which a maintainer waives what is required, once `/relbot waive REASON` says why.",
        'waiver = "no note needed"',
        "relbot: waived",
    ),
    Key(
        "documentation",
        Text("an address that begins with `https://`", pattern=r"https://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~/-]*)?"),
        "Where your organisation publishes relbot's documentation (`make site`): comments link to the page of each rule there. "
        "Default: none.",
        'documentation = "https://docs.example.org/relbot/"',
        "",
    ),
)


def _check_labels(values: dict[str, Any], node: MappingNode, faults: Faults) -> None:
    label, waiver = values["label"], values["waiver"]
    if INVALID not in (label, waiver) and label.casefold() == waiver.casefold():
        at = value_at(node, "waiver") if any(key.value == "waiver" for key, _ in node.value) else node
        message = f"`label` and `waiver` are both `{waiver}`: relbot would set the label that takes back what it asks for."
        faults.at(at, "unknown-value", message, "Give them two names.", 'label = "needs a note"')


def _load_rules() -> Table:
    from relbot.config.rules import RULES  # loads all detectors' names and the engine: a bare interpreter's time

    return RULES


CONFIG_KEYS = (
    Key("directory", PATH, "The folder of the fragments.", 'directory = "changes"', "changes"),
    Key("changelog", PATH, "The file into which the notes are built.", 'changelog = "NEWS.rst"', "CHANGELOG.md"),
    Key("format", Choice(CHANGELOG_FORMATS), "The format of the changelog. Default: by its file name.", 'format = "rst"', ""),
    Key("template", PATH, "A Jinja2 template of the project's own for the notes.", 'template = "changes/notes.md.j2"'),
    Key("marker", Text("a line"), "The line of the changelog below which releases are put.", 'marker = "<!-- releases -->"', ""),
    Key(
        "title",
        pattern_kind("version", "date", "component", "previous", "repository"),
        "The heading of a release.",
        'title = "{version} ({date})"',
        "{version} ({date})",
    ),
    Key("tag", tag_pattern_kind("version"), "The name of a release's tag.", 'tag = "v{version}"', "v{version}"),
    Key(
        "audience",
        Choice(tuple(NotesAudience)),
        "Who the changelog is for. Public notes leave out what is for operators (steps, hosts, `## For operators`) and for the "
        "team (waivers).",
        'audience = "operators"',
        NotesAudience.PUBLIC,
    ),
    Key(
        "types",
        Named(Table(TYPE_KEYS)),
        "The types of changes, in the order of the notes. They replace the defaults.",
        '[types.feature]\ntitle = "Features"',
    ),
    Key(
        "components",
        Named(Table(COMPONENT_KEYS), "[A-Za-z0-9][A-Za-z0-9_-]*"),
        "The parts of the project.",
        '[components.api]\ntitle = "The API"',
    ),
    Key(
        "links",
        Table(LINK_KEYS),
        "Where issues, pull requests and authors are found.",
        '[links]\nissue = "https://tracker.example.org/{number}"',
    ),
    Key("versions", Table(VERSION_KEYS), "How versions are read and raised.", '[versions]\nscheme = "semver"'),
    Key("package", Table(PACKAGE_KEYS), "For the formats `debian` and `rpm`.", '[package]\nname = "obs-api"'),
    Key(
        "environments",
        Named(ENVIRONMENT, "[A-Za-z0-9][A-Za-z0-9_-]*"),
        "Where the project runs, and how relbot finds out which revision runs there.",
        EXAMPLE,
    ),
    Key(
        "services",
        Named(SERVICE, "[A-Za-z0-9][A-Za-z0-9_.@-]*"),
        "The services that a deploy restarts: how to restart and check them, and where they run.",
        '[services.apache2]\nrestart = "systemctl restart apache2"\ncheck = "systemctl is-active apache2"\non = ["web1", "web2"]',
    ),
    Key("pr", Table(PR_KEYS, judge=_check_labels), "What `relbot pr` does on GitHub.", '[pr]\nlabel = "needs a note"'),
    Key("rules", LateTable(_load_rules), "How relbot reacts to the facts of a change set.", '[rules]\nevery-change = "require"'),
)


def _check_config(values: dict[str, Any], node: MappingNode, faults: Faults) -> None:
    components = values["components"]
    check_path_conflicts(node, faults)
    if components is not INVALID:
        _check_environments(values["environments"], tuple(components or ()), node, faults)
    if values["services"] not in (None, INVALID):
        check_services(values["services"], node, faults)
    if components in (None, INVALID):
        return
    table = next(value for key, value in node.value if key.value == "components")
    for name_node, _ in table.value:
        if name_node.value == "released":
            faults.at(name_node, "unknown-value", "A component cannot be called `released`.", "That folder holds releases.")


def _check_environments(environments: Any, components: tuple[str, ...], node: MappingNode, faults: Faults) -> None:
    for name, of in ({} if environments in (None, INVALID) else environments).items():
        component = of["component"]
        if component is not None and component not in components:
            at = value_at(node, "environments", name, "component")
            message = f"The environment `{name}` runs the component `{component}`, and there is none of that name."
            tip = did_you_mean(component, components) if components else "No components are configured."
            faults.at(at, "unknown-value", message, tip)
        for key, named in (("after", (of["after"],) if of["after"] else ()), ("shares", of["shares"])):
            _check_other_environments(name, key, named, tuple(environments), node, faults)
    if environments not in (None, INVALID):
        _check_order({name: of["after"] for name, of in environments.items()}, node, faults)


def _check_order(after: dict[str, str | None], node: MappingNode, faults: Faults) -> None:
    """A fault for each circle of environments that wait for one another, at the first of them."""
    told: set[str] = set()
    for name in after:
        way = [name]
        while (first := after.get(way[-1])) is not None and first not in way:
            way.append(first)
        if first == name and len(way) > 1 and not told & {*way}:
            told |= {*way}
            circle = " waits for ".join(f"`{each}`" for each in (*way, name))
            at = value_at(node, "environments", name, "after")
            faults.at(at, "unknown-value", f"{circle}, so no deploy could begin.", "Remove one `after`.")


def _check_other_environments(
    name: str, key: str, named: tuple[str, ...], known: tuple[str, ...], node: MappingNode, faults: Faults
) -> None:
    """A fault for each environment that `key` of the environment `name` names and that is not another configured one."""
    for other in named:
        if other in known and other != name:
            continue
        others = [each for each in known if each != name]
        what = "itself" if other == name else f"`{other}`, and there is no environment of that name"
        tip = did_you_mean(other, others) if others else "No other environment is configured."
        at = value_at(node, "environments", name, key)
        faults.at(at, "unknown-value", f"`{key}` of the environment `{name}` names {what}.", tip)


def _make_config(values: dict[str, Any], node: Node) -> Config:
    plain = {key: values[key] for key in ("directory", "changelog", "format", "template", "marker", "title", "tag")}
    types, components = values["types"], values["components"] or {}
    more: dict[str, Any] = {}
    if types:
        more["types"] = tuple(ChangeType(name, **of | {"title": of["title"] or name.capitalize()}) for name, of in types.items())
    for key, model in (("links", Links), ("versions", Versions), ("package", Package), ("pr", PullRequests)):
        if values[key]:
            more[key] = model(**values[key])
    return Config(
        **plain,
        components=tuple(Component(name, **of | {"title": of["title"] or name}) for name, of in components.items()),
        audience=NotesAudience(values["audience"]),
        rules=values["rules"] or Rules(),
        services=tuple(make_service(name, of) for name, of in (values["services"] or {}).items()),
        environments=tuple(make_environment(name, of) for name, of in (values["environments"] or {}).items()),
        **more,
    )


CONFIG = Table(CONFIG_KEYS, _make_config, _check_config)
