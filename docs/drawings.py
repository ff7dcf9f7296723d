"""Draws the pictures of the README from what relbot really prints: `python -m docs.drawings`.

The checklist is that of the incident of 2018-08-15; the comment is the one that the tests hold: tests/github/golden/comment.md.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
from rich.theme import Theme

from relbot.deploy.plan.changelog import ChangeLog, Revision
from relbot.deploy.plan.make import make_plan
from relbot.fragment.model import Fragment, Phase, Step
from relbot.render.checklist.terminal import ChecklistScreen

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
_LIGHT = TerminalTheme(
    (255, 255, 255),
    (31, 35, 40),
    [(31, 35, 40), (164, 14, 38), (11, 107, 46), (122, 74, 0), (11, 87, 208), (130, 80, 223), (5, 99, 120), (79, 88, 99)],
)
_OPTIONS = Fragment(
    "5622-options",
    "changes/5622-options.md",
    "changed",
    "`config/options.yml` groups its keys by environment.",
    breaking=True,
    migration=True,
    steps=(
        Step(
            Phase.BEFORE_RESTART,
            "bundle exec rake migrate_options_yml",
            on=("frontend",),
            check="grep -q '^production:' config/options.yml",
            undo="cp config/options.yml.bkp config/options.yml",
            restart=("apache2", "obsapidelayed"),
            duration=60,
        ),
    ),
    migration_note="Run the rake task after installing and before restarting. It keeps a backup.",
)


def main(arguments: list[str]) -> int:
    """Writes the pictures; with `--check` only says whether they are what relbot prints now."""
    stale = []
    for name, drawn in _pictures().items():
        file = FOLDER / name
        if "--check" in arguments:
            if not file.exists() or file.read_text("utf-8") != drawn:
                stale.append(name)
        else:
            file.write_text(drawn, encoding="utf-8")
    if stale:
        print(f"stale: {', '.join(stale)}. Draw them: python -m docs.drawings", file=sys.stderr)
    return bool(stale)


def _pictures() -> dict[str, str]:
    before = ChangeLog(Revision("deployed", "1614bc67178466e6e01443f054ece5301400bda9"))
    after = ChangeLog(Revision("main", "bf4113f5d84fa750969271b2c3a884f348756dfb"), {_OPTIONS.identity: _OPTIONS})
    comment = (ROOT / "tests/github/golden/comment.md").read_text("utf-8")
    shown = re.sub(r"<!--.*?-->\n", "", comment.split("<details>")[0], flags=re.DOTALL)
    checklist = ChecklistScreen(make_plan(before, after))
    drawn = {}
    for look, theme, code in (("light", _LIGHT, "xcode"), ("dark", SVG_EXPORT_THEME, "github-dark")):
        drawn[f"checklist-{look}.svg"] = _draw(checklist, "$ relbot checklist production", theme)
        drawn[f"comment-{look}.svg"] = _draw(Markdown(shown, code_theme=code), "relbot on a pull request", theme)
    return drawn


def _draw(thing: object, title: str, theme: TerminalTheme) -> str:
    console = Console(
        record=True,
        width=88,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        theme=Theme({"markdown.code": "bold cyan"}),  # without rich's black background, which is unreadable on white
    )
    console.print(thing)
    drawn = console.export_svg(title=title, theme=theme, unique_id="relbot")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)  # a picture loads nothing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
