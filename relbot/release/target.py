"""What is released together: the project, or a component with a changelog of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.fragment.location import RELEASED
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.config.model import Config
    from relbot.fragment.location import Folder
    from relbot.fragment.model import Fragment


class ReleaseTarget(NamedTuple):
    """What is released together: the project, or a component with a changelog of its own (`component`).

    Released fragments go below `folder`, those of `shared`, the folders of other components, below these. `manifests` are the
    files that name its version.
    """

    changelog: str
    folder: Folder
    tag: str
    component: str | None = None
    shared: tuple[Folder, ...] = ()
    manifests: tuple[str, ...] = ()

    def home(self, path: str) -> Folder:
        """The folder below which a fragment is released that lies at `path` while it is unreleased."""
        folder = path.rpartition("/")[0]
        return next((each for each in self.shared if each.path == folder), self.folder)

    @property
    def released_below(self) -> tuple[str, ...]:
        """How the paths of its released fragments begin."""
        return tuple(f"{folder.path}/{RELEASED}/" for folder in (self.folder, *self.shared))

    @property
    def written_paths(self) -> tuple[str, ...]:
        """The files beside fragments that a build may write."""
        return (self.changelog, *self.manifests)

    def folders_of(self, version: str) -> tuple[str, ...]:
        """The folders in which the fragments of a release lie."""
        return tuple(folder.of_release(version) for folder in (self.folder, *self.shared))

    def takes(self, fragment: Fragment, config: Config) -> bool:
        """Whether a fragment is released with this target."""
        if self.component:
            return self.component in fragment.components
        return not fragment.components or not config.released_alone.issuperset(fragment.components)


def find_target(config: Config, component: str | None) -> ReleaseTarget:
    """The target of a component with a changelog of its own, or of the whole project. KeyError if there is none."""
    if component is None:
        shared = tuple(folder for folder in config.folders[1:] if folder.component not in config.released_alone)
        return ReleaseTarget(config.changelog, config.folders[0], config.tag, shared=shared, manifests=config.versions.manifests)
    of = config.component(component)
    if of is None or of.changelog is None:
        raise KeyError(component)
    folder = next(folder for folder in config.folders if folder.component == component)
    return ReleaseTarget(of.changelog, folder, of.tag.replace("{component}", component), component, manifests=of.manifests)


class SeveralReleases:
    """Which releases a change of several components is in, where some of them are released on their own."""

    def __init__(self, config: Config, released: Iterable[str]) -> None:
        self._config = config
        self._released = released

    def has(self, of: ReleaseTarget, fragment: Fragment) -> bool:
        """Whether a change of several components is in a release of the target."""
        return bool(fragment.other_components) and self._in_release(of, fragment)

    def awaits(self, of: ReleaseTarget, fragment: Fragment) -> bool:
        """Whether another target than this has yet to release a change of several components."""
        alone = [name for name in fragment.components if name in self._config.released_alone] if fragment.other_components else []
        others = [find_target(self._config, name) for name in (None, *alone)] if alone else []
        others = [each for each in others if each.component != of.component and each.takes(fragment, self._config)]
        return not all(self._in_release(other, fragment) for other in others)

    def _in_release(self, of: ReleaseTarget, fragment: Fragment) -> bool:
        name = f"/{fragment.identity}.md"
        return any(path.endswith(name) and path.startswith(of.released_below) for path in self._released)
