"""The settings of a change set on both sides: which stayed, with what difference, which are gone, which came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import Line
from relbot.detect.engine.path_roles import is_production
from relbot.detect.engine.syntax import language_of, parse_sides
from relbot.detect.settings_read import go, javascript, python, ruby, rust
from relbot.detect.settings_read import lines as other
from relbot.detect.settings_read.by_variable import declares_by_variable, is_quoted, is_set_by_environment
from relbot.detect.settings_read.moved_settings import take_moved, take_renamed
from relbot.detect.settings_read.named_defaults import with_constants
from relbot.detect.settings_read.option_trees import declares_options, read_options
from relbot.detect.settings_read.setting import (
    CONSTANT,
    ENV,
    FLAG,
    KEY,
    SETTING,
    Setting,
    SettingPair,
)
from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relbot.detect.engine.model import ChangeSet, FileChange
    from relbot.detect.engine.tree import Lines, ParsedSides, SyntaxTree

    Reader = Callable[[SyntaxTree, Lines | None, str], Iterator[Setting]]
    Key = tuple[str, str]


class _Language(NamedTuple):
    """How settings are read in a language; a changed line or else the whole file has to look like it, before it is parsed."""

    settings_of: Reader
    line: re.Pattern[str]
    whole: re.Pattern[bytes]


_IDLE = re.compile(r"\s*(#|//|\*|from \S+ import |import )")
_NEVER = re.compile_at_words(b"(?!)", "")
_JAVASCRIPT = _Language(javascript.javascript_settings, javascript.HINT, _NEVER)
_LANGUAGES = {
    "python": _Language(
        python.python_settings,
        python.HINT,
        re.compile_at_words(
            rb"RuleDefault\(|cfg\.\w*Opt\(|\bEnv\(|\(BaseSettings|class \w*(Config|Configuration|Settings|Options)\b"
            rb"|\.conf\.(update\(|task_)|ConfigParser\b|\btomll?i?b?\.loads?\(",
            "RuleDefault( cfg. Env( (BaseSettings class ConfigParser toml .conf",
        ),
    ),
    "ruby": _Language(ruby.ruby_settings, ruby.HINT, _NEVER),
    "go": _Language(go.go_settings, go.HINT, go.WHOLE),
    "rust": _Language(rust.rust_settings, rust.HINT, rust.WHOLE),
    "tsx": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
}


# Where a project is developed, tried out or built, nobody who runs it sets anything.
_ASIDE = re.compile(
    r"(^|/)(devstack|hack|build-image|development|dev|examples?|playground|demo)/|(^|/)environments/(test|development)\.rb$"
    r"|(docker|container)file[^/]{0,80}(test|dev|make|build)[^/]{0,80}$",
    re.I,
)


_MIGRATION = re.compile(r"(^|/)(migrat\w*|alembic|deltas?)/", re.I)
"""A migration reads no settings: a word of one there is a column or an index."""


class Compared(NamedTuple):
    """What became of the settings that a change set touches; `renamed` are pairs of different names."""

    stayed: tuple[SettingPair, ...]
    renamed: tuple[SettingPair, ...]
    gone: tuple[Setting, ...]
    come: tuple[Setting, ...]
    named: tuple[Setting, ...] = ()
    """Gone from one file, while another one of the change set still has the name."""
    left: frozenset[tuple[str, str, str | None]] = frozenset()
    """The kinds, files and defaults of all that is gone from a place, even where the name is still read there."""


def compare_settings(changes: ChangeSet) -> Compared:
    """The settings of all files in use, compared over the change set as a whole: moved to another file is not gone."""
    stayed: list[SettingPair] = []
    gone: list[Setting] = []
    come: list[Setting] = []
    files = [change for change in changes.files if is_production(change.path) and not _ASIDE.search(change.path)]
    for change in files:
        for pair in _of_file(change):
            if pair.old is not None and pair.new is not None:
                stayed.append(pair)
            elif pair.old is not None:
                gone.append(pair.old)
            elif pair.new is not None:
                come.append(pair.new)
    left = frozenset((setting.kind, setting.path, setting.default) for setting in gone if setting.default is not None)
    stayed += take_moved(gone, come)
    kept = _drop_still_named(gone, [change for change in files if not _MIGRATION.search(change.path)])
    named = [setting for setting in gone if setting not in kept and not _is_named_in_own_file(setting, files)]
    gone = kept
    renamed = take_renamed(gone, come)
    return Compared(tuple(stayed), tuple(renamed), tuple(gone), tuple(come), tuple(named), left)


def _of_file(change: FileChange) -> Iterator[SettingPair]:
    language = language_of(change.path)
    if declares_options(change):
        texts = (change.old, change.new)
        old, new = ([one._replace(path=change.path) for one in read_options(text, change.path)] for text in texts)
        yield from _pair_by_key(old, new, lambda: (), change)
    elif language is not None and (reader := _LANGUAGES.get(language)) is not None and _is_interesting(change, reader):
        yield from _of_code(change, reader)
    elif language is None and other.reads_lines_of(change.path):
        removed, added = other.whole_lines(change) or (change.removed, change.added)
        old = [setting._replace(path=change.old_path) for setting in other.line_settings(removed, change.old_path)]
        new = [setting._replace(path=change.path) for setting in other.line_settings(added, change.path)]
        yield from _pair_by_key(old, new, lambda: other.line_settings(_all_lines(change.new), change.path), change)


def _of_code(change: FileChange, reader: _Language) -> Iterator[SettingPair]:
    both = parse_sides(change)
    if (change.before is not None and both.old is None) or (change.after is not None and both.new is None):
        return
    old = _read_settings(reader, both.old, (line.number for line in change.removed), change.old_path)
    new = _read_settings(reader, both.new, (line.number for line in change.added), change.path)
    texts = (change.old.split("\n"), change.new.split("\n"))
    for pair in _match_settings(change, reader, old, new):
        sides = zip(pair, texts, strict=True)
        if any(setting is not None and _is_of_environment(setting, text) for setting, text in sides):
            continue
        if pair.old is not None and pair.new is None and is_set_by_environment(pair.old, change):
            continue
        if not _vanished_unparsed(pair, both):
            yield with_constants(pair, change)


def _vanished_unparsed(pair: SettingPair, both: ParsedSides) -> bool:
    """Whether a setting is on one side alone because the other one cannot be parsed any more: it has not vanished."""
    old_broken = both.old is not None and both.old.broken
    new_broken = both.new is not None and both.new.broken
    return (pair.new is None and new_broken and not old_broken) or (pair.old is None and old_broken and not new_broken)


_ENVIRONMENT = re.compile(r"\bos\.(environ|getenv)|\bENV\b|process\.env|import\.meta\.env|os\.(Getenv|LookupEnv)")


def _is_of_environment(setting: Setting, lines: list[str]) -> bool:
    """Whether the detector `environment` reports it: a plain read of a variable, or a setting that is one."""
    if setting.kind == ENV:
        return setting.line <= len(lines) and _ENVIRONMENT.search(lines[setting.line - 1]) is not None
    return setting.kind in (SETTING, CONSTANT) and _ENVIRONMENT.search(setting.default or "") is not None


def _is_interesting(change: FileChange, reader: _Language) -> bool:
    for content in (change.before, change.after):
        if content is not None and reader.whole.search(content):
            return True
    if reader is _JAVASCRIPT and javascript.is_settings_module(change.path):
        return True
    patterns = [reader.line]
    if reader is _LANGUAGES["python"] and python.has_constants(change.path):
        patterns.append(python.CONSTANT_HINT)
    sides = ((change.removed_text, change.removed), (change.added_text, change.added))
    return any(
        pattern.search(text) and any(pattern.search(line.text) and not _IDLE.match(line.text) for line in lines)
        for text, lines in sides
        for pattern in patterns
    )


def _read_settings(reader: _Language, tree: SyntaxTree | None, numbers: Iterable[int], path: str) -> list[Setting]:
    if tree is None:
        return []
    return [setting._replace(path=path) for setting in reader.settings_of(tree, tree.lines(numbers), path)]


def _match_settings(change: FileChange, reader: _Language, old: list[Setting], new: list[Setting]) -> Iterator[SettingPair]:
    """Pairs by kind and name; what a changed line touches on one side only is looked up in the whole of the other."""
    before, after = _by_key(old), _by_key(new)
    unsure = {
        key
        for key in before.keys() | after.keys()
        if len(before.get(key, ())) != len(after.get(key, ()))
        and _literal_word(before.get(key) or after[key])
        in (change.old if len(before.get(key, ())) < len(after.get(key, ())) else change.new)
    }
    if unsure:
        both = parse_sides(change)
        words = {_literal_word(before.get(key) or after[key]) for key in unsure}
        all_before = _by_key(_read_settings(reader, both.old, _lines_with_words(words, change.old), change.old_path))
        all_after = _by_key(_read_settings(reader, both.new, _lines_with_words(words, change.new), change.path))
        for key in unsure:
            before[key], after[key] = all_before.get(key, []), all_after.get(key, [])
    for key in sorted(before.keys() | after.keys()):
        yield from _pair_in_order(before.get(key, []), after.get(key, []))


def _lines_with_words(words: set[str], text: str) -> Iterator[int]:
    """The numbers of the lines of a text that have one of the words."""
    either = re.compile("|".join(re.escape(word) for word in sorted(words)))
    return (number for number, line in enumerate(text.split("\n"), 1) if either.search(line))


def _pair_by_key(
    old: list[Setting], new: list[Setting], everything: Callable[[], Iterable[Setting]], change: FileChange
) -> Iterator[SettingPair]:
    before, after = _by_key(old), _by_key(new)
    for key in sorted(before.keys() | after.keys()):
        if key not in after and _literal_word(before[key]) in change.new and any((s.kind, s.name) == key for s in everything()):
            continue
        yield from _pair_in_order(before.get(key, []), after.get(key, []))


def _pair_in_order(old: list[Setting], new: list[Setting]) -> Iterator[SettingPair]:
    """Equals first; what remains in order; what then remains is gone or came, unless the name is still there at all."""
    rest = list(new)
    different = []
    for setting in old:
        same = next((other for other in rest if other._replace(line=0, path="") == setting._replace(line=0, path="")), None)
        if same is None:
            different.append(setting)
        else:
            rest.remove(same)
    count = min(len(different), len(rest))
    for a, b in zip(different, rest, strict=False):
        yield SettingPair(a, b)
    if not new or (old and old[0].declared and old[0].kind != ENV):
        for a in different[count:]:
            yield SettingPair(a, None)
    if not old or (new and new[0].declared and new[0].kind != ENV):
        for b in rest[count:]:
            yield SettingPair(None, b)


def _drop_still_named(gone: list[Setting], files: list[FileChange]) -> list[Setting]:
    """Without reads whose name the code of the change set still has: nobody can tell that nothing reads it any more."""
    looped = {change.old_path for change in files if declares_by_variable(change)}
    gone = [one for one in gone if not (one.kind == FLAG and one.path in looped and is_quoted(one, files))]
    doubtful = [setting for setting in gone if not setting.declared or setting.kind in (ENV, KEY)]
    if not doubtful:
        return gone
    wanted = {setting.word for setting in doubtful}
    left = {word for change in files for word in wanted if word in change.new and _names_in_text(word, change)}
    return [setting for setting in gone if setting.word not in left or not (not setting.declared or setting.kind in (ENV, KEY))]


def _names_in_text(word: str, change: FileChange) -> bool:
    """Whether a file names a setting: in quotes or as a part of a name, and in what is no code at the start of a line."""
    start = r"|^|^[ \t]*for \w+ in [\w ]*" if language_of(change.path) is None else ""
    return re.search(rf"""(?:["'.:\[{{]{start}){re.escape(word)}(?![\w-])""", change.new, re.M) is not None


def _is_named_in_own_file(setting: Setting, files: list[FileChange]) -> bool:
    return any(change.old_path == setting.path and setting.word in change.new for change in files)


def _by_key(settings: Iterable[Setting]) -> dict[Key, list[Setting]]:
    found: dict[Key, list[Setting]] = {}
    for setting in settings:
        found.setdefault((setting.kind, setting.name), []).append(setting)
    return found


def _literal_word(settings: list[Setting]) -> str:
    return settings[0].word


def _all_lines(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        yield Line(number, line)
