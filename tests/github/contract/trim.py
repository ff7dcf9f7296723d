"""Makes `api.github.com.json.gz` from GitHub's own OpenAPI document: only what is used, without its prose.

    python tests/github/contract/trim.py DOCUMENT

DOCUMENT is `generated/api.github.com.json` of the npm package @octokit/openapi 23.0.2, whose licence is in
`LICENSE-octokit-openapi` beside this file. The operations that are kept stand in `used.txt`.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_PROSE = frozenset({"summary", "description", "externalDocs", "tags", "x-github", "x-octokit", "title", "example"})
_NAMES = frozenset({"properties", "patternProperties"})
"""Below these, a key is a name that somebody gave, whatever it looks like."""


def used() -> list[tuple[str, str]]:
    """The operations that are kept, as method and path."""
    lines = (HERE / "used.txt").read_text(encoding="utf-8").split("\n")
    return [(method, path) for method, _, path in (line.partition(" ") for line in lines if line)]


def trimmed(document: dict[str, Any]) -> dict[str, Any]:
    """The operations in use, and the components that they refer to. KeyError if the document lacks one."""
    paths: dict[str, Any] = {}
    for method, path in used():
        paths.setdefault(path, {})[method] = _without_prose(document["paths"][path][method])
    components: dict[str, dict[str, Any]] = {}
    waiting = sorted(_references(paths))
    while waiting:
        kind, name = waiting.pop().removeprefix("#/components/").split("/")
        if name in components.setdefault(kind, {}):
            continue
        found = document["components"][kind][name]
        components[kind][name] = found if kind == "examples" else _without_prose(found)
        waiting += [] if kind == "examples" else sorted(_references(components[kind][name]))
    return {"openapi": document["openapi"], "info": document["info"], "paths": paths, "components": components}


def _without_prose(value: Any, *, names: bool = False) -> Any:
    if isinstance(value, list):
        return [_without_prose(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: each for key, each in value.items() if names or key not in _PROSE}
    return {
        key: each if key == "value" else _without_prose(each, names=not names and key in _NAMES) for key, each in kept.items()
    }


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set[str]().union(*(_references(each) for each in value))
    if not isinstance(value, dict):
        return set()
    found = set[str]().union(*(_references(each) for key, each in value.items() if key != "value"))
    return found | {value["$ref"]} if isinstance(value.get("$ref"), str) else found


def main(path: str) -> None:
    """Writes the trimmed document beside this file; the same bytes each time."""
    document = trimmed(json.loads(Path(path).read_bytes()))
    content = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    (HERE / "api.github.com.json.gz").write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])
