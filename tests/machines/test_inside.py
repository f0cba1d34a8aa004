"""Where a service of a whole machine runs: commands, shells and its journal, without a word of users and namespaces."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.machines.images import image
from tests.machines.rig import Rig, rig, until
from tests.unit.cli.calling import Called, call
from warren.desired.account import as_user

FILE = """\
version: 1
network: {name: NAME}
hosts:
  vps:  {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  cloud:
    host: home
    containers:
      app: {image: "localhost/web:1", command: ["sh", "-c", "echo hello from app; sleep 1000"]}
      cache: {image: "localhost/web:1", command: ["sh", "-c", "echo hello from cache; sleep 1000"]}
    ports: {web: 80}
"""


@pytest.fixture(scope="module")
def home(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with rig(tmp_path_factory.mktemp("inside"), FILE) as made:
        assert made.apply().succeeded
        made.load("home", "cloud", image("web", "1"))
        restart = as_user(
            "cloud", made.topology.services["cloud"].uid, "systemctl --user restart cloud-app cloud-cache"
        )
        made.run("home", restart)
        yield made


def ask(home: Rig, command: str, *words: str) -> Called:
    """A command of the command line for the machines of this lab."""
    return call(command, "--file", home.path, "--lab", home.lab.name, *words)


def test_a_command_sees_what_the_service_sees(home: Rig) -> None:
    script = "id -un; ip -br address show dev eth0; pwd; exit 3"
    said = json.loads(ask(home, "exec", "--json", "cloud", "--", "sh", "-c", script).out)
    user, address, folder = said["stdout"].splitlines()
    assert (said["code"], user, folder) == (3, "cloud", "/var/lib/warren/services/cloud")
    assert str(home.topology.services["cloud"].addresses.v4) in address


def test_a_command_in_a_container(home: Rig) -> None:
    script = "tr '\\0' ' ' </proc/1/cmdline; echo wrong >&2; exit 7"
    said = json.loads(ask(home, "exec", "--json", "-c", "app", "cloud", "--", "sh", "-c", script).out)
    assert (said["code"], said["stderr"]) == (7, "wrong\n")
    assert "sleep 1000" in said["stdout"] or "hello from app" in said["stdout"]


def test_on_the_callers_own_streams(home: Rig, capfd: pytest.CaptureFixture[str]) -> None:
    assert ask(home, "exec", "-c", "cache", "cloud", "--", "sh", "-c", "echo out; exit 5").code == 5
    assert ask(home, "exec", "home", "--", "id", "-u").code == 0
    assert capfd.readouterr().out == "out\n0\n"


def test_what_a_service_said(home: Rig, capfd: pytest.CaptureFixture[str]) -> None:
    def lines(*words: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(ask(home, "logs", "--json", *words, "cloud").out)["lines"]
        return found

    until(lambda: {"hello from app", "hello from cache"} <= {line["text"] for line in lines()})
    assert {line["container"] for line in lines("-c", "app")} <= {"cloud-app", None}
    assert any(line["unit"] == "cloud-app.service" and "Started" in line["text"] for line in lines("-c", "app"))
    assert lines("--since", "2099-01-01") == []
    assert ask(home, "logs", "cloud", "--since", "the flood").code == 1
    assert ask(home, "logs", "cloud", "-n", "50").code == 0
    assert "hello from app" in capfd.readouterr().out
