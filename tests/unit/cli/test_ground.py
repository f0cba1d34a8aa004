"""Which hosts a command acts on."""

from __future__ import annotations

from dataclasses import replace

import click
import pytest

from tests.topologies import two_hosts
from warren.basis.diagnostic import Refused
from warren.cli import ground
from warren.hosts.base import Host
from warren.hosts.local import LocalHost
from warren.hosts.ssh import SshHost
from warren.lab.lab import Lab
from warren.topology.model import Topology


def reached_by(**ways: str) -> Topology:
    """Two hosts with these words for ssh."""
    topology = two_hosts()
    hosts = {name: replace(host, ssh=ways.get(name)) for name, host in topology.hosts.items()}
    return replace(topology, hosts=hosts)


def refusals(topology: Topology, lab: str | None = None, only: list[str] | None = None) -> list[str]:
    with pytest.raises(Refused) as refused:
        ground.ground(topology, lab, only)
    return [f"{found.summary} ({found.hint})" for found in refused.value.diagnostics]


@pytest.fixture(autouse=True)
def no_labs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs on this machine is none of these tests' business."""
    monkeypatch.setattr(ground, "find", lambda name: None)
    monkeypatch.setattr(ground, "labs", lambda: (Lab("other", 1),))
    monkeypatch.setenv("XDG_STATE_HOME", "/state")


def test_real_hosts_by_ssh_and_this_machine() -> None:
    found = ground.ground(reached_by(vps="root@203.0.113.10", home="local"))
    vps, home = found.hosts["vps"], found.hosts["home"]
    assert isinstance(vps, SshHost)
    assert (vps.target.text, str(vps.target.pins)) == ("root@203.0.113.10", "/state/warren/two-hosts/known_hosts")
    assert isinstance(home, LocalHost)
    assert (found.is_lab, found.is_plain) == (False, False)


def test_a_host_that_another_leads_to() -> None:
    topology = reached_by(vps="root@203.0.113.10", home="admin@10.0.0.2")
    hosts = {**topology.hosts, "home": replace(topology.hosts["home"], ssh_via="vps")}
    target = ground.target(replace(topology, hosts=hosts), "home")
    assert target.via
    assert (target.via.name, target.via.text) == ("vps", "root@203.0.113.10")
    found = ground.real(replace(topology, hosts=hosts), ["home"])
    assert list(found.hosts) == ["home"]
    assert [each.name for each in found.ours] == ["vps", "home"]


def test_every_host_without_a_way_is_named() -> None:
    found = refusals(reached_by())
    assert len(found) == 2
    assert found[0].startswith(
        "the file does not say how to come to `vps` (write `ssh: root@203.0.113.10`, or `ssh: loc"
    )
    assert refusals(reached_by(vps="vps"), only=["home"])[0].startswith("the file does not say how to come to `home`")
    assert list(ground.ground(reached_by(vps="vps"), None, ["vps"]).hosts) == ["vps"]


def test_connections_end_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    monkeypatch.setattr(SshHost, "close", lambda self: closed.append(self.name))
    with click.Context(click.Command("plan")):
        ground.ground(reached_by(vps="vps", home="home"))
        assert closed == []
    assert closed == ["home", "vps"]


def test_a_lab_that_does_not_run() -> None:
    assert refusals(two_hosts(), "othr") == ["no lab `othr` runs (did you mean `other`?)"]
    assert refusals(two_hosts(), "xyz") == ["no lab `xyz` runs (`warren lab up FILE` builds one)"]


def test_a_lab_of_the_networks_name_is_taken_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ground, "find", lambda name: Lab(name, 1) if name == "two-hosts" else None)
    hosts: dict[str, Host] = {}
    monkeypatch.setattr(ground, "hosts_of", lambda lab: hosts)
    assert refusals(two_hosts()) == ["lab `two-hosts` has no host `vps` (`warren lab apply` adds it)"]
    hosts.update(dict.fromkeys(("vps", "home"), None))  # type: ignore[arg-type]
    capsys.readouterr()
    assert ground.ground(two_hosts()).lab.name == "two-hosts"
    assert capsys.readouterr().err == "acting on lab `two-hosts`, which runs here; the real hosts are left alone\n"
    ground.ground(two_hosts(), "two-hosts")
    assert capsys.readouterr().err == ""


def test_what_only_a_lab_can_do_is_refused_elsewhere() -> None:
    found = ground.ground(reached_by(vps="vps", home="home"))
    with pytest.raises(Refused, match="this is possible in a lab only"):
        _ = found.lab


def test_who_is_reached_by_ssh() -> None:
    topology = reached_by(vps="root@vps", home="local")
    assert ground.reached(topology, "vps").destination == ["root@vps"]
    for name, sentence in {"vsp": "no host `vsp`", "home": "`home` is this machine"}.items():
        with pytest.raises(Refused, match=sentence):
            ground.reached(topology, name)
    with pytest.raises(Refused, match="does not say how to come"):
        ground.reached(reached_by(), "vps")


def test_who_leads_is_trusted_first() -> None:
    topology = reached_by(vps="admin@vps", home="root@home")
    hosts = {**topology.hosts, "vps": replace(topology.hosts["vps"], ssh_via="home")}
    assert ground.by_ssh(topology) == ["vps", "home"]
    assert ground.by_ssh(replace(topology, hosts=hosts)) == ["home", "vps"]
    assert ground.by_ssh(reached_by(vps="local")) == []


def test_a_command_on_the_callers_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ground.ground(reached_by(vps="local", home="local"))
    monkeypatch.setattr(LocalHost, "attach", lambda self, command, terminal: (self.name, command, terminal))
    assert found.attach("vps", "true", True) == ("vps", "true", True)  # type: ignore[comparison-overlap]
