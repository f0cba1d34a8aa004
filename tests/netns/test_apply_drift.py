"""Whatever is changed by hand is named by the plan and put right by apply: each kind of thing in turn, real kernels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.netns.standing import Standing, difference, standing
from tests.topologies import two_hosts

pytestmark = pytest.mark.netns

PEER = "$(wg show wrn-vps peers)"
# By hand, and the keys that the plan must name; all at home.
DRIFTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "address gone": ("ip addr del 10.86.1.1/32 dev v-cloud", ("~ link:v-cloud",)),
    "address too many": ("ip addr add 10.99.0.1/32 dev v-cloud", ("~ link:v-cloud",)),
    "inner address gone": ("ip -n cloud addr del 10.86.1.2/32 dev eth0", ("~ link:v-cloud",)),
    "inner IPv6 address gone": ("ip -n cloud addr del fd86:86:86:1::2/128 dev eth0", ("~ link:v-cloud",)),
    "route gone": ("ip route del 10.86.0.0/24 table 8600", ("+ route:8600/to 10.86.0.0/24",)),
    "route elsewhere": (
        "ip route replace 10.86.0.0/24 dev v-cloud table 8600 proto 86",
        ("~ route:8600/to 10.86.0.0/24",),
    ),
    "route twice": (
        "ip route add 10.86.0.0/24 dev v-db table 8600 proto 86 metric 9",
        ("- route:8600/to 10.86.0.0/24 #2",),
    ),
    "fallback gone": ("ip route del unreachable default table 8601", ("+ route:8601/unreachable 0.0.0.0/0",)),
    "IPv6 fallback gone": (
        "ip -6 route del unreachable default table 8601 metric 4278198272",
        ("+ route:8601/unreachable ::/0",),
    ),
    "inner default gone": ("ip -n cloud route del default", ("+ route:cloud/main/to 0.0.0.0/0",)),
    "inner IPv6 default gone": ("ip -n cloud -6 route del default", ("+ route:cloud/main/to ::/0",)),
    "rule gone": ("ip rule del pref 8606", ("+ rule:4/8606",)),
    "IPv6 rule gone": ("ip -6 rule del pref 8606", ("+ rule:6/8606",)),
    "rule too many": (
        "ip rule add pref 8600 from 10.86.1.4 lookup main protocol 86",
        ("- rule:4/8600 from 10.86.1.4",),
    ),
    "element gone": (
        "nft delete element inet warren permit4 '{ 10.86.1.2 . 10.86.1.3 . tcp . 5432 }'",
        ("~ nft:warren: permit4 +1",),
    ),
    "element too many": (
        "nft add element inet warren permit4 '{ 10.86.1.4 . 10.86.1.3 . tcp . 5432 }'",
        ("~ nft:warren: permit4 -1",),
    ),
    "IPv6 element gone": (
        "nft delete element inet warren permit6 '{ fd86:86:86:1::2 . fd86:86:86:1::3 . tcp . 5432 }'",
        ("~ nft:warren: permit6 +1",),
    ),
    "rule of ours too many": ("nft insert rule inet warren passing accept", ("~ nft:warren: ~ chain passing",)),
    "rule of a foreign kind": (
        "nft insert rule inet warren passing meta nftrace set 1",
        ("~ nft:warren: ~ chain passing",),
    ),
    "rule of ours gone": (
        "nft delete rule inet warren refuse handle "
        "$(nft -a list chain inet warren refuse | sed -n 's/.*reject.*handle //p')",
        ("~ nft:warren: ~ chain refuse",),
    ),
    "chain flushed": ("nft flush chain inet warren refuse", ("~ nft:warren: ~ chain refuse",)),
    "chain too many": ("nft add chain inet warren theirs", ("~ nft:warren: - chain theirs",)),
    "set too many": ("nft add set inet warren theirs '{ type ipv4_addr; }'", ("~ nft:warren",)),
    "table gone": ("nft delete table inet warren", ("+ nft:warren",)),
    "all tables gone": ("nft flush ruleset", ("+ nft:warren", "+ nft:warren_count")),
    "setting": ("sysctl -qw net.ipv4.ip_forward=0", ("~ sysctl:net.ipv4.ip_forward: value 0 -> 1",)),
    "IPv6 setting": ("sysctl -qw net.ipv6.conf.all.forwarding=0", ("~ sysctl:net.ipv6.conf.all.forwarding",)),
    "setting of a device": ("sysctl -qw net.ipv4.conf.v-cloud.rp_filter=1", ("~ link:v-cloud: rp_filter 1 -> 0",)),
    "inner setting": (
        "ip netns exec cloud sysctl -qw net.ipv4.ip_unprivileged_port_start=1024",
        ("~ settings:cloud: net.ipv4.ip_unprivileged_port_start 1024 -> 0",),
    ),
    "namespace gone": ("ip netns del game", ("+ netns:game", "link:v-game")),
    "pair gone": ("ip link del v-game", ("+ link:v-game", "settings:game", "route:game/main/to ::/0")),
    "pair down": ("ip link set v-game down", ("~ link:v-game",)),
    "inner end down": ("ip -n game link set eth0 down", ("~ link:v-game",)),
    "mtu": ("ip link set v-game mtu 1400", ("~ link:v-game: mtu 1400 -> 1500",)),
    "inner mtu": ("ip -n game link set eth0 mtu 1400", ("~ link:v-game: mtu 1400 -> 1500",)),
    "alias gone": ("ip link set v-game alias ''; ip link set wrn-vps alias ''", ()),
    "peer gone": (f"wg set wrn-vps peer {PEER} remove", ("~ link:wrn-vps: peers",)),
    "peer too many": ("wg set wrn-vps peer $(wg genkey | wg pubkey) allowed-ips 10.9.9.9/32", ("~ link:wrn-vps",)),
    "allowed addresses": (f"wg set wrn-vps peer {PEER} allowed-ips 10.9.9.9/32", ("~ link:wrn-vps: peers",)),
    "endpoint": (f"wg set wrn-vps peer {PEER} endpoint 203.0.113.99:1", ("~ link:wrn-vps: peers",)),
    "keepalive": (f"wg set wrn-vps peer {PEER} persistent-keepalive 7", ("~ link:wrn-vps: peers",)),
    "tunnel gone": ("ip link del wrn-vps", ("+ link:wrn-vps", "+ route:8601/to 0.0.0.0/0")),
    "tunnel down": ("ip link set wrn-vps down", ("~ link:wrn-vps",)),
    "tunnel's address gone": ("ip addr del 10.86.1.1/32 dev wrn-vps", ("~ link:wrn-vps: addresses",)),
    "file edited": ("echo 9.9.9.9 db >> /etc/netns/cloud/hosts", ("~ file:/etc/netns/cloud/hosts: content",)),
    "file gone": ("rm /etc/netns/cloud/hosts", ("+ file:/etc/netns/cloud/hosts",)),
    "file's mode": ("chmod 600 /etc/netns/cloud/hosts", ("~ file:/etc/netns/cloud/hosts: mode 600 -> 644",)),
}


@pytest.fixture(scope="module")
def home() -> Iterator[Standing]:
    with standing(two_hosts()) as made:
        yield made


def test_a_second_apply_changes_nothing(home: Standing) -> None:
    assert home.changes() == []


@pytest.mark.parametrize("name", DRIFTS)
def test_drift_is_named_and_repaired(home: Standing, name: str) -> None:
    script, named = DRIFTS[name]
    before = home.dump()
    home.on("home", script)
    found = home.changes()
    for key in named:
        assert any(key in line for line in found), (key, found)
    home.apply(home.topology)
    assert home.changes() == []
    assert difference(before, home.dump()) == [] or name == "alias gone"


def test_drift_at_the_listening_end(home: Standing) -> None:
    home.on("vps", f"wg set wrn-vps listen-port 7777; wg set wrn-vps peer {PEER} allowed-ips 10.86.1.0/24,0.0.0.0/0")
    (change,) = home.changes()
    assert "vps ~ link:wrn-vps: listen_port 7777 -> 51820; peers" in change
    home.apply(home.topology)
    assert home.changes() == []
    assert home.on("vps", "wg show wrn-vps allowed-ips").split()[1:] == ["10.86.1.0/24", "fd86:86:86:1::/64"]
