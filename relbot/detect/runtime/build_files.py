"""Manifests of Java, .NET, PHP, Rust and Elixir: what they depend on, and which version of the language they demand."""

from __future__ import annotations

import json
from typing import Any

from relbot.schema import lazy_re as re

Dependencies = dict[str, str]

_PARENT = re.compile(r"<(?:parent|dependency)>((?:(?!<(?:parent|dependency)>).)*?)</(?:parent|dependency)>", re.S)
_ARTIFACT = re.compile(r"<artifactId>\s*([\w.-]+)\s*</artifactId>")
_VERSION = re.compile(r"<version>\s*([^<\s]+)\s*</version>")
_PROPERTY = re.compile(r"<([a-z][\w.-]{1,80})\.version>\s*(\d[\w.-]*)\s*<")
"""A version that a pom.xml names once, for many artifacts: `<quarkus.platform.version>`."""
_SCOPE = re.compile(r"<scope>\s*(test|provided)\s*</scope>")
_GRADLE = re.compile(r"^[ \t]*(?:implementation|api|compile|runtimeOnly|runtime)\W+[\"'][\w.-]+:([\w.-]+):([\w.-]+)[\"']", re.M)
_GRADLE_PLUGIN = re.compile(r"^[ \t]*id\W+[\"']([\w.-]+)[\"']\)?\s+version\s+[\"']([\w.-]+)[\"']", re.M)
_PACKAGE = re.compile(r"<PackageReference\s+Include=\"([\w.-]+)\"\s+Version=\"([^\"]+)\"", re.I)
_MIX = re.compile(r"\{:(\w+),\s*\"([^\"\n]+)\"(?![^}\n]{0,200}only:\s*(?:\[?:(?:dev|test)))")
_CARGO = re.compile(
    r"^([\w-]+)[ \t]{0,20}=[ \t]{0,20}(?:\"([^\"\n]+)\"|\{[^}\n]*version[ \t]{0,20}=[ \t]{0,20}\"([^\"\n]+)\")", re.M
)
_CARGO_SECTION = re.compile(r"^\[dependencies\]\n((?:(?!\[).*\n?)*)", re.M)


def read_pom(text: str) -> Dependencies:
    """The artifacts that a pom.xml depends on, its parent among them."""
    found = {}
    for block in _PARENT.findall(text):
        name, version = _ARTIFACT.search(block), _VERSION.search(block)
        if name and not _SCOPE.search(block):
            found[name[1]] = version[1] if version else ""
    return found | {name: version for name, version in _PROPERTY.findall(text) if name not in ("java", "project")}


def read_gradle(text: str) -> Dependencies:
    """The libraries and plugins that a build.gradle names with a version."""
    return dict([*_GRADLE.findall(text), *_GRADLE_PLUGIN.findall(text)])


def read_csproj(text: str) -> Dependencies:
    """The packages of a project of .NET."""
    return dict(_PACKAGE.findall(text))


def read_composer(text: str) -> Dependencies | None:
    """The packages of a composer.json, without those for development. None if it is no JSON."""
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    listed = data.get("require") if isinstance(data, dict) else None
    packages = listed.items() if isinstance(listed, dict) else ()
    return {name: asked for name, asked in packages if isinstance(asked, str) and name != "php" and not name.startswith("ext-")}


def read_mix(text: str) -> Dependencies:
    """The packages of a mix.exs, without those for development or tests."""
    return dict(_MIX.findall(text))


def read_cargo(text: str) -> Dependencies:
    """The crates of a Cargo.toml."""
    sections = "\n".join(_CARGO_SECTION.findall(text))
    return {name: plain or table for name, plain, table in _CARGO.findall(sections)}


_DEMANDS = (
    (
        "pom.xml",
        "Java",
        re.compile(r"<(?:java\.version|maven\.compiler\.(?:release|source|target)|release)>\s*(?:1\.)?(\d+)\s*<"),
    ),
    (
        "build.gradle",
        "Java",
        re.compile(r"(?:sourceCompatibility|targetCompatibility)\W+(?:JavaVersion\.VERSION_)?(?:1\.)?(\d+)"),
    ),
    ("build.gradle", "Java", re.compile(r"(?:JavaLanguageVersion\.of|jvmToolchain)\((\d+)\)")),
    ("build.gradle.kts", "Java", re.compile(r"(?:JavaLanguageVersion\.of|jvmToolchain)\((\d+)\)")),
    (".csproj", ".NET", re.compile(r"<TargetFrameworks?>\s*net(?:coreapp)?(\d+\.\d+)")),
    ("composer.json", "PHP", re.compile(r"\"php\"\s*:\s*\"[^\"\d]*(\d+(?:\.\d+)*)")),
    ("mix.exs", "Elixir", re.compile(r"\belixir:\s*\"[^\"\d]*(\d+(?:\.\d+)*)")),
    (".tf", "Terraform", re.compile(r"\brequired_version[ \t]{0,20}=[ \t]{0,20}\"[^\"\d]*(\d+(?:\.\d+)*)")),
    (".tofu", "OpenTofu", re.compile(r"\brequired_version[ \t]{0,20}=[ \t]{0,20}\"[^\"\d]*(\d+(?:\.\d+)*)")),
    ("Chart.yaml", "Kubernetes", re.compile(r"^kubeVersion:[ \t]{0,20}['\"]?[^\d\n]*(\d+(?:\.\d+)*)", re.M)),
)


def find_demand(name: str, text: str) -> tuple[str, str] | None:
    """What a build file of that name demands: the language or platform, and its oldest version that works."""
    for end, of, pattern in _DEMANDS:
        if name.endswith(end) and (match := pattern.search(text)):
            return of, match[1]
    return None


READERS = {
    "pom.xml": read_pom,
    "build.gradle": read_gradle,
    "build.gradle.kts": read_gradle,
    "composer.json": read_composer,
    "mix.exs": read_mix,
    "Cargo.toml": read_cargo,
}
