"""The recipes for RPM, with rpmbuild and rpm: a package that restarts its service when it is replaced, and one that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.recipes.gated import recipe

if TYPE_CHECKING:
    from tests.recipes.gated import Gated

pytestmark = pytest.mark.recipe
SPEC = """
Name: obs-api
Version: {version}
Release: 1
Summary: x
License: x
BuildArch: noarch
AutoReqProv: no
%description
x
%install
mkdir -p %{{buildroot}}{root}
echo {version} > %{{buildroot}}{root}/code
echo "setting of {version}" > %{{buildroot}}{root}/app.conf
%postun
{postun}
%files
{root}/code
%config(noreplace) {root}/app.conf
"""
ZYPPER = (
    '#!/bin/sh\nfor each in "$@"; do :; done\n'
    'exec rpm --dbpath "$DB" -U --nodeps --oldpackage "$PACKAGES/noarch/obs-api-${each#*=}-1.noarch.rpm"\n'
)


class Host:
    """A host with version 1 of the package."""

    def __init__(self, gated: Gated, *, restarts: bool) -> None:
        self.gated = gated
        self.root = gated.folder / "root"
        systemctl = gated.program("systemctl")  # by its path: rpm gives scripts a PATH of its own
        gated.program("zypper", ZYPPER)
        postun = f'[ "$1" = 0 ] || {systemctl} try-restart obs-api.service' if restarts else ":"
        for version in ("1", "2"):
            (gated.folder / "x.spec").write_text(SPEC.format(version=version, root=self.root, postun=postun))
            code, said = gated.run("rpmbuild", "-bb", "--define", f"_topdir {gated.folder}/build", "x.spec")
            assert code == 0, said
        self.install("relbot deploy gate x --to $REV --before install && zypper obs-api=$VERSION", "1")

    def install(self, script: str, version: str) -> tuple[int, list[str]]:
        build = self.gated.folder / "build/RPMS"
        code, _ = self.gated.run("sh", "-c", script, VERSION=version, DB=str(self.gated.folder / "db"), PACKAGES=str(build))
        return code, self.gated.called()

    def file(self, name: str) -> str:
        return (self.root / name).read_text().strip()


RESTART = "systemctl try-restart obs-api.service"


def test_a_package_that_does_not_restart(gated: Gated) -> None:
    host = Host(gated, restarts=False)
    (host.root / "app.conf").write_text("mine\n")
    gated.answer(install=1, restart=0)
    assert host.install(recipe("rpm"), "2") == (1, ["gate install"])
    assert host.file("code") == "1"
    gated.answer(install=0, restart=3)
    assert host.install(recipe("rpm"), "2") == (3, ["gate install", "gate restart"])
    assert host.file("code") == "2"
    assert (host.file("app.conf"), host.file("app.conf.rpmnew")) == ("mine", "setting of 2")
    gated.answer(install=0, restart=0)
    assert host.install(recipe("rpm"), "1") == (0, ["gate install", "gate restart", RESTART]), "and back again"
    assert (host.file("code"), host.file("app.conf"), host.file("app.conf.rpmnew")) == ("1", "mine", "setting of 1")


def test_a_package_that_restarts_when_it_is_installed(gated: Gated) -> None:
    host = Host(gated, restarts=True)
    gated.answer(install=0, restart=1)
    assert host.install(recipe("rpm.restarts"), "2") == (1, ["gate restart"])
    assert host.file("code") == "1"
    assert host.install(recipe("rpm"), "2") == (1, ["gate install", RESTART, "gate restart"]), "the other recipe asks too late"
    gated.answer(install=0, restart=0)
    assert host.install(recipe("rpm.restarts"), "1") == (0, ["gate restart", RESTART])
