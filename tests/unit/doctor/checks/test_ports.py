"""Ports that somebody has already."""

from __future__ import annotations

import pytest

from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles
from warren.doctor.checks.ports import listeners, ports
from warren.doctor.model import Level

SSHD = HEALTHY["sockets"]


def udp(port: int, program: str = "", address: str = "0.0.0.0") -> str:
    """A line of `ss -Hlntup`."""
    users = f' users:(("{program}",pid=7,fd=5))' if program else ""
    return f"udp UNCONN 0 0 {address}:{port} 0.0.0.0:*{users}\n"


def tcp(port: int, program: str) -> str:
    """A line of `ss -Hlntup`."""
    return f'tcp LISTEN 0 128 [::]:{port} [::]:* users:(("{program}",pid=7,fd=5),("{program}",pid=8,fd=5))\n'


def test_lines_of_ss() -> None:
    found = list(listeners(patient(sockets=tcp(80, "nginx") + udp(51820) + "nonsense\n")))
    assert [(each.protocol, each.port, each.program) for each in found] == [("tcp", 80, "nginx"), ("udp", 51820, "")]


def test_nothing_taken() -> None:
    assert codes(ports(patient())) == set()


@pytest.mark.parametrize("program", ["openvpn", ""])
def test_the_port_of_the_tunnel(program: str) -> None:
    found = troubles(ports(patient(sockets=SSHD + udp(51820, program))))["port-taken"]
    assert found.blocks
    assert (program or "something in the kernel") in found.summary


def test_our_own_tunnel_is_not_in_its_own_way() -> None:
    assert codes(ports(patient(sockets=SSHD + udp(51820), listening="wrn-vps\t51820\n"))) == set()
    assert codes(ports(patient(sockets=SSHD + udp(51820, "wireguard-go")))) == set()


def test_another_tunnel_is_named() -> None:
    found = troubles(ports(patient(sockets=SSHD + udp(51820), listening="wg0\t51820\n")))["port-taken"]
    assert found.summary.endswith("taken by WireGuard interface `wg0`")


def test_the_dialling_end_needs_no_port() -> None:
    assert codes(ports(patient("home", sockets=SSHD + udp(51820, "openvpn")))) == set()


def test_who_loses_a_port_to_a_service() -> None:
    found = troubles(ports(patient(sockets=SSHD + tcp(8080, "nginx"))))["port-shadowed"]
    assert found.level is Level.WARNING
    assert found.summary == "TCP 8080 goes to `blog`, away from `nginx`"
    assert codes(ports(patient(sockets=SSHD + udp(8080, "nginx")))) == set()


def test_loopback_is_nobody_elses_business() -> None:
    assert codes(ports(patient(sockets=SSHD + udp(51820, "dns", "127.0.0.53%lo")))) == set()


def test_a_guard_that_would_open_the_wrong_door() -> None:
    found = troubles(ports(patient(sshd="port 2222\n")))["ssh-port"]
    assert found.blocks
    assert found.mend is not None
    assert "firewall: {ssh: {port: 2222}}" in found.mend.command
    assert codes(ports(patient(sshd="port 2222\nport 22\n"))) == set()
    assert codes(ports(patient("home", sshd="port 2222\n"))) == set()
