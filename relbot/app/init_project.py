"""Sets a repository up: configuration, the folder of the fragments, workflows, words for authors."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from relbot.adoption.author_sections import AuthorPage, find_page
from relbot.adoption.code_hosts import Forge, find_forge
from relbot.adoption.proposed_config import missing_keys
from relbot.adoption.relbot_source import parse_action, parse_hash
from relbot.adoption.repository_survey import observe_repository
from relbot.adoption.results import InitResult, RepositorySurvey
from relbot.adoption.setup_plan import SetupAnswers, compared_branch, find_differences, plan_setup
from relbot.app.apply_operations import change_project_files
from relbot.app.read_repository import read_repository, read_texts
from relbot.app.relbot_installation import read_installation
from relbot.errors import CannotWrite, UsageError
from relbot.files.opener import CannotOpen, read_regular_file
from relbot.release.operations import Write, content_digest
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from relbot.adoption.relbot_source import RelbotSource
    from relbot.adoption.repository_facts import RepositoryFacts
    from relbot.adoption.setup_plan import SetupPlan
    from relbot.app.project import Project


class InitRequest(NamedTuple):
    """How to set a repository up.

    `action` says where relbot is as an action of GitHub, `OWNER/relbot@COMMIT`; `hashes` are those of its file in a package
    index; both are "" or empty where the installation of relbot tells. `replaces` is whether files of an earlier run, such as
    workflows, are written anew where they differ.
    """

    answers: SetupAnswers = SetupAnswers()
    action: str = ""
    hashes: tuple[str, ...] = ()
    replaces: bool = False


def survey_project(project: Project) -> RepositorySurvey:
    """What a repository tells of its project, and what only its people know. UsageError outside of git."""
    _require_git(project)
    facts = read_repository(project)
    forge = find_forge(facts)
    pages = [(page, find_page(page, facts.paths, forge)) for page in AuthorPage]
    without = tuple((page, path) for page, path in pages if "relbot: change notes" not in facts.texts.get(path, ""))
    found = tuple(observe_repository(facts, project.config.versions))
    return RepositorySurvey(found, forge, project.config_path is None, without)


def init_project(project: Project, request: InitRequest | None = None) -> InitResult:
    """Writes the files of a set-up repository, each only where there is none; all of them or none.

    relbot.toml has what differs from the defaults, as the repository tells. No configuration is written where one holds already,
    and no workflow where it is not known which relbot it would install. UsageError outside of git, or if `action` or a hash is
    none; CannotWrite if the file system refuses.
    """
    _require_git(project)
    request = request or InitRequest()
    source = _find_source(request)
    facts = read_repository(project)
    plan = _plan_for(project, facts, source, request)
    there = [file.path for file in plan.files if os.path.lexists(project.root / file.path)]
    differences = find_differences(plan, read_texts(project, there))
    replaced = {each.path for each in differences} if request.replaces else set()
    writes = tuple(_plan_writes(project, plan, there, replaced))
    if writes:
        change_project_files(project, "init", writes)
    changed = sorted(write.path for write in writes if write.before is not None)
    return InitResult(
        written=tuple(write.path for write in writes if write.before is None),
        kept=tuple(path for path in there if path not in changed),
        found=tuple(each.sentence for each in observe_repository(facts, project.config.versions)),
        changed=tuple(changed),
        differences=tuple(each for each in differences if each.path not in changed),
        config_keys=() if project.config_path is None else tuple(missing_keys(plan.keys, project.config)),
        notices=plan.notices,
        next=_next_commands(project, facts),
    )


def _plan_for(project: Project, facts: RepositoryFacts, source: RelbotSource, request: InitRequest) -> SetupPlan:
    answers = request.answers
    if answers.forge is None and request.action and find_forge(facts) is Forge.UNKNOWN:
        answers = answers._replace(forge=Forge.GITHUB)
    plan = plan_setup(facts, project.config, source, answers)
    if project.config_path is None:
        return plan
    return plan._replace(files=tuple(file for file in plan.files if file.path != "relbot.toml"))


def _require_git(project: Project) -> None:
    if not project.in_git:
        what = f"{project.root} is not in a git repository, and relbot reads changes from git."
        raise UsageError(what, tip="Make it one, or go into one:", example="git init")


def _find_source(request: InitRequest) -> RelbotSource:
    hashes = tuple(parse_hash(each) for each in request.hashes)
    return parse_action(request.action) if request.action else read_installation(hashes)


def _plan_writes(project: Project, plan: SetupPlan, there: list[str], replaced: set[str]) -> list[Write]:
    writes = []
    for file in plan.files:
        content = file.text.encode("utf-8")
        if file.path not in there:
            writes.append(Write(file.path, None, content))
        elif (file.grows or file.path in replaced) and not (project.root / file.path).is_symlink():
            before = _read_page(project, file.path)
            if before != content:
                writes.append(Write(file.path, content_digest(before), content))
    return writes


def _read_page(project: Project, path: str) -> bytes:
    try:
        return read_regular_file(project.root / path, within=project.root)
    except CannotOpen as error:
        raise CannotWrite(f"`{path}` {error.what}, so nothing is added to it.", tip="Replace it with a regular file.") from error


def _next_commands(project: Project, facts: RepositoryFacts) -> tuple[str, ...]:
    """Commands that work in the repository as it is now."""
    types = project.config.type_names
    kind = next((each for each in ("fixed", "fix", "bugfix") if each in types), types[0])
    commands = [f'relbot new first-note --type {kind} --message "What changes, in a sentence."', "relbot check"]
    base = compared_branch(facts)
    found = project.git.find("rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    return (*commands, f"relbot check --base {base}") if found else tuple(commands)
