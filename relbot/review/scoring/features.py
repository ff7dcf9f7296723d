"""What a change set is like as a whole: its size, the kinds of files it touches, the words of its lines.

Circumstances are no evidence, and nobody is shown one as a reason. They weigh beside the facts: a default that changes in a
change set of three lines in a settings module with its documentation is another matter than one in a rewrite of a page.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.path_roles import is_documentation, is_pipeline, is_test, is_translation, is_vendored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.engine.model import ChangeSet, FileChange, Line

_FRONT = re.compile(r"\.(css|scss|sass|less|html|haml|erb|vue|tsx|jsx|svg|tpl|ejs|hbs|svelte)$")
_KINDS = {
    "settings": r"conf|config\w*|settings?|options?|opts|flags?|defaults?|env|environment",
    "commands": r"cmd|cli|commands?|bin|main|management|synctl|manage",
    "start": r"setup|server|app|bootstrap|init|boot|startup|entrypoint",
    "deployment": r"docker\w*|compose|helm|charts?|k8s|kubernetes|systemd|service|deploy\w*|devstack|ansible|dist|units?",
    "packaging": r"setup|requirements|gemfile|package|pyproject|gemspec|makefile|go\.mod|dependencies|constraints",
    "storage": r"db|database|schema|sql|storage|migrat\w*|store|index\w*",
    "access": r"policy|policies|rbac|auth\w*|permissions?|roles?|security|tls|certs?|secrets?",
    "example": r"example|sample|template|dist|values",
    "api": r"api|routes?|controllers?|handlers?|endpoints?|rest|servlets?|views?",
    "model": r"models?|objects?|entities|types?",
}
_KIND_OF = {kind: re.compile(rf"(?:^|[/._-])(?:{words})(?=[/._-]|$)") for kind, words in _KINDS.items()}
_DOCUMENTS = re.compile(r"config|setting|option|reference|install|upgrad|admin|readme|deploy|operat|migrat|cli|flag|env")
_WORDS = frozenset(
    """
    default defaults deprecated deprecate deprecation require required requires must option options config configuration setting
    settings flag flags env environ environment variable cfg migrate migration migrations upgrade upgrading legacy compat
    compatibility removed remove obsolete old supported unsupported support longer version minimum max min limit timeout size
    enable enabled disable disabled false true none help description usage path dir directory file port host url password secret
    key auth policy role rule database db schema table column index experimental unstable allow deny command cmd entrypoint
    service docker image python ruby node restart cron job worker daemon hash rebuild rename renamed instead replace replaced
    alias fallback warn warning error fail raise invalid validate choices
    """.split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])")
_MOST_LINES = 400
_SIZES = (1, 5, 20, 60, 200, 600)
_FILES = (2, 4, 8, 16, 40)


def circumstances(changes: ChangeSet) -> frozenset[str]:
    """The ids of what holds for a change set, such as `kind/settings`, `added/20` (that many lines or more), `word/-default`."""
    roles: dict[str, list[FileChange]] = {}
    for file in changes.files:
        roles.setdefault(_role(file.path), []).append(file)
    code = roles.get("code", [])
    return frozenset((*_sizes(changes, code), *_roles(roles), *_kinds(changes.files), *_words(roles)))


def _role(path: str) -> str:
    if is_vendored(path):
        return "vendored"
    if is_pipeline(path):
        return "pipeline"
    if is_translation(path):
        return "translation"
    if is_test(path):
        return "test"
    if is_documentation(path):
        return "documentation"
    return "front" if _FRONT.search(path) else "code"


def _sizes(changes: ChangeSet, code: list[FileChange]) -> Iterator[str]:
    added, removed = sum(len(file.added) for file in code), sum(len(file.removed) for file in code)
    yield from (f"added/{size}" for size in _SIZES if added >= size)
    yield from (f"removed/{size}" for size in _SIZES if removed >= size)
    yield from (f"files/{count}" for count in _FILES if len(changes.files) >= count)
    if removed > 2 * added + 2:
        yield "size/removes"
    if added > 4 * removed + 4:
        yield "size/adds"


def _roles(roles: dict[str, list[FileChange]]) -> Iterator[str]:
    yield from (f"role/{role}" for role in roles)
    if "code" not in roles:
        yield "role/no-code"
        if "front" in roles:
            yield "role/only-front"
        if "documentation" not in roles and "front" not in roles:
            yield "role/only-checks"
    else:
        if "documentation" in roles:
            yield "role/code-and-documentation"
        if "test" not in roles:
            yield "role/untested"
    for role in ("code", "documentation"):
        yield from (f"status/{role}-{status}" for status in {file.status for file in roles.get(role, [])})


KINDS = (*_KINDS, "documents-operation")
"""The kinds of files that a change set can touch, as in `kind/settings`."""


def kind_of(path: str) -> frozenset[str]:
    """The kinds of which a file is, told by its path."""
    role = _role(path)
    if role == "code":
        return frozenset(kind for kind, pattern in _KIND_OF.items() if pattern.search(path.lower()))
    operation = role == "documentation" and _DOCUMENTS.search(path.lower())
    return frozenset({"documents-operation"} if operation else ())


def _kinds(files: Iterable[FileChange]) -> Iterator[str]:
    kinds = frozenset[str]().union(*(kind_of(file.path) for file in files))
    yield from (f"kind/{kind}" for kind in kinds)


def _words(roles: dict[str, list[FileChange]]) -> Iterator[str]:
    for role, short in (("code", ""), ("documentation", "documented-")):
        for sign, side in (("-", "removed"), ("+", "added")):
            found: Counter[str] = Counter()
            for file in roles.get(role, []):
                found.update(_words_of(getattr(file, side)[:_MOST_LINES]))
            yield from (f"word/{short}{sign}{word}" for word in found)


def _words_of(lines: tuple[Line, ...]) -> set[str]:
    return {word.lower() for line in lines for word in _WORD.findall(line.text)} & _WORDS
