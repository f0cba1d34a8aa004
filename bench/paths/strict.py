"""The same made by hand, with the same promises: what they cost is told apart from what our rules cost.

In: a script for one host of the ground. Out: namespaces `s-asker` and `s-near`. Never shares a line with what warren
writes. Every packet is judged, not only the first, every source is pinned to its link, and every service is accounted;
options, bogons and what is routed at the network from outside are dropped. IPv4 alone, and by the host's own routes.
"""

from __future__ import annotations

from bench.paths.ground import Ground
from bench.paths.hand import FORWARD, routed

HOST, PUBLIC, SERVER = "strict", "203.0.113.15", "10.99.1.3"
TABLE = """
nft -f - <<'END'
table inet strict {
    set pins {
        type ifname . ipv4_addr
        elements = { "v-s-asker" . 10.99.1.2, "v-s-near" . 10.99.1.3 }
    }
    set bogons {
        type ipv4_addr; flags interval
        elements = { 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16,
            224.0.0.0/3 }
    }
    set permitted {
        type ipv4_addr . ipv4_addr . inet_proto . inet_service
        elements = { 10.99.1.2 . 10.99.1.3 . tcp . 5201, 10.99.1.2 . 10.99.1.3 . tcp . 7000 }
    }
    set open {
        type ipv4_addr . inet_proto . inet_service
        elements = { 10.99.1.3 . tcp . 5201, 10.99.1.3 . tcp . 7000 }
    }
    map exposed {
        type inet_proto . inet_service : ipv4_addr . inet_service
        elements = { tcp . 5201 : 10.99.1.3 . 5201, tcp . 7000 : 10.99.1.3 . 7000 }
    }
    set sent { type ipv4_addr . ifname; size 65535; flags dynamic; counter; }
    set received { type ipv4_addr . ifname; size 65535; flags dynamic; counter; }
    chain arriving {
        type filter hook prerouting priority -150; policy accept;
        iifname "v-s-*" iifname . ip saddr != @pins counter drop
        ip hdrlength != 5 counter drop
        ct state invalid counter drop
        iifname "eth0" ip saddr @bogons counter drop
        iifname "eth0" ip daddr 10.96.0.0/14 counter drop
    }
    chain translate {
        type nat hook prerouting priority -100; policy accept;
        iifname "eth0" dnat ip to meta l4proto . th dport map @exposed
    }
    chain forward {
        type filter hook forward priority 0; policy drop;
        ct direction reply goto back
        ip saddr . ip daddr . meta l4proto . th dport @permitted accept
        ct status dnat ip daddr . meta l4proto . th dport @open accept
        iifname "v-s-*" oifname "eth0" accept
        ct state related meta l4proto icmp accept
        counter
    }
    chain back {
        ip daddr . ip saddr . meta l4proto . th sport @permitted accept
        ct status dnat ip saddr . meta l4proto . th sport @open accept
        iifname "eth0" oifname "v-s-*" accept
        counter
    }
    chain count {
        type filter hook forward priority 10; policy accept;
        ip saddr 10.96.0.0/14 update @sent { ip saddr . oifname }
        ip daddr 10.96.0.0/14 update @received { ip daddr . iifname }
    }
    chain leaving {
        type nat hook postrouting priority 100; policy accept;
        ip saddr 10.99.0.0/16 oifname "eth0" masquerade
    }
}
END
"""


def build(ground: Ground) -> None:
    """Two services on one host."""
    ground.sh(
        HOST, FORWARD + routed("s-asker", "10.99.1.2", "10.99.1.1") + routed("s-near", SERVER, "10.99.1.1") + TABLE
    )
