"""The facts of the detector `values-files`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, BEFORE_INSTALL, NOTE, REQUIRE, Fact, FactAnswer, FactLevel, Subject, Table

_VALUES = "service:\n  port: 80\nstorage:\n  enabled: false\n  size: 5Gi\n  labels: []\nstore:\n  image: postgres:13\n  tag: a\n"


def _values(before: str, after: str) -> Table:
    return {"charts/shop/values.yaml": (_VALUES, _VALUES.replace(before, after))}


_RIGHT = _values("service", "# Where it listens.\nservice")
_STILL_READ = (FactAnswer("values-files/value-still-read", "the old value is still read"),)
_DECLARED: tuple[tuple[str, str, FactLevel, Subject, str, str, Table], ...] = (
    (
        "value-removed",
        "a value of a chart or a role is gone",
        REQUIRE,
        Subject.SETTING,
        "The value that operators set is silently ignored.",
        "The value {names} is gone",
        _values("  size: 5Gi\n", ""),
    ),
    (
        "value-renamed",
        "a value of a chart or a role is renamed or moved",
        REQUIRE,
        Subject.SETTING,
        "The value that operators set under the old name is silently ignored.",
        "The value {names} is renamed",
        _values("storage:", "persistence:"),
    ),
    (
        "value-required",
        "a template requires a value",
        REQUIRE,
        Subject.SETTING,
        "The upgrade fails until you set the value.",
        "The value {names} must be set",
        {
            "charts/shop/templates/secret.yaml": (
                "key: {{ .Values.key | default 1 }}\n",
                'key: {{ required "key must be set" .Values.key }}\n',
            )
        },
    ),
    (
        "read-renamed",
        "a template reads another value",
        REQUIRE,
        Subject.SETTING,
        "The value that operators set under the old name is silently ignored.",
        "A template reads another value: {names}",
        {"charts/shop/templates/a.yaml": ("host: {{ .Values.mail.host }}\n", "host: {{ .Values.smtp.host }}\n")},
    ),
    (
        "names-changed",
        "the object names or the pod selectors of a chart change",
        REQUIRE,
        Subject.OBJECT,
        "The upgrade creates new objects beside the old ones, or fails.",
        "The naming changes: {names}",
        {
            "charts/shop/templates/_helpers.tpl": (
                '{{- define "shop.fullname" -}}\n{{ .Release.Name }}\n{{- end }}\n',
                '{{- define "shop.fullname" -}}\n{{ .Chart.Name }}\n{{- end }}\n',
            )
        },
    ),
    (
        "address-changed",
        "the default of a port, a host, a path or a claim changes",
        REQUIRE,
        Subject.ADDRESS,
        "Installations that use the default are no longer reachable at their old address, or no longer find their data.",
        "A default changes: {names}",
        _values("80", "8080"),
    ),
    (
        "store-major",
        "the major version of a database or broker image changes",
        REQUIRE,
        Subject.STORE,
        "Convert its data. You cannot go back without a backup.",
        "The major version changes: {names}",
        _values("postgres:13", "postgres:16"),
    ),
    (
        "shape-changed",
        "a value that was a list is a map, or the reverse",
        REQUIRE,
        Subject.SETTING,
        "Helm or Ansible fails, or ignores the values that installations set.",
        "A value has another shape: {names}",
        _values("labels: []", "labels: {}"),
    ),
    (
        "retention-lowered",
        "by default, data is kept for a shorter time",
        REQUIRE,
        Subject.STORE,
        "Where nothing is set, data that is older is deleted for good.",
        "Data is kept for a shorter time by default: {names}",
        {"charts/shop/values.yaml": ("retentionDays: 365\n", "retentionDays: 90\n")},
    ),
    (
        "default-changed",
        "the default of a value changes",
        ASK,
        Subject.SETTING,
        "Installations that do not override it behave differently after the upgrade.",
        "A default changes: {names}",
        _values("enabled: false", "enabled: true"),
    ),
    (
        "value-still-read",
        "a value that was moved is still read under its old name",
        NOTE,
        Subject.SETTING,
        "The old name still works.",
        "{names} is still read",
        {},
    ),
    (
        "value-routine",
        "the default of a tag, a size or a label changes",
        NOTE,
        Subject.SETTING,
        "Every release changes such values.",
        "A default changes: {names}",
        {},
    ),
    ("value-added", "a value is new", NOTE, Subject.SETTING, "Setting it is optional.", "The value {names} is new", {}),
)
SENTENCES = {name: sentence for name, *_, sentence, _example in _DECLARED}
PHASES = {name: BEFORE_INSTALL for name, _, level, *_rest in _DECLARED if level is not NOTE}
FACTS = tuple(
    Fact(
        name,
        summary,
        level,
        subject,
        meaning,
        phases=(BEFORE_INSTALL,),
        wrong=example,
        right=_RIGHT if example else example,
        answers=_STILL_READ if name in ("value-removed", "value-renamed", "default-changed", "address-changed") else (),
    )
    for name, summary, level, subject, meaning, _, example in _DECLARED
)
