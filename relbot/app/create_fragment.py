"""Creates a fragment: chooses its name, fills in what the diff shows, and writes the file."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from relbot.app.apply_operations import create_project_files
from relbot.errors import Unknown, UsageError
from relbot.files.folder import list_paths
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.fragment.file import LARGEST, FragmentFile
from relbot.fragment.location import Location, as_identity, identity_problem
from relbot.fragment.parse import Parser
from relbot.fragment.write import as_markdown
from relbot.release.operations import Write
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.app.project import Project
    from relbot.config.model import Config
    from relbot.finding import Finding
    from relbot.fragment.location import Folder
    from relbot.fragment.write import Answers

_ISSUE_IN_BRANCH = re.compile(r"(?:^|[/_#-])(\d+)(?=$|[/_-])")
_TRUNKS = ("main", "master", "trunk", "develop", "HEAD", "")


class FilledAnswers(NamedTuple):
    """Answers, and a sentence on what the diff filled in or why it did not, "" where there is nothing to say."""

    answers: Answers
    notice: str = ""


class CreatedFragment(NamedTuple):
    """The path of a fragment, its faults, and sentences on what else was done. Nothing was written if `is_written` is False."""

    path: str
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()
    is_written: bool = True


def choose_identity(project: Project, name: str | None, issues: tuple[str, ...]) -> str:
    """The identity of a new fragment: the name that was given, that of the first issue, or that of the branch.

    UsageError if the name cannot be one or is taken, or nothing gives one.
    """
    identity = _identity_of(project, name, issues)
    for path in list_paths(project.root, project.config.folders):
        if path.rpartition("/")[2].removesuffix(".md").lower() == identity.lower():
            tip = "Edit that file, or choose another name:"
            raise UsageError(f"`{identity}` is taken: {path}.", tip=tip, example=f"relbot new {identity}-2")
    return identity


def _identity_of(project: Project, name: str | None, issues: tuple[str, ...]) -> str:
    if name is not None:
        stem = name.rpartition("/")[2].removesuffix(".md")
        if problem := identity_problem(stem):
            tip = "Allowed: letters, digits, `.`, `_`, `+` and `-`, beginning with a letter or digit."
            shown = " ".join(stem.split())
            tip = f"{tip} Use for example the name `{as_identity(stem)}`."
            raise UsageError(f"`{shown}` cannot name a fragment: {problem}.", tip=tip)
        return stem
    if issues:
        return as_identity(issues[0])
    branch = ""
    if project.in_git:
        branch = project.git.find("symbolic-ref", "--quiet", "--short", "HEAD") or ""
    if branch in _TRUNKS:
        why = f"`{branch}` is not a branch to name it after" if branch else "no branch is checked out to name it after"
        example = "relbot new fix-login\nrelbot new --issue 4075"
        raise UsageError(f"The fragment has no name: {why}.", tip="Name it, or an issue:", example=example)
    number = _ISSUE_IN_BRANCH.search(branch)
    return number.group(1) if number else as_identity(branch)


def fill_in_facts(project: Project, answers: Answers, base: str | None) -> FilledAnswers:
    """The answers, with what the diff since `base` shows where their author says nothing of a migration.

    Without `base`, the main branch of the remote `origin` is taken, if there is one; what is unknown then is a notice, and
    otherwise an error.
    """
    since = base or _find_main_branch(project)
    if since is None or answers.migration is not None:
        return FilledAnswers(answers)
    # Takes longer to load than all the rest; an author who says what has to be done does not wait for it.
    from relbot.app.review_change_set import ReviewRequest, SinceRevision, evaluate_facts

    try:
        evaluation = evaluate_facts(ReviewRequest(project.git, SinceRevision(since), project.config_here))
    except Unknown as error:
        if base is not None:
            raise
        return FilledAnswers(
            answers, f"relbot: What the diff shows is not filled in. {error.what} {error.tip} {error.example}".rstrip()
        )
    shown = evaluation.proposal.answers if evaluation.proposal else None
    if shown is None:
        return FilledAnswers(answers)
    filled = replace(answers, migration=True, note=answers.note or shown.note, step=answers.step or shown.step)
    return FilledAnswers(filled, "The diff shows that action may be needed; relbot has filled in what it shows.")


def _find_main_branch(project: Project) -> str | None:
    if not project.in_git:
        return None
    return project.git.find("rev-parse", "--verify", "--quiet", "--abbrev-ref", "refs/remotes/origin/HEAD") or None


def create_fragment(project: Project, identity: str, answers: Answers, *, is_draft: bool = False) -> CreatedFragment:
    """Writes the fragment of that identity; one with faults only as a draft, which its author is about to edit.

    CannotWrite if there is such a file, or the file system refuses.
    """
    folder = _choose_folder(project.config, answers.component)
    path = f"{folder.path}/{identity}.md"
    content = as_markdown(answers).encode("utf-8", "surrogateescape")  # of an argument that is no UTF-8, its bytes
    findings = check_new_fragment(project.config, path, content)
    if findings and not is_draft:
        return CreatedFragment(path, findings, is_written=False)
    return CreatedFragment(path, findings, create_project_files(project, [Write(path, None, content)]))


def check_new_fragment(config: Config, path: str, content: bytes) -> tuple[Finding, ...]:
    """The faults of a fragment with this content, which lies at `path` in one of the project's folders."""
    place, _, name = path.rpartition("/")
    folder = next(folder for folder in config.folders if folder.path == place)
    location = Location(path, name.removesuffix(".md"), folder)
    parsed = Parser(config.type_names, config.component_names, config.hidden_types).parse(FragmentFile(path, content), location)
    return tuple(parsed) if isinstance(parsed, list) else ()


def check_edited_fragment(project: Project, path: str) -> tuple[Finding, ...]:
    """The faults of the fragment that an editor left at `path`. UsageError if it left no regular file, or too large a one."""
    file = project.root / path
    if not os.path.lexists(file):
        raise UsageError(
            f"The editor did not save {path}, so there is no fragment.", tip="Run the command again, and save the file."
        )
    try:
        content = read_regular_file(file, LARGEST, within=project.root)
    except CannotOpen as error:
        tip = "Put a text there, or remove it and run the command again:"
        raise UsageError(f"`{path}`, written by the editor, {error.what}.", tip=tip, example=f"rm {path}") from error
    return check_new_fragment(project.config, path, content)


def _choose_folder(config: Config, component: str | None) -> Folder:
    """Where a new fragment goes: into its component's own folder if it has one."""
    own = config.component(component) if component else None
    has_own = own is not None and own.directory is not None
    return next(folder for folder in config.folders if not has_own or folder.component == component)
