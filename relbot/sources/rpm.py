"""The source `rpm`: the revision that runs, from the version of an installed RPM package."""

from __future__ import annotations

from relbot.sources.package import make_package_source

SOURCE = make_package_source(
    "rpm",
    "An RPM package, on the host on which relbot runs",
    """[environments.production]
deployed = "rpm"
package = "obs-api"             # 2.10~git1533.0abc123-1.1 runs 0abc123""",
    ("rpm", "-q", "--qf", "installed %{VERSION}-%{RELEASE}\\n", "--"),
)
