"""Settings that code declares or reads: options, flags, environment variables, policy rules, and their defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, Todo
from relbot.detect.engine.phrases import quote_names
from relbot.detect.settings_read.facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.detect.settings_read.classify import Found

_ID = "settings-read"
_MOST_DETAILS = 60

_MESSAGES = {
    "removed": "{names} can no longer be set: the program now ignores or refuses {it}",
    "removed-deprecated": "{names}, deprecated before, can no longer be set: the program now ignores or refuses {it}",
    "env-removed": "The changed code no longer reads the environment variable {names}: where it is set, it has no effect",
    "key-removed": "The configuration's {names} {are} no longer read: where it is set, it has no effect",
    "read-removed": "{names} {are} read in fewer places: where it is set, it may have no effect",
    "image-renamed": "A variable of the image is renamed: {pairs}",
    "image-removed": "The image or container no longer sets {names}",
    "flag-renamed": "{pairs}: a unit or a script that passes the old flag does not start",
    "flag-removed": "The flag {names} {are} gone: a unit or a script that passes it does not start",
    "address-default-changed": "{pairs}: installations on the default get another address or data location",
    "retention-lowered": "{pairs}: data that is older is deleted where nothing is set",
    "still-named": "Another file of the change set still names {names}",
    "renamed": "{pairs}: rename it where the old name is set",
    "renamed-with-alias": "{pairs}: the old name still works, for now",
    "alias-removed": "{names} {are} no longer read: where it is set, it has no effect",
    "flag-alias-removed": "The flag {names} {are} gone: a unit or a script that passes it does not start",
    "moved": "{pairs}: its place in the configuration file changes with the section that reads it",
    "prefix-changed": "{pairs}: all flags of the group are renamed",
    "deprecated": "{names} {are} now deprecated: plan to replace {it}",
    "default-changed": "{pairs}: installations that do not set it behave differently after the deploy",
    "default-reworked": "The default of {names} {are} computed differently: installations that do not set it may change",
    "setting-changed": "{pairs}: installations that do not override it behave differently after the deploy",
    "key-default-changed": "{pairs}: installations that do not set it behave differently after the deploy",
    "constant-changed": "{pairs}: installations that do not configure it behave differently",
    "script-default-changed": "{pairs}: the script behaves differently where the variable is not set",
    "image-changed": "{pairs}: the image or container runs with another value",
    "setting-reworked": "The value of {names} {are} computed differently: installations without an override may change",
    "framework-setting-added": "{names} {are} set now, which had the framework's default: installations behave differently",
    "setting-added": "{names} {are} set now: installations that do not override it may behave differently",
    "script-removed": "A script no longer reads the variable {names}: where it is set, it has no effect",
    "script-added": "A script now reads the variable {names}",
    "given-removed": "Jobs or programs no longer get the variable {names}: if they read it, they fail or use a default",
    "given-added": "Jobs or programs now get the variable {names}",
    "redeclared": "{pairs}: its group or its constraints may change",
    "policy-scope-changed": "The scope of a policy rule changes: {pairs}",
    "newly-required": "{names} must be set now: without it the program refuses to start, or to do its work",
    "limits-changed": "{pairs}: the program may refuse values that it accepted, or accept others",
    "type-changed": "{pairs}: configured values may no longer fit",
    "added": "{names} can now be set",
    "added-on": "New switch, on by default: {names}",
    "added-required": "{names} {are} new, without a default: set {it}",
    "added-limit": "New limit, in effect by default: {names}",
    "env-added": "The environment variable {names} {are} now read",
    "key-added": "The configuration's {names} {are} now read",
    "read-added": "{names} {are} now read",
    "image-added": "The image or container now sets {names}",
    "policy-changed": "The default permissions of the policy rule {names} change: check them and your overrides",
    "policy-removed": "The policy rule {names} {are} gone: overrides of it have no effect",
    "policy-added": "The policy rule {names} {are} new",
    "policy-deprecated": "The policy rule {names} replaces a deprecated rule: rename your overrides of the old rule",
}
_TODO = {
    "removed": "Remove {names} from the configuration.",
    "removed-deprecated": "Remove {names} from the configuration.",
    "env-removed": "Remove {names} from the environment.",
    "key-removed": "Remove {names} from the configuration.",
    "renamed": "Rename in the configuration: {pairs}.",
    "alias-removed": "Rename in the configuration: {pairs}.",
    "moved": "Find out in which section of the configuration {names} now {are}, and move it there.",
    "renamed-with-alias": "Rename in the configuration: {pairs}.",
    "prefix-changed": "Rename in the configuration: {pairs}.",
    "deprecated": "Replace {names} in the configuration.",
    "default-changed": "Decide whether the new default suits you. If not, set the old one: {pairs}.",
    "setting-changed": "Decide whether the new value suits you. If not, override it: {pairs}.",
    "key-default-changed": "Decide whether the new default suits you. If not, set the old one: {pairs}.",
    "newly-required": "Set {names} in the configuration.",
    "added-required": "Set {names} in the configuration.",
    "limits-changed": "Check that the configured values still fit: {pairs}.",
    "type-changed": "Check that the configured values still fit: {pairs}.",
    "policy-changed": "Compare your policy file with the new defaults of {names}.",
    "policy-removed": "Remove overrides of {names} from your policy file.",
}
_LATER = ("deprecated", "renamed-with-alias")


def _find_settings(changes: ChangeSet) -> Iterator[Evidence]:
    # Both load the grammars, which change sets without such files do not need.
    from relbot.detect.settings_read.classify import classify_changes  # as above
    from relbot.detect.settings_read.compare import compare_settings

    by_fact: dict[str, list[Found]] = {}
    for one in classify_changes(compare_settings(changes)):
        by_fact.setdefault(one.fact, []).append(one)
    for fact in (one.id for one in FACTS):
        if fact in by_fact:
            yield _make_evidence(fact, by_fact[fact])


def _make_evidence(fact: str, hits: list[Found]) -> Evidence:
    first = hits[0].setting
    names = tuple(dict.fromkeys(hit.setting.name for hit in hits))
    words = {
        "names": quote_names(names),
        "pairs": _list_few(hit.words for hit in hits),
        "are": "is" if len(names) == 1 else "are",
        "it": "it" if len(names) == 1 else "them",
    }
    message = _MESSAGES[fact].format(**words)
    text = _TODO.get(fact, "").format(**words)
    details = tuple(dict.fromkeys(f"{hit.setting.path}: {hit.setting.kind} {hit.words}" for hit in hits))
    todo = Todo("later" if fact in _LATER else "before-restart", text=text) if text else None
    return Evidence(_ID, fact, first.path, first.line, f"{message}.", details[:_MOST_DETAILS], names, todo)


def _list_few(words: Iterable[str]) -> str:
    each = list(dict.fromkeys(words))
    return ", ".join(each) if len(each) <= 3 else f"{', '.join(each[:2])} and {len(each) - 2} more"


DETECTOR = Detector(
    _ID,
    "Settings that code declares or reads: options, flags, environment variables, policy rules, and their defaults.",
    "Operators have set them or rely on their defaults. The project's tests do not cover these configurations.",
    FACTS,
    bad={
        "shop/options.py": (
            "from oslo_config import cfg\n\nOPTS = [cfg.IntOpt('workers', default=4), cfg.StrOpt('colour')]\n",
            "from oslo_config import cfg\n\nOPTS = [cfg.IntOpt('workers', default=8)]\n",
        ),
        "cmd/flags.go": (
            'package main\n\nfunc flags() {\n\tf.StringVar(&c.addr, "listen", ":80", "Address to listen on.")\n}\n',
            'package main\n\nfunc flags() {\n\tf.StringVar(&c.addr, "listen", ":8080", "Address to listen on.")\n}\n',
        ),
        "Dockerfile": ("FROM scratch\nENV WORKERS=2\n", "FROM scratch\nENV WORKERS=4\n"),
    },
    good={
        "shop/options.py": (
            "from oslo_config import cfg\n\nOPTS = [cfg.IntOpt('workers', default=4), cfg.StrOpt('colour')]\n",
            'from oslo_config import cfg\n\nOPTS = [\n    cfg.StrOpt("colour"),\n    cfg.IntOpt("workers", default=4),\n]\n',
        ),
        "lib/mail.rb": ('def host\n  ENV["MAIL_HOST"]\nend\n', "def host\n  Mail.host\nend\n"),
        "lib/mail/host.rb": (None, 'class Mail\n  def self.host = ENV["MAIL_HOST"]\nend\n'),
    },
    find=_find_settings,
)
