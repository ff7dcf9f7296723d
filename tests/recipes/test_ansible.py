"""The recipe for Ansible, with ansible-core: two hosts, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.recipes.gated import REV, recipe

if TYPE_CHECKING:
    from tests.recipes.gated import Gated

pytestmark = pytest.mark.recipe
HOSTS = "[web]\nweb1\nweb2\n[all:vars]\nansible_connection=local\nansible_python_interpreter={{ ansible_playbook_python }}\n"
INSTALLED = f"install-app {REV}"
RESTARTED = "systemctl restart app"


def play(gated: Gated, *words: str) -> tuple[int, list[str]]:
    for name in ("install-app", "systemctl"):
        gated.program(name)
    (gated.folder / "hosts").write_text(HOSTS)
    (gated.folder / "deploy.yml").write_text(recipe("ansible").replace("  serial", "  gather_facts: false\n  serial"))
    code, said = gated.run("ansible-playbook", "-i", "hosts", "deploy.yml", "-e", f"rev={gated.rev}", *words, ANSIBLE_NOCOLOR="1")
    called = gated.called()
    assert called, said
    return code, called


def test_both_gates_are_asked_for_each_host(gated: Gated) -> None:
    one = ["gate install", INSTALLED, "gate restart", RESTARTED]
    assert play(gated) == (0, [*one, *one])


@pytest.mark.parametrize("words", [("--tags", "install"), ("--limit", "web2"), ("--check",)])
def test_a_closed_gate_before_the_installation_keeps_everything(gated: Gated, words: tuple[str, ...]) -> None:
    gated.answer(install=1, restart=0)
    code, called = play(gated, *words)
    assert (code != 0, called) == (True, ["gate install"])


def test_a_gate_that_cannot_tell_keeps_the_restart_on_every_host(gated: Gated) -> None:
    gated.answer(install=0, restart=3)
    code, called = play(gated, "--force-handlers")
    assert (code != 0, called) == (True, ["gate install", INSTALLED, "gate restart"])
