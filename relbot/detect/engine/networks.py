"""Networks as addresses: the same ones may be written as one network or as its halves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def keeps_addresses(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether each address of the networks before is in those after. What is no network has to be there as it is written."""
    import ipaddress  # only where networks change

    def read(texts: Iterable[str]) -> tuple[set[str], list[Any]]:
        words, networks = set(), []
        for text in texts:
            try:
                networks.append(ipaddress.ip_network(text, strict=False))
            except ValueError:
                words.add(text)
        return words, networks

    (old_words, old), (new_words, new) = read(before), read(after)
    collapsed = [
        network
        for version in (4, 6)
        for network in ipaddress.collapse_addresses([each for each in new if each.version == version])
    ]
    kept = all(any(each.version == other.version and each.subnet_of(other) for other in collapsed) for each in old)
    return kept and old_words <= new_words
