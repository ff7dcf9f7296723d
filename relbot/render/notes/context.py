"""What a format needs to know beside the notes."""

from __future__ import annotations

from dataclasses import dataclass, field

from relbot.config.model import Links, Package


@dataclass(frozen=True, slots=True)
class Context:
    """`level` is that of a release's heading. `template` is the text of a project's own one, `template_path` its name."""

    links: Links = field(default_factory=Links)
    package: Package = field(default_factory=Package)
    level: int = 2
    template: str = ""
    template_path: str = "template"
