"""hosts: addresses, LANs, programs and guards."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, resolved
from warren.topology.model import Egress, EgressKind, Guard, Host, Rate


def host(text: str, name: str = "vps") -> Host:
    """The host `vps` written as `text`."""
    return resolved(BASE.replace("{public: 203.0.113.10}", text)).hosts[name]


def test_addresses_come_from_the_hosts_own_block_and_subnet() -> None:
    topology = resolved(BASE.replace("dns: false}", "dns: false, ipv4: 10.64.0.0/16, ipv6: 'fd42:42:42::/48'}"))
    home = topology.hosts["home"]
    assert [str(one) for one in home.addresses] == ["10.64.1.1", "fd42:42:42:1::1"]
    assert [str(one) for one in home.prefixes] == ["10.64.1.0/24", "fd42:42:42:1::/64"]
    assert home.place is not None and home.place.line == 5


def test_a_public_host_is_guarded_unless_the_file_says_no() -> None:
    assert host("{public: 203.0.113.10}").guard == Guard(22, Rate(10, 60))
    assert host("{public: 203.0.113.10, firewall: false}").guard is None
    assert host("{public: 203.0.113.10}", "home").guard is None


def test_ssh_is_where_it_is_said_to_be() -> None:
    at_2222 = host("{public: 203.0.113.10, ssh: 'root@203.0.113.10:2222'}")
    assert at_2222.guard is not None and at_2222.guard.ssh_port == 2222
    firewall = "firewall: {ssh: {port: 2200, limit: none, from: 198.51.100.0/24}, allow: [80, 53/tcp+udp]}"
    guard = host(f"{{public: 203.0.113.10, ssh: 'root@203.0.113.10:2222', {firewall}}}").guard
    assert guard is not None
    assert (guard.ssh_port, guard.ssh_limit, [str(p) for p in guard.ssh_from]) == (2200, None, ["198.51.100.0/24"])
    assert [(protocol, str(ports)) for protocol, ports in guard.allow] == [("tcp", "80"), ("tcp", "53"), ("udp", "53")]


def test_lans_have_names() -> None:
    lans = host("{lan: {a: 192.168.5.0/24, b: [192.168.6.0/24, 'fd99::/64']}}").lans
    assert [(lan.name, len(lan.prefixes)) for lan in lans] == [("a", 1), ("b", 2)]
    assert [lan.name for lan in host("{lan: 192.168.5.0/24}").lans] == ["lan"]


def test_egress_by_the_own_gateway_is_direct() -> None:
    assert host("{public: 203.0.113.10, egress: vps}").egress == Egress(EgressKind.DIRECT)
    assert host("{public: 203.0.113.10}", "home").egress == Egress(EgressKind.DIRECT)


def test_a_program_may_listen_on_both_protocols() -> None:
    programs = host("{public: 203.0.113.10, programs: {dns: 53/tcp+udp}}").programs
    assert [(port.name, port.protocol) for port in programs] == [("dns", "tcp"), ("dns", "udp")]


@pytest.mark.parametrize(
    ("to", "text", "inside"),
    [
        ("admin@home", "admin@10.86.1.1", True),
        ("ssh://home:2222", "10.86.1.1:2222", True),
        ("root@10.86.1.1", "root@10.86.1.1", True),
        ("root@192.168.2.10", "root@192.168.2.10", False),
    ],
)
def test_a_host_is_known_to_another_by_its_name(to: str, text: str, inside: bool) -> None:
    led = f"home: {{ssh: {{to: '{to}', via: vps}}, "
    topology = resolved(BASE.replace("home: {", led).replace("{public:", "{ssh: root@vps, public:"))
    home = topology.hosts["home"]
    assert (home.ssh, home.ssh_via, home.ssh_inside) == (text, "vps", inside)
    assert topology.hosts["vps"].ssh == "root@vps"
