"""What the lab needs of the kernel, tried one by one: when a whole lab fails, look here first."""

from __future__ import annotations

import os
import subprocess

import pytest

pytestmark = pytest.mark.netns

RULES = r"""
table inet warren {
  map exposed {
    type inet_proto . inet_service : ipv4_addr . inet_service
    elements = { udp . 12345 : 10.86.1.2 . 12345 }
  }
  set permitted { type ipv4_addr . ipv4_addr . inet_proto . inet_service; flags interval; }
  chain forward { type filter hook forward priority 0; policy drop; ct state established accept; }
  chain prerouting { type nat hook prerouting priority -100; dnat ip to meta l4proto . th dport map @exposed; }
}
"""
ATTEMPTS = {
    "a bridge": "ip link add name br0 type bridge",
    "a veth pair into another namespace": "ip netns add other && ip link add left type veth peer right netns other",
    "rules by lookup": f"nft -f - <<'END'\n{RULES}\nEND",
    "a routing table that ends unreachable": "ip link set lo up && ip route add unreachable default table 7 metric 9",
    "a rule by mark": "ip rule add fwmark 0x7 table 7 && ip -6 rule add fwmark 0x7 table 7",
    "its own sysctls": "sysctl -qw net.ipv4.ip_unprivileged_port_start=0 net.ipv4.ip_forward=1",
    "WireGuard, by the kernel or by wireguard-go": "ip link add name wg0 type wireguard || wireguard-go wg0",
}


@pytest.mark.parametrize("script", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_kernel_allows(script: str) -> None:
    become_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    # A /run of its own, so that names of others do not collide; a process space of its own ends what stays behind.
    private = ["unshare", *become_root, "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-ec"]
    prepare = "mount -t tmpfs run /run && "
    done = subprocess.run([*private, prepare + script], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
