"""Rules of others in the way, in the shapes in which these programs really write them, and our own limits."""

from __future__ import annotations

from collections.abc import Callable
from shutil import which

from tests.faults.bench import Bench, Fault, on

UFW = """
table ip filter {
    chain ufw-before-forward {
        ct state established,related accept
        icmp type echo-request accept
    }
    chain ufw-after-forward { }
    chain ufw-before-input {
        iifname "lo" accept
        ct state established,related accept
        icmp type echo-request accept
    }
    chain FORWARD {
        type filter hook forward priority filter; policy drop;
        jump ufw-before-forward
        jump ufw-after-forward
    }
    chain INPUT {
        type filter hook input priority filter; policy INPUT_POLICY;
        jump ufw-before-input
    }
}
"""
# As many as it may have, and a few more; what the other end has closed stays half open.
HOARD = """
rm -f /tmp/hoard.full
python3 -I -S - >/dev/null 2>&1 <<'END' & echo $! >/tmp/hoard.pid
import socket, time
held = []
for number in range(30):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(("10.86.1.3", 5432))
    held.append(one)
open("/tmp/hoard.full", "w").close()
time.sleep(120)
END
i=0; until [ -e /tmp/hoard.full ]; do i=$((i+1)); [ $i -lt 200 ] || exit 1; sleep 0.05; done
"""
DOCKER = """
table ip filter {
    chain DOCKER-USER { }
    chain DOCKER { iifname != "docker0" oifname "docker0" drop; }
    chain DOCKER-FORWARD {
        oifname "docker0" ct state established,related accept
        oifname "docker0" jump DOCKER
        iifname "docker0" accept
    }
    chain FORWARD {
        type filter hook forward priority filter; policy drop;
        jump DOCKER-USER
        jump DOCKER-FORWARD
    }
}
"""
FIREWALLD = """
table inet firewalld {
    chain filter_FORWARD_POLICIES { }
    chain filter_FORWARD {
        type filter hook forward priority filter + 10; policy accept;
        ct state { established, related } accept
        iifname "lo" accept
        jump filter_FORWARD_POLICIES
        ct state invalid drop
        reject with icmpx admin-prohibited
    }
}
"""
STRANGER = """
table inet mine {
    chain guard {
        type filter hook forward priority 10; policy accept;
        tcp dport 5432 drop
    }
}
"""
MANGLE = """
table ip mangle {
    chain PREROUTING {
        type filter hook prerouting priority -80; policy accept;
        meta mark set 0x00000000
    }
}
"""


def table(host: str, text: str) -> Callable[[Bench], object]:
    """A table of somebody else."""
    return lambda bench: bench.on(host, f"nft -f - <<'RULES'\n{text}\nRULES")


FAULTS = (
    Fault(
        "ufw forwards nothing", "blog cloud.web", "foreign-rule",
        "blog -> cloud:80/tcp: on home ufw drops it: table ip filter, chain FORWARD (its policy)",
        table("home", UFW.replace("INPUT_POLICY", "accept")), on("home: nft delete table ip filter"),
    ),
    Fault(
        "Docker forwards nothing", "internet game.query", "foreign-rule",
        "internet -> game:12346/tcp: on vps Docker drops it: table ip filter, chain FORWARD (its policy)",
        table("vps", DOCKER), on("vps: nft delete table ip filter"),
    ),
    Fault(
        "firewalld forwards nothing", "cloud db", "foreign-rule",
        "cloud -> db:5432/tcp: on home firewalld drops it: table inet firewalld, chain filter_FORWARD: "
        "reject with icmpx admin-prohibited",
        table("home", FIREWALLD), on("home: nft delete table inet firewalld"),
    ),
    Fault(
        "a rule by hand", "cloud db", "foreign-rule",
        "cloud -> db:5432/tcp: on home a table of somebody else drops it: table inet mine, chain guard: "
        "tcp dport 5432 drop",
        table("home", STRANGER), on("home: nft delete table inet mine"),
    ),
    Fault(
        "ufw before the tunnel", "blog cloud.web", "tunnel-dropped",
        "blog -> cloud:80/tcp: on vps ufw drops WireGuard's packets (51820/udp): table ip filter, chain INPUT",
        lambda bench: (
            bench.on("vps", "nft -f - <<'RULES'\n" + UFW.replace("INPUT_POLICY", "drop").replace(
                "policy drop;\n        jump ufw-before-forward", "policy accept;\n        jump ufw-before-forward"
            ).replace("ct state established,related accept\n        icmp", "icmp") + "\nRULES")
        ),
        on("vps: nft delete table ip filter"),
    ),
    Fault(
        "mark lost", "cloud db", "mark-lost",
        "cloud -> db:5432/tcp: on home table ip mangle, chain PREROUTING takes our mark away: meta mark set 0x00000000",
        table("home", MANGLE), on("home: nft delete table ip mangle"),
    ),
    Fault(
        "led elsewhere by hand", "cloud db", "led-elsewhere",
        "cloud -> db:5432/tcp: on home a table of somebody else leads it elsewhere: table ip mine, chain guard: "
        "tcp dport 5432 dnat to 10.86.1.9",
        table("home", "table ip mine { chain guard { type nat hook prerouting priority -110; "
                      "tcp dport 5432 dnat to 10.86.1.9; }; }"), on("home: nft delete table ip mine"),
    ),
    Fault(
        "port published by Docker", "internet game.query", "led-elsewhere",
        "internet -> game:12346/tcp: on vps Docker leads it elsewhere: table ip nat, chain DOCKER: "
        "tcp dport 12346 dnat to 172.17.0.2:80",
        table("vps", "table ip nat { chain DOCKER { tcp dport 12346 dnat to 172.17.0.2:80; }; "
                     "chain PREROUTING { type nat hook prerouting priority -101; jump DOCKER; }; }"),
        on("vps: nft delete table ip nat; conntrack -D -p tcp --orig-port-dst 12346 2>/dev/null || :"),
    ),
    Fault(
        "not tracked", "cloud db", "untracked",
        "cloud -> db:5432/tcp: on home a table of somebody else keeps it from connection tracking: table ip raw, "
        "chain guard: tcp dport 5432 notrack",
        table("home", "table ip raw { chain guard { type filter hook prerouting priority -300; "
                      "tcp dport 5432 notrack; }; }"), on("home: nft delete table ip raw"),
    ),
    Fault(
        "rate limit", "internet game.score", "rate-limit",
        "internet -> game:12347/tcp: vps drops it because the rate limit is reached: 2 new connections in 60 s for "
        "each source",
        on("internet: for i in 1 2 3 4; do timeout 0.3 bash -c 'exec 3<>/dev/tcp/203.0.113.10/12347' 2>/dev/null || :; "
           "done"),
        on("vps: nft flush set inet warren meter_2_60_v4; nft flush set inet warren meter_2_60_v6"),
    ),
    Fault(
        "too many connections", "hoard db", "too-many-connections",
        "hoard -> db:5432/tcp: cabin drops it because hoard has too many connections open: 20 at once",
        lambda bench: bench.on("hoard", HOARD),
        on("hoard: kill $(cat /tmp/hoard.pid)"),
    ),
    Fault(
        "our rules flushed", "cloud db", "rules-gone", "cloud -> db:5432/tcp: our rules are gone from home",
        on("home: nft flush ruleset"),
    ),
    Fault(
        "an element deleted", "cloud db", "rules-changed",
        "cloud -> db:5432/tcp: our rules on home are not those of the file: permit4 +1",
        on("home: nft delete element inet warren permit4 '{ 10.86.1.2 . 10.86.1.3 . tcp . 5432 }'"),
    ),
)  # fmt: skip

# The same as iptables writes it, in extensions that nft's JSON has no words for.
IPTABLES = (
    Fault(
        "Docker by iptables", "internet game.query", "foreign-rule",
        "internet -> game:12346/tcp: on vps Docker drops it: table ip filter, chain FORWARD (its policy)",
        on("vps: iptables-nft -P FORWARD DROP; iptables-nft -N DOCKER-USER; iptables-nft -A FORWARD -j DOCKER-USER; "
           "iptables-nft -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"),
        on("vps: nft delete table ip filter"),
    ),
    Fault(
        "refused by iptables", "cloud db", "foreign-rule",
        "cloud -> db:5432/tcp: on home a table of somebody else drops it: table ip filter, chain FORWARD: "
        "tcp dport 5432 ct state new counter reject",
        on("home: iptables-nft -A FORWARD -p tcp --dport 5432 -m conntrack --ctstate NEW -m comment --comment no "
           "-j REJECT"),
        on("home: nft delete table ip filter"),
    ),
) if which("iptables-nft") else ()  # fmt: skip
