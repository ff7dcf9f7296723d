"""One release with everything in it: the incident of 2018-08-15, components, links, and bodies that are hard to nest."""

from __future__ import annotations

from datetime import date

from relbot.config.model import Component, Config, Links, Package
from relbot.fragment.model import Compat, Fragment, NotesAudience, Phase, Step
from relbot.release.notes import Attribution, Notes, make_notes
from relbot.render.notes import NotesContext

LINKS = Links(
    repository="https://git.example.org/obs/build",
    issue="https://git.example.org/obs/build/issues/{number}",
    pr="https://git.example.org/obs/build/pull/{number}",
    author="https://git.example.org/{login}",
)
PACKAGE = Package(name="obs-api", maintainer="Jane Doe <jane@example.org>")
CONTEXT = NotesContext(LINKS, PACKAGE)
CONFIG = Config(
    components=(Component("api", "The API"), Component("web", "The web pages")),
    links=LINKS,
    package=PACKAGE,
    audience=NotesAudience.TEAM,
)

CONVERT = Step(
    Phase.BEFORE_RESTART,
    run="bundle exec rake migrate_options_yml",
    on=("frontend", "worker"),
    check="grep -q '^production:' config/options.yml",
    undo="cp config/options.yml.bkp config/options.yml",
    restart=("apache2", "obsapidelayed"),
    duration=90,
    downtime=30,
)
DROP = Step(
    Phase.LATER,
    run="psql <<'SQL'\nALTER TABLE users DROP COLUMN \"`old`\";\n\n-- ```\nSQL",
    irreversible=True,
    reason="It drops the column `old`.",
    duration=5400,
    downtime=0,
)
ASK = Step(Phase.BEFORE_INSTALL, do="Ask the *database* team for the role obs_rw.\n1. by mail\n2. or @phone", on=("db",))
ODD = Step(Phase.AFTER_RESTART, run="printf '%s\\t' \"$HOME\"\n\tmake -C /srv/obs", check="test -s /srv/obs/`hostname`")

OPTIONS = Fragment(
    "5622-options",
    "changes/5622-options.md",
    "changed",
    "`config/options.yml` now groups its keys per Rails environment.\n\n"
    "### Why\n\n- One file for all environments\n- Nested:\n  1. read by `rake`\n  2. read by *daemons*",
    breaking=True,
    migration=True,
    issues=("4075", "obs/deploy#12", "PROJ-7", "https://tracker.example.org/bugs/9"),
    component="api",
    compat=Compat.NONE,
    steps=(CONVERT, DROP),
    needs=("5600-expand",),
    hold=("5644",),
    migration_note=(
        "Run `rake migrate_options_yml` after installing and before restarting. It keeps a backup.\n\n"
        "```yaml\nproduction:\n  ---\n\tkey: value\n```"
    ),
    compatibility_note="There is none: the reader\nknows one form only.",
    operators_note="The rake task takes `two` minutes.",
)
FRAGMENTS = (
    OPTIONS,
    Fragment("role", "changes/role.md", "added", "A role of its own for the database.", migration=True, steps=(ASK, ODD)),
    Fragment(
        "5630-token",
        "changes/5630-token.md",
        "removed",
        "Tokens in URLs.",
        breaking=True,
        compat=Compat.SHIM,
        migration=True,
        migration_note="| Old | New |\n|-----|:---:|\n| `?token=` | `Authorization:` |",
        component="web",
    ),
    Fragment(
        "5640-rtl",
        "changes/5640-rtl.md",
        "fixed",
        "שלום עולם 🎉 – names are shown *right to left*  \nwhere they have to be.",
        component="web",
    ),
    Fragment(
        "5641-list",
        "changes/5641-list.md",
        "fixed",
        "- It begins with a list\n- of **two `items`**\n\n> and a quote",
        issues=("41",),
        component="api",
    ),
    Fragment("5642-code", "changes/5642-code.md", "fixed", "    indented code\n    \twith a tab\n\nand text", component="api"),
    Fragment("5643-tabs", "changes/5643-tabs.md", "fixed", "Tabs:\n\n-\tone\n\n\tbelow one\n\n\t\tcode", component="api"),
    Fragment(
        "5644-html",
        "changes/5644-html.md",
        "added",
        "<details>\n<summary>More</summary>\n\nInside.\n\n</details>\n\n<!-- open",
        component="api",
    ),
    Fragment(
        "5645-table",
        "changes/5645-table.md",
        "added",
        "| a | b |\n|---|---|\n| 1 | x_y |\n| **2** | [z](https://example.org/z_) |",
    ),
    Fragment(
        "5646-plain",
        "changes/5646-plain.md",
        "fixed",
        "The login page, which is shown to whoever has no session, no longer forgets where you came from; `return_to` is kept.",
        issues=("4080",),
        authors=("@jane_d", "Ann *Other*", "@joe"),
    ),
    Fragment(
        "5647-waived",
        "changes/5647-waived.md",
        "fixed",
        "A column of the tests is gone.",
        waived=True,
        reason="Nothing deployed uses it.",
    ),
    Fragment(
        "5648-fence",
        "changes/5648-fence.md",
        "security",
        "~~~\n---\ntype: fixed\n---\n\tmake\n~~~\n\nIs no front matter. List<String> is kept, ~~old~~ new.",
    ),
)
ORIGINS = {"5622-options": Attribution(("5622",), ("@ada",)), "5645-table": Attribution(("5645",), ("Grace Hopper",))}
NOTES = make_notes("2.10.0-rc.1", date(2018, 8, 15), FRAGMENTS, ORIGINS, CONFIG)
COMMANDS = tuple(step.run for fragment in FRAGMENTS for step in fragment.steps if step.run)


def notes_of(*fragments: Fragment, version: str = "1.0.0") -> Notes:
    """The notes of a release of these."""
    return make_notes(version, date(2020, 1, 5), fragments, {}, Config(audience=NotesAudience.TEAM))
