"""What a format needs to know beside the notes."""

from __future__ import annotations

from typing import NamedTuple

from relbot.config.model import Links, Package


class Context(NamedTuple):
    """`level` is that of a release's heading. `template` is the text of a project's own one, `template_path` its name."""

    links: Links = Links()
    package: Package = Package()
    level: int = 2
    template: str = ""
    template_path: str = "template"
