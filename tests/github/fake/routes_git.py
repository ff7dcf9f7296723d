"""Branches, tags and objects of git. Objects are made in a real repository, `state.git`, so that their ids are right."""

from __future__ import annotations

import base64
import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.github.fake import views
from tests.github.fake.routing import Call, Refusal, Reply, route, seed
from tests.github.fake.state import run_git

if TYPE_CHECKING:
    from pathlib import Path


def _git(call: Call) -> Path:
    assert call.state.git is not None, "set `github.state.git` to a bare repository"
    return call.state.git


def _ref(name: str, call: Call) -> dict[str, Any]:
    shown: dict[str, Any] = views.renamed(seed("GET", "/git/ref/{ref}"), call.state)
    sha = call.state.refs[name]
    kind = run_git(call.state.git, "cat-file", "-t", sha) if call.state.git else "commit"
    root = f"{views.API}/repos/{call.state.repository}/git"
    return shown | {"ref": name, "url": f"{root}/{name}", "object": {"type": kind, "sha": sha, "url": f"{root}/{kind}s/{sha}"}}


def _known(call: Call) -> str:
    name = f"refs/{call.values['ref']}"
    if name not in call.state.refs:
        raise Refusal(404)
    return name


@route("GET", "/git/ref/{ref}")
def ref(call: Call) -> Reply:
    return Reply(_ref(_known(call), call))


@route("GET", "/git/matching-refs/{ref}")
def matching(call: Call) -> Reply:
    return Reply([_ref(name, call) for name in sorted(call.state.refs) if name.startswith(f"refs/{call.values['ref']}")])


@route("POST", "/git/refs", needs="contents")
def made(call: Call) -> Reply:
    name, sha = call.body["ref"], call.body["sha"]
    if name in call.state.refs:
        raise Refusal(422, "Reference already exists")
    _there(call, sha)
    call.state.set_ref(name, sha)
    return Reply(_ref(name, call), 201)


def _there(call: Call, sha: str) -> None:
    if call.state.git is None:
        return
    try:
        run_git(call.state.git, "cat-file", "-e", sha)
    except subprocess.CalledProcessError:
        raise Refusal(422, "Object does not exist") from None


@route("PATCH", "/git/refs/{ref}", needs="contents")
def moved(call: Call) -> Reply:
    name = f"refs/{call.values['ref']}"
    if name not in call.state.refs:
        raise Refusal(422, "Reference does not exist")
    sha = call.body["sha"]
    _there(call, sha)
    if not call.body.get("force", False) and call.state.git is not None:
        base = subprocess.run(
            ["git", "-C", str(call.state.git), "merge-base", "--is-ancestor", call.state.refs[name], sha], check=False
        )
        if base.returncode:
            raise Refusal(422, "Update is not a fast forward")
    call.state.set_ref(name, sha)
    return Reply(_ref(name, call))


@route("DELETE", "/git/refs/{ref}", needs="contents")
def removed(call: Call) -> Reply:
    name = f"refs/{call.values['ref']}"
    if name not in call.state.refs:
        raise Refusal(422, "Reference does not exist")
    call.state.set_ref(name, None)
    return Reply(None, 204)


@route("GET", "/branches/{branch}")
def branch(call: Call) -> Reply:
    sha = call.state.refs.get(f"refs/heads/{call.values['branch']}")
    if sha is None:
        raise Refusal(404, "Branch not found")
    shown = views.renamed(seed("GET", "/branches/{branch}"), call.state)
    seen = call.state.required if not call.state.ruled or call.state.has(97) else [*call.state.required, *call.state.ruled]
    checks = [{"context": name, "app_id": app} for name, app in seen]
    required = {"enforcement_level": "everyone", "contexts": [name for name, _ in seen], "checks": checks}
    protection = {"enabled": bool(checks), "required_status_checks": required} if checks else {"enabled": False}
    commit = shown["commit"] | {"sha": sha}
    return Reply(shown | {"name": call.values["branch"], "commit": commit, "protected": bool(checks), "protection": protection})


@route("GET", "/rules/branches/{branch}")
def rules(call: Call) -> Reply:
    checks = [{"context": name, **({"integration_id": app} if app else {})} for name, app in call.state.ruled]
    told = {"required_status_checks": checks, "strict_required_status_checks_policy": False}
    source = {"ruleset_source_type": "Repository", "ruleset_source": call.state.repository, "ruleset_id": 1}
    rule = {"type": "required_status_checks", "parameters": told, **source}
    return Reply([rule] if checks else [], listed=True)


@route("GET", "/commits/{ref}")
def commit(call: Call) -> Reply:
    ref = call.values["ref"]
    sha = next((call.state.refs[name] for name in (f"refs/heads/{ref}", f"refs/tags/{ref}") if name in call.state.refs), ref)
    if len(sha) != 40:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    return Reply(views.renamed(seed("GET", "/commits/{ref}"), call.state) | {"sha": sha, "files": []})


def _commit_id(call: Call, name: str) -> str:
    return run_git(_git(call), "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")


@route("GET", "/compare/{basehead}")
def compared(call: Call) -> Reply:
    base, dots, head = call.values["basehead"].partition("...")
    try:
        tip, _ = (call.state.refs.get(f"refs/heads/{one}") or _commit_id(call, one) for one in (base, head))
    except subprocess.CalledProcessError:
        raise Refusal(404) from None
    if not dots:
        raise Refusal(404)
    try:
        merge_base = run_git(_git(call), "merge-base", base, head)
    except subprocess.CalledProcessError:
        raise Refusal(404, f"No common ancestor between {base} and {head}." if call.state.has(88) else "Not Found") from None
    shown = views.renamed(seed("GET", "/compare/{basehead}"), call.state)
    alone: dict[str, Any] = {} if call.query.get("page", "1") == "1" else {"files": [], "commits": []}
    both = {
        "merge_base_commit": shown["merge_base_commit"] | {"sha": merge_base},
        "base_commit": shown["base_commit"] | {"sha": tip},
    }
    return Reply(shown | alone | both)


@route("GET", "/git/commits/{commit_sha}")
def git_commit(call: Call) -> Reply:
    return Reply(_commit(call, call.values["commit_sha"]))


def _commit(call: Call, sha: str) -> dict[str, Any]:
    try:
        tree, _, parents = run_git(_git(call), "log", "-1", "--format=%T %P", sha).partition(" ")
    except subprocess.CalledProcessError:
        raise Refusal(404) from None
    shown: dict[str, Any] = views.renamed(seed("GET", "/git/commits/{commit_sha}"), call.state)
    one = shown["parents"][0]
    message = run_git(_git(call), "log", "-1", "--format=%B", sha)
    return shown | {
        "sha": sha,
        "message": message,
        "tree": shown["tree"] | {"sha": tree},
        "parents": [one | {"sha": parent} for parent in parents.split()],
    }


@route("POST", "/git/commits", needs="contents")
def committed(call: Call) -> Reply:
    parents = [option for parent in call.body.get("parents", ()) for option in ("-p", parent)]
    sha = run_git(_git(call), "commit-tree", call.body["tree"], *parents, "-m", call.body["message"])
    return Reply(_commit(call, sha), 201)


@route("POST", "/git/trees", needs="contents")
def tree_made(call: Call) -> Reply:
    git = _git(call)
    index = {**os.environ, "GIT_INDEX_FILE": str(git / f"index-{call.state.id()}")}
    if base := call.body.get("base_tree"):
        run_git(git, "read-tree", base, env=index)
    else:
        run_git(git, "read-tree", "--empty", env=index)
    lines = []
    for entry in call.body["tree"]:
        sha = entry.get("sha")
        if "content" in entry:
            sha = run_git(git, "hash-object", "-w", "--stdin", input=entry["content"])
        lines.append(f"{entry.get('mode', '100644') if sha else '0'} {sha or '0' * 40}\t{entry['path']}")
    run_git(git, "update-index", "--index-info", input="\n".join(lines) + "\n", env=index)
    return Reply(_tree(call, run_git(git, "write-tree", env=index)), 201)


@route("GET", "/git/trees/{tree_sha}")
def tree(call: Call) -> Reply:
    return Reply(_tree(call, call.values["tree_sha"]))


def _tree(call: Call, sha: str) -> dict[str, Any]:
    shown: dict[str, Any] = views.renamed(seed("GET", "/git/trees/{tree_sha}"), call.state)
    entries = []
    for line in run_git(_git(call), "ls-tree", "-z", sha).split("\0"):
        if line:
            about, _, path = line.partition("\t")
            mode, kind, blob = about.split(" ")
            entries.append({"path": path, "mode": mode, "type": kind, "sha": blob, "url": f"{views.API}/git/{blob}", "size": 1})
    return shown | {"sha": sha, "tree": entries, "truncated": False}


@route("POST", "/git/blobs", needs="contents")
def blob_made(call: Call) -> Reply:
    content = call.body["content"].encode()
    if call.body.get("encoding") == "base64":
        content = base64.b64decode(content)
    made = subprocess.run(
        ["git", "-C", str(_git(call)), "hash-object", "-w", "--stdin"], input=content, check=True, capture_output=True
    )
    sha = made.stdout.decode().strip()
    return Reply({"sha": sha, "url": f"{views.API}/repos/{call.state.repository}/git/blobs/{sha}"}, 201)


@route("GET", "/git/blobs/{file_sha}")
def blob(call: Call) -> Reply:
    sha = call.values["file_sha"]
    found = subprocess.run(["git", "-C", str(_git(call)), "cat-file", "blob", sha], check=False, capture_output=True)
    if found.returncode:
        raise Refusal(404)
    content = {"content": base64.encodebytes(found.stdout).decode(), "encoding": "base64", "size": len(found.stdout)}
    return Reply(seed("GET", "/git/blobs/{file_sha}") | content | {"sha": sha})


@route("GET", "/contents/{path}")
def contents(call: Call) -> Reply:
    at = call.query.get("ref", call.state.default_branch)
    path = call.values["path"]
    revision = call.state.refs.get(f"refs/heads/{at}", at)
    found = subprocess.run(
        ["git", "-C", str(_git(call)), "cat-file", "blob", f"{revision}:{path}"], check=False, capture_output=True
    )
    if found.returncode:
        raise Refusal(404)
    sha = run_git(_git(call), "rev-parse", f"{revision}:{path}")
    shown = views.renamed(seed("GET", "/contents/{path}"), call.state)
    shown = {key: value for key, value in shown.items() if key != "entries"}
    content = {"content": base64.encodebytes(found.stdout).decode(), "encoding": "base64", "size": len(found.stdout)}
    return Reply(shown | {"type": "file", "name": path.rpartition("/")[2], "path": path, "sha": sha} | content)


@route("PUT", "/contents/{path}", needs="contents")
def written(call: Call) -> Reply:
    path, branch = call.values["path"], call.body.get("branch", call.state.default_branch)
    name, git = f"refs/heads/{branch}", _git(call)
    if name not in call.state.refs:
        raise Refusal(404, f"Branch {branch} not found")
    if branch in call.state.protected and call.state.has(96):
        raise Refusal(409, "Repository rule violations found\n\nChanges must be made through a pull request.")
    at = call.state.refs[name]
    if run_git(git, "ls-tree", at, path) and "sha" not in call.body:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    index = {**os.environ, "GIT_INDEX_FILE": str(git / f"index-{call.state.id()}")}
    made = subprocess.run(
        ["git", "-C", str(git), "hash-object", "-w", "--stdin"],
        input=base64.b64decode(call.body["content"]), check=True, capture_output=True,
    )  # fmt: skip
    run_git(git, "read-tree", at, env=index)
    run_git(git, "update-index", "--index-info", input=f"100644 {made.stdout.decode().strip()}\t{path}\n", env=index)
    sha = run_git(git, "commit-tree", run_git(git, "write-tree", env=index), "-p", at, "-m", call.body["message"])
    call.state.set_ref(name, sha)
    shown: dict[str, Any] = views.renamed(seed("PUT", "/contents/{path}", 201), call.state)
    return Reply(shown | {"commit": shown["commit"] | {"sha": sha, "message": call.body["message"]}}, 201)
