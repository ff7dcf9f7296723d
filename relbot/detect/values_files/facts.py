"""The facts of the detector `values-files`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, BEFORE_INSTALL, NOTE, REQUIRE, Fact, FactAnswer, FactLevel, Subject, Table

_VALUES = "service:\n  port: 80\nstorage:\n  enabled: false\n  size: 5Gi\nstore:\n  image: postgres:13\n  tag: a\n"


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
        "What operators set is ignored without a word.",
        "The value {names} is gone",
        _values("  size: 5Gi\n", ""),
    ),
    (
        "value-renamed",
        "a value of a chart or a role has another name or place",
        REQUIRE,
        Subject.SETTING,
        "What operators set under the old name is ignored without a word.",
        "The value {names} has another name",
        _values("storage:", "persistence:"),
    ),
    (
        "value-required",
        "a template requires a value",
        REQUIRE,
        Subject.SETTING,
        "The upgrade fails before the value is set.",
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
        "a template reads another value than before",
        REQUIRE,
        Subject.SETTING,
        "What operators set under the old name is ignored without a word.",
        "Another value is read: {names}",
        {"charts/shop/templates/a.yaml": ("host: {{ .Values.mail.host }}\n", "host: {{ .Values.smtp.host }}\n")},
    ),
    (
        "names-changed",
        "a chart names its objects, or selects its pods, in another way",
        REQUIRE,
        Subject.OBJECT,
        "The upgrade makes new objects beside the old ones, or is refused.",
        "Another way to name: {names}",
        {
            "charts/shop/templates/_helpers.tpl": (
                '{{- define "shop.fullname" -}}\n{{ .Release.Name }}\n{{- end }}\n',
                '{{- define "shop.fullname" -}}\n{{ .Chart.Name }}\n{{- end }}\n',
            )
        },
    ),
    (
        "address-changed",
        "a port, a host, a path or a claim has another default",
        REQUIRE,
        Subject.ADDRESS,
        "An installation on the default is not reachable, or looks for its data, at the place where it was.",
        "Another default: {names}",
        _values("80", "8080"),
    ),
    (
        "store-major",
        "the image of a database or a broker has another major version",
        REQUIRE,
        Subject.STORE,
        "Its data has to be converted, and there is no way back.",
        "Another major version: {names}",
        _values("postgres:13", "postgres:16"),
    ),
    (
        "default-changed",
        "a value has another default",
        ASK,
        Subject.SETTING,
        "An installation that does not override it behaves differently after the upgrade.",
        "Another default: {names}",
        _values("enabled: false", "enabled: true"),
    ),
    (
        "value-still-read",
        "a value that was moved is still read at its old place",
        NOTE,
        Subject.SETTING,
        "The old value still counts.",
        "{names} is still read",
        {},
    ),
    (
        "value-routine",
        "a tag, a size or a label has another default",
        NOTE,
        Subject.SETTING,
        "Every release changes it.",
        "Another default: {names}",
        {},
    ),
    ("value-added", "a value is new", NOTE, Subject.SETTING, "It can be set.", "The value {names} is new", {}),
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
        answers=_STILL_READ if name in ("value-removed", "value-renamed") else (),
    )
    for name, summary, level, subject, meaning, _, example in _DECLARED
)
