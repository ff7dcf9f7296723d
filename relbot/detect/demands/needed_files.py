"""Files of secrets that code newly reads: whoever installs the program has to put them there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.engine.model import FileChange

_FILE = re.compile(
    r"[\"'`]((?:/var)?/run/secrets/[\w./-]{1,120}|/(?:etc|var|opt|srv|mnt|run)/[\w./-]{0,120}"
    r"(?:\.(?:pem|key|crt|cert|jks|p12|pfx|keytab|secret|token|jwk)|secret\w*|password\w*|token|credentials))[\"'`]"
)
"""A text that is the path of a secret outside of the program."""
_READS = re.compile(
    r"(?i)\bopen\(|read_?text|read_?bytes|read_?file|readstring|readall(?:text|bytes|lines)\(|file_get_contents|file\.read|\.open\(|read_to_string|(?<!\w)load\w{0,9}_?(?:key|cert)\w{0,20}\("
    r"|x509keypair|createsecurecontext|tls\.certificate"
)
_DOES_WITHOUT = re.compile(
    r"(?i)exist|is_?file\b|os\.stat\(|notfound|enoent|\brescue\b|\bexcept\b|\bcatch\b|unwrap_or|\.ok\(\)|env\b|environ|getenv|optional"
)
"""What code says that goes on without the file, or is told another place of it."""


def read_needed_files(change: FileChange) -> Iterator[str]:
    """The secrets that the new lines of a file of code read, which no line named before."""
    added = change.added_text
    if "/" not in added or not _READS.search(added) or _DOES_WITHOUT.search(added):
        return
    yield from (path for path in dict.fromkeys(_FILE.findall(added)) if path not in change.old)
