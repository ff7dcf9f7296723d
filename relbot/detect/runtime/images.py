"""What Dockerfiles build on."""

from __future__ import annotations

from relbot.detect.engine.path_roles import is_test
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

_DOCKERFILE = re.compile(r"(^|/)(Dockerfile|Containerfile)[^/]*$|\.[dD]ockerfile$")
_NOT_RUN = re.compile(r"(dev|test|ci|build|lint|docs?|make|debug|e2e|gitpod|bench)([-_.]|$)", re.I)
_DEFAULT = re.compile(r"\$\{\w+:?-([^{}]*)\}")
_FROM = re.compile(r"^FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+as\s+(\S+))?", re.I | re.M)
_ARG = re.compile(r"^ARG\s+(\w+)=[\"']?([^\s\"']+)", re.M)
_MAJOR = re.compile(r"^v?(\d+)")
_CODE_NAME = re.compile(r"\b(stretch|buster|bullseye|bookworm|trixie|forky|xenial|bionic|focal|jammy|noble|alpine)(?=\b|\d)")
# Where the second number is the one that breaks: python:3.11 is not python:3.12.
_MINOR_MATTERS = frozenset({"python", "ruby", "golang", "php", "ubuntu", "perl", "elixir", "leap"})
_MINOR = re.compile(r"^v?(\d+(?:\.\d+)?)")


class Image(NamedTuple):
    """What an image is built on: the name of the base and the part of its version that breaks things."""

    name: str
    version: str
    system: str


def is_dockerfile(path: str) -> bool:
    """Whether it builds an image that runs in production, as far as its name tells."""
    return _DOCKERFILE.search(path) is not None and not is_test(path) and not _NOT_RUN.search(path.rpartition("/")[2])


def base_image(text: str) -> Image | None:
    """What the last stage of a Dockerfile stands on; None if that cannot be told."""
    arguments = dict(_ARG.findall(text))
    stages: dict[str, str] = {}
    last = ""
    for reference, alias in _FROM.findall(text):
        last = re.sub(r"\$\{?(\w+)(?::-[^}]*)?\}?", lambda match: arguments.get(match[1], match[0]), reference)
        last = stages.get(last.lower(), last)
        if alias:
            stages[alias.lower()] = last
    return split_image(last) if last and "$" not in last else None


def split_image(reference: str) -> Image:
    """The parts of `registry/name:version-variant@digest`."""
    reference = _DEFAULT.sub(r"\1", reference).partition("@")[0]
    path, _, tag = reference.rpartition(":") if ":" in reference.rpartition("/")[2] else (reference, "", "")
    name = path.removeprefix("docker.io/").removeprefix("library/")
    pattern = _MINOR if name.rpartition("/")[2] in _MINOR_MATTERS else _MAJOR
    number, system = pattern.match(tag), _CODE_NAME.search(tag)
    return Image(name, number[1] if number else tag.partition("-")[0], system[1] if system else "")
