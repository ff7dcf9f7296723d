"""Which fact a setting's fate is, and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relbot.detect.engine import lazy_re as re
from relbot.detect.engine.facts import ANY_PHASE, ASK, NOTE, REQUIRE, Fact, Subject
from relbot.detect.engine.phrases import quote_name
from relbot.detect.settings_read.setting import (
    ARGUMENT,
    CONSTANT,
    ENV,
    FLAG,
    GIVEN,
    INSTRUCTION,
    KEY,
    OPTION,
    POLICY,
    SETTING,
    Setting,
    bare_value,
    is_literal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relbot.detect.settings_read.compare import Compared

FACTS = (
    Fact(
        "removed",
        "an option, flag or setting that code declares is removed",
        REQUIRE,
        Subject.SETTING,
        "Who still sets it is ignored, or refused at the start.",
        phases=ANY_PHASE,
    ),
    Fact(
        "removed-deprecated",
        "one that had been called deprecated is removed",
        REQUIRE,
        Subject.SETTING,
        "Who still sets it is ignored, or refused at the start.",
        phases=ANY_PHASE,
    ),
    Fact(
        "env-removed",
        "an environment variable is no longer read",
        REQUIRE,
        Subject.SETTING,
        "Where it is set, it has no effect any more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "key-removed",
        "a key is no longer read by the module that reads the configuration",
        REQUIRE,
        Subject.SETTING,
        "Where it is set, it has no effect any more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "read-removed",
        "code reads a setting no longer that is declared elsewhere",
        ASK,
        Subject.SETTING,
        "Where it is set, it may have no effect any more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "image-removed",
        "a variable of an image or container is removed",
        ASK,
        Subject.SETTING,
        "What reads the variable in the container finds nothing.",
        phases=ANY_PHASE,
    ),
    Fact(
        "renamed",
        "a setting has another name",
        REQUIRE,
        Subject.SETTING,
        "Where the old name is set, it has no effect any more, or is refused.",
        phases=ANY_PHASE,
    ),
    Fact(
        "renamed-with-alias",
        "a setting has another name, and the old one still works",
        NOTE,
        Subject.SETTING,
        "The old name still works, for now.",
        phases=ANY_PHASE,
    ),
    Fact(
        "prefix-changed",
        "a group of flags has another prefix",
        REQUIRE,
        Subject.SETTING,
        "Where the old names are set, they have no effect any more, or are refused.",
        phases=ANY_PHASE,
    ),
    Fact("deprecated", "a setting is called deprecated now", NOTE, Subject.SETTING, "It still works, for now.", phases=ANY_PHASE),
    Fact(
        "default-changed",
        "an option, flag or environment variable has another default",
        ASK,
        Subject.SETTING,
        "Installations that do not set it behave in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "default-reworked",
        "an option, flag or environment variable has a default that is computed in another way",
        NOTE,
        Subject.SETTING,
        "Its default is computed in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "setting-reworked",
        "a setting or constant has a value that is computed in another way",
        NOTE,
        Subject.SETTING,
        "Its value is computed in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "setting-changed",
        "a setting in a settings module has another value",
        ASK,
        Subject.SETTING,
        "Installations that do not override it behave in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "key-default-changed",
        "a key of the configuration has another default where it is read",
        ASK,
        Subject.SETTING,
        "Configurations that leave it out behave in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "constant-changed",
        "a constant that holds a default has another value",
        NOTE,
        Subject.SETTING,
        "What is used where nothing is configured changes.",
        phases=ANY_PHASE,
        known=ASK,
    ),
    Fact(
        "script-default-changed",
        "a variable has another default in a script",
        NOTE,
        Subject.SETTING,
        "The script does something else where the variable is not set.",
        phases=ANY_PHASE,
    ),
    Fact(
        "image-changed",
        "a variable of an image or container has another value",
        ASK,
        Subject.SETTING,
        "What runs in the container gets another value, unless you set it.",
        phases=ANY_PHASE,
    ),
    Fact(
        "newly-required",
        "a setting must be given now",
        REQUIRE,
        Subject.SETTING,
        "Without it the program refuses to start, or to do its work.",
        phases=ANY_PHASE,
    ),
    Fact(
        "limits-changed",
        "what a setting may be is limited in another way",
        ASK,
        Subject.SETTING,
        "Values that were accepted may be refused.",
        phases=ANY_PHASE,
    ),
    Fact(
        "type-changed",
        "a setting has another type",
        REQUIRE,
        Subject.SETTING,
        "Values that are configured may be refused, or read in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "added",
        "an option, flag or setting is added",
        NOTE,
        Subject.SETTING,
        "Who does not set it keeps what there was.",
        phases=ANY_PHASE,
    ),
    Fact("added-on", "a new switch is on by default", ASK, Subject.SETTING, "It is on where nobody sets it.", phases=ANY_PHASE),
    Fact(
        "added-required",
        "a new setting must be given",
        REQUIRE,
        Subject.SETTING,
        "Without it the program refuses to start, or to do its work.",
        phases=ANY_PHASE,
    ),
    Fact(
        "added-limit",
        "a new limit, timeout or size has a default",
        ASK,
        Subject.SETTING,
        "It limits where nothing was limited before.",
        phases=ANY_PHASE,
    ),
    Fact(
        "env-added",
        "an environment variable is read that was not",
        NOTE,
        Subject.SETTING,
        "Who does not set it keeps what there was.",
        phases=ANY_PHASE,
    ),
    Fact(
        "key-added",
        "a key is read by the module that reads the configuration that was not",
        NOTE,
        Subject.SETTING,
        "Who does not set it keeps what there was.",
        phases=ANY_PHASE,
    ),
    Fact(
        "read-added",
        "code reads a setting that it did not",
        NOTE,
        Subject.SETTING,
        "A setting that exists counts in another place, too.",
        phases=ANY_PHASE,
    ),
    Fact(
        "image-added",
        "a variable of an image or container is added",
        NOTE,
        Subject.SETTING,
        "The container has one variable more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "instruction-changed",
        "an image has another user, port, folder, volume or entry point",
        ASK,
        Subject.SETTING,
        "Containers of the image start in another way.",
        phases=ANY_PHASE,
    ),
    Fact(
        "setting-added",
        "a setting is added to a settings module",
        NOTE,
        Subject.SETTING,
        "The settings module has one setting more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "script-removed",
        "a script reads a variable no longer",
        ASK,
        Subject.SETTING,
        "Where it is set for the script, it has no effect any more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "script-added",
        "a script reads a variable that it did not",
        NOTE,
        Subject.SETTING,
        "Who does not set it keeps what there was.",
        phases=ANY_PHASE,
    ),
    Fact(
        "given-removed",
        "a variable that jobs or programs got is no longer given to them",
        ASK,
        Subject.SETTING,
        "Jobs or programs that read it find nothing.",
        phases=ANY_PHASE,
    ),
    Fact(
        "given-added",
        "a variable is given to jobs or programs that was not",
        NOTE,
        Subject.SETTING,
        "Jobs or programs get one variable more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "redeclared",
        "an option, flag or setting is declared in another file, with the same name",
        NOTE,
        Subject.SETTING,
        "The same setting is declared in another file.",
        phases=ANY_PHASE,
    ),
    Fact(
        "policy-changed",
        "what a policy rule allows by default changes",
        REQUIRE,
        Subject.POLICY,
        "Users and services that were let in are refused, or others are let in.",
        phases=ANY_PHASE,
    ),
    Fact(
        "policy-scope-changed",
        "for which scope a policy rule holds changes",
        REQUIRE,
        Subject.POLICY,
        "Users and services that were let in are refused, or others are let in.",
        phases=ANY_PHASE,
    ),
    Fact(
        "policy-removed",
        "a policy rule is removed",
        REQUIRE,
        Subject.POLICY,
        "Overrides of the rule have no effect any more.",
        phases=ANY_PHASE,
    ),
    Fact(
        "policy-added", "a policy rule is added", NOTE, Subject.POLICY, "Policy files without it go on working.", phases=ANY_PHASE
    ),
    Fact(
        "policy-deprecated",
        "a policy rule gets a deprecated predecessor",
        NOTE,
        Subject.POLICY,
        "Overrides of the old rule still count, for now.",
        phases=ANY_PHASE,
    ),
)


class Found(NamedTuple):
    """One setting and its fact: what a line of details says, and where."""

    fact: str
    setting: Setting
    words: str


_SCRIPT = re.compile(r"\.(sh|bash|ksh)$|(^|/)[^/.]+$")
_LIMIT = re.compile(r"(?i)max|limit|timeout|size|ttl|expir|lifetime|retention|age\b|interval")
_IMAGE = re.compile(r"(?i)(dockerfile|containerfile|compose)[^/]*$")


def classify_changes(compared: Compared) -> Iterator[Found]:
    """A fact for each setting that changed."""
    for setting in compared.gone:
        if gone := _fact_of_removal(setting):
            yield Found(gone, setting, quote_name(setting.name))
    others = frozenset(setting.name for setting in compared.come)
    for setting in compared.come:
        for fact in _facts_of_addition(setting, others):
            default = f" (default {quote_name(setting.default)})" if setting.default is not None else ""
            yield Found(fact, setting, f"{quote_name(setting.name)}{default}")
    for old, new in compared.renamed:
        if old is not None and new is not None:
            yield Found(_fact_of_rename(old, new), old, f"{quote_name(old.name)} → {quote_name(new.name)}")
            yield from _facts_of_difference(old, new)
    for old, new in compared.stayed:
        if old is not None and new is not None:
            if old.path != new.path and old.declared and new.declared and old.kind in (OPTION, FLAG, SETTING):
                yield Found("redeclared", new, f"{quote_name(new.name)}, before in {quote_name(old.path)}")
            yield from _facts_of_difference(old, new)


def _fact_of_rename(old: Setting, new: Setting) -> str:
    if not old.declared:
        return "read-removed"
    if old.kind == GIVEN:
        return "given-removed"
    if any(name.rpartition(".")[2].strip("-") == old.name.strip("-") for name in new.aliases):
        return "renamed-with-alias"
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
    return "key-removed" if setting.kind == KEY else "removed"


_GONE = {POLICY: "policy-removed", GIVEN: "given-removed", INSTRUCTION: "instruction-changed", ARGUMENT: "image-removed"}
_COME = {POLICY: "policy-added", GIVEN: "given-added", INSTRUCTION: "instruction-changed", ARGUMENT: "image-added"}


def _facts_of_addition(setting: Setting, others: frozenset[str]) -> Iterator[str]:
    if setting.kind == CONSTANT:
        return
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
        elif setting.required and setting.kind != ENV:
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
    if new.required and not old.required:
        yield Found("newly-required", new, name)
    if bare_value(old.default) != bare_value(new.default) and _defaults_comparable(old, new):
        yield Found(_default_fact(old, new), new, f"{name}: {_show_value(old.default)} → {_show_value(new.default)}")
    if old.limits != new.limits:
        yield Found("limits-changed", new, f"{name}: {_show_limits(old)} → {_show_limits(new)}")
    if old.type and new.type and _plain_type(old) != _plain_type(new) and old.path == new.path:
        yield Found("type-changed", new, f"{name}: {quote_name(old.type)} → {quote_name(new.type)}")


def _defaults_comparable(old: Setting, new: Setting) -> bool:
    """Whether no default means none: in another file, or declared in another way, it may be given elsewhere."""
    return (old.default is not None and new.default is not None) or (
        old.path == new.path and _plain_type(old) == _plain_type(new)
    )


def _plain_type(setting: Setting) -> str:
    return setting.type.rpartition(".")[2].replace("()", "").lower()


def _default_fact(old: Setting, new: Setting) -> str:
    if new.kind == INSTRUCTION:
        return "instruction-changed"
    if _IMAGE.search(new.path):
        return "image-changed"
    if new.kind == KEY:
        return "key-default-changed"
    if not all(value is None or is_literal(value) for value in (old.default, new.default)):
        return "setting-reworked" if new.kind in (SETTING, CONSTANT) else "default-reworked"
    if new.kind == CONSTANT:
        return "constant-changed"
    if new.kind == SETTING:
        return "setting-changed"
    return "script-default-changed" if new.kind == ENV and _SCRIPT.search(new.path) else "default-changed"


def _show_value(value: str | None) -> str:
    return "none" if value is None else quote_name(value)


def _show_limits(setting: Setting) -> str:
    return ", ".join(quote_name(f"{key}={value}") for key, value in setting.limits) or "any"
