"""The same paths made by hand, as an experienced administrator would: routed veths, one small nft table, WireGuard.

In: scripts for the hosts of the ground. Out: namespaces `h-asker`, `h-near` and `h-far`, and bare ones beside. Never
shares a line with what warren writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.paths.ground import Ground

TUNNEL = "wg0"
TABLE = """
nft -f - <<'END'
table inet hand {
    set permitted {
        type ipv4_addr . ipv4_addr . inet_proto . inet_service
        elements = { 10.99.0.2 . 10.99.0.3 . tcp . 5201, 10.99.0.2 . 10.99.0.3 . tcp . 7000 }
    }
    set arriving {
        type ifname . ipv4_addr . inet_proto . inet_service
        elements = { "wg0" . 10.98.0.2 . tcp . 5201, "wg0" . 10.98.0.2 . tcp . 7000 }
    }
    map exposed {
        type inet_proto . inet_service : ipv4_addr . inet_service
        elements = {
            tcp . 5201 : 10.99.0.3 . 5201, tcp . 7000 : 10.99.0.3 . 7000,
            tcp . 5202 : 10.98.0.2 . 5201, tcp . 7001 : 10.98.0.2 . 7000
        }
    }
    set sent { type ipv4_addr . ifname; size 65535; flags dynamic; counter; }
    set received { type ipv4_addr . ifname; size 65535; flags dynamic; counter; }
    chain came {
        type filter hook prerouting priority -150; policy accept;
        iifname "wg0" ct state new ct mark set 1
    }
    chain translate {
        type nat hook prerouting priority -100; policy accept;
        iifname "eth0" dnat ip to meta l4proto . th dport map @exposed
    }
    chain back {
        type filter hook prerouting priority -90; policy accept;
        iifname != "wg0" ct mark 1 meta mark set 1
    }
    chain forward {
        type filter hook forward priority 0; policy drop;
        iifname "wg0" tcp flags syn tcp option maxseg size set rt mtu
        oifname "wg0" tcp flags syn tcp option maxseg size set rt mtu
        ct state vmap { established : accept, related : accept, invalid : drop }
        ct status dnat accept
        ip saddr . ip daddr . meta l4proto . th dport @permitted accept
        iifname . ip daddr . meta l4proto . th dport @arriving accept
    }
    chain count {
        type filter hook forward priority 10; policy accept;
        ip saddr 10.96.0.0/14 update @sent { ip saddr . oifname }
        ip daddr 10.96.0.0/14 update @received { ip daddr . iifname }
    }
    chain leaving {
        type nat hook postrouting priority 100; policy accept;
        ip saddr 10.99.0.0/16 oifname "eth0" masquerade
    }
}
END
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Two hosts that a tunnel joins: where they are, which prefixes and interfaces are theirs."""

    gateway: str
    home: str
    public: str
    gateway_address: str
    home_address: str
    home_prefix: str


HAND = Line("hand", "hand-home", "203.0.113.11", "10.97.0.1", "10.98.0.1", "10.98.0.0/24")
BARE = Line("bare", "bare-home", "203.0.113.12", "10.94.0.1", "10.95.0.1", "10.95.0.0/24")


def routed(name: str, address: str, host_address: str) -> str:
    """A namespace with a routed veth pair."""
    return f"""
ip netns add {name}
ip link add v-{name} type veth peer name eth0 netns {name}
ip addr add {host_address}/32 dev v-{name}
ip link set v-{name} up
ip -n {name} link set lo up
ip -n {name} link set eth0 up
ip -n {name} addr add {address}/32 dev eth0
ip -n {name} route add {host_address} dev eth0
ip -n {name} route add default via {host_address} dev eth0
ip route add {address} dev v-{name}
"""


PAIR = """
ip netns add b-asker
ip netns add b-near
ip -n b-asker link add eth0 type veth peer name eth0 netns b-near
for each in asker near; do ip -n b-$each link set lo up; ip -n b-$each link set eth0 up; done
ip -n b-asker addr add 10.93.0.2/24 dev eth0
ip -n b-near addr add 10.93.0.3/24 dev eth0
"""
FORWARD = "sysctl -q -w net.ipv4.ip_forward=1\n"
RETURN_BY_TUNNEL = f"ip rule add fwmark 1 lookup 100\nip route add default dev {TUNNEL} table 100\n"


def build(ground: Ground) -> None:
    """Everything by hand on `hand` and `hand-home`, and the bare links on `bare` and `bare-home`."""
    near = routed("h-asker", "10.99.0.2", "10.99.0.1") + routed("h-near", "10.99.0.3", "10.99.0.1")
    ground.sh("hand", FORWARD + near + TABLE)
    ground.sh("hand-home", FORWARD + routed("h-far", "10.98.0.2", "10.98.0.1") + TABLE)
    ground.sh("bare", PAIR)
    for line in (HAND, BARE):
        tunnel(ground, line)
    ground.sh("hand-home", RETURN_BY_TUNNEL)


def tunnel(ground: Ground, line: Line) -> None:
    """WireGuard between the two hosts of a line, by the kernel or by wireguard-go."""
    make = f"""
umask 077; mkdir -p /run/bench; wg genkey > /run/bench/key; wg pubkey < /run/bench/key
ip link add {TUNNEL} type wireguard 2>/dev/null || wireguard-go {TUNNEL} >/dev/null 2>&1
"""
    far_key, near_key = (ground.sh(host, make).strip() for host in (line.home, line.gateway))
    own = f"wg set {TUNNEL} private-key /run/bench/key"
    ground.sh(
        line.gateway,
        f"{own} listen-port 51820 peer {far_key} allowed-ips {line.home_prefix}\n"
        f"ip link set {TUNNEL} up mtu 1420\n"
        f"ip addr add {line.gateway_address}/32 dev {TUNNEL}\nip route add {line.home_prefix} dev {TUNNEL}\n",
    )
    ground.sh(
        line.home,
        f"{own} peer {near_key} allowed-ips 0.0.0.0/0 endpoint {line.public}:51820 persistent-keepalive 25\n"
        f"ip link set {TUNNEL} up mtu 1420\n"
        f"ip addr add {line.home_address}/32 dev {TUNNEL}\nip route add {line.gateway_address} dev {TUNNEL}\n",
    )
