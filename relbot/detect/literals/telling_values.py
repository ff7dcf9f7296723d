"""Literals that say by themselves what installations share: paths of data, of configuration and logs, sockets, database files.

A program names such a place where it likes, and in any language. So the value tells the kind, whatever it is called.
"""

from __future__ import annotations

from relbot.detect.literals.kinds import ADDRESS, CONFIG, CRYPTO, FILE, STORE
from relbot.schema import lazy_re as re

_OF_SYSTEM = re.compile(
    r"^/etc/(ssl|pki|passwd|group|hosts|resolv\.conf|nsswitch|os-release|\w+-release|localtime|timezone|ca-certificates|machine-id|mime"
    r"|shadow|fstab|debian_version|alpine-release|apt|yum|ssh)\b"
    r"|(docker|containerd|podman|crio|mysqld?|postgresql|redis|dbus|libvirt)[\w.-]{0,80}\.sock$|^/run/systemd|^/var/run/secrets"
)
"""What the operating system has, whatever the program does."""
_KINDS = (
    (ADDRESS, re.compile(r"^(unix:(//)?)?/[\w./-]+\.sock$")),
    (
        CONFIG,
        re.compile(r"^/(usr/local/)?etc/[\w.-][\w./-]*$|^~/\.(config/)?[\w./-]+\.(ya?ml|toml|json|conf|ini|cfg|properties)$"),
    ),
    (FILE, re.compile(r"^/var/log/[\w./-]+$|^/(var/)?run/[\w./-]+\.(pid|lock)$")),
    (STORE, re.compile(r"^/var/(lib|spool|opt|backups?|www)/[\w./-]+$|^/(srv|opt)/[\w.-]+/[\w./-]+$|^/data(/[\w./-]+)?$")),
    (STORE, re.compile(r"^([\w.-]+/)*[\w-]+\.(db|sqlite3?)$")),
    (
        CRYPTO,
        re.compile(
            r"(?i)^(aes|aria|camellia|des3?|chacha20)[-_/](\d{3}[-_])?(cbc|gcm|ctr|ecb|cfb|ofb|ccm|siv|poly1305)\b[\w/-]*$"
        ),
    ),
    (CRYPTO, re.compile(r"^(bcrypt(_sha256)?|argon2(i|d|id)?|scrypt|pbkdf2(_sha\d+)?)$")),
    (STORE, re.compile(r"^(s3|gs|gcs|hdfs|abfss?|wasbs?)://[\w.-]+")),
)
_LIKELY = re.compile(
    r"[\"'`](unix:|~/\.|/(etc|usr/local/etc|var|run|srv|opt|data)\b|[\w./-]+\.(db|sqlite3?)[\"'`]|(s3|gs|gcs|hdfs|abfss?|wasbs?)://|/[\w./-]+\.sock|bcrypt|argon2|scrypt|pbkdf2|(?i:aes|aria|camellia|des3?|chacha20)[-_/])"
)


def kind_of_value(text: str) -> str | None:
    """The kind of what a text names by itself; None if it says nothing."""
    if _OF_SYSTEM.search(text):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.match(text)), None)


def has_telling_value(text: str) -> bool:
    """Whether source may have such a text, told without parsing it."""
    return _LIKELY.search(text) is not None
