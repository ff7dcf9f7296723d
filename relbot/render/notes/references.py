"""Issues, pull requests and authors: what to call them, and where they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.config.model import Links
    from relbot.release.notes import NotesEntry

_ELSEWHERE = re.compile(r"([\w.-]+(?:/[\w.-]+)+)([#!])(\d+)")
_ON_A_FORGE = re.compile(r"/(?:-/)?(issues|pulls?|merge_requests)/(\d+)/?")
_NUMBERED = re.compile(r"/(?:-/)?(?:issues|pulls?|merge_requests|bugs?)/\{number\}/?$")


class Reference(NamedTuple):
    """What to show, and its address; "" where there is nothing to link to."""

    text: str
    url: str = ""


def issue_reference(reference: str, links: Links) -> Reference:
    """An issue by its number, or by a text such as `owner/repo#12`, `PROJ-7` or an address."""
    return _resolve_reference(reference, links.issue, links)


def pull_request(reference: str, links: Links) -> Reference:
    """A pull request, by the same."""
    return _resolve_reference(reference, links.pr, links)


def author_reference(name: str, links: Links) -> Reference:
    """An author: `@login`, or a name as it is."""
    if not name.startswith("@") or not links.author:
        return Reference(name)
    return Reference(name, links.author.replace("{login}", quote(name[1:], safe="", errors="replace")))


def entry_references(entry: NotesEntry, links: Links) -> tuple[list[Reference], list[Reference]]:
    """What an entry is about (issues, then pull requests, each once), and who made it."""
    about = [issue_reference(i, links) for i in entry.fragment.issues] + [pull_request(p, links) for p in entry.prs]
    return list(dict.fromkeys(about)), [author_reference(name, links) for name in entry.authors]


def _resolve_reference(reference: str, template: str, links: Links) -> Reference:
    if reference.isascii() and reference.isdecimal():
        return Reference(f"#{reference}", template.replace("{number}", reference))
    if reference.startswith(("https://", "http://")):
        return Reference(_name_of(reference, links), _quote_address(reference))
    if elsewhere := _ELSEWHERE.fullmatch(reference):
        repository, _, number = elsewhere.groups()
        return Reference(reference, _in_repository(repository, number, template, links))
    return Reference(
        reference,
        template.replace("{number}", quote(reference, safe="", errors="replace")) if _takes_names(template, links) else "",
    )


def _takes_names(template: str, links: Links) -> bool:
    """Whether a template is of a tracker whose issues have names, such as `PROJ-7`, not of a forge that counts them."""
    own = bool(links.repository) and template.startswith(links.repository.rstrip("/") + "/")
    return bool(template) and not own and not _NUMBERED.search(template)


def _in_repository(repository: str, number: str, template: str, links: Links) -> str:
    """The address of an issue of another repository on the project's own forge."""
    base = links.repository.rstrip("/")
    here = urlsplit(base)
    if not here.netloc:
        return ""
    within = template.removeprefix(base) if template.startswith(base + "/") else "/issues/{number}"
    return f"{here.scheme}://{here.netloc}/{repository}{within.replace('{number}', number)}"


def _name_of(url: str, links: Links) -> str:
    """A short name of an issue's address: `#12` here, `owner/repo#12` elsewhere; the address itself where it is none."""
    parts = urlsplit(url)
    found = _ON_A_FORGE.search(parts.path)
    if not found or found.end() != len(parts.path):
        return url
    repository = parts.path[: found.start()].strip("/")
    if links.repository and url.startswith(f"{links.repository.rstrip('/')}{found.group()}"):
        return f"#{found.group(2)}"
    return f"{repository}#{found.group(2)}"


def _quote_address(url: str) -> str:
    return quote(url, safe=":/?#[]@!$&'*+,;=%~-._", errors="replace")
