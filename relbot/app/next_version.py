"""Which versions there are, by tag and by folder; which comes next, and which is out already."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.app.release_inputs import changelog_format, sorted_versions
from relbot.app.tagged_releases import list_tagged
from relbot.errors import UsageError
from relbot.files.releases import read_changelog
from relbot.release.changelog_order import VersionHeadings
from relbot.release.notes import UNRELEASED
from relbot.release.tag_names import same_version, strip_spelling
from relbot.release.version import bump_version, parse_version, readable_versions
from relbot.schema.faults import did_you_mean
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from relbot.app.project import Project
    from relbot.release.build import Builder
    from relbot.release.tag_names import TaggedVersion
    from relbot.release.target import ReleaseTarget
    from relbot.release.version import Version


class BuildRequest(NamedTuple):
    """Which release to build.

    Either `version`, or `bump` ("auto", "major", "minor", "patch": how the last version is raised), with `pre` ("rc") for a
    prerelease. `day` is the day of the release; without one that of an earlier build of the version, else `today`. `component`
    is one with a changelog of its own; None means the project.
    """

    today: date
    version: str | None = None
    bump: str | None = None
    pre: str | None = None
    day: date | None = None
    component: str | None = None


def canonical_version(project: Project, of: ReleaseTarget, text: str) -> str:
    """The name by which the project knows a version: `1.2.3` for `v1.2.3`, and the folder `1.2.0` for `1.2`.

    A version that was not released is named as given, without what is only a tag's spelling.
    """
    released = sorted_versions(project, of)
    if text in released:
        return text
    plain = strip_spelling(text, of.tag)
    return next((name for name in released if same_version(name, plain, project.config.versions)), plain)


def released_version(project: Project, of: ReleaseTarget, text: str) -> str:
    """The name of a release that there is, given in any spelling. UsageError if there is none."""
    known, version = sorted_versions(project, of), canonical_version(project, of, text)
    if version not in known:
        tip = did_you_mean(version, known) if known else "There is no release yet."
        raise UsageError(f"There is no release {version}.", tip=tip)
    return version


def next_release_version(project: Project, of: ReleaseTarget, part: str | None, pre: str | None, day: date) -> str:
    """The last version with a part raised: `major`, `minor`, `patch`, or `none` where no change asks for one.

    UsageError if there is no last version, or nothing to raise.
    """
    current = _last_version(project, of)
    if part in (None, "none") and not current.prerelease:
        raise UsageError(
            "No unreleased change raises the version.", tip="Name the part to raise:", example="relbot build --bump patch"
        )
    part = part or "none"
    named = bump_version(current, part, pre, day, project.config.versions)
    if parse_version(named, project.config.versions) < current:
        raise UsageError(f"{named} would come before {current.text}.", tip="Name the version:", example="relbot build VERSION")
    return named


def _choose_version(project: Project, of: ReleaseTarget, builder: Builder, bump: str | None, pre: str | None, day: date) -> str:
    """The next version: with `auto`, the one that people named in the changelog as the next, if it is higher than the last.

    Else the last version, raised by `bump`, or for `auto` by what is unreleased. UsageError as `next_release_version`.
    """
    if bump not in (None, "auto"):
        return next_release_version(project, of, bump, pre, day)
    named = named_version(builder) if pre is None else ""
    if named and is_next_version(project, of, named):
        return canonical_version(project, of, named)
    return next_release_version(project, of, builder.wanted_part(), pre, day)


def version_to_build(project: Project, of: ReleaseTarget, request: BuildRequest, builder: Builder) -> str:
    """The name of the version that the request names, or else the next one. UsageError as `next_release_version`."""
    if request.version is not None:
        return canonical_version(project, of, request.version)
    return _choose_version(project, of, builder, request.bump, request.pre, request.day or request.today)


def has_something_to_build(project: Project, of: ReleaseTarget, request: BuildRequest, builder: Builder) -> bool:
    """Whether there is anything of which a version could be raised; a version that was named is not asked about."""
    if builder.has_unreleased(UNRELEASED) or request.bump is None:
        return True
    if request.bump == "auto" and request.pre is None and (named := named_version(builder)):
        return is_next_version(project, of, named)
    return request.pre is None and waits_for_final(project, of)


def named_version(builder: Builder) -> str:
    """The version that people named in the changelog as the next one, whose text a build takes; "" if none."""
    form, text = builder.form, builder.tree.text
    opened = VersionHeadings(text, builder.config.versions, form.headings).opened if form.unreleased else []
    return next((version for version in opened[:1] if builder.unreleased_text(version)), "")


def is_next_version(project: Project, of: ReleaseTarget, version: str) -> bool:
    """Whether a version is higher than all that were released or tagged."""
    last = _find_last_version(project, of)
    return last is None or last < parse_version(version, project.config.versions)


def waits_for_final(project: Project, of: ReleaseTarget) -> bool:
    """Whether the last release is a prerelease, so that a final one can be made of no more than there is."""
    return bool(sorted_versions(project, of)) and _last_version(project, of).prerelease


def refuse_tagged(project: Project, of: ReleaseTarget, version: str) -> None:
    """UsageError if a version is tagged already, in any spelling: nothing can be added to it."""
    if tag := find_tag(project, of, version):
        tip = f"Its tag is {tag}. Later changes belong to the next version."
        raise UsageError(f"{version} is already released.", tip=tip, example="relbot build --bump auto")


def find_tag(project: Project, of: ReleaseTarget, version: str) -> str | None:
    """The tag of a version, in any spelling; None if there is none."""
    return next((t.tag for t in _tagged(project, of) if same_version(t.version, version, project.config.versions)), None)


def _last_version(project: Project, of: ReleaseTarget) -> Version:
    if last := _find_last_version(project, of):
        return last
    raise UsageError("There is no earlier version to raise.", tip="Name the first one:", example="relbot build 0.1.0")


def _find_last_version(project: Project, of: ReleaseTarget) -> Version | None:
    """The highest version that was released or tagged. Tags count as `tag` in the configuration has them.

    Where none is so, those in the spelling that most of them have. Without any, the headings of the changelog tell.
    """
    versions = project.config.versions
    known = [parse_version(name, versions) for name in sorted_versions(project, of)]
    tagged = _tagged(project, of)
    fitting = [each for each in tagged if each.tag == of.tag.replace("{version}", each.version)]
    if tagged and not fitting and not known:
        [(usual, _)] = Counter(each.before for each in tagged).most_common(1)
        fitting = [each for each in tagged if each.before == usual]
    known += readable_versions((each.version for each in fitting), versions)
    if not known:
        text = (read_changelog(project.root, of.changelog) or b"").decode("utf-8", "surrogateescape")
        headings = VersionHeadings(text, versions, changelog_format(project.config, of).headings)
        known = readable_versions(headings.released(), versions)
    return max(known, default=None)


def _tagged(project: Project, of: ReleaseTarget) -> list[TaggedVersion]:
    return list_tagged(project.git, project.config, of.tag, of.component) if project.in_git else []
