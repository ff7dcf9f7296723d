"""The source `rpm`: the revision that runs, from the version of an installed RPM package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.sources.model import Source
from relbot.sources.package import DESCRIPTION, describe_package, resolve_package

if TYPE_CHECKING:
    from relbot.config.model import Environment
    from relbot.sources.model import SourceContext

_QUERY = ("rpm", "-q", "--qf", "installed %{VERSION}-%{RELEASE}\\n", "--")


def _resolve_rpm(environment: Environment, context: SourceContext) -> str:
    return resolve_package(environment, context, _QUERY)


SOURCE = Source(
    id="rpm",
    keys=("package", "regex", "timeout"),
    title="An RPM package, on the host on which relbot runs",
    description=DESCRIPTION,
    example="""[environments.production]
deployed = "rpm"
package = "obs-api"             # 2.10~git1533.0abc123-1.1 runs 0abc123""",
    describe=describe_package,
    resolve=_resolve_rpm,
)
