"""The configuration as values."""

from __future__ import annotations

import posixpath

from relbot.fragment.location import Folder
from relbot.fragment.model import NotesAudience
from relbot.schema.named_tuples import NamedTuple

FILE = "relbot.toml"
PYPROJECT = "pyproject.toml"
"""The files that may hold a configuration."""
NOTES_FORMATS = ("markdown", "rst", "json", "debian", "rpm")


class ChangeType(NamedTuple):
    """A type of change: its heading in the notes, and which part of the version it raises. Notes leave out `hidden` ones."""

    name: str
    title: str
    bump: str = "minor"
    hidden: bool = False


DEFAULT_TYPES = (
    ChangeType("added", "Added", "minor"),
    ChangeType("changed", "Changed", "minor"),
    ChangeType("deprecated", "Deprecated", "minor"),
    ChangeType("removed", "Removed", "minor"),
    ChangeType("fixed", "Fixed", "patch"),
    ChangeType("security", "Security", "patch"),
)
"""The types of https://keepachangelog.com/en/1.1.0/."""


class Component(NamedTuple):
    """A part of the project. With a changelog of its own it is also released on its own."""

    name: str
    title: str
    changelog: str | None = None
    directory: str | None = None
    tag: str = "{component}-v{version}"
    manifests: tuple[str, ...] = ()


class Links(NamedTuple):
    """Addresses with a placeholder; "" where there is nothing to link to. `history`: ask git for PRs and authors.

    `compare` is that of a release compared with the one before, at the foot of the changelog.
    """

    repository: str = ""
    issue: str = ""
    pr: str = ""
    author: str = ""
    history: bool = True
    compare: str = ""


class Versions(NamedTuple):
    """How versions are read and raised. `manifests` are the files in which a build raises the version of the project."""

    scheme: str = "auto"
    calendar: str = "YYYY.0M.MICRO"
    backports: str = "omit"
    manifests: tuple[str, ...] = ()


class Package(NamedTuple):
    """What a Debian changelog or an RPM `.changes` file says beside the changes.

    `distribution`, `revision` and `epoch` are None where the entries that are there tell them.
    """

    name: str = ""
    maintainer: str = ""
    distribution: str | None = None
    urgency: str = "medium"
    revision: str | None = None
    epoch: str | None = None


class Environment(NamedTuple):
    """A place where the project runs, and how to learn which revision runs there.

    `deployed` is the kind of source; `tag`, `url`, `command`, `file`, `package` and `repository` say where it is, of which
    one is set, or none for the ledger. `pointer`, `xpath` and `regex` say where the revision stands in the answer.
    `target` is the revision that shall run, `component` the part of the project that runs there, `timeout` is in seconds.
    `store` is where its ledger is kept: `ref` or `github`. `tells` says what the source tells: `installed` or `running`; None
    where the configuration says nothing. `after` is the environment that has to have finished a target first, and `shares`
    are environments whose steps of no component count here, too. `tasks` and `creators` say which of GitHub's deployments tell
    what runs; no creators are all.
    """

    name: str
    deployed: str
    tag: str = ""
    newest: str = "name"
    url: str = ""
    command: tuple[str, ...] = ()
    file: str = ""
    package: str = ""
    repository: str = ""
    pointer: str | None = None
    xpath: str | None = None
    regex: str | None = None
    target: str | None = None
    component: str | None = None
    timeout: float = 10
    store: str = "ref"
    tells: str | None = None
    after: str | None = None
    shares: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ("deploy", "relbot")
    creators: tuple[str, ...] = ()

    @property
    def tells_running(self) -> bool:
        """Whether the source tells what runs, and not only what is installed."""
        return (self.tells or ("running" if self.deployed == "url" else "installed")) == "running"


class Service(NamedTuple):
    """Something that runs and is restarted: how, how one sees that it works, and where it runs.

    `dies_with` are the services that stop this one when they are restarted or fail.
    """

    name: str
    restart: str = ""
    check: str = ""
    on: tuple[str, ...] = ()
    dies_with: tuple[str, ...] = ()


DEFAULT_EXEMPT = ("*[bot]", "dependabot*", "renovate*", "*-bot@*", "bot@*", "pyup-bot", "greenkeeper*")
"""Robots that raise versions. Logins, names and addresses of authors are compared with these."""


TOOLS = {
    "buf": "Protocol Buffers that break those who speak the old ones",
    "griffe": "the public interface of Python packages that breaks its users",
    "squawk": "migrations in SQL that lock tables, break running code or cannot be run again",
}
"""Other tools whose JSON relbot takes as evidence, and what they look at."""


class Rules(NamedTuple):
    """What the project wants done about what a change set shows.

    `levels` goes from ids of detectors and facts (`settings-read`, `settings-read/removed`) to `require`, `ask` or
    `off`, `paths` from patterns to `require`, `ask` or `off`. `presets` are names of rules that these stand above.
    `every_change` says whether every change set needs a fragment: `off`, `ask` or `require`.
    """

    levels: tuple[tuple[str, str], ...] = ()
    paths: tuple[tuple[str, str], ...] = ()
    routine: tuple[str, ...] = ()
    exempt: tuple[str, ...] = DEFAULT_EXEMPT
    presets: tuple[str, ...] = ()
    every_change: str = "off"

    @property
    def tools(self) -> tuple[str, ...]:
        """The other tools that shall be asked, in the order of their names."""
        return tuple(sorted(tool for tool, level in self.levels if tool in TOOLS and level != "off"))


class PullRequests(NamedTuple):
    """What `relbot pr` does at GitHub. `status` and `label` are not set where they are "", and `documentation` is not linked."""

    status: str = ""
    label: str = ""
    waiver: str = "relbot: waived"
    documentation: str = ""


class Config(NamedTuple):
    """Everything that can be configured. All paths are relative to the repository's root, with `/`."""

    directory: str = "changes"
    changelog: str = "CHANGELOG.md"
    format: str = ""
    template: str | None = None
    marker: str = ""
    title: str = "{version} ({date})"
    tag: str = "v{version}"
    types: tuple[ChangeType, ...] = DEFAULT_TYPES
    components: tuple[Component, ...] = ()
    links: Links = Links()
    versions: Versions = Versions()
    package: Package = Package()
    rules: Rules = Rules()
    environments: tuple[Environment, ...] = ()
    services: tuple[Service, ...] = ()
    pr: PullRequests = PullRequests()
    audience: NotesAudience = NotesAudience.PUBLIC

    @property
    def folders(self) -> tuple[Folder, ...]:
        """Where fragments lie: the project's folder first, then those of components."""
        own = [Folder(c.directory, c.name) for c in self.components if c.directory]
        own += [
            Folder(posixpath.join(self.directory, c.name), c.name)
            for c in self.components
            if not c.directory and c.name != "released"
        ]
        return (Folder(self.directory), *own)

    @property
    def released_alone(self) -> frozenset[str]:
        """The components that are released on their own."""
        return frozenset(c.name for c in self.components if c.changelog)

    def component(self, name: str) -> Component | None:
        """The component of that name."""
        return next((c for c in self.components if c.name == name), None)

    def environment(self, name: str) -> Environment | None:
        """The environment of that name."""
        return next((e for e in self.environments if e.name == name), None)

    @property
    def type_names(self) -> tuple[str, ...]:
        """The types in the order in which the notes show them."""
        return tuple(t.name for t in self.types)

    @property
    def hidden_types(self) -> tuple[str, ...]:
        """The types that notes count and do not show."""
        return tuple(t.name for t in self.types if t.hidden)

    @property
    def component_names(self) -> tuple[str, ...]:
        """The configured components, in the order in which the notes show them."""
        return tuple(c.name for c in self.components)
