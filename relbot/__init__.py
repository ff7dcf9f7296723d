"""Change notes that reach whoever deploys: fragments in, release notes and checklists out.

The names of `__all__` are the Python API; docs/api.md explains them by examples. Each is imported when it is first asked for, so
that `import relbot` costs nothing. What is not in `__all__` may change without notice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from relbot._version import __version__

if TYPE_CHECKING:
    from relbot.adoption.notes.import_plan import ImportPlan
    from relbot.adoption.results import InitResult
    from relbot.adoption.setup_plan import SetupAnswers
    from relbot.app.build_release import build_release, refresh_release
    from relbot.app.check_changelogs import check_changelogs
    from relbot.app.check_fragment_files import check_fragment_files
    from relbot.app.deploys.show import compare_revisions
    from relbot.app.draft_release import draft_release
    from relbot.app.explain_rule import explain_rule, list_rules
    from relbot.app.import_notes import ImportRequest, import_notes
    from relbot.app.init_project import InitRequest, init_project
    from relbot.app.json_schemas import json_schema
    from relbot.app.list_fragments import ListRequest, list_fragments
    from relbot.app.next_version import BuildRequest
    from relbot.app.project import Project, open_project
    from relbot.app.propose_release import propose_release
    from relbot.app.publish_release import PublishRequest, publish_built_release
    from relbot.app.release_notes import read_notes
    from relbot.app.review_change_set import BetweenCommits, NextCommit, ReviewRequest, SinceRevision, review_change_set
    from relbot.app.show_fragment import show_fragment
    from relbot.app.undo_release import undo_release
    from relbot.deploy.answers import Checklist
    from relbot.errors import CannotWrite, ConfigError, FaultyFragments, Refused, RelbotError, Unknown, UsageError
    from relbot.finding import Finding, Level
    from relbot.fragment.model import Fragment, NotesAudience, Phase, Step
    from relbot.release.results import BuildResult, FragmentReport, Listing, Proposed, Published, RenderedNotes, UndoneRelease
    from relbot.review.reviewed import ReviewedChangeSet

_MODULE_OF = {
    "BetweenCommits": "app.review_change_set",
    "BuildRequest": "app.next_version",
    "BuildResult": "release.results",
    "CannotWrite": "errors",
    "Checklist": "deploy.answers",
    "ConfigError": "errors",
    "FaultyFragments": "errors",
    "Finding": "finding",
    "Fragment": "fragment.model",
    "FragmentReport": "release.results",
    "ImportPlan": "adoption.notes.import_plan",
    "ImportRequest": "app.import_notes",
    "InitRequest": "app.init_project",
    "InitResult": "adoption.results",
    "Level": "finding",
    "ListRequest": "app.list_fragments",
    "Listing": "release.results",
    "NextCommit": "app.review_change_set",
    "NotesAudience": "fragment.model",
    "Phase": "fragment.model",
    "Project": "app.project",
    "Proposed": "release.results",
    "PublishRequest": "app.publish_release",
    "Published": "release.results",
    "Refused": "errors",
    "RelbotError": "errors",
    "RenderedNotes": "release.results",
    "ReviewRequest": "app.review_change_set",
    "ReviewedChangeSet": "review.reviewed",
    "SetupAnswers": "adoption.setup_plan",
    "SinceRevision": "app.review_change_set",
    "Step": "fragment.model",
    "UndoneRelease": "release.results",
    "Unknown": "errors",
    "UsageError": "errors",
    "build_release": "app.build_release",
    "check_changelogs": "app.check_changelogs",
    "check_fragment_files": "app.check_fragment_files",
    "compare_revisions": "app.deploys.show",
    "draft_release": "app.draft_release",
    "explain_rule": "app.explain_rule",
    "import_notes": "app.import_notes",
    "init_project": "app.init_project",
    "json_schema": "app.json_schemas",
    "list_fragments": "app.list_fragments",
    "list_rules": "app.explain_rule",
    "open_project": "app.project",
    "propose_release": "app.propose_release",
    "publish_built_release": "app.publish_release",
    "read_notes": "app.release_notes",
    "refresh_release": "app.build_release",
    "review_change_set": "app.review_change_set",
    "show_fragment": "app.show_fragment",
    "undo_release": "app.undo_release",
}
"""The module below relbot/ that holds each exported name; tests/test_api.py holds it to the imports above, and to `__all__`."""

__all__ = [
    "BetweenCommits",
    "BuildRequest",
    "BuildResult",
    "CannotWrite",
    "Checklist",
    "ConfigError",
    "FaultyFragments",
    "Finding",
    "Fragment",
    "FragmentReport",
    "ImportPlan",
    "ImportRequest",
    "InitRequest",
    "InitResult",
    "Level",
    "ListRequest",
    "Listing",
    "NextCommit",
    "NotesAudience",
    "Phase",
    "Project",
    "Proposed",
    "PublishRequest",
    "Published",
    "Refused",
    "RelbotError",
    "RenderedNotes",
    "ReviewRequest",
    "ReviewedChangeSet",
    "SetupAnswers",
    "SinceRevision",
    "Step",
    "UndoneRelease",
    "Unknown",
    "UsageError",
    "__version__",
    "build_release",
    "check_changelogs",
    "check_fragment_files",
    "compare_revisions",
    "draft_release",
    "explain_rule",
    "import_notes",
    "init_project",
    "json_schema",
    "list_fragments",
    "list_rules",
    "open_project",
    "propose_release",
    "publish_built_release",
    "read_notes",
    "refresh_release",
    "review_change_set",
    "show_fragment",
    "undo_release",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'relbot' has no attribute {name!r}")
    return getattr(import_module(f"relbot.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
