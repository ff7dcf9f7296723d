"""What kind of file a path is, told by its name: tests, documentation, code that somebody else wrote."""

from __future__ import annotations

from functools import lru_cache

from relbot.schema import lazy_re as re

_TEST = re.compile(
    r"(^|/)(tests?|unit_?tests?|specs?|testing|__tests__|__mocks__|fixtures?|testdata|testsuite|cypress|e2e|mocks?|benchmarks?)(/|$)"
    r"|^(features|integration|functional|unit)/|(^|/)features/(.{0,200}\.feature$|step_definitions/|support/)"
    r"|(^|/)(test_[^/]*|conftest|[^/]*_test|[^/]*_spec|[^/]*\.(test|spec|stories))\.\w+$|_test\.go$|Tests?\.(java|kt|cs|scala)$"
    r"|(^|/)[\w.]+\.(Unit|Integration|Functional)?Tests?/"
)
_DOCS = re.compile(
    r"(^|/)(docs?|documentation|website|man|guides?|releasenotes|api-ref)(/|$)|\.(md|rst|adoc|asciidoc|txt|mdx|1)$", re.I
)
_VENDORED = re.compile(
    r"(^|/)(vendor(?!_)|node_modules|third[_-]?party|bower_components|external|_vendor|dist/(js|css)|site-packages|godeps)/"
    r"|\.min\.(js|css)$|\.(map|snap)$|\.pb\.go$|_pb2(_grpc)?\.py$|(^|/)(zz_generated|bindata)[^/]*$",
    re.I,
)
_LOCK = re.compile(
    r"(^|/)(Gemfile\.lock|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|Pipfile\.lock|uv\.lock"
    r"|go\.sum|Cargo\.lock|composer\.lock)$"
)
_TRANSLATION = re.compile(r"(^|/)(locales?|i18n|lang|languages|translations?)(/|$)|\.(po|pot|mo|xlf)$", re.I)
_PIPELINE = re.compile(
    r"(^|/)(\.github|\.gitlab|\.circleci|\.buildkite|\.zuul\.d|zuul\.d|\.woodpecker|\.drone|playbooks/legacy)(/|$)"
    r"|(^|/)(\.travis\.yml|\.gitlab-ci\.yml|\.drone\.\w+|\.woodpecker\.\w+|appveyor\.yml|azure-pipelines\.yml|Jenkinsfile|\.zuul\.yaml"
    r"|tox\.ini|\.rubocop[^/]*|\.eslintrc[^/]*|\.pre-commit-config\.yaml|\.codecov\.yml|codecov\.yml|renovate\.json5?|dependabot\.yml"
    r"|\.editorconfig|\.golangci\.ya?ml|\.hound\.yml|\.pylintrc|\.flake8|mypy\.ini|tsconfig[^/]*\.json|\.prettierrc[^/]*|\.releaserc[^/]*)$"
)


_DEVELOPMENT = re.compile(
    r"(^|/)(\.devcontainer|\.vscode|\.idea|development|dev|devstack|hack|playground|sandbox)/"
    r"|(^|/)(docker-)?compose[\w.-]{0,40}[._-](dev\w{0,40}|debug|tests?|ci|local|e2e)\.ya?ml$|(^|/)compose\.override\.ya?ml$"
    r"|(^|/)(Dockerfile|Containerfile)[._-](dev\w{0,40}|tests?|ci|local|debug)$|(^|/)(dev\w{0,40}|tests?|ci|local)\.(Dockerfile|Containerfile)$"
    r"|(^|/)\.?env[._-](tests?|testing|dev\w{0,40}|local|ci)(\.\w+)?$"
    r"|(^|/)(appsettings|launchsettings|application|bootstrap|settings|config)[.-](dev\w{0,40}|tests?|testing|local|ci)\.\w+$"
    r"|(^|/)(environments|config|settings|env)/(dev\w{0,40}|tests?|testing|local|ci)\.\w+$"
    r"|(^|/)(s?bin|scripts?|tools?|hack|build|ci|\.ci|contrib)/([\w.-]{0,80}[/._-])?(make[_-])?(release|publish|changelog|bump[_-]?version)([._-][\w.-]{0,80})?$"
    r"|(^|/)(vite|vitest|webpack\.dev|playwright|storybook|karma)[\w.-]{0,40}\.config\.[cm]?[jt]s$|(^|/)(vite|vitest)\.config\.[cm]?[jt]s$"
    r"|(^|/)(requirements|deps)[/._-](dev\w{0,40}|tests?|lint|ci)[\w.-]{0,40}\.(txt|in)$"
    r"|(^|/)(phpunit[\w.-]{0,40}|docker-compose\.override\.ya?ml|Vagrantfile|Procfile\.dev|Makefile|Justfile|noxfile\.py|Gruntfile\.\w+)$"
    r"|(^|/)(seeds?|fixtures?)[/._-](dev\w{0,40}|tests?|demo|sample)|(^|/)(dev|test|demo|sample)[_-](seeds?|fixtures?|data)\b",
    re.I,
)


@lru_cache(4096)
def is_development(path: str) -> bool:
    """Whether only who develops, tests or builds the project has it: what changes there happens at no installation."""
    return is_test(path) or is_pipeline(path) or _DEVELOPMENT.search(path) is not None


@lru_cache(4096)
def is_test(path: str) -> bool:
    """Whether nothing that runs in production reads it: tests and what they need."""
    return _TEST.search(path) is not None


@lru_cache(4096)
def is_documentation(path: str) -> bool:
    """Whether people read it."""
    return _DOCS.search(path) is not None


@lru_cache(4096)
def is_vendored(path: str) -> bool:
    """Whether somebody else wrote it, or a program."""
    return _VENDORED.search(path) is not None or _LOCK.search(path) is not None


@lru_cache(4096)
def is_translation(path: str) -> bool:
    """Whether it holds texts of the user interface in some language."""
    return _TRANSLATION.search(path) is not None


@lru_cache(4096)
def is_pipeline(path: str) -> bool:
    """Whether it configures the project's own checks, not what runs in production."""
    return _PIPELINE.search(path) is not None


def is_production(path: str) -> bool:
    """Whether what runs in production may read it: no test, no documentation, no text, no pipeline, nobody else's code."""
    return not (is_test(path) or is_vendored(path) or is_translation(path) or is_pipeline(path) or is_documentation(path))
