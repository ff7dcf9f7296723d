"""A setting as code declares or reads it, and what the readers of all languages share."""

from __future__ import annotations

from relbot.detect.engine.expressions import computed_number
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

ENV = "environment variable"
OPTION = "option"
FLAG = "flag"
SETTING = "setting"
KEY = "key"
GIVEN = "variable given to jobs"
POLICY = "policy rule"
CONSTANT = "constant"
ARGUMENT = "build argument"


class Setting(NamedTuple):
    """One place that declares or reads a setting.

    `default` is source text, normalized; None if the place gives none. `word` is what of the name stands in the source.
    `declared` is false where code only reads what is declared elsewhere.
    """

    kind: str
    name: str
    line: int
    default: str | None = None
    help: str = ""
    type: str = ""
    deprecated: bool = False
    required: bool = False
    limits: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    declared: bool = True
    path: str = ""

    @property
    def word(self) -> str:
        """The last part of the name that stands literally in the source."""
        return _PARTS.split(self.name.strip("*."))[-1] or self.name

    @property
    def norm(self) -> str:
        """The name as all notations of it have in common."""
        return _NOTATION.sub("_", self.name.strip("*.-")).lower()


class SettingPair(NamedTuple):
    """A setting on both sides: None where it is not."""

    old: Setting | None
    new: Setting | None


_PARTS = re.compile(r"[*.]")
_NOTATION = re.compile(r"[-.\s]+")


_QUOTED = re.compile(r"""^[rbfuRBFU]{0,2}(?P<q>\"{3}|'{3}|\"|'|`)(?P<text>.*)(?P=q)$""", re.S)
_DEPRECATED = re.compile(r"(?i)\bdeprecated\b(?! (modes?|values?|ways?)\b)")


def string_literal(text: str) -> str | None:
    """What a string literal says, None if the source is none (names and interpolation are no literals)."""
    found = _QUOTED.match(text.strip())
    if found is None or found["q"] in found["text"]:
        return None
    return found["text"]


def normalize_source(text: str) -> str:
    """Source of a value with one way to write quotes and white space: formatting is no change."""
    found = string_literal(text)
    if found is not None:
        return f'"{found}"'
    text = text.strip()
    may_be_computed = "*" in text or "<<" in text or text.startswith("time.")
    if may_be_computed and (product := computed_number(text.rstrip(",;").rstrip())) is not None:
        return product
    return re.sub(r"\s+", " ", text.rstrip(",;").rstrip()).replace("'", '"').replace("( ", "(").replace(" )", ")")


def bare_value(text: str | None) -> str | None:
    """A value without what formatting and notation add: white space outside of quotes, commas at the end, `_` in numbers."""
    if text is None:
        return None
    text = _SYMBOL.sub(r'"\1"', _ROCKET.sub(r"\1: ", text))
    parts = _STRINGS.split(text.replace('u"', '"'))
    parts[::2] = [re.sub(r"(?<=\d)_(?=\d)|\s+|,(?=\s*[\])}])|^\(|\)$", "", part) for part in parts[::2]]
    return "".join(parts)


_STRINGS = re.compile(r"(\"[^\"]*\")")
_ROCKET = re.compile(r":([a-z_]\w*) *=> *")
"""A key as Ruby wrote it before `key: value`."""
_SYMBOL = re.compile(r"^:([a-z_]\w*)$")
"""A symbol alone: settings of Rails take a text for it."""


def is_literal(text: str) -> bool:
    """Whether a value's source is a constant: what an operator sees, not code that was rewritten."""
    return _LITERAL.match(text) is not None


_LITERAL = re.compile(
    r"""^(["'].*["']|-?[\d_.]+(e\d+)?|true|false|none|null|nil|undefined|\[[^()]*\]|\{[^()]*\}|(:[a-z]\w*)"""
    r"""|\d+(\.\d+)?s|[-\d_.\s*+/()]+|(-?\d+\s*\*\s*)?time\.\w+(\s*\*\s*\d+)?|\d+\.(seconds?|minutes?|hours?|days?|weeks?|months?)|\d+\s*<<\s*\d+)$""",
    re.I | re.S,
)


def names_alias(alias: str, name: str) -> bool:
    """Whether an alias is the name, perhaps in capitals after a prefix, as a variable of the environment has it."""
    return alias.rpartition(".")[2].strip("-") in (name, name.strip("-")) or alias.lower().endswith(f"_{name.lower()}")


def says_deprecated(text: str) -> bool:
    """Whether a description calls its setting deprecated."""
    return _DEPRECATED.search(text[:400]) is not None


def name_of(text: str) -> str | None:
    """A name from an expression: a literal, or one glued to variables, of which `*` remains. None if nothing is literal."""
    whole = string_literal(text)
    if whole is not None:
        return re.sub(r"\$?\{[^}]{0,300}\}|%\(\w+\)s|%s", "*", whole)
    parts = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'", text)
    found = [a or b for a, b in parts if a or b]
    return "*" + "*".join(found) if found and ("+" in text or "%" in text or "printf" in text.lower()) else None
