"""The Deployments of an environment that relbot made. Only who may deploy can make one, and nobody can change it afterwards.

Each tells which issue holds the records: so the issue is found without trusting titles, labels or bodies. Of Deployments that
begin an issue at the same time the oldest counts.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from relbot.deploy.log.line import UnreadableRecord
from relbot.deploy.log.proof import Witness
from relbot.github.client import PER_PAGE
from relbot.github.errors import Rejected, Unsure
from relbot.render.common.invisible_characters import one_line
from relbot.schema import lazy_re as re
from relbot.schema.json_text import load_json
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.github.client import GitHubRepository

TASK = "relbot"
VERSION = 1
TRIES = 3
"""Times that something is written of which nobody knows whether it arrived."""
_TOLD = re.compile(r"(.*) \(record ([0-9a-f]{64})\)")
LONGEST = 140
"""Characters of a description."""


class LedgerIssues(NamedTuple):
    """Where the records are: the issues of the environment, of which the last one takes new records."""

    issues: tuple[int, ...]

    @property
    def issue(self) -> int:
        """The issue that takes new records."""
        return self.issues[-1]


class LedgerDeployment(NamedTuple):
    """A Deployment: its number, the commit, who made it, the place that it tells, its own key, and whether it began the place.

    `knew` are the newest records when it was made. Nobody can change that, nor take it along by removing a comment.
    """

    number: int
    commit: str
    environment: str
    author: str
    place: LedgerIssues
    key: str
    opens: bool
    knew: tuple[Witness, ...] = ()


def list_deployments(github: GitHubRepository, environment: str) -> list[LedgerDeployment]:
    """The newest of an environment, at most a page. GitHubError if they cannot be had, Unreadable if one cannot be read."""
    what = f"read the deployments to {environment}"
    found = github.pages(what, "/deployments", environment=environment, task=TASK)
    return [made for made in map(_as_deployment, islice(found, PER_PAGE)) if made]


def list_environments(github: GitHubRepository) -> tuple[str, ...]:
    """The environments of the newest Deployments of relbot's."""
    found = islice(github.pages("read the deployments", "/deployments", task=TASK), PER_PAGE)
    return tuple(sorted({made.environment for made in map(_as_deployment, found) if made}))


def choose_issues(found: Iterable[LedgerDeployment]) -> LedgerIssues | None:
    """The place that counts, None if there is none yet."""
    known = list(found)
    most = max((len(made.place.issues) for made in known), default=0)
    those = sorted((made for made in known if len(made.place.issues) == most), key=lambda made: (made.opens, made.number))
    return those[0].place if those else None


class NewDeployment(NamedTuple):
    """A Deployment that is to be made; `about` tells people what it is, the rest is as in `LedgerDeployment`."""

    environment: str
    commit: str
    place: LedgerIssues
    key: str
    opens: bool
    knew: tuple[Witness, ...]
    about: str


def create_deployment(github: GitHubRepository, new: NewDeployment) -> int:
    """Makes a Deployment once, and gives its number. Rejected if GitHub does not have the commit."""
    payload: dict[str, Any] = {"relbot": VERSION, "key": new.key, "issues": list(new.place.issues), "opens": new.opens}
    payload["knew"] = [[each.hash, each.who, each.what] for each in new.knew]
    body = {"ref": new.commit, "task": TASK, "auto_merge": False, "required_contexts": [], "environment": new.environment}
    body |= {"payload": payload, "description": one_line(new.about, LONGEST)}
    what = f"make a deployment of {new.commit[:12]} to {new.environment}"
    for attempt in range(1, TRIES + 1):
        try:
            return require_id(github.write(what, "POST", "/deployments", body), what)
        except Rejected as error:
            tip = "GitHub does not have the target commit. Push it, then run this again."
            raise Rejected(error.what, status=error.status, said=error.said, tip=tip) from None
        except Unsure:
            if there := [made.number for made in list_deployments(github, new.environment) if made.key == new.key]:
                return min(there)
            if attempt == TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def with_record(about: str, record: str) -> str:
    """A description of a state that tells the hash of the record that made it, for `told_records`."""
    mark = f" (record {record})"
    return one_line(about, LONGEST - len(mark)) + mark


def told_records(github: GitHubRepository, deployment: int) -> Iterator[Witness]:
    """The records that the states of a Deployment tell of. Nobody can change a state, and a removed comment takes none along."""
    for each in github.pages(f"read the states of deployment {deployment}", f"/deployments/{deployment}/statuses"):
        if match := _TOLD.fullmatch(str(each["description"] or "")):
            login = (each["creator"] or {}).get("login", "")
            yield Witness(match[2], f"@{login}", match[1], f"a state of deployment {deployment}")


def set_deployment_state(github: GitHubRepository, deployment: int, state: str, about: str, page: str) -> None:
    """Gives a Deployment this state once, with a link to the `page` that tells more."""
    body = {"state": state, "description": one_line(about, LONGEST), "log_url": page}
    what = f"set the state of deployment {deployment} to {state}"
    for attempt in range(1, TRIES + 1):
        try:
            require_id(github.write(what, "POST", f"/deployments/{deployment}/statuses", body), what)
        except Unsure:
            if read_deployment_state(github, deployment) != state:
                if attempt == TRIES:
                    raise
                continue
        return


def delete_deployment(github: GitHubRepository, deployment: int) -> None:
    """Takes away a Deployment for which nothing was recorded; GitHub does that only with one that is inactive."""
    set_deployment_state(github, deployment, "inactive", "It was not begun.", "")
    github.write(f"remove deployment {deployment}", "DELETE", f"/deployments/{deployment}")


def read_deployment_state(github: GitHubRepository, deployment: int) -> str:
    """The state that it was given last, "" if none was."""
    found = github.pages(f"read the states of deployment {deployment}", f"/deployments/{deployment}/statuses")
    states = sorted((require_id(each, "read a state"), str(each["state"])) for each in found)
    return states[-1][1] if states else ""


def require_id(answer: Any, what: str) -> int:
    """The number of what GitHub answers with. Unsure if it has none."""
    found = answer.get("id") if isinstance(answer, dict) else None
    if type(found) is not int:
        raise Unsure(f"relbot could not {what}: GitHub's answer has no number.")
    return found


def _as_deployment(answer: Any) -> LedgerDeployment | None:
    """The Deployment, None if it is not relbot's."""
    payload = answer["payload"]
    if isinstance(payload, str):
        try:
            payload = load_json(payload or "{}")
        except ValueError:
            return None
    if not isinstance(payload, dict) or type(payload.get("relbot")) is not int:
        return None
    if payload["relbot"] > VERSION:
        tip = "Install the relbot that your colleagues use: python -m pip install --upgrade relbot"
        raise UnreadableRecord(f"Deployment {answer['id']} was made by a newer relbot.", tip=tip)
    wanted = {"issues": list, "key": str, "opens": bool}
    wrong = [key for key, kind in wanted.items() if type(payload.get(key)) is not kind]
    if wrong or not payload["issues"] or not all(type(issue) is int for issue in payload["issues"]):
        raise UnreadableRecord(f"Deployment {answer['id']} cannot be read: its payload has no `{(wrong or ['issues'])[0]}`.")
    author = (answer["creator"] or {}).get("login", "")
    return LedgerDeployment(
        require_id(answer, "read a deployment"),
        str(answer["sha"]),
        str(answer["environment"]),
        str(author),
        LedgerIssues(tuple(payload["issues"])),
        payload["key"],
        payload["opens"],
        tuple(_as_witnesses(payload.get("knew"), f"deployment {answer['id']}")),
    )


def _as_witnesses(knew: Any, where: str) -> Iterator[Witness]:
    """What a payload tells of records. UnreadableRecord if it is not as relbot writes it."""
    for each in knew if isinstance(knew, list) else ():
        if not (isinstance(each, list) and len(each) == 3 and all(isinstance(text, str) for text in each)):
            raise UnreadableRecord(f"{where.capitalize()} cannot be read: its payload has no `knew`.")
        yield Witness(each[0], each[1], each[2], where)
