"""The nftables texts of the small Internet: a home router's, and the tables that faults are made of.

In: interfaces, addresses, percentages. Out: texts for `nft -f`. Never a table of warren's own network.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address

from warren.topology.model import Address

ROUTER_TABLE = "inet lab_router"
FAULT_TABLE = "inet lab_fault"


def router_rules() -> str:
    """What a home router does: translate IPv4, let connections out and only their answers in."""
    return f"""\
table {ROUTER_TABLE}
delete table {ROUTER_TABLE}
table {ROUTER_TABLE} {{
    chain forward {{
        type filter hook forward priority filter; policy drop;
        ct state established,related accept
        ct state invalid drop
        iifname "lan*" accept
    }}
    chain input {{
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iifname "lo" accept
        iifname "lan*" accept
        meta l4proto {{ icmp, ipv6-icmp }} accept
    }}
    chain outgoing {{
        type nat hook postrouting priority srcnat;
        oifname "wan" meta nfproto ipv4 masquerade
    }}
}}
"""


def fault_rules(losses: Iterable[tuple[Address, int]], everywhere: int = 0) -> str:
    """Lose a share of what is forwarded from and to addresses; 100 is a cut line, no losses remove the table."""
    drops = [line for address, percent in losses for line in _drops(address, percent)]
    if everywhere:
        drops.append(f"{_share(everywhere)}drop")
    fresh = f"table {FAULT_TABLE}\ndelete table {FAULT_TABLE}\n"
    if not drops:
        return fresh
    # Where it is forwarded: addresses are those of the host itself there, behind the router's translation.
    chain = ["type filter hook forward priority filter - 10; policy accept;", *drops]
    return fresh + f"table {FAULT_TABLE} {{\n    chain lost {{\n        " + "\n        ".join(chain) + "\n    }\n}\n"


def _drops(address: Address, percent: int) -> list[str]:
    family = "ip" if isinstance(address, IPv4Address) else "ip6"
    return [f"{family} {end} {address} {_share(percent)}drop" for end in ("saddr", "daddr")]


def _share(percent: int) -> str:
    return "" if percent >= 100 else f"numgen random mod 100 < {percent} "
