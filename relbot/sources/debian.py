"""The source `debian`: the revision that runs, from the version of an installed Debian package.

A package that was removed can still have a version, so its state is asked, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.sources.model import Source
from relbot.sources.package import DESCRIPTION, describe_package, resolve_package

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext

_QUERY = ("dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}\\n", "--")


def _resolve_debian(environment: Environment, context: SourceContext) -> str:
    return resolve_package(environment, context, _QUERY)


SOURCE = Source(
    id="debian",
    keys=("package", "regex", "timeout"),
    title="A Debian package, on the host on which relbot runs",
    description=DESCRIPTION,
    example="""[environments.production]
deployed = "debian"
package = "obs-api\"""",
    describe=describe_package,
    resolve=_resolve_debian,
)
