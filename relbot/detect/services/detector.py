"""How the project's processes run: units, init scripts, compose, Kubernetes, cron, packages, web servers, images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relbot.detect.engine.model import ChangeSet, Detector, Evidence, FileChange, Todo
from relbot.detect.engine.path_roles import is_pipeline, is_test
from relbot.detect.engine.phrases import quote_name, quote_names
from relbot.detect.runtime.images import is_dockerfile
from relbot.detect.services.compose import of_compose
from relbot.detect.services.facts import FACTS, MOVABLE
from relbot.detect.services.installed import compare_installed, compare_managed
from relbot.detect.services.kubernetes import of_kubernetes
from relbot.detect.services.logs import compare_kept_logs
from relbot.detect.services.reading import (
    STARTING,
    Block,
    listens_elsewhere,
    queues_of,
    read_instructions,
    read_processes,
    read_programs,
    read_start_script,
    significant_lines,
    whole_command,
)
from relbot.detect.services.saying import is_read_by_people, service_evidence
from relbot.detect.services.units import compare_unit
from relbot.detect.services.web_servers import compare_web_server, with_included
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def _find_services(changes: ChangeSet) -> Iterator[Evidence]:
    for change in (side for file in changes.files for side in _split_renamed_unit(file)):
        if is_test(change.path) or is_pipeline(change.path) or is_read_by_people(change.path):
            continue
        if change.before == change.after:
            yield from _of_moved_file(change)
        elif look := _look_at(change):
            yield from look(with_included(change, changes) if look is compare_web_server else change)
    yield from of_kubernetes(changes)


def _look_at(change: FileChange) -> Callable[[FileChange], Iterator[Evidence]] | None:
    return next((look for names, look in _LOOKS if names(change)), None)


def _of_moved_file(change: FileChange) -> Iterator[Evidence]:
    """What each of its two places says alone of a file that only moves, and what answers both."""
    if change.status != "R":
        return
    gone, come = FileChange("D", change.old_path, change.before, None), FileChange("A", change.path, None, change.after)
    look = _look_at(come)
    if look is None or look is not _look_at(gone):
        return
    seen = [found for side in (gone, come) for found in look(side) if found.fact in MOVABLE]
    yield from (found._replace(path=change.path, subjects=(change.path,)) for found in seen)
    if seen:
        message = f"{quote_name(change.path)} is the same file as {quote_name(change.old_path)} was."
        yield service_evidence("file-moved", change, message)


def _split_renamed_unit(change: FileChange) -> tuple[FileChange, ...]:
    """A unit under another name is one that is gone and one that is new: systemd knows units by their names."""
    if change.status != "R" or not _is_unit(change) or change.path.rpartition("/")[2] == change.old_path.rpartition("/")[2]:
        return (change,)
    gone = FileChange("D", change.old_path, change.before, None)
    return gone, FileChange("A", change.path, None, change.after)


_UNIT = re.compile(r"\.(service|timer|socket|target|mount|path|upstart|sysvinit|systemd)(\.(j2|in|erb|tmpl|template|tera))?$")
_INIT = re.compile(r"(^|/)(init\.d|init-scripts|rc\.d|upstart|sysvinit|systemd)/[^/]+|\.init$")


def _is_unit(change: FileChange) -> bool:
    if _UNIT.search(change.path) or _INIT.search(change.path):
        return True
    # An init script has no ending; what the Linux Standard Base wants in its head tells.
    no_ending = "." not in change.path.rpartition("/")[2]
    return no_ending and b"### BEGIN INIT INFO" in (change.after or change.before or b"")[:4_000]


def _compare_unit(change: FileChange) -> Iterator[Evidence]:
    name = change.path.rpartition("/")[2]
    if change.before is None:
        step = Todo("after-restart", "", f"Enable and start `{name}`.")
        yield service_evidence("unit-added", change, f"The service {quote_name(name)} is new: enable and start it.", (), step)
    elif change.after is None:
        step = Todo("before-install", "", f"Stop and disable `{name}`.")
        yield service_evidence(
            "unit-removed",
            change,
            f"The service {quote_name(name)} is gone: stop and disable it where it runs.",
            (),
            step,
        )
    else:
        yield from compare_unit(change, _changed_lines(change))


def _changed_lines(change: FileChange) -> Block:
    """The lines that only one side says, wherever they stand; moved lines are none."""
    old, new = significant_lines(change.old), significant_lines(change.new)
    old, new = ([" ".join(line.split()) for line in lines] for lines in (old, new))
    before, after = set(old), set(new)
    gone = [f"- {line}" for line in old if line not in after]
    return tuple(gone + [f"+ {line}" for line in new if line not in before])


def _named_sides(plural: str, read: Callable[[str], Mapping[str, object]]) -> Callable[[FileChange], Iterator[Evidence]]:
    def look(change: FileChange) -> Iterator[Evidence]:
        old, new = read(change.old), read(change.new)
        if not old and not new:
            return
        gone = queues_of(old.values()) - queues_of(new.values())
        if gone and new:
            message = f"No process of {quote_name(change.path)} takes jobs from {quote_names(sorted(gone))}."
            yield service_evidence("process-queues", change, message, (), None, tuple(sorted(gone)))
        for fact, names, verb in (
            ("added", [name for name in new if name not in old], "has new"),
            ("removed", [name for name in old if name not in new], "no longer has the"),
            ("changed", [name for name in new if name in old and old[name] != new[name]], "runs otherwise the"),
        ):
            if names:
                yield service_evidence(
                    f"process-{fact}",
                    change,
                    f"{quote_name(change.path)} {verb} {plural} {quote_names(names)}.",
                    (),
                    None,
                    tuple(names),
                )

    return look


def _compare_dockerfile(change: FileChange) -> Iterator[Evidence]:
    if change.before is None or change.after is None:
        return
    old, new = read_instructions(change.old), read_instructions(change.new)
    if whole_command(old) == whole_command(new) != "":
        old, new = ({what: said for what, said in side.items() if what not in STARTING} for side in (old, new))
    for what in sorted({*old, *new}):
        before, after = old.get(what, ()), new.get(what, ())
        if before == after or (what in _LISTED and not set(before) - set(after)):
            continue
        fact = _INSTRUCTIONS.get(what, "container-runs")
        if fact == "container-runs" and listens_elsewhere(before, after):
            fact = "container-port"
        if what == "HEALTHCHECK" and _health_paths(before) - _health_paths(after):
            fact = "container-health"
        how = f"{what} {' '.join(after) or 'is gone'}, was {' '.join(before) or 'nothing'}"
        message = f"The way the container of {quote_name(change.path)} runs changes: {quote_name(how)}."
        yield service_evidence(fact, change, message, (how,))


_OF_DEVELOPERS = re.compile(
    r"\b(react-scripts|vite|webpack|nodemon|ts-node-dev|tsx watch|next dev|nuxt dev|ng serve|expo|storybook|parcel|gatsby)\b"
)
"""What starts a program for those who write it."""


def _compare_start(change: FileChange) -> Iterator[Evidence]:
    """How `npm start` starts the program, on both sides."""
    old, new = (read_start_script(text) for text in (change.old, change.new))
    if old and new and old != new and not any(map(_OF_DEVELOPERS.search, (old, new))):
        fact = "container-port" if listens_elsewhere((old,), (new,)) else "process-changed"
        message = f"{quote_name(change.path)} starts the program otherwise: {quote_name(new)}, was {quote_name(old)}."
        yield service_evidence(fact, change, message, (f"{old} → {new}",), None, ("start",))


def _health_paths(arguments: Block) -> set[str]:
    return set(_HEALTH_PATH.findall(" ".join(arguments)))


_HEALTH_PATH = re.compile(r"https?://[^/\s\"']+(/[^\s\"'|?]*)")
_LISTED = {"VOLUME", "EXPOSE"}
"""Of these, an entry more changes nothing."""
_INSTRUCTIONS = {
    "USER": "container-user",
    "VOLUME": "container-volume",
    "EXPOSE": "container-port",
    "HEALTHCHECK": "container-tuned",
    "STOPSIGNAL": "container-tuned",
}
_SPEC_LINE = re.compile(
    r"^. \s*(?!echo|exit|set |if |fi|then|else|case|esac|#|;;)\w[\w./-]* (migrat|upgrade|convert|setup|init)\w*\b"
    r"|%(service|systemd|restart|post|pre|postun|preun|trigger)\w*|\b(systemctl|rcctl|service|chkconfig|insserv)\b"
    r"|%dir|%config|^. Requires|\b(adduser|useradd|addgroup|groupadd|chown|chgrp)\b"
)


def _compare_spec(change: FileChange) -> Iterator[Evidence]:
    lines = tuple(line for line in _changed_lines(change) if _SPEC_LINE.search(line))
    if lines and change.before is not None and change.after is not None:
        message = f"The installation script of {quote_name(change.path)} changes: {quote_name(lines[0][2:])}."
        yield service_evidence("package-scripts", change, message, lines)


def _compare_plainly(fact: str, what: str) -> Callable[[FileChange], Iterator[Evidence]]:
    def look(change: FileChange) -> Iterator[Evidence]:
        lines = _changed_lines(change)
        if change.after is None:
            yield service_evidence(f"{fact}-removed", change, f"{what} {quote_name(change.path)} is gone.")
        elif change.before is None:
            yield service_evidence(f"{fact}-added", change, f"{what} {quote_name(change.path)} is new.")
        elif lines:
            yield service_evidence(
                f"{fact}-changed", change, f"{what} {quote_name(change.path)} changes: {quote_name(lines[0][2:])}.", lines
            )

    return look


def _compare_rotation(change: FileChange) -> Iterator[Evidence]:
    yield from _compare_plainly("logrotate", "The rotation of logs,")(change)
    yield from compare_kept_logs(change)


def _path_matcher(*patterns: str) -> Callable[[FileChange], bool]:
    compiled = re.compile("|".join(patterns))
    return lambda change: compiled.search(change.path) is not None


_SUFFIX = r"(\.(j2|in|erb|template|tmpl))?$"
_LOOKS: tuple[tuple[Callable[[FileChange], bool], Callable[[FileChange], Iterator[Evidence]]], ...] = (
    (_is_unit, _compare_unit),
    (_path_matcher(r"(^|/)Procfile[^/]*$"), _named_sides("processes", read_processes)),
    (
        _path_matcher(r"supervisor[^/]*\.(conf|ini)", r"supervisord?(\.d)?/.*\.(conf|ini)"),
        _named_sides("programs", read_programs),
    ),
    (_path_matcher(r"(^|/)package\.json$"), _compare_start),
    (_path_matcher(r"(^|/)(docker-)?compose[^/]*\.ya?ml[.\w]*$"), of_compose),
    (lambda change: is_dockerfile(change.path), _compare_dockerfile),
    (
        _path_matcher(r"\.spec(\.in)?$", r"(^|/)debian/(rules|[^/]*(postinst|preinst|prerm|postrm|service))$"),
        _compare_spec,
    ),
    (_path_matcher(r"(^|/)debian/([\w.-]+\.)?(install|dirs|links|conffiles)$"), compare_installed),
    (_path_matcher(r"(^|/)(tasks|handlers)/[\w./-]+\.ya?ml$"), compare_managed),
    (_path_matcher(r"(^|/)(docker-)?entrypoint[^/]*(\.sh)?$"), _compare_plainly("entrypoint", "The entry point of a container,")),
    (
        _path_matcher(
            r"(^|/)(cron\.d|cron|cron\.(hourly|daily|weekly|monthly))/[^/.]+$|(^|/)debian/([\w.-]+\.)?cron\.\w+$|(^|/)crontab[^/]*$|\.cron$|(^|/)clock\.rb$",
            r"(^|/)config/(clock|schedule|recurring)\.(rb|yml)$",
        ),
        _compare_plainly("schedule", "The schedule of recurring work,"),
    ),
    (
        _path_matcher(
            r"(nginx|apache2?|httpd|vhosts?|caddy|haproxy|lighttpd)[^/]*(/.*)?(\.conf|\.cfg|\.vhost)" + _SUFFIX,
            r"(^|/)Caddyfile$",
            r"(^|/)traefik[\w.-]*\.(ya?ml|toml)$",
        ),
        compare_web_server,
    ),
    (_path_matcher(r"logrotate"), _compare_rotation),
    # diskimage-builder's elements, KIWI, kickstart, Packer: an image has to be built and rolled out anew.
    (
        _path_matcher(
            r"(^|/)elements/[^/]+/(.*/)?((pre-|post-)?install|finalise|environment|extra-data|root|cleanup)\.d/",
            r"(^|/)elements/[^/]+/(svc-map|package-installs\.yaml|element-deps)$",
            r"\.(kiwi|ks)$|(^|/)packer/|\.pkr\.hcl$",
        ),
        _compare_plainly("image-build", "The build of a machine image,"),
    ),
)


DETECTOR = Detector(
    "services",
    "How processes run: units, init scripts, Procfile, supervisor, compose, Kubernetes, cron, packages, web servers, containers.",
    "Operators must enable, stop, reload or recreate processes.",
    FACTS,
    bad={
        "dist/shop.service": ("[Service]\nExecStart=/usr/bin/shop\n", "[Service]\nExecStart=/usr/bin/shopd\n"),
        "docker-compose.yml": (
            "services:\n  web:\n    image: shop\n  broker:\n    image: rabbitmq:3\n",
            "services:\n  web:\n    image: shop\n  broker:\n    image: redis:7\n",
        ),
        "Dockerfile": ("FROM debian\nUSER root\n", "FROM debian\nUSER shop\n"),
    },
    good={
        "dist/shop.service": ("[Service]\nExecStart=/usr/bin/shop\n", "# The shop.\n[Service]\nExecStart=/usr/bin/shop\n"),
        "docker-compose.yml": (
            "services:\n  broker:\n    image: redis:7.2.1@sha256:0\n",
            "services:\n  broker:\n    image: redis:7.2.4@sha256:1\n",
        ),
        "Dockerfile": ("FROM debian\nRUN a\nUSER root\n", "FROM debian\nRUN a \\\n  b\nUSER root\n"),
    },
    find=_find_services,
)
