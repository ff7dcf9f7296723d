"""One page of HTML from a template: complete in one file, loads nothing, runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from relbot._version import __version__
from relbot.render.checklist.blocks import CommandBlock
from relbot.render.common.invisible_characters import make_visible, one_line

if TYPE_CHECKING:
    from jinja2 import Environment

_LONGEST_LINE = 2000


def render_page(template: str, **values: Any) -> str:
    """Renders a template of `templates/` with these values. All text in them is escaped.

    The page's content security policy allows the one style sheet and the one script that stand in it, by their SHA-256
    (https://www.w3.org/TR/CSP3/#external-hash), and nothing else: no address is fetched, whatever a fragment says.
    """
    environment = _environment()
    return environment.get_template(template).render(version=__version__, **values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # 56 ms, for pages alone
    from markupsafe import Markup

    from relbot.render.page.prose import isolated_html, prose_html

    loader = PackageLoader("relbot.render.page", "templates")
    environment = Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=lambda value: make_visible(value) if type(value) is str else value,
    )
    environment.tests["command"] = lambda part: isinstance(part, CommandBlock)
    environment.filters["line"] = lambda text: one_line(text, _LONGEST_LINE)
    environment.filters["isolated"] = isolated_html
    environment.filters["prose"] = prose_html
    for name in ("style", "script"):
        source = loader.get_source(environment, f"page.{'css' if name == 'style' else 'js'}")[0]
        environment.globals[name] = Markup(source)  # noqa: S704 - relbot's own file
        environment.globals[f"{name}_hash"] = _source_hash(source)
    return environment


def _source_hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}"
