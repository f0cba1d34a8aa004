"""Namespaces and links that are gone, down, or without an address."""

from __future__ import annotations

from tests.faults.bench import Fault, on

DB = "cloud -> db:5432/tcp:"

FAULTS = (
    Fault(
        "namespace gone", "cloud db", "namespace-gone", f"{DB} the namespace of db is gone from home",
        on("home: ip netns del db; while ip link show v-db >/dev/null 2>&1; do sleep 0.02; done"),
    ),
    Fault(
        "link down", "cloud db", "link-down", f"{DB} the link v-cloud of cloud is down on home",
        on("home: ip link set v-cloud down"),
    ),
    Fault(
        "target's link down", "cloud db", "link-down", f"{DB} the link v-db of db is down on home",
        on("home: ip link set v-db down"),
    ),
    Fault(
        "link gone", "cloud db", "link-gone", f"{DB} the link v-db of db is gone on home", on("home: ip link del v-db"),
    ),
    Fault(
        "inner link down", "cloud db", "link-down", f"{DB} eth0 in the namespace of cloud is down",
        on("home: ip -n cloud link set eth0 down"),
    ),
    Fault(
        "no IPv6", "cloud db", "no-ipv6", f"{DB} IPv6 is turned off in the namespace of cloud",
        on("home: ip netns exec cloud sysctl -qw net.ipv6.conf.all.disable_ipv6=1"),
        on("home: ip netns exec cloud sysctl -qw net.ipv6.conf.all.disable_ipv6=0"),
    ),
    Fault(
        "address lost", "cloud db", "address-gone", f"{DB} db has lost its address 10.86.1.3",
        on("home: ip -n db addr del 10.86.1.3/32 dev eth0"),
    ),
    Fault(
        "inner route lost", "cloud db", "inner-route-gone",
        f"{DB} cloud has no route 0.0.0.0/0 in its namespace", on("home: ip -n cloud route del default"),
    ),
    Fault(
        "inner route of somebody else", "cloud db", "inner-route",
        f"{DB} in the namespace of cloud a route of somebody else to 10.86.1.3 says: Invalid argument",
        on("home: ip -n cloud route add blackhole 10.86.1.3"), on("home: ip -n cloud route del blackhole 10.86.1.3"),
    ),
    Fault(
        "no way back inside", "cloud db", "inner-route",
        f"{DB} in the namespace of db a route of somebody else to 10.86.1.2 says: No route to host",
        on("home: ip -n db route add unreachable 10.86.1.2"), on("home: ip -n db route del unreachable 10.86.1.2"),
    ),
    Fault(
        "rules of its own", "cloud db", "source-silent",
        f"{DB} nothing leaves the namespace of cloud: something in it ends the packets",
        on("home: ip netns exec cloud nft 'add table ip f; add chain ip f o { type filter hook output priority 0; }; "
           "add rule ip f o tcp dport 5432 drop'"), on("home: ip netns exec cloud nft delete table ip f"),
    ),
    Fault(
        "address taken by the host", "cloud db", "address-taken",
        f"{DB} home itself has the address 10.86.1.3 of db, on lo",
        on("home: ip addr add 10.86.1.3/32 dev lo"), on("home: ip addr del 10.86.1.3/32 dev lo"),
    ),
)  # fmt: skip
