"""What authors of changes are told where they look: a section for CONTRIBUTING, the pull request template and AGENTS.md."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from relbot.adoption.changelog_style import list_changelog_headings
from relbot.adoption.code_hosts import Forge
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEGIN, _END = "relbot: change notes", "relbot: end"
_MARKDOWN = re.compile(rf"<!-- {_BEGIN} -->(?:(?!<!-- {_BEGIN} -->).)*?<!-- {_END} -->", re.DOTALL)
_RST = re.compile(rf"^\.\. {_BEGIN}$(?:(?!^\.\. {_BEGIN}$).)*?^\.\. {_END}$", re.DOTALL | re.MULTILINE)

_UNDERLINED = 2
"""Lines of a title without a line above it."""


class AuthorPage(StrEnum):
    """A page that authors of changes read."""

    CONTRIBUTING = "contributing"
    PULL_REQUEST = "pull-request"
    AGENTS = "agents"


class ProjectWords(NamedTuple):
    """What the sections name: the folder of fragments, a type, and the branch that changes are compared with."""

    folder: str
    type: str
    base: str


class PageSection(NamedTuple):
    """A page with its section: `text` is what it says then; "" where `problem` says why it cannot be added."""

    page: AuthorPage
    path: str
    text: str
    problem: str = ""


def find_page(page: AuthorPage, paths: Iterable[str], forge: Forge) -> str:
    """The path of a page in a repository: where it is, or where the forge looks for it."""
    there = list(paths)
    match page:
        case AuthorPage.CONTRIBUTING:
            named = [path for path in there if re.fullmatch(r"(?:|\.github/|docs/)CONTRIBUTING(?:\.\w+)?", path, re.IGNORECASE)]
            return min(named, key=len, default="CONTRIBUTING.md")
        case AuthorPage.PULL_REQUEST:
            if forge is Forge.GITLAB:
                return ".gitlab/merge_request_templates/Default.md"
            pattern = re.compile(r"(?:|\.github/|docs/)PULL_REQUEST_TEMPLATE\.(?:md|txt)", re.IGNORECASE)
            return min(filter(pattern.fullmatch, there), key=len, default=".github/pull_request_template.md")
        case AuthorPage.AGENTS:
            return "AGENTS.md"
        case _:
            assert_never(page)


def with_section(page: AuthorPage, path: str, before: str, words: ProjectWords) -> PageSection:
    """The page with its section: in the place of the one that is there, else at its end. Twice is the same as once."""
    rst = path.endswith(".rst")
    if not rst and not path.lower().endswith((".md", ".txt")) and "." in path.rpartition("/")[2]:
        return PageSection(page, path, "", f"relbot cannot write the format of {path}.")
    section = _rst_section(words, before) if rst else _markdown_section(page, words)
    if found := (_RST if rst else _MARKDOWN).search(before.replace("\r\n", "\n")):
        plain = before.replace("\r\n", "\n")
        text = plain[: found.start()] + section + plain[found.end() :]
    else:
        text = f"{before.rstrip()}\n\n{section}\n".lstrip("\n")
    return PageSection(page, path, text.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in before else text)


def _two_lines(words: ProjectWords) -> str:
    return f"---\ntype: {words.type}\n---\n\nThe login page remembers you."


def _with_step(words: ProjectWords) -> str:
    return (
        f"---\ntype: {words.type}\nmigration: true\ndeploy:\n  - phase: before-restart\n    run: bin/convert-options\n"
        "    check: test -s config/options.yml\n    undo: cp config/options.yml.bkp config/options.yml\n---\n\n"
        "`config/options.yml` groups its keys per environment."
    )


def _markdown_section(page: AuthorPage, words: ProjectWords) -> str:
    if page is AuthorPage.PULL_REQUEST:
        body = (
            f"<!-- Will users or operators notice this change? Then add a file to {words.folder}/: run `relbot new`.\n"
            f"     `relbot check --base {words.base}` tells what is missing. Delete this comment if you like. -->"
        )
        return f"<!-- {_BEGIN} -->\n{body}\n<!-- {_END} -->"
    parts = [
        f"<!-- {_BEGIN} -->\n## Change notes",
        (
            f"If users or operators will notice your change, add a file to `{words.folder}/`. `relbot new` writes one."
            " Tests, refactorings and corrections of the documentation need none."
        ),
        f"A fragment is two lines and a sentence, for example `{words.folder}/4075.md`:",
        f"```markdown\n{_two_lines(words)}\n```",
        (
            "If a deploy of your change needs action, say what to do, and when: `before-install`, `before-restart`,"
            " `after-restart` or `later`."
        ),
        f"```markdown\n{_with_step(words)}\n```",
        (
            f"Check your change before you push it. With `--fix` the command writes the fragment that is missing.\n\n"
            f"```sh\nrelbot check --base {words.base}\n```\n<!-- {_END} -->"
        ),
    ]
    return "\n\n".join(parts)


def _rst_title(title: str, before: str) -> str:
    """A title of the level of the page's sections: in reStructuredText each page chooses the line that marks it."""
    headings = list_changelog_headings(before, "rst")
    like = next((each for each in headings if each.level > 1), headings[0] if headings else None)
    if like is None:
        return f"{title}\n{'-' * len(title)}"
    rule = before.replace("\r\n", "\n").split("\n")[like.line + like.lines - 1][0] * len(title)
    return f"{rule}\n{title}\n{rule}" if like.lines > _UNDERLINED else f"{title}\n{rule}"


def _rst_section(words: ProjectWords, before: str) -> str:
    def code(text: str) -> str:
        return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))

    return "\n\n".join(
        [
            f".. {_BEGIN}",
            _rst_title("Change notes", before),
            (
                f"If users or operators will notice your change, add a file to ``{words.folder}/``. ``relbot new`` writes one."
                " Tests, refactorings and corrections of the documentation need none."
            ),
            f"A fragment is two lines and a sentence, for example ``{words.folder}/4075.md``::\n\n{code(_two_lines(words))}",
            (
                "If a deploy of your change needs action, say what to do, and when: ``before-install``,"
                f" ``before-restart``, ``after-restart`` or ``later``::\n\n{code(_with_step(words))}"
            ),
            "Check your change before you push it. With ``--fix`` the command writes the fragment that is missing::\n\n"
            + code(f"relbot check --base {words.base}"),
            f".. {_END}",
        ]
    )
