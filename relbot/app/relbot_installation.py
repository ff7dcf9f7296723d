"""How this relbot was installed, as its installer wrote it down."""

from __future__ import annotations

from relbot._version import __version__
from relbot.adoption.relbot_source import RelbotSource, find_source


def read_installation(hashes: tuple[str, ...]) -> RelbotSource:
    """Where the relbot that runs comes from. `hashes` are those of its file, where an index does not tell them."""
    from importlib.metadata import PackageNotFoundError, distribution  # few commands ask

    try:
        text = distribution("relbot").read_text("direct_url.json")
    except PackageNotFoundError:
        return find_source(__version__, None, hashes, installed=False)
    return find_source(__version__, text, hashes, installed=True)
