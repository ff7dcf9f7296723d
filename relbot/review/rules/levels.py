"""Facts to levels: what each fact does, what answers it, where it lies, and what the project's rules make of it.

A level is decided fact by fact and subject by subject; then questions of two kinds, about different subjects, become required
together. Nothing else in the change set plays a part: no sizes, no counts, no words, no documentation. So more changes never
make the verdict milder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.facts import FactLevel, FactScope, Subject
from relbot.detect.engine.globs import matches_glob
from relbot.detect.engine.path_roles import is_development
from relbot.detect.engine.registry import fact_of
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relbot.config.model import Rules
    from relbot.detect.engine.facts import Fact, FactAnswer
    from relbot.detect.engine.model import Evidence

_MOST_NAMED = 3
_PATHS = "paths"
"""The detector that stands in evidence for what the project's rules say of a path."""


class GradedFact(NamedTuple):
    """A fact that was seen, and its level.

    `why` says in sentences why it has this level. `changed_by` names what gave it another level than it was declared with: the id
    of a fact that answers it, or of another question beside it; `base`, `place`, or a key of `[rules]`; "" if nothing did.
    """

    evidence: Evidence
    level: FactLevel
    why: str
    changed_by: str = ""


class _ReasonedLevel(NamedTuple):
    """A level on its way through the steps, with the reasons so far."""

    level: FactLevel
    why: str
    changed_by: str = ""


def grade_facts(seen: Sequence[Evidence], rules: Rules, known: Mapping[str, str]) -> tuple[GradedFact, ...]:
    """Each piece of evidence with its level, the gravest first, else in its order.

    `known` goes from subjects that the base's documentation, samples or schemas know to where they stand there.
    """
    told = {(one.id, normalize_subject(name)): one for one in seen for name in one.subjects}
    graded = [_grade_fact(one, told, rules, known) for one in seen]
    return tuple(sorted(_raise_together(graded), key=lambda one: -one.level.rank))


class _AskedAbout(NamedTuple):
    """Where a question was seen, what it is about, and which facts were seen beside it in the file."""

    fact: str
    path: str
    detector: str
    subjects: frozenset[str]
    scope: FactScope
    beside: frozenset[str]


_OF_LINES = ("wording", "lone-changes")
"""The detectors whose facts are about single lines, whatever they are for: they have no part in what is raised."""


def _raise_together(graded: Sequence[GradedFact]) -> list[GradedFact]:
    """Questions of two kinds that are about two things become required.

    A level that the project's rules gave stays.

    Of the labelled changes of thirteen projects with one question, a third came with a note; of those with two, three quarters
    (docs/detection.md). How many there are of one kind plays no part.
    """
    asked: dict[str, set[_AskedAbout]] = {}
    at: dict[str, set[str]] = {}
    for one in graded:
        at.setdefault(one.evidence.path, set()).add(one.evidence.id)
    for one in graded:
        if _takes_part(one):
            asked.setdefault(one.evidence.id, set()).add(_about(one.evidence, at))
    return [_raise_beside(one, asked, _about(one.evidence, at)) if _takes_part(one) else one for one in graded]


def _takes_part(graded: GradedFact) -> bool:
    if graded.level is not FactLevel.ASK or graded.evidence.detector in _OF_LINES or graded.changed_by.startswith("rules."):
        return False
    return fact_of(graded.evidence) is not None


def _raise_beside(one: GradedFact, asked: Mapping[str, set[_AskedAbout]], own: _AskedAbout) -> GradedFact:
    others = sorted(
        fact for fact, each in asked.items() if fact != one.evidence.id and any(_is_other(own, about) for about in each)
    )
    if not others:
        return one
    named = ", ".join(f"`{fact}`" for fact in others[:_MOST_NAMED])
    more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
    why = f"{one.why} With another question in the same change set ({named}{more}), a note is required."
    return one._replace(level=FactLevel.REQUIRE, why=why, changed_by=others[0])


def _is_other(one: _AskedAbout, other: _AskedAbout) -> bool:
    """Whether two questions are about two things: what two detectors see in one file is often one, as is an interface.

    Where one of the files asks both questions, any number of such files asks no more than one of them.
    """
    elsewhere = one.path != other.path and one.fact not in other.beside and other.fact not in one.beside
    apart = elsewhere or (one.detector == other.detector and one.scope is FactScope.DEPLOY)
    return apart and one.subjects.isdisjoint(other.subjects)


def _about(seen: Evidence, at: Mapping[str, set[str]]) -> _AskedAbout:
    """Where a question was seen; of each subject the last part, for a key in a sample and the option in code are one.

    The last part of a path is the name of the file: two files with one ending are not one, the same file of two parts is.
    """
    subjects = frozenset(_last_part(normalize_subject(name)) for name in seen.subjects)
    known = fact_of(seen)
    scope = FactScope.DEPLOY if known is None else known.scope
    return _AskedAbout(seen.id, seen.path, seen.detector, subjects, scope, frozenset(at[seen.path]))


def _last_part(subject: str) -> str:
    return subject.rpartition("/" if "/" in subject else ".")[2]


def normalize_subject(name: str) -> str:
    """A subject as it is compared: `--listen-port` and `LISTEN_PORT` are one."""
    return name.lstrip("-").casefold().replace("-", "_")


def names_of_subject(name: str, fact: Fact) -> tuple[str, ...]:
    """The names by which a subject is compared: a column is part of its table, so what is said of the table is said of it."""
    whole = normalize_subject(name)
    return (whole, whole.partition(".")[0]) if fact.subject is Subject.COLUMN and "." in whole else (whole,)


def subjects_to_look_up(seen: Iterable[Evidence]) -> frozenset[str]:
    """The subjects of facts that have another level where the base knows them."""
    return frozenset(
        name for one in seen if (fact := fact_of(one)) is not None and fact.known is not None for name in one.subjects
    )


def _grade_fact(seen: Evidence, told: Mapping[tuple[str, str], Evidence], rules: Rules, known: Mapping[str, str]) -> GradedFact:
    fact = fact_of(seen)
    if fact is None:
        judged = _ReasonedLevel(FactLevel.ASK, "Another tool reports it.")
    else:
        judged = _by_place(seen, _by_subjects(seen, fact, told, known))
    return GradedFact(seen, *_by_rules(seen, rules, judged))


def _by_subjects(
    seen: Evidence, fact: Fact, told: Mapping[tuple[str, str], Evidence], known: Mapping[str, str]
) -> _ReasonedLevel:
    """The gravest level of its subjects, each of which is raised and lowered by itself."""
    each = [_by_subject(name, seen, fact, told, known) for name in seen.subjects] or [_ReasonedLevel(fact.level, fact.meaning)]
    gravest = max(each, key=lambda one: one.level.rank)
    if gravest.changed_by:
        return gravest
    milder = [one.why for one in each if one.changed_by]
    return gravest._replace(why=" ".join(dict.fromkeys((gravest.why, *milder))))


def _by_subject(
    name: str, seen: Evidence, fact: Fact, told: Mapping[tuple[str, str], Evidence], known: Mapping[str, str]
) -> _ReasonedLevel:
    judged = _ReasonedLevel(fact.level, fact.meaning)
    place = known.get(name)
    if place is not None and fact.known is not None and fact.known.rank > fact.level.rank:
        judged = _ReasonedLevel(fact.known, f"{fact.meaning} Operators know `{name}` from `{place}`.", "base")
    names = names_of_subject(name, fact)
    answers = [answer for answer in fact.answers if any(_answers(answer, one, seen, told) for one in names)]
    if answers:
        answer = min(answers, key=lambda one: one.level.rank)
        if answer.level.rank < judged.level.rank:
            return _ReasonedLevel(answer.level, f"`{name}`: {answer.because}.", answer.fact)
    return judged


def _answers(answer: FactAnswer, name: str, seen: Evidence, told: Mapping[tuple[str, str], Evidence]) -> bool:
    """Whether the change set has the answer for this subject; one in tests or CI answers nothing that production does."""
    other = told.get((answer.fact, name))
    return other is not None and (is_development(seen.path) or not is_development(other.path))


def _by_place(seen: Evidence, judged: _ReasonedLevel) -> _ReasonedLevel:
    if judged.level is FactLevel.NOTE or not is_development(seen.path):
        return judged
    return _ReasonedLevel(FactLevel.NOTE, f"`{seen.path}` is for tests, CI or development, so no installation has it.", "place")


def _by_rules(seen: Evidence, rules: Rules, judged: _ReasonedLevel) -> _ReasonedLevel:
    """What the project's rules say, by what names most exactly what is meant: path, routine, the fact, its detector."""
    for pattern, level in rules.paths:
        if level == "off" and matches_glob(seen.path, pattern):
            return _ReasonedLevel(FactLevel.NOTE, f'`[rules.paths]` of this project sets `{pattern}` to "off".', "rules.paths")
    if seen.detector == _PATHS:
        return _ReasonedLevel(FactLevel(seen.fact), "relbot.toml has that pattern below `[rules.paths]`.", "rules.paths")
    for name in (seen.id, seen.detector):
        if name in rules.routine:
            return _ReasonedLevel(FactLevel.NOTE, f"`{name}` is `routine` in `[rules]` of this project.", "rules.routine")
    levels = dict(rules.levels)
    for name in (seen.id, seen.detector):
        if name in levels:
            level = FactLevel.NOTE if levels[name] == "off" else FactLevel(levels[name])
            why = f'`[rules]` of this project sets `{name}` to "{levels[name]}".'
            return _ReasonedLevel(level, f"{judged.why} {why}" if level is judged.level else why, f"rules.{name}")
    return judged
