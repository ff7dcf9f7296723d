"""What the environment says about GitHub and its runner, as values. `relbot.cli.environment` reads the variables."""

from __future__ import annotations

from relbot.schema.named_tuples import NamedTuple


class GitHubSettings(NamedTuple):
    """Where GitHub is, who asks, and which repository is meant. Nothing is checked yet: `relbot.github.client` does that.

    `api_url` and `server_url` are those of GitHub Enterprise, "" for github.com. `token` is "" without one. `repository` is
    `OWNER/NAME` in GitHub Actions, "" elsewhere.
    """

    api_url: str = ""
    server_url: str = ""
    token: str = ""
    repository: str = ""

    def __repr__(self) -> str:
        return f"GitHubSettings(api_url={self.api_url!r}, token={'…' if self.token else ''!r})"


class RunnerSettings(NamedTuple):
    """What GitHub Actions tells a step. Every value is "" outside of it.

    `event_path`, `summary_path` and `output_path` are files: the payload of the event in JSON, the summary, the outputs.
    https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """

    event_path: str = ""
    event_name: str = ""
    server_url: str = ""
    repository: str = ""
    run_id: str = ""
    ref_type: str = ""
    ref_name: str = ""
    summary_path: str = ""
    output_path: str = ""
