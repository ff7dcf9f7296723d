"""The configuration that fits a repository: only what differs from the defaults, each key with its reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from relbot.adoption.changelog_style import find_changelog
from relbot.adoption.found_services import find_services
from relbot.adoption.manifests import find_manifests
from relbot.adoption.tag_spellings import component_name, find_spellings
from relbot.release.tag_names import same_version
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relbot.adoption.changelog_style import ChangelogStyle
    from relbot.adoption.repository_facts import RepositoryFacts
    from relbot.adoption.tag_spellings import TagSpelling
    from relbot.config.model import Config

PRESETS = {
    "manage.py": "django",
    "config/application.rb": "rails",
    "releasenotes/notes": "openstack",
    "go.mod": "go-service",
    "package.json": "node",
}
"""The preset that fits a project that has such a file or folder, the most telling first."""
_DEEPEST = 2
"""Folders above the changelog of a component: `packages/api/CHANGELOG.md`."""
_HEADER = """\
# relbot's configuration: what differs from the defaults. `relbot schema config` explains every key.
"""


class ProposedKey(NamedTuple):
    """A key of relbot.toml with its value, and the reason in a sentence. `table` is "" at the top."""

    table: str
    name: str
    value: str | tuple[str, ...]
    reason: str

    @property
    def shown(self) -> str:
        """The key and its value as TOML."""
        return f"{self.name} = {json.dumps(self.value, ensure_ascii=False)}"


def propose_keys(facts: RepositoryFacts, every_change: str = "off") -> list[ProposedKey]:
    """The keys that fit a repository. `every_change` is the policy that its people chose."""
    from relbot.config.model import Config  # of which the defaults are

    defaults = Config()
    keys = [*_tag_keys(facts, defaults), *_changelog_keys(find_changelog(facts), defaults)]
    keys += _manifest_keys(facts, defaults)
    services = [each for each in find_services(facts.texts) if each.restart]
    keys += [ProposedKey(f"services.{each.name}", "restart", each.restart, f"{each.path} declares it.") for each in services]
    if every_change != "off":
        keys.append(ProposedKey("rules", "every-change", every_change, "Chosen when relbot was set up."))
    if preset := find_preset(facts.paths):
        path, name = preset
        keys.append(
            ProposedKey("rules", "preset", (name,), f"Because of {path}: which paths and facts matter in such a project.")
        )
    return keys


def find_preset(paths: Iterable[str]) -> tuple[str, str] | None:
    """The file or folder that tells the kind of project, and the preset for it; None where no preset fits."""
    there = set(paths)
    folders = {path.rpartition("/")[0] for path in there}
    return next(((path, name) for path, name in PRESETS.items() if path in there or path in folders), None)


def _tag_keys(facts: RepositoryFacts, defaults: Config) -> Iterator[ProposedKey]:
    spellings = find_spellings(facts.tags, defaults.versions)
    if not spellings:
        return
    components = [
        (each, changelog) for each in released_components(spellings) if (changelog := component_changelog(facts, each.component))
    ]
    several = bool(released_components(spellings))
    whole = next((each for each in spellings if not (several and each.component)), None)
    if whole is not None and whole.pattern != defaults.tag:
        yield ProposedKey("", "tag", whole.pattern, f"Tags here are named like this; the last is {whole.last}.")
    for each, changelog in components:
        name = component_name(each.component)
        table = f"components.{name}"
        yield ProposedKey(table, "changelog", changelog, "It has its own tags and changelog, so it has its own releases.")
        pattern = f"{{component}}{each.mark}{{version}}" if name == each.component else each.pattern
        yield ProposedKey(table, "tag", pattern, f"Its tags are named like this; the last is {each.last}.")


def released_components(spellings: Sequence[TagSpelling]) -> list[TagSpelling]:
    """The components that the tags name: two or more, and most of the tags are theirs."""
    named = [each for each in spellings if each.component]
    usual = spellings[0] in named and len({each.component for each in named}) > 1
    return sorted({each.component: each for each in reversed(named)}.values()) if usual else []


def component_changelog(facts: RepositoryFacts, component: str) -> str:
    """The changelog of the package of this name, else that in a folder of this name; "" without one."""
    named = [each.path.rpartition("/")[0] for each in find_manifests(facts.texts) if each.name == component]
    near = [path for path in facts.paths if path.count("/") <= _DEEPEST and path.endswith(("CHANGELOG.md", "CHANGELOG.rst"))]
    folders = [*(f"/{folder}" for folder in named if folder), f"/{component.rpartition('/')[2]}"]
    return next((path for folder in folders for path in near if f"/{path}".rpartition("/")[0].endswith(folder)), "")


def _changelog_keys(style: ChangelogStyle | None, defaults: Config) -> Iterator[ProposedKey]:
    if style is None or not style.form:
        return
    if style.path != defaults.changelog:
        yield ProposedKey("", "changelog", style.path, "The changelog that is there.")
    if style.title and style.title != defaults.title:
        yield ProposedKey("", "title", style.title, "The headings of its releases look like this.")
    if style.marker:
        yield ProposedKey("", "marker", style.marker, "Releases stand below this line.")


def _manifest_keys(facts: RepositoryFacts, defaults: Config) -> Iterator[ProposedKey]:
    """The files that name the version of the last tag, of the project and of each component."""
    spellings = find_spellings(facts.tags, defaults.versions)
    several = released_components(spellings) if spellings else []
    for each in several or spellings[:1]:
        named = [
            manifest.path
            for manifest in find_manifests(facts.texts)
            if same_version(manifest.version.removeprefix("v"), each.last, defaults.versions)
            and (manifest.name == each.component if several else manifest.path.count("/") == 0)
        ]
        named += [lock for path in named if (lock := _lock_file(path)) in facts.paths]
        if named and (not several or component_changelog(facts, each.component)):
            table = f"components.{component_name(each.component)}" if several else "versions"
            reason = f"{'They have' if len(named) > 1 else 'It has'} the version of the last tag, {each.last}. A build raises it."
            yield ProposedKey(table, "manifests", tuple(named), reason)


def _lock_file(manifest: str) -> str:
    """The file beside a manifest that repeats its version; "" for none."""
    folder, slash, name = manifest.rpartition("/")
    lock = {"package.json": "package-lock.json", "Cargo.toml": "Cargo.lock"}.get(name, "")
    return lock and f"{folder}{slash}{lock}"


def config_text(keys: Sequence[ProposedKey]) -> str:
    """The text of a relbot.toml with these keys; tables come last."""
    blocks = [_HEADER]
    for table in dict.fromkeys(["", *(key.table for key in keys)]):
        lines = [f"# {key.reason}\n{key.shown}\n" for key in keys if key.table == table]
        if lines and table:
            lines[0] = f"[{table}]\n{lines[0]}"
        blocks += lines if not table else ["".join(lines)] if lines else []
    return "\n".join(blocks)


def missing_keys(keys: Iterable[ProposedKey], config: Config) -> list[ProposedKey]:
    """Those of the keys that say something else than the configuration that holds."""
    return [key for key in keys if _configured(key, config) != key.value]


def _configured(key: ProposedKey, config: Config) -> str | tuple[str, ...] | None:
    match key.table, key.name:
        case "", name:
            value: str | tuple[str, ...] | None = getattr(config, name)
            return value
        case _, "manifests":
            part = config.component(key.table.partition(".")[2])
            listed = part.manifests if part else config.versions.manifests
            return key.value if set(key.value) <= set(listed) else listed
        case "rules", "preset":
            return key.value if set(key.value) <= set(config.rules.presets) else config.rules.presets
        case "rules", _:
            return str(config.rules.every_change)
        case table, _ if table.startswith("services."):
            restarts = {service.name: service.restart for service in config.services}
            return restarts.get(table.partition(".")[2])
        case _, name:
            component = config.component(key.table.partition(".")[2])
            found: str | tuple[str, ...] | None = getattr(component, name) if component else None
            return found
