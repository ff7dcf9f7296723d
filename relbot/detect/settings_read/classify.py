"""Which fact a setting's fate is, and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.config_structure.placeholders import reads_as_before
from relbot.detect.engine.phrases import quote_name
from relbot.detect.engine.retention import is_kept_shorter
from relbot.detect.settings_read.setting import (
    ARGUMENT,
    CONSTANT,
    ENV,
    FLAG,
    GIVEN,
    KEY,
    OPTION,
    POLICY,
    SETTING,
    Setting,
    bare_value,
    is_literal,
    names_alias,
)
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.settings_read.compare import Compared


class Found(NamedTuple):
    """One setting and its fact: what a line of details says, and where."""

    fact: str
    setting: Setting
    words: str


_ADDRESS = re.compile(
    r"(?i)(^|[-_.])(host|url|uri|addr|address|port|listen|bind|endpoint|dsn|bucket|topic|queue|dir|directory|socket|database)(_?name)?$"
)
_GO_CONFIG = re.compile(
    r"(?i)(^|/)(conf|config|configuration|settings|options)(/[^/]{1,100})?\.go$|(^|/)(conf|config|settings|options)/[^/]{1,100}\.go$"
)
_SCRIPT = re.compile(r"\.(sh|bash|ksh)$|(^|/)[^/.]+$")
_LIMIT = re.compile(r"(?i)max|limit|timeout|size|ttl|expir|lifetime|retention|age\b|interval")
_OF_FRAMEWORK = re.compile(
    r"(SECURE|SESSION|CSRF|PASSWORD|DATA_UPLOAD|FILE_UPLOAD|X_FRAME|DEFAULT_AUTO|DEFAULT_FILE|DEFAULT_FROM|CONN_MAX|CELERY_(TASK|WORKER|BROKER)|EMAIL_BACKEND"
    r"|EMAIL_TIMEOUT|AUTHENTICATION_BACKENDS|AUTH_PASSWORD|AUTH_USER|USE_X_FORWARDED|SERIALIZATION|STORAGES|CACHES)\w*"
    r"|REST_FRAMEWORK\.DEFAULT_(PAGINATION|RENDERER|THROTTLE|PERMISSION|AUTHENTICATION|VERSIONING|PARSER)_\w+|(task|worker|result|broker)_\w+"
)
"""Settings of Django and Celery that have a default of the framework, which a settings module replaces when it sets them."""
_OF_RAILS = re.compile(
    r"(config\.)?(hosts|force_ssl|cache_store|session_store|time_zone|relative_url_root|asset_host|active_job\.queue_adapter"
    r"|active_storage\.service|action_mailer\.(delivery_method|default_url_options)|action_dispatch\.cookies_serializer|active_record\.default_timezone)"
)
_DEFAULTS_OF_RAILS = {"active_record.default_timezone": ":utc"}
_IMAGE = re.compile(r"(?i)(dockerfile|containerfile|compose)[^/]*$")


def classify_changes(compared: Compared) -> Iterator[Found]:
    """A fact for each setting that changed."""
    for setting in compared.gone:
        other = next((new for new in compared.come if _has_its_place(setting, new)), None)
        if other is not None:
            yield Found("image-renamed", setting, f"{quote_name(setting.name)} → {quote_name(other.name)}")
        elif gone := _fact_of_removal(setting):
            yield Found(gone, setting, quote_name(setting.name))
    others = frozenset(setting.name for setting in compared.come)
    for setting in compared.come:
        yield from _additions(setting, others, compared)
    for old, new in compared.renamed:
        if old is not None and new is not None:
            yield Found(_fact_of_rename(old, new), old, f"{quote_name(old.name)} → {quote_name(new.name)}")
            yield from _facts_of_difference(old, new)
    for old, new in compared.stayed:
        if old is not None and new is not None:
            yield from _facts_of_move(old, new)
            yield from _facts_of_difference(old, new) if old.kind == new.kind else ()
    for setting in compared.named:
        if gone := _fact_of_removal(setting):
            yield Found(gone, setting, quote_name(setting.name))
            yield Found("still-named", setting, quote_name(setting.name))


def _additions(setting: Setting, others: frozenset[str], compared: Compared) -> Iterator[Found]:
    default = f" (default {quote_name(setting.default)})" if setting.default is not None else ""
    takes_over = (setting.kind, setting.path, setting.default) in compared.left
    for fact in _facts_of_addition(setting, others):
        if fact != "added-limit" or not takes_over:  # under another name, it was in effect before
            yield Found(fact, setting, f"{quote_name(setting.name)}{default}")


def _has_its_place(old: Setting, new: Setting) -> bool:
    """Whether a variable of an image is another one under a new name: it has the same value, which says something."""
    told = (old.kind, old.path, old.default) == (new.kind, new.path, new.default)
    of_image = old.kind in (ARGUMENT, ENV) and _IMAGE.search(old.path) and not old.path.endswith((".yml", ".yaml"))
    return told and bool(of_image) and len((old.default or "").strip("\"'")) > 1


def _facts_of_move(old: Setting, new: Setting) -> Iterator[Found]:
    """What each of the two declarations says alone, and what answers both; nothing where they are in one place, in one way."""
    if (old.path, old.kind) == (new.path, new.kind):
        return
    words = f"{quote_name(new.name)}, before in {quote_name(old.path)}"
    for fact in (_fact_of_removal(old), *_facts_of_addition(new, frozenset((new.name,)))):
        if fact is not None:
            yield Found(fact, new, words)
    yield Found("redeclared", new, words)
    if old.kind == OPTION and old.path.endswith(".go") and _folder(old.path) != _folder(new.path):
        yield Found("moved", new, words)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _fact_of_rename(old: Setting, new: Setting) -> str:
    if not old.declared:
        return "read-removed"
    if old.kind == GIVEN:
        return "given-removed"
    if any(names_alias(alias, old.name) for alias in new.aliases):
        return "renamed-with-alias"
    if old.kind == FLAG and not old.name.endswith(".*"):
        return "flag-renamed"
    return "prefix-changed" if old.name.endswith(".*") else "renamed"


def _fact_of_removal(setting: Setting) -> str | None:
    if setting.kind == CONSTANT:
        return None
    if setting.kind in _GONE:
        return _GONE[setting.kind]
    if _IMAGE.search(setting.path):
        return "image-removed"
    if setting.deprecated:
        return "removed-deprecated"
    if not setting.declared:
        return "read-removed"
    if setting.kind == ENV:
        return "script-removed" if _SCRIPT.search(setting.path) else "env-removed"
    return {KEY: "key-removed", FLAG: "flag-removed"}.get(setting.kind, "removed")


_GONE = {POLICY: "policy-removed", GIVEN: "given-removed", ARGUMENT: "image-removed"}
_COME = {POLICY: "policy-added", GIVEN: "given-added", ARGUMENT: "image-added"}


def _facts_of_addition(setting: Setting, others: frozenset[str]) -> Iterator[str]:
    if setting.kind == CONSTANT:
        return
    of_framework = _OF_RAILS if setting.path.endswith(".rb") else _OF_FRAMEWORK
    is_default = _DEFAULTS_OF_RAILS.get(setting.name.removeprefix("config."), "") == setting.default
    if (
        setting.kind == SETTING
        and setting.path.endswith((".py", ".rb"))
        and of_framework.fullmatch(setting.name)
        and not is_default
    ):
        yield "framework-setting-added"
    if setting.kind in _COME:
        yield _COME[setting.kind]
    elif _IMAGE.search(setting.path):
        yield "image-added"
    elif not setting.declared:
        yield "read-added"
    else:
        yield _fact_of_new(setting)
        default = setting.default or ""
        if any(alias not in others for alias in setting.aliases) and setting.kind in (ENV, OPTION):
            yield "renamed-with-alias"
        if default.lower() == "true":
            yield "added-on"
        elif _LIMIT.search(setting.name) and re.search(r"[1-9]|[dD]efault|DEFAULT", default):
            yield "added-limit"
        elif setting.required:
            yield "added-required"


def _fact_of_new(setting: Setting) -> str:
    if setting.kind == ENV:
        return "script-added" if _SCRIPT.search(setting.path) else "env-added"
    return {KEY: "key-added", SETTING: "setting-added"}.get(setting.kind, "added")


def _facts_of_difference(old: Setting, new: Setting) -> Iterator[Found]:
    name = quote_name(new.name)
    if old.kind == POLICY:
        if bare_value(old.default) != bare_value(new.default):
            yield Found("policy-changed", new, f"{name}: {quote_name(old.default or '')} → {quote_name(new.default or '')}")
        if bare_value(old.help) != bare_value(new.help):
            yield Found("policy-scope-changed", new, f"{name}: {_show_value(old.help or None)} → {_show_value(new.help or None)}")
        if new.aliases != old.aliases:
            yield Found("policy-deprecated", new, name)
        return
    if new.deprecated and not old.deprecated:
        yield Found("deprecated", new, name)
    yield from _lost_aliases(old, new)
    if new.required and not old.required:
        yield Found("newly-required", new, name)
    if bare_value(old.default) != bare_value(new.default) and _defaults_comparable(old, new):
        yield Found(_default_fact(old, new), new, f"{name}: {_show_value(old.default)} → {_show_value(new.default)}")
    if old.limits != new.limits:
        yield Found("limits-changed", new, f"{name}: {_show_limits(old)} → {_show_limits(new)}")
    if old.type and new.type and _plain_type(old) != _plain_type(new) and old.path == new.path:
        yield Found("type-changed", new, f"{name}: {quote_name(old.type)} → {quote_name(new.type)}")


def _lost_aliases(old: Setting, new: Setting) -> Iterator[Found]:
    """The other names by which a setting was read until now."""
    for alias in old.aliases if old.kind in (OPTION, ENV, FLAG) else ():
        if alias not in new.aliases and not names_alias(alias, new.name):
            fact = "flag-alias-removed" if old.kind == FLAG else "alias-removed"
            yield Found(fact, old._replace(name=alias), f"{quote_name(alias)}, now only {quote_name(new.name)}")


def _defaults_comparable(old: Setting, new: Setting) -> bool:
    """Whether no default means none: in another file, or declared in another way, it may be given elsewhere."""
    return (old.default is not None and new.default is not None) or (
        old.path == new.path and _plain_type(old) == _plain_type(new)
    )


def _plain_type(setting: Setting) -> str:
    kind = _ANNOTATED.sub(r"\1", setting.type).rpartition(".")[2].replace("()", "").lower()
    return "str" if kind in _PATHS else kind


_ANNOTATED = re.compile(r"^Annotated\[([^,\[\]]+),.*\]$", re.S)
_PATHS = frozenset(("path", "purepath", "filepath", "newpath", "directorypath"))
"""Types of Python that take every text."""


def _is_address_of_image(old: Setting, new: Setting) -> bool:
    """Whether an image tells its program another address; what a compose file tells one is told with its services."""
    told = bool(old.default and new.default) and not new.path.endswith((".yml", ".yaml"))
    return told and _ADDRESS.search(new.name) is not None


def _fact_of_image(old: Setting, new: Setting) -> str:
    if reads_as_before(old.default or "", new.default or ""):
        return "setting-reworked"
    return "address-default-changed" if _is_address_of_image(old, new) else "image-changed"


def _default_fact(old: Setting, new: Setting) -> str:
    if _IMAGE.search(new.path):
        return _fact_of_image(old, new)
    if new.kind == KEY:
        return "key-default-changed"
    if not all(value is None or is_literal(value) for value in (old.default, new.default)):
        return "setting-reworked" if new.kind in (SETTING, CONSTANT) else "default-reworked"
    if new.default is not None and is_kept_shorter(new.name, old.default or "", new.default):
        return "retention-lowered"
    if new.kind in (CONSTANT, SETTING):
        return "setting-changed" if _is_in_effect(new) else "constant-changed"
    if _ADDRESS.search(new.name) and old.default is not None and new.default is not None:
        return "address-default-changed"
    return "script-default-changed" if new.kind == ENV and _SCRIPT.search(new.path) else "default-changed"


def _is_in_effect(setting: Setting) -> bool:
    """Whether installations have a value: a setting's, or that of a field of what a configuration of Go begins as."""
    if setting.kind == CONSTANT:
        return "." in setting.name and _GO_CONFIG.search(setting.path) is not None
    return not setting.name.endswith("assets.version")


def _show_value(value: str | None) -> str:
    return "none" if value is None else quote_name(value)


def _show_limits(setting: Setting) -> str:
    return ", ".join(quote_name(f"{key}={value}") for key, value in setting.limits) or "any"
