"""Digests of passwords, tokens and signatures: what was stored or issued under one is not verified under another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.expressions import arguments_of, callee_of
from relbot.detect.engine.items import Item
from relbot.detect.engine.syntax import line_of
from relbot.detect.literals.kinds import CRYPTO
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from relbot.detect.literals.named_places import NamesAndLiterals


_DIGESTS = re.compile(r"(?i)(^|[.:>\\])(md5|sha_?(?:1|224|256|384|512)|SHA\d*\.HashData)(?=$|[.:(])")
_DIGEST_NAMES = re.compile(r"(?i)(md5|sha-?(1|224|256|384|512)|sha3-\d{3})")
_DIGEST_CALLS = re.compile(r"(^|[.:>])(createHash|createHmac|hash|hash_hmac|getInstance|hashlib\.new|Digest\.new)$")
_HASHERS = re.compile(r"(?i)(?<![a-z])(bcrypt|argon2|scrypt|pbkdf2)")
_PROVING = re.compile(r"(?i)auth|passw|token|sign|secret|session|hmac|credential")
_LONGEST_CALLEE = 80


def read_digest(node: Node, path: str, around: NamesAndLiterals) -> Iterator[Item]:
    """The digest that a call makes, where the file or a name around the call says that it proves something."""
    callee = callee_of(node)[-_LONGEST_CALLEE:]
    found = _DIGESTS.search(callee)
    said = found[2] if found is not None else None
    if said is None and _DIGEST_CALLS.search(callee):
        first = next(iter(arguments_of(node).positional), None)
        named = around.value_of(first) if first is not None else None
        said = named if named is not None and _DIGEST_NAMES.fullmatch(named) else None
    hasher = _HASHERS.search(callee)
    if hasher is not None:
        yield Item(CRYPTO, ".".join([*around.names_around(node), "hasher"]), hasher[1].lower(), line_of(node))
    if said is not None:
        names = around.names_around(node)
        if _PROVING.search(f"{path} {'.'.join(names)}"):
            yield Item(CRYPTO, ".".join([*names, "digest"]), said.lower().replace("-", ""), line_of(node))
