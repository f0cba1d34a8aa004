"""A plain cable in a tunnel's place: what the rules around a tunnel cost is seen where it is not the bottleneck.

In: two hosts of the lab and the name of the tunnel's interface on each. Out: a veth pair of the same names, MTU,
addresses and routes. Never changes a rule.
"""

from __future__ import annotations

from bench.paths.ground import Ground
from warren.lab.places import inner_pid

# One hardware address for both ends and no ARP: as in a tunnel, whatever is routed into it arrives.
HARDWARE = "02:00:00:00:86:86"
KEEP = """
mkdir -p /run/bench
ip -4 -o addr show dev {device} | awk '{{print $4}}' > /run/bench/addresses
ip -4 route show table all dev {device} | grep -v '^local\\|^broadcast' > /run/bench/routes
ip link del {device}
"""
RESTORE = f"""
ip link set {{device}} address {HARDWARE} arp off mtu 1420 up
sysctl -q -w "net.ipv4.conf.{{device}}.rp_filter=2"
while read -r address; do ip addr add $address dev {{device}}; done < /run/bench/addresses
while read -r route; do ip route add $route dev {{device}}; done < /run/bench/routes
"""


def replace_tunnel(ground: Ground, one: str, other: str, device: str) -> None:
    """End the tunnel between two hosts and lay a cable."""
    for host in (one, other):
        ground.sh(host, KEEP.format(device=device))
    far = inner_pid(ground.lab.place(other).pid)
    ground.sh(one, f"ip link add {device} type veth peer name {device} netns {far}")
    for host in (one, other):
        ground.sh(host, RESTORE.format(device=device))
