"""Which files are configuration of who runs the software, told by their paths, and what each of them is to that person."""

from __future__ import annotations

from functools import lru_cache

from relbot.detect.engine.path_roles import is_pipeline, is_test, is_translation, is_vendored
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple


class Role(NamedTuple):
    """What a file is to operators: `kind` (sample, shipped, deployment, policy or rendered) and the `format` it is read as."""

    kind: str
    format: str
    own: str
    """What operators call their own file of this kind."""


@lru_cache(4096)
def role_of_path(path: str) -> Role | None:
    """The role of a path, None for what is no configuration of operators.

    - sample: an example that operators copied and filled in (`options.yml.example`, `etc/app.conf`)
    - shipped: read as it is, and overridden or edited by some (`config/defaults.yml`, `settings.json`)
    - deployment: how containers are run (compose, Kubernetes manifests, Helm values)
    - policy: who may do what, by default
    - rendered: a template that the software fills in
    """
    if is_test(path) or is_vendored(path) or is_translation(path) or is_pipeline(path) or _NOT_OPERATORS.search(path):
        return None
    folder, _, name = path.rpartition("/")
    bare, marked = _without_marks(name)
    format_ = _file_format(bare, marked)
    if format_ is None:
        return None
    own = f"{folder}/{bare}" if folder and not _DOCUMENTATION.search(path) else bare
    kind = _role_kind(path, folder, bare, marked)
    if kind is None:
        return None
    return Role(kind, format_, own)


def _role_kind(path: str, folder: str, bare: str, marked: bool) -> str | None:  # noqa: FBT001  # half of a pair that _without_marks made
    if _POLICY.search(path):
        return "policy"
    if _CHART.search(path) and "/files/" in path:
        return "shipped"  # a chart mounts it as it is
    if _VALUES.search(path) or _CHART.search(path):
        return None  # the detectors `values-files` and `services` read them
    if _COMPOSE.search(bare) or _KUBERNETES.search(folder + "/"):
        return "deployment"
    if _RENDERED.search(path) or (
        _TEMPLATES.search(folder + "/") and not (_OPERATED.search(folder.rsplit("/", 1)[-1] + "/") or _NAMED.search(bare))
    ):
        return "rendered"
    if marked or _SAMPLE_FOLDER.search(folder + "/"):
        return "sample"
    if _DOCUMENTATION.search(path):
        return None
    if _ETC.search(folder + "/"):
        return "sample"
    if _OPERATED.search(folder + "/") or _NAMED.search(bare) or path == ".env" or _INSTALLED.search(path):
        return "shipped"
    return None


def _without_marks(name: str) -> tuple[str, bool]:
    """`options.yml.example` is `options.yml`, `sample_config.yaml` is `config.yaml`; and whether there was such a mark."""
    bare = _TEMPLATE_END.sub("", name)
    rest = _DOTTED_MARK.sub("", bare)
    if rest == bare and _SETTINGS.search(bare):
        rest = _JOINED_MARK.sub("", bare)
    if rest == bare or not rest.strip(".") or (rest.startswith(".") and not rest.lower().startswith(".env")):
        return bare, False
    return rest, True


def _file_format(bare: str, marked: bool) -> str | None:  # noqa: FBT001  # as for _role_kind
    if _DOTENV.search(bare):
        return "sections"
    if _HOCON.fullmatch(bare):
        return "hocon"
    if _SPACED.fullmatch(bare):
        return "spaced"
    ending = bare.rpartition(".")[2].lower() if "." in bare else ""
    found = _FORMATS.get(ending)
    if found is None and marked and ending in _PROGRAMS:
        return "sections"
    return found


_DOTTED_MARK = re.compile(r"\.(?:example|sample|dist|template|tmpl|skel|defaults?)(?=\.|$)", re.I)
_JOINED_MARK = re.compile(r"^(?:example|sample|template|default)s?[_-]|[_-](?:example|sample|template|default)s?(?=\.)", re.I)
_SETTINGS = re.compile(r"conf|settings|options|env|policy", re.I)
_TEMPLATE_END = re.compile(r"\.(?:j2|jinja2?|erb|tpl|mustache|gotmpl)$", re.I)
_DOTENV = re.compile(r"^(?:\.?env(?:\.[\w-]+)?|[\w.-]+\.env|\.env[\w.-]*)$", re.I)
_FORMATS = {
    "yml": "yaml",
    "yaml": "yaml",
    "json": "json",
    "json5": "json",
    "jsonc": "json",
    "toml": "toml",
    "xml": "xml",
    "ini": "sections",
    "conf": "sections",
    "cfg": "sections",
    "cnf": "sections",
    "config": "sections",
    "properties": "sections",
    "env": "sections",
}
_HOCON = re.compile(r"(application|reference)[\w.-]*\.conf|[\w.-]+\.hocon")
_SPACED = re.compile(r"(redis|valkey|sentinel|keydb)[\w-]*\.conf")
_PROGRAMS = frozenset("py rb pm pl js ts sh php lua go default sysconfig".split())
_NOT_OPERATORS = re.compile(
    r"(^|/)config/routes([\w-]{0,80}|/[\w/.-]{1,200})\.ya?ml$|(supervisord?|nginx|traefik)[\w.-]{0,40}\.(conf|ini|ya?ml|toml)$|(^|/)kustomization\.ya?ml$|(^|/)(package(-lock)?|composer|bower|tsconfig|jsconfig|jsdoc[\w.-]{0,40}|lerna|angular|nx|manifest|crowdin|netlify|vercel|now|nodemon|karma[\w.-]{0,40}"
    r"|babel[\w.-]{0,40}|jest[\w.-]{0,40}|tslint|typedoc|renovate|app\.json|goreleaser|nfpm|cypress|turbo|biome|deno|metadata|meta)\.(json5?|ya?ml|toml)$"
    r"|(^|/)(pyproject|Cargo|Gopkg|Pipfile|ruff|rustfmt|clippy|deny|book|netlify|uv|poetry)\.toml$"
    r"|(^|/)(checkstyle|pmd|spotbugs|detekt|phpstan|phpcs|phpmd|psalm|sonar)[\w-]{0,40}\.(xml|ya?ml|neon|properties)$|(^|/)(setup|tox|pytest|babel|flake8|mypy|pycodestyle|reno|bandit|doc8|pylintrc)\.(cfg|ini|conf|ya?ml)$"
    r"|(^|/)(mkdocs|_config|book|antora[\w.-]{0,40}|docker-bake|Chart|requirements|dependencies|galaxy|bindep|test-requirements|pubspec|environment"
    r"|pnpm-workspace|lefthook|sonar-project|cloudbuild|codecov|chart_schema|ct)\.(ya?ml|properties|toml)$"
    r"|(^|/)\.(?!env)[^/]+$|(^|/)\.(?!env)[^/]+/|(openapi|swagger|asyncapi|\.schema|[_-]schema|^schema|/schema)[^/]{0,200}\.(ya?ml|json)$"
    r"|(^|/)(schemas?|api-ref|devstack|development|nfpm|assets|public|static|stylesheets|javascripts|dashboards?|grafana|debian"
    r"|plugins/[^/]{0,200}/tests?|sql|migrations?|db|data|playbooks|roles|\w{0,40}_data|releasenotes|dev(?:el)?|local[_-](?:dev\w{0,40}|env\w{0,40})|systemd|jsonschema|proto|node|webpack|storybook|licenses?)/"
    r"|(^|[._/-])(unit_?tests?|integration_?tests?|tests?|ci|cicd|gitpod|devcontainer)[._-][^/]{0,200}$|\.tests?\.ya?ml$|(docker-compose|compose)[\w.-]{0,40}[._-](dev|devel|development|debug|\w{0,40}test|\w{0,40}tests|ci|local)[._-]",
    re.I,
)
_POLICY = re.compile(
    r"(^|/)config/packages/security\.ya?ml$|(^|/)[\w.-]{0,80}polic(y|ies)[\w.-]{0,80}\.(json|ya?ml)$|(^|/)polic(y|ies)(\.d)?/[^/]+\.(json|ya?ml)$"
)
_COMPOSE = re.compile(r"^(docker-)?compose[\w.-]*\.ya?ml$|^(swarm|stack)[\w.-]*\.ya?ml$", re.I)
_CHART = re.compile(r"(^|/)(helm|charts?)/.{0,200}\.(ya?ml|tpl)$", re.I)
_VALUES = re.compile(r"(^|/)values[\w.-]*\.ya?ml$|(^|/)roles/[^/]+/defaults/.{0,200}\.ya?ml$")
_KUBERNETES = re.compile(r"(^|/)(k8s|kubernetes|kustom\w+|manifests|overlays|openshift|nomad|swarm)/", re.I)
_RENDERED = re.compile(r"\.(j2|jinja2?|erb|mustache|gotmpl|tpl)$", re.I)
_TEMPLATES = re.compile(r"(^|/)(templates?|jinja|skeletons?|elements)/", re.I)
_SAMPLE_FOLDER = re.compile(r"(^|/)(sample-?conf(ig)?s?|conf(ig)?-samples?|config_templates?)/", re.I)
_DOCUMENTATION = re.compile(r"(^|/)(docs?|documentation|website|examples?|samples?|man|guides?|tutorials?)/", re.I)
_INSTALLED = re.compile(r"(^|/)(dist|contrib)/[\w.-]+\.(conf|ini|cfg|toml|default)$")
"""What packages install beside their units."""
_ETC = re.compile(r"(^|/)(etc|sysconfig|default)/", re.I)
_OPERATED = re.compile(
    r"(^|/)(conf|config|configs|configuration|conf\.d|settings|deploy|deployments?|packaging|docker|environments|env)/", re.I
)
_NAMED = re.compile(
    r"^(settings|config|configuration|application|reference(?=\.conf)|app|defaults|options|production|homeserver|server|log(ging)?|logback|database|uwsgi"
    r"|gunicorn|redis|php|my)[\w-]*\.(ya?ml|json5?|toml|ini|conf|cfg|properties|xml|config|hocon)$",
    re.I,
)
