"""The numbers by which a packet finds its way out: marks and routing tables.

In: a host's ledger number. Out: marks in the highest byte (the rest is left to others: Tailscale uses 0xff0000, kube
0xc000) and table numbers. Never a number that depends on the order of the file.
"""

from __future__ import annotations

from warren.topology.model import Host

MASK = 0xFF000000
KEEP = 0x00FFFFFF
# To a place of the network. Only our own rules set it, so without them no packet is routed to a service.
INTERNAL = 0x01000000
# By the host's own routes.
DIRECT = 0x02000000
# By the host's own routes, and the client's address stays behind: only ever a connection's mark.
HIDDEN = 0x03000000
# From this value on: by the tunnel of a gateway.
FIRST_GATEWAY = 0x10000000
# The bits that only marks of tunnels have.
GATEWAY_BITS = 0xF0000000
NETWORK_TABLE = 8600
MOST_GATEWAY_NUMBER = 0xDF


def gateway_mark(gateway: Host) -> int:
    """The mark of what leaves or answers through a gateway's tunnel."""
    if gateway.number > MOST_GATEWAY_NUMBER:
        raise ValueError(f"{gateway.name} has number {gateway.number}; gateways end at {MOST_GATEWAY_NUMBER}")
    return FIRST_GATEWAY + (gateway.number << 24)


def gateway_table(gateway: Host) -> int:
    """The routing table of a gateway's tunnel."""
    return NETWORK_TABLE + 1 + gateway.number
