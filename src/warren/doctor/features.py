"""What our rules ask of nftables, each as the smallest table that needs it.

In: nothing. Out: the trial of each feature. Never more than a table that is loaded where nobody else is.
"""

from __future__ import annotations

from collections.abc import Mapping

_HOOK = "type filter hook prerouting priority -150;"
_CONCATENATED = "ipv4_addr . inet_proto . inet_service"


def trial(name: str) -> str:
    """The table that needs the feature."""
    return f"table inet warren_{name} {{\n{FEATURES[name]}\n}}"


def _chain(rule: str, hook: str = _HOOK) -> str:
    return f"chain c {{\n{hook}\n{rule}\n}}"


FEATURES: Mapping[str, str] = {
    "tables": _chain("accept"),
    "intervals": "set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }; }",
    "concatenations": f"set s {{ type {_CONCATENATED}; flags interval; elements = {{ 10.0.0.0/8 . tcp . 80-90 }}; }}",
    "maps": 'map m { type ifname : verdict; elements = { "v-trial" : drop }; }',
    "marks": _chain("ct mark set ct mark & 0x00ffffff | 0x10000000\nmeta mark set ct mark"),
    "fib": _chain("fib saddr type local counter drop"),
    "limits": (
        "set s { type ipv4_addr; size 10; flags dynamic,timeout; timeout 60s; }\n"
        f"chain c {{\n{_HOOK}\nct state new update @s {{ ip saddr limit rate over 9/minute burst 3 packets }} drop\n}}"
    ),
    "translation": (
        f"map m {{ type {_CONCATENATED} : ipv4_addr . inet_service; }}\n"
        "chain c {\ntype nat hook prerouting priority -100;\ndnat ip to ip daddr . meta l4proto . th dport map @m\n}"
    ),
    "masquerading": _chain(
        "meta l4proto { tcp, udp } masquerade to :61000-65535", "type nat hook postrouting priority 100;"
    ),
    "rerouting": _chain("meta mark set 1", "type route hook output priority -90;"),
}
