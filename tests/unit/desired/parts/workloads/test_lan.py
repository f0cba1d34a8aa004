"""lan: an interface of a service on the LAN."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import DIRECT, pair, service
from warren.desired.items.file import File
from warren.desired.parts.workloads.lan import lan
from warren.formats import ini
from warren.topology.workload import LanAttachment, LanMode

SERVICE = replace(service("tv", "home", pair(1, 2), DIRECT), uid=6001)
SEEN = LanAttachment("eth0.30", LanMode.MACVLAN, ("192.168.2.50/24", "fd00::5/64"), "02:00:00:00:00:01")


def commands(attachment: LanAttachment) -> list[str]:
    """What makes the interface."""
    (file,) = (item for item in lan(SERVICE, attachment) if isinstance(item, File))
    return list(ini.read(file.content).section("Service").of("ExecStart"))


def test_the_interface_is_made_inside_the_namespace() -> None:
    made = commands(SEEN)
    assert made[0] == ("ip link add lan0 link eth0.30 netns tv address 02:00:00:00:00:01 type macvlan mode bridge")
    assert made[2:] == [
        "ip -n tv addr add 192.168.2.50/24 dev lan0",
        "ip -n tv addr add fd00::5/64 dev lan0",
        "ip -n tv link set lan0 up",
    ]


def test_no_router_there_becomes_a_way_out() -> None:
    assert "net.ipv6.conf.lan0.accept_ra=0" in commands(SEEN)[1]
    assert not any("route" in command for command in commands(SEEN))


def test_with_the_hosts_own_address() -> None:
    assert commands(replace(SEEN, mode=LanMode.IPVLAN, mac=None))[0].endswith("netns tv type ipvlan mode l2")
