"""Forwarding, routing rules, routes, reverse paths, names, and the table of connections."""

from __future__ import annotations

from tests.faults.bench import Bench, Fault, on

WEB, DB, QUERY = "blog -> cloud:80/tcp:", "cloud -> db:5432/tcp:", "internet -> game:12346/tcp:"


def stale(bench: Bench) -> None:
    """A client's connection that began while the exposure led elsewhere; nobody forgets it, as an apply would."""
    key, right, wrong = "203.0.113.10 . udp . 12345", "10.86.1.4 . 12345", "10.86.1.99 . 12345"
    before, after = (f"element inet warren expose4 {{ {key} : {pair} }}" for pair in (right, wrong))
    allows = "element inet warren exposed4 { 10.86.1.99 . udp . 12345 }"
    bench.on("vps", f"nft 'delete {before}; add {after}; add {allows}'")
    bench.on("internet", "bash -c 'echo > /dev/udp/203.0.113.10/12345'")
    bench.on("vps", f"nft 'delete {after}; add {before}; delete {allows}'")


# As many connections as the kernel keeps; it counts them by network namespace.
FULL = """
most=$(cat /proc/sys/net/netfilter/nf_conntrack_max)
python3 -I -S - $most <<'END' > /run/connections
import itertools, sys
ways = itertools.product(range(1, 255), range(1024, 65536))
for host, port in itertools.islice(ways, int(sys.argv[1])):
    ends = f"-s 127.1.{host}.1 -d 127.1.0.2 -p tcp --sport {port} --dport 9"
    print(f"-I {ends} --state ESTABLISHED -t 300 -u ASSURED,SEEN_REPLY")
END
conntrack -R /run/connections >/dev/null 2>&1 || :
rm /run/connections
"""


def full(bench: Bench) -> None:
    """The kernel of home has no room for one more."""
    bench.on("home", FULL)


FAULTS = (
    Fault(
        "forwarding off", "cloud db", "forwarding-off", f"{DB} forwarding of IPv4 is off on home",
        on("home: sysctl -qw net.ipv4.ip_forward=0"),
    ),
    Fault(
        "forwarding of IPv6 off", "cloud db", "forwarding-off", f"{DB} forwarding of IPv6 is off on home",
        on("home: sysctl -qw net.ipv6.conf.all.forwarding=0"),
    ),
    Fault(
        "routing rule removed", "internet game.query", "ip-rule-gone",
        f"{QUERY} the routing rule `8601 fwmark 0x10000000/0xff000000 lookup 8601` is gone from home",
        on("home: ip rule del pref 8601"),
    ),
    Fault(
        "route removed", "cloud db", "route-gone", f"{DB} the route `8600/to 10.86.1.3/32` is gone from home",
        on("home: ip route del 10.86.1.3 table 8600"),
    ),
    Fault(
        "strict reverse paths", "internet game.query", "rp-filter",
        f"{QUERY} strict reverse-path filtering on home drops it (wrn-vps: rp_filter 1 -> 2)",
        on("home: sysctl -qw net.ipv4.conf.wrn-vps.rp_filter=1"),
    ),
    Fault(
        "a rule before ours", "cloud db", "rule-before-ours",
        f"{DB} on home another routing rule comes before ours: `100: to 10.86.0.0/16 main`",
        on("home: ip rule add pref 100 to 10.86.0.0/16 lookup main"), on("home: ip rule del pref 100"),
    ),
    Fault(
        "LAN overlaps", "blog cloud.web", "lan-overlap",
        f"{WEB} the LAN of home at eth0 (10.86.0.2/24) overlaps the file's own prefix",
        on("home: ip addr add 10.86.0.2/24 dev eth0"), on("home: ip addr del 10.86.0.2/24 dev eth0"),
    ),
    Fault(
        "route from DHCP", "cloud internet", "route-hijacked",
        "cloud -> internet:443/tcp: on home a route of somebody else (dhcp) leads to vps: 203.0.113.10/32 via "
        "192.168.2.50",
        on("home: ip route add 203.0.113.10/32 via 192.168.2.50 proto dhcp"), on("home: ip route del 203.0.113.10/32"),
    ),
    Fault(
        "no default route", "cloud internet", "no-uplink",
        "cloud -> internet:443/tcp: home has no route to vps at 203.0.113.10: "
        "RTNETLINK answers: Network is unreachable",
        on("home: ip -4 route del default"), on("home: ip route add default via 192.168.2.1"),
    ),
    Fault(
        "name leads elsewhere", "cloud db", "name-wrong", f"{DB} in cloud the name db leads to 10.86.1.99",
        on("home: sed -i 's/^10.86.1.3 /10.86.1.99 /' /etc/netns/cloud/hosts"),
    ),
    Fault(
        "resolver dead", "cloud db", "resolver-dead",
        f"{DB} cloud asks 127.0.0.53 for names, where nobody listens in its namespace",
        on("home: echo nameserver 127.0.0.53 > /etc/netns/cloud/resolv.conf"),
    ),
    Fault(
        "no room for connections", "cloud db", "conntrack-full",
        f"{DB} the table of connections of home is full: COUNT of MOST",
        full, on("home: conntrack -F 2>/dev/null || :"),
    ),
    Fault(
        "old connection", "internet game.play", "conntrack-stale",
        "internet -> game:12345/udp: vps still leads a connection of 198.51.100.7 to 10.86.1.99, where game is not",
        stale, on("vps: conntrack -D -p udp --orig-port-dst 12345 2>/dev/null || :"),
    ),
)  # fmt: skip
