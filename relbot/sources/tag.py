"""The source `tag`: the revision that runs, by the tag on it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from relbot.errors import quoted
from relbot.fragment.location import in_natural_order
from relbot.git.tags import list_tags, tagged_versions
from relbot.release.version import readable_versions
from relbot.schema.named_tuples import NamedTuple
from relbot.sources.commit import how_to_fetch
from relbot.sources.model import Source, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relbot.config.model import Environment
    from relbot.git.process import Git
    from relbot.sources.model import SourceContext


class _Tag(NamedTuple):
    """A tag: what it is ordered by, and its name."""

    order: Any
    name: str


def _describe_tag(environment: Environment) -> str:
    return f"the tag `{environment.tag}`"


def _resolve_tag(environment: Environment, context: SourceContext) -> str:
    """The full id of the commit below the newest of the environment's tags. SourceUnavailable if none is."""
    git, versions, pattern, refs = context.git, context.config.versions, environment.tag, context.tags
    if "{version}" in pattern:
        found = [
            _Tag(version, pattern.replace("{version}", version.text))
            for version in readable_versions(tagged_versions(git, pattern, refs), versions)
        ]
    elif environment.newest == "date":
        found = list(_order_by_date(git, pattern, refs))
    else:
        found = [_Tag(in_natural_order(name), name) for name in list_tags(git, refs) if fnmatchcase(name, pattern)]
    if not found:
        raise SourceUnavailable("answered with nothing: no tag in this clone fits", tip=how_to_fetch(git))
    newest = max(found, key=lambda tag: tag.order).order
    return _one_commit(git, [tag.name for tag in found if tag.order == newest], refs)


def _order_by_date(git: Git, pattern: str, refs: str) -> Iterable[_Tag]:
    """Annotated tags by when they were made. A tag of which nobody knows that could be the newest."""
    shown = f"--format=%(taggerdate:unix) %(refname:lstrip={refs.count('/')})"
    lines = git.text("for-each-ref", shown, refs).splitlines()
    for line in lines:
        date, _, name = line.partition(" ")
        if fnmatchcase(name, pattern):
            if not date:
                tip = 'Make annotated tags (`git tag --annotate`), or set `newest = "name"`.'
                raise SourceUnavailable(
                    f"answered with {quoted(name)} among others, and a tag without annotation has no date", tip=tip
                )
            yield _Tag(int(date), name)


def _one_commit(git: Git, names: list[str], refs: str) -> str:
    commits = set()
    for name in names:
        code, out, _ = git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{refs}{name}^{{commit}}")
        if code != 0:
            raise SourceUnavailable(f"answered with {quoted(name)}, which is not on a commit", tip=how_to_fetch(git))
        commits.add(out.decode("ascii").strip())
    if len(commits) > 1:
        raise SourceUnavailable(
            f"answered with several tags, and none is newer than the others: {', '.join(map(quoted, names[:4]))}"
        )
    return commits.pop()


SOURCE = Source(
    id="tag",
    keys=("tag", "newest"),
    title="Tags that your deploy sets",
    description="""Of several tags the last by name counts, numbers as numbers: `build-112` is after `build-9`. That
is right for dates and counters, and after a rollback too, because the rollback sets another tag. `newest =
"date"` takes the tag that was made last, for names that say nothing; all the tags have to be annotated then, because
others do not know when they were made. `tag = "v{version}"` takes the highest version. `*` stands for any text, `/`
included. A tag that is moved needs no `*`.""",
    example="""[environments.production]
deployed = "tag"
tag = "deployed/production/*"   # deployed/production/2018-08-15-1010""",
    describe=_describe_tag,
    resolve=_resolve_tag,
)
