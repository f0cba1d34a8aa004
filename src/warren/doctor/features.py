"""What our rules ask of nftables, each as the smallest table that needs it.

In: a topology and a host in it. Out: the trial of each feature, and which of them its rules need. Never more than a
table that is loaded where nobody else is.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.topology.model import Topology

_HOOK = "type filter hook prerouting priority -150;"
_CONCATENATED = "ipv4_addr . inet_proto . inet_service"


def trial(name: str) -> str:
    """The table that needs the feature."""
    return f"table inet warren_{name} {{\n{FEATURES[name]}\n}}"


def needed(topology: Topology, host: str) -> tuple[str, ...]:
    """The features that the rules of a host ask for: two of them only where the file does."""
    spared = set()
    if not any(each.connections for each in topology.declared):
        spared.add("counts")
    if not topology.hosts[host].is_gateway or topology.dns is None or not topology.dns.plain:
        spared.add("timeouts")
    return tuple(name for name in FEATURES if name not in spared)


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
    "counts": (
        "set s { type ipv4_addr; size 10; flags dynamic; }\n"
        "chain c {\ntype nat hook input priority 100;\nadd @s { ip saddr ct count over 4096 } drop\n}"
    ),
    "timeouts": (
        "ct timeout q {\nprotocol udp\nl3proto inet\npolicy = { unreplied : 5, replied : 5 }\n}\n"
        'chain c {\ntype nat hook postrouting priority 100;\nudp dport 53 ct timeout set "q"\n}'
    ),
    "rerouting": _chain("meta mark set 1", "type route hook output priority -90;"),
}
