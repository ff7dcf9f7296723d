"""Names of hosts that a program newly insists on: requests for other ones are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.path_roles import is_development
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange

_LIMITING = re.compile(r"\b(TrustedHostMiddleware|HostAuthorization|UseHostFiltering|config\.hosts(?=\s*(?:<<|\+?=)))")
_IMPORT = re.compile(r"\s*(from|import|using|require)\b")


def read_host_limits(change: FileChange) -> Iterator[str]:
    """What limits the names of hosts now, in a file that did not before."""
    if is_development(change.path):
        return
    for line in change.added if _LIMITING.search(change.added_text) else ():
        found = _LIMITING.search(line.text[:400])
        if found is not None and not _IMPORT.match(line.text) and found[1] not in change.old:
            yield found[1]
