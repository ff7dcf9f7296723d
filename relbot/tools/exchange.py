"""Gives a tool both sides of a change set in a folder of their own, and takes its answer."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from relbot.processes import child_environment, locate_program, run_command
from relbot.tools.model import ToolMessage, ToolUnavailable, as_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relbot.detect.engine.model import Evidence, FileChange
    from relbot.tools.model import Adapter, BaseTree

SECONDS = 60
MOST_FILES = 5_000


def ask_tool(adapter: Adapter, base: BaseTree, changed: Sequence[FileChange]) -> list[Evidence]:
    """What the tool says of these changed files. NoAnswer if it cannot be asked, or does not answer."""
    words = _locate_program(adapter.command([change.path for change in changed if change.after is not None]))
    of_base = _read_base_files(adapter, base)
    configuration = {path: content for path, content in of_base.items() if path in adapter.configuration}
    before = {change.old_path: change.before for change in changed if change.before is not None}
    after = {change.path: change.after for change in changed if change.after is not None}
    old = of_base | before
    new = {path: content for path, content in old.items() if path not in before} | after | configuration
    if not (old if adapter.whole else after).keys() - configuration.keys():
        return []
    if not new.keys() - configuration.keys():
        gone = ToolMessage("all-removed", changed[0].path, None, f"The change set has no file that {adapter.id} reads.")
        return as_evidence(adapter.id, [gone])
    with TemporaryDirectory(prefix="relbot-") as folder:
        root = Path(folder)
        try:
            for name, files in (("", configuration), ("old", old), ("new", new)):
                _write_files(root / name, files)
        except (OSError, ValueError) as error:
            raise ToolUnavailable(f"could not get the files: {getattr(error, 'strerror', error)}") from error
        leaves_no_traces = {"HOME": folder, "XDG_CACHE_HOME": folder}
        output = run_command(words, root, SECONDS, child_environment() | leaves_no_traces, adapter.fine)
        return as_evidence(adapter.id, adapter.read(output, changed))


def _locate_program(words: Sequence[str]) -> Sequence[str]:
    """The command with the tool's full path: beside relbot's own Python first, where its extras are installed."""
    found = locate_program(words[0])
    if found is None:
        raise ToolUnavailable(f"is not installed: `pip install 'relbot[{words[0]}]'` does it")
    return (found, *words[1:])


def _read_base_files(adapter: Adapter, base: BaseTree) -> dict[str, bytes]:
    """What the tool needs of the tree: its configuration, and all files that it reads if it needs them."""
    paths = base.paths()
    read = [path for path in paths if adapter.whole and adapter.reads.search(path)]
    if len(read) > MOST_FILES:
        raise ToolUnavailable(f"reads {len(read):,} files here, and relbot gives a tool {MOST_FILES:,} at most")
    return base.contents([*read, *(path for path in adapter.configuration if path in paths)])


def _write_files(root: Path, files: Mapping[str, bytes]) -> None:
    root.mkdir(exist_ok=True)
    for path, content in files.items():
        _require_inside(path)
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _require_inside(path: str) -> None:
    """ValueError for a path that leads out of the folder it is written into: git takes care of that, if nobody forged a tree."""
    parts: Iterable[str] = PurePosixPath(path).parts
    if path.startswith("/") or ".." in parts or "\\" in path:
        raise ValueError("a path of the change set leads out of the repository")
