"""The recipe for apt, with apt-get, dpkg and deb-systemd-invoke, in a root of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.recipes.gated import recipe

if TYPE_CHECKING:
    from tests.recipes.gated import Gated

pytestmark = pytest.mark.recipe
POSTINST = '#!/bin/sh\n[ -z "$2" ] || deb-systemd-invoke restart "$DPKG_MAINTSCRIPT_PACKAGE.service"\n'
CONFIGURATION = """
Dir "{root}";
Dir::State::status "{root}/var/lib/dpkg/status";
Dir::Bin::dpkg "/usr/bin/dpkg";
Dir::Bin::methods "/usr/lib/apt/methods";
Dir::Log "{root}/log";
DPkg::Path "{bin}:/usr/sbin:/usr/bin:/sbin:/bin";
APT::Architecture "all";
APT::Sandbox::User "root";
DPkg::Options {{"--root={root}"; "--force-script-chrootless"; "--force-not-root"; "--log={root}/dpkg.log";}};
"""


class Host:
    """A root with version 1 of two packages, apt's hook and dpkg's policy."""

    def __init__(self, gated: Gated) -> None:
        self.gated = gated
        self.root = gated.folder / "root"
        gated.program("systemctl")
        for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/apt/lists/partial", "var/cache/apt/archives/partial",
                       "etc/apt/apt.conf.d", "etc/apt/preferences.d", "usr/sbin", "log"):  # fmt: skip
            (self.root / folder).mkdir(parents=True)
        for file in ("var/lib/dpkg/status", "var/lib/dpkg/available", "etc/apt/sources.list"):
            (self.root / file).touch()
        for name in ("obs-api", "other"):
            for version in ("1", "2"):
                self.build(name, version)
        (gated.folder / "apt.conf").write_text(CONFIGURATION.format(root=self.root, bin=gated.bin))
        for name in ("obs-api", "other"):
            assert self.install(name, "1")[0] == 0
        hook = gated.program("gate-install", recipe("apt.install"))
        text = recipe("apt.conf").replace("/usr/local/sbin/gate-install", str(hook))
        (self.root / "etc/apt/apt.conf.d/99relbot").write_text(text)
        policy = self.root / "usr/sbin/policy-rc.d"
        policy.write_text(recipe("apt.policy"))
        policy.chmod(0o755)

    def build(self, name: str, version: str) -> None:
        folder = self.gated.folder / f"{name}-{version}"
        (folder / "DEBIAN").mkdir(parents=True)
        control = f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n"
        (folder / "DEBIAN/control").write_text(control)
        (folder / "DEBIAN/postinst").write_text(POSTINST)
        (folder / "DEBIAN/postinst").chmod(0o755)
        (folder / f"{name}.code").write_text(version)
        code, said = self.gated.run("dpkg-deb", "-b", folder, self.gated.folder / f"{name}_{version}_all.deb")
        assert code == 0, said

    def install(self, name: str, version: str) -> tuple[int, list[str]]:
        package = self.gated.folder / f"{name}_{version}_all.deb"
        code, said = self.gated.run(
            "apt-get", "-y", "install", "--allow-downgrades", package, APT_CONFIG=str(self.gated.folder / "apt.conf")
        )
        assert code in (0, 100), said
        return code, [each for each in self.gated.called() if each.startswith("gate") or " restart " in each]

    def code(self) -> str:
        return (self.root / "obs-api.code").read_text()


def test_the_hooks_of_the_administrator_hold_one_package_and_no_other(gated: Gated) -> None:
    host = Host(gated)
    gated.answer(install=3, restart=0)
    assert host.install("obs-api", "2") == (100, ["gate install"])
    assert host.code() == "1", "nothing was touched"
    assert host.install("other", "2") == (0, ["systemctl --quiet --system restart other.service"])
    gated.answer(install=0, restart=1)
    assert host.install("obs-api", "2") == (0, ["gate install", "gate restart"]), "installed and not restarted"
    assert host.code() == "2"
    gated.answer(install=0, restart=0)
    restarted = "systemctl --quiet --system restart obs-api.service"
    assert host.install("obs-api", "1") == (0, ["gate install", "gate restart", restarted]), "and back again"
