"""Debian 12: its Podman knows no Quadlet, and doctors say so; plain programs, their secrets and logins work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig, until
from warren import pipeline
from warren.apply.terms import new_terms
from warren.cli import lock
from warren.desired.model import Platform
from warren.doctor.preflight import preflight
from warren.doctor.script import PREFLIGHT
from warren.lab.machines import recipe
from warren.survey.ask import survey_host

pytestmark = pytest.mark.long

TEXT = """\
version: 1
network: {name: NAME}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
secrets: {tool: file:tool.txt}
services:
  tool:
    host: home
    ports: {web: 80}
    expose: [{port: 8080, to: web, at: vps}]
    unit:
      command: [/usr/bin/busybox, httpd, -f, -p, "80", -h, /srv]
      secrets: [tool, {source: tool, type: env, target: TOOL}]
"""
SECRET = "a\"b$c\n`x' \\\n"


@pytest.fixture(scope="module")
def old(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Both machines of Debian 12, with everything applied."""
    folder = tmp_path_factory.mktemp("old")
    (folder / "tool.txt").write_text(SECRET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipe, "SUITE", "bookworm")
        with rig(folder, TEXT) as made:
            understood = pipeline.understand(made.path)
            lock.keep(understood)
            unlocked = pipeline.unlock(understood, Platform.SYSTEMD)
            made.topology = unlocked.topology
            done = pipeline.apply(made.plan(), made.hosts, terms=new_terms(secrets=unlocked.values))
            assert done.succeeded, done.failure
            yield made


def test_a_plain_program_runs_and_is_reached(old: Rig) -> None:
    assert old.run("home", "cat /etc/debian_version").startswith("12.")
    until(lambda: old.reaches("internet", "203.0.113.10", 8080))
    assert old.plan().plan.is_empty
    assert {each.code for each in preflight(survey_host(old.hosts["home"], PREFLIGHT), old.topology, "home")} == set()


def test_its_secrets_are_there_to_the_letter(old: Rig) -> None:
    read = old.run("home", "cat /proc/$(pgrep -u tool busybox)/environ; echo .").removesuffix(".")
    found = dict(one.partition("=")[::2] for one in read.split("\0") if one)
    assert found["TOOL"] == SECRET
    assert old.run("home", f"cat {found['CREDENTIALS_DIRECTORY']}/tool; echo .").removesuffix(".") == SECRET


def test_a_login_stands_in_the_namespace_and_root_does_not(old: Rig) -> None:
    inside = old.run("home", "readlink /proc/$(pgrep -u tool busybox)/ns/net")
    assert old.run("home", "su -s /bin/sh tool -c 'readlink /proc/self/ns/net'") == inside
    assert old.run("home", "readlink /proc/self/ns/net") != inside


def test_everything_is_back_after_a_reboot(old: Rig) -> None:
    old.machine("home").reboot()
    until(lambda: old.reaches("internet", "203.0.113.10", 8080), 60, 1)
    until(lambda: old.plan().plan.is_empty, 60, 1)
