"""The source `debian`: the revision that runs, from the version of an installed Debian package.

A package that was removed can still have a version, so its state is asked, too.
"""

from __future__ import annotations

from relbot.sources.package import make_package_source

SOURCE = make_package_source(
    "debian",
    "A Debian package, on the host on which relbot runs",
    """[environments.production]
deployed = "debian"
package = "obs-api\"""",
    ("dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}\\n", "--"),
)
