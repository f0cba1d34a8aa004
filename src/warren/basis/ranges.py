"""Address ranges with a meaning of their own.

In: an address or prefix. Out: the name of the special range that holds it. Never asks `ipaddress` what is private or
global: its answer changes with the Python version (CVE-2024-4032), and a firewall must not.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

# The IANA special-purpose registries, as of 2025-10, with multicast.
SPECIAL4: dict[IPv4Network, str] = {
    IPv4Network(text): name
    for text, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("255.255.255.255/32", "broadcast"),
    )
}
SPECIAL6: dict[IPv6Network, str] = {
    IPv6Network(text): name
    for text, name in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "IPv4 translation"),
        ("64:ff9b:1::/48", "local IPv4 translation"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy"),
        ("2001::/23", "protocol assignments"),
        ("2001::/32", "Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique local"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
}

# Never the source of a packet from the Internet. The documentation and benchmarking ranges are left out on purpose: the
# lab uses them as its Internet, and nobody routes them in the real one.
BOGONS4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
BOGONS6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text) for text in ("::/128", "::1/128", "::ffff:0:0/96", "fc00::/7", "fe80::/10", "ff00::/8")
)

# Where clouds answer with credentials of the machine. Their resolvers and clocks (169.254.169.253 and .123 at AWS) are
# left out: they know no secrets, and a host may need them.
METADATA4: tuple[IPv4Address, ...] = tuple(
    IPv4Address(text)
    for text in (
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure, wire server
        "169.254.0.23",  # Tencent
        "169.254.42.42",  # Scaleway
        "169.254.169.254",  # AWS, Azure, DigitalOcean, Google, Hetzner, OpenStack, Oracle, OVH, Vultr and others
        "169.254.170.2",  # AWS, credentials of a container task
        "169.254.170.23",  # AWS, credentials of a pod
        "192.0.0.192",  # Oracle, first generation
    )
)
METADATA6: tuple[IPv6Address, ...] = tuple(
    IPv6Address(text)
    for text in (
        "fd00:42::42",  # Scaleway
        "fd00:ec2::23",  # AWS, credentials of a pod
        "fd00:ec2::254",  # AWS
        "fd20:ce::254",  # Google
        "fe80::a9fe:a9fe",  # OpenStack
    )
)


def special_range(where: IPv4Address | IPv6Address | IPv4Network | IPv6Network) -> str | None:
    """The name of the smallest special range that holds all of `where`, or None where it is ordinary."""
    named = SPECIAL4.items() if where.version == 4 else SPECIAL6.items()
    holding = [(network.prefixlen, name) for network, name in named if _holds(network, where)]
    return max(holding)[1] if holding else None


def is_bogon(where: IPv4Address | IPv6Address | IPv4Network | IPv6Network) -> bool:
    """Whether all of `where` can never be the source of a packet from the Internet."""
    bogons: tuple[IPv4Network | IPv6Network, ...] = BOGONS4 if where.version == 4 else BOGONS6
    return any(_holds(network, where) for network in bogons)


def _holds(network: IPv4Network | IPv6Network, where: IPv4Address | IPv6Address | IPv4Network | IPv6Network) -> bool:
    length = where.max_prefixlen if isinstance(where, IPv4Address | IPv6Address) else where.prefixlen
    first = where if isinstance(where, IPv4Address | IPv6Address) else where.network_address
    return network.prefixlen <= length and first in network
