"""A WireGuard interface: peers before up, what leaves before prefixes move, a private key never said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.desired.reading import spoken
from warren.desired.items.netns import Netns
from warren.desired.items.tunnel import MAKE_KEY, Peer, Tunnel, observed
from warren.formats.iproute import Link

EVERYTHING = frozenset({"0.0.0.0/0", "::/0"})
ADDRESSES = frozenset({"10.86.0.1/32", "fd86:86:86::1/128"})
HOME = Peer("home-key", frozenset({"10.86.1.0/24", "fd86:86:86:1::/64"}))
CABIN = Peer("cabin-key", frozenset({"10.86.3.0/24"}))
LISTENING = Tunnel("wrn-vps", 1420, ADDRESSES, frozenset({HOME, CABIN}), 51820)
VPS = Peer("vps-key", EVERYTHING, "203.0.113.10:51820", 25)
DIALLING = Tunnel("wrn-vps", 1420, ADDRESSES, frozenset({VPS}))
LINK = Link(9, "wrn-vps", "wireguard", "warren", 1420, True, ADDRESSES, None, "86")
# As `wg show all dump` prints it, its secrets already taken out.
LISTENS = """\
wrn-vps	-	vps-key	51820	off
wrn-vps	home-key	-	198.51.100.7:40000	10.86.1.0/24,fd86:86:86:1::/64	1700000000	92	180	off
wrn-vps	cabin-key	-	(none)	10.86.3.0/24	0	0	0	off
"""
DIALS = """\
wrn-vps	-	home-key	40000	off
wrn-vps	vps-key	-	203.0.113.10:51820	0.0.0.0/0,::/0	1700000000	92	180	25
"""


def test_it_has_its_peers_before_it_is_up() -> None:
    assert spoken(LISTENING.create())[1:] == [
        "ip link set wrn-vps alias warren",
        "wg set wrn-vps private-key /etc/warren/wireguard.key listen-port 51820",
        "ip link set wrn-vps mtu 1420",
        "wg set wrn-vps peer cabin-key persistent-keepalive 0 allowed-ips 10.86.3.0/24",
        "wg set wrn-vps peer home-key persistent-keepalive 0 allowed-ips 10.86.1.0/24,fd86:86:86:1::/64",
        "ip addr add 10.86.0.1/32 dev wrn-vps",
        "ip addr add fd86:86:86::1/128 dev wrn-vps nodad",
        "sysctl net.ipv4.conf.wrn-vps.rp_filter=2",
        "ip link set wrn-vps up",
    ]


def test_a_host_that_dials_lets_the_kernel_choose_its_port() -> None:
    words = spoken(DIALLING.create())
    assert "wg set wrn-vps private-key /etc/warren/wireguard.key" in words
    assert (
        "wg set wrn-vps peer vps-key endpoint 203.0.113.10:51820 persistent-keepalive 25 allowed-ips 0.0.0.0/0,::/0"
        in words
    )


def test_without_the_kernel_s_wireguard_there_is_another() -> None:
    make = spoken(DIALLING.create())[0]
    assert "|| ip link add name wrn-vps group 86 type wireguard 2>/dev/null || {" in make
    assert "--unit=warren-wrn-vps wireguard-go -f wrn-vps" in make
    assert "setsid wireguard-go wrn-vps" in make
    assert "ip link set wrn-vps group 86;" in make


def test_a_key_is_made_once_and_seen_by_nobody() -> None:
    assert MAKE_KEY.startswith("[ -s /etc/warren/wireguard.key ] ||")
    assert "umask 077; wg genkey >" in MAKE_KEY


def test_a_peer_that_leaves_goes_before_prefixes_move() -> None:
    heir = Peer("new-key", HOME.allowed)
    assert spoken(replace(LISTENING, peers=frozenset({heir, CABIN})).change(LISTENING)) == [
        "wg set wrn-vps peer home-key remove",
        "wg set wrn-vps peer new-key persistent-keepalive 0 allowed-ips 10.86.1.0/24,fd86:86:86:1::/64",
    ]


def test_a_peer_that_stays_keeps_its_session() -> None:
    wider = replace(CABIN, allowed=CABIN.allowed | {"10.86.4.0/24"})
    steps = spoken(replace(LISTENING, peers=frozenset({HOME, wider})).change(LISTENING))
    assert steps == ["wg set wrn-vps peer cabin-key persistent-keepalive 0 allowed-ips 10.86.3.0/24,10.86.4.0/24"]


def test_a_hostile_key_or_endpoint_stays_one_word() -> None:
    words = spoken(replace(DIALLING, peers=frozenset({Peer("$(reboot)", EVERYTHING, "a;b:1")})).create())
    assert any("peer '$(reboot)' endpoint 'a;b:1' " in line for line in words)


@pytest.mark.parametrize(
    ("old", "steps"),
    [
        (LISTENING, []),
        (replace(LISTENING, mtu=1400), ["ip link set wrn-vps mtu 1420"]),
        (replace(LISTENING, up=False), ["ip link set wrn-vps up"]),
        (replace(LISTENING, rp_filter="1"), ["sysctl net.ipv4.conf.wrn-vps.rp_filter=2"]),
        (
            replace(LISTENING, listen_port=1),
            ["wg set wrn-vps private-key /etc/warren/wireguard.key listen-port 51820"],
        ),
        (
            replace(LISTENING, keyed=False),
            ["wg set wrn-vps private-key /etc/warren/wireguard.key listen-port 51820"],
        ),
        (
            replace(LISTENING, addresses=frozenset({"10.86.0.9/32", "fd86:86:86::1/128"})),
            ["ip addr add 10.86.0.1/32 dev wrn-vps", "ip addr del 10.86.0.9/32 dev wrn-vps"],
        ),
    ],
)
def test_what_differs_is_changed_in_place(old: Tunnel, steps: list[str]) -> None:
    assert spoken(LISTENING.change(old)) == steps


def test_a_listener_that_becomes_a_dialler_gives_its_port_back() -> None:
    steps = spoken(DIALLING.change(LISTENING))
    assert steps[0] == "wg set wrn-vps private-key /etc/warren/wireguard.key listen-port 0"


def test_another_thing_of_this_name_is_replaced() -> None:
    assert spoken(DIALLING.change(Netns("a"))) == ["ip netns del a", *spoken(DIALLING.create())]
    assert spoken(DIALLING.remove()) == ["ip link del wrn-vps"]


def test_what_differs_is_named() -> None:
    old = replace(DIALLING, mtu=1400, peers=frozenset({replace(VPS, endpoint="192.0.2.1:51820")}))
    assert DIALLING.differences(old) == (
        "mtu 1400 -> 1420",
        "peers {vps-key… at 192.0.2.1:51820 for 0.0.0.0/0, ::/0} -> "
        "{vps-key… at 203.0.113.10:51820 for 0.0.0.0/0, ::/0}",
    )


def test_names_for_people_are_no_state() -> None:
    assert replace(DIALLING, names=(("vps-key", "vps"),)) == DIALLING


def test_a_listener_is_read_back_without_where_its_peers_were_seen() -> None:
    assert list(observed([LINK], LISTENS, {"wrn-vps": False}, {"wrn-vps": "2"})) == [LISTENING]


def test_a_dialler_is_read_back_without_the_port_that_the_kernel_chose() -> None:
    assert list(observed([LINK], DIALS, {"wrn-vps": True}, {"wrn-vps": "2"})) == [DIALLING]
    assert list(observed([LINK], DIALS, {}, {"wrn-vps": "2"})) == [DIALLING]


@pytest.mark.parametrize(("own", "keyed"), [("vps-key\n", True), ("new-key\n", False), ("", False), (None, True)])
def test_an_interface_speaks_with_the_key_of_the_file(own: str | None, keyed: bool) -> None:
    (seen,) = observed([LINK], "wrn-vps\t-\tvps-key\t51820\toff\n", {"wrn-vps": False}, {"wrn-vps": "2"}, own)
    assert seen.keyed is keyed
    assert (LISTENING.differences(replace(LISTENING, keyed=keyed)) == ("another key",)) is not keyed


def test_interfaces_of_others_are_not_seen() -> None:
    foreign = replace(LINK, alias=None, group="default")
    assert list(observed([foreign], LISTENS, {}, {})) == []
    assert list(observed([replace(LINK, kind="veth")], LISTENS, {}, {})) == []


def test_an_interface_without_peers_and_prefixes_is_read() -> None:
    (bare,) = observed([LINK], "wrn-vps\t-\tvps-key\t51820\toff\n", {}, {})
    assert (bare.peers, bare.listen_port, bare.rp_filter) == (frozenset(), 51820, "")
    (none,) = observed([LINK], "wrn-vps\tkey\t-\t(none)\t(none)\t0\t0\t0\toff\n", {}, {})
    assert none.peers == {Peer("key", frozenset())}
