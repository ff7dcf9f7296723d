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
    "removed": "{names} can no longer be set: nothing declares {it} any more, and who still sets {it} is ignored or refused",
    "removed-deprecated": "{names}, deprecated before, can no longer be set: who still sets {it} is ignored or refused",
    "env-removed": "Nothing in the change reads the environment variable {names} any more: where it is set, it has no effect",
    "key-removed": "The configuration's {names} is no longer read: where it is set, it has no effect",
    "read-removed": "{names} is read in fewer places: where it is set, it may have no effect any more",
    "image-removed": "The image or container has {names} no longer",
    "flag-renamed": "{pairs}: a unit or a script that passes the old flag does not start",
    "flag-removed": "The flag {names} is gone: a unit or a script that passes it does not start",
    "address-default-changed": "{pairs}: installations on the default are at another address, or look for data at another place",
    "still-named": "Another file of the change set still names {names}",
    "renamed": "{pairs}: installations that set the old name have to follow",
    "renamed-with-alias": "{pairs}: the old name still works, for now",
    "prefix-changed": "{pairs}: all flags of the group have another name",
    "deprecated": "{names} is called deprecated now: who sets it has to plan to leave it",
    "default-changed": "{pairs}: installations that do not set it behave differently after the deploy",
    "default-reworked": "{names} gets its default in another way: installations that do not set it may behave differently",
    "setting-changed": "{pairs}: installations that do not override it behave differently after the deploy",
    "key-default-changed": "{pairs}: configurations that leave it out behave differently after the deploy",
    "constant-changed": "{pairs}: what is used where nothing is configured changes",
    "script-default-changed": "{pairs}: the script does something else where the variable is not set",
    "image-changed": "{pairs}: the image or container runs with another value",
    "setting-reworked": "{names} gets its value in another way: installations that do not override it may behave differently",
    "setting-added": "{names} is set now: installations that do not override it may behave differently",
    "script-removed": "A script no longer reads the variable {names}: where it is set, it has no effect",
    "script-added": "A script reads the variable {names} now",
    "given-removed": "Jobs or programs no longer get the variable {names}: those that read it find nothing",
    "given-added": "Jobs or programs get the variable {names} now",
    "redeclared": "{pairs}: where it is set, or what else applies to it, may change",
    "policy-scope-changed": "For which scope a policy rule holds changes: {pairs}",
    "newly-required": "{names} must be set now: without it the program refuses to start, or to do its work",
    "limits-changed": "{pairs}: values that were accepted may be refused, or the other way round",
    "type-changed": "{pairs}: values that are configured may not fit any more",
    "added": "{names} can be set now",
    "added-on": "{names} can be set now, and is on where nobody does",
    "added-required": "{names} is new and has no default: it must be set",
    "added-limit": "{names} is new, and limits where nothing was limited before",
    "env-added": "The environment variable {names} is read now",
    "key-added": "The configuration's {names} is read now",
    "read-added": "{names} is read where it was not",
    "image-added": "The image or container has {names} now",
    "policy-changed": "What the policy allows by default changes for {names}: whoever relies on it, or overrides it, has to look",
    "policy-removed": "The policy rule {names} is gone: overrides of it have no effect",
    "policy-added": "The policy rule {names} is new",
    "policy-deprecated": "The policy rule {names} has another deprecated predecessor: overrides of the old rule have to follow",
}
_TODO = {
    "removed": "Remove {names} from the configuration.",
    "removed-deprecated": "Remove {names} from the configuration.",
    "env-removed": "Remove {names} from the environment.",
    "key-removed": "Remove {names} from the configuration.",
    "renamed": "Rename in the configuration: {pairs}.",
    "renamed-with-alias": "Rename in the configuration: {pairs}.",
    "prefix-changed": "Rename in the configuration: {pairs}.",
    "deprecated": "Replace {names} in the configuration.",
    "default-changed": "Decide whether the new default suits you, and set the old one if not: {pairs}.",
    "setting-changed": "Decide whether the new value suits you, and override it if not: {pairs}.",
    "key-default-changed": "Decide whether the new default suits you, and set the old one if not: {pairs}.",
    "newly-required": "Set {names} in the configuration.",
    "added-required": "Set {names} in the configuration.",
    "limits-changed": "See that the configured values still fit: {pairs}.",
    "type-changed": "See that the configured values still fit: {pairs}.",
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
    "Who runs the program has set them, or relies on their defaults; no test of the project knows these configurations.",
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
