"""Lines of a trace as the kernel's tool printed them."""

from __future__ import annotations

from warren.formats.nft_trace import Header, TraceLine, header, lines

TEXT = """\
trace id 4b629fe5 inet wtr out packet: iif "wrn-vps" oif "v-db" ip saddr 10.86.0.2 ip daddr 10.86.1.3 ip dscp 0x00 \
ip ecn 0x0 ip ttl 64 ip id 65005 ip protocol 6 ip length 60 tcp sport 50951 tcp dport 5432 tcp flags == 0x2
trace id 4b629fe5 inet wtr out rule tcp dport 5432 meta nftrace set 1 (verdict continue)
trace id 4b629fe5 inet warren o rule udp dport 9 counter packets 0 bytes 0 jump sub (verdict jump sub)
trace id 4b629fe5 ip filter FORWARD policy drop
trace id 4b629fe5 inet warren sub verdict continue meta mark 0x01000000
trace id 4b629fe5 inet warren o unknown rule handle 2 (verdict drop)
Error: something else
"""


def test_lines() -> None:
    found = list(lines(TEXT))
    wanted = Header("wrn-vps", "v-db", "10.86.0.2", "10.86.1.3", 50951, 5432, 0, 6)
    assert found == [
        TraceLine("4b629fe5", "inet", "wtr", "out", "packet", header=wanted),
        TraceLine("4b629fe5", "inet", "wtr", "out", "rule", "continue", "tcp dport 5432 meta nftrace set 1"),
        TraceLine(
            "4b629fe5", "inet", "warren", "o", "rule", "jump sub", "udp dport 9 counter packets 0 bytes 0 jump sub"
        ),
        TraceLine("4b629fe5", "ip", "filter", "FORWARD", "policy", "drop"),
        TraceLine("4b629fe5", "inet", "warren", "sub", "verdict", "continue"),
        TraceLine("4b629fe5", "inet", "warren", "o", "rule", "drop", "rule handle 2"),
    ]
    assert [each.drops for each in found] == [False, False, False, True, False, True]


def test_ipv6_and_marks() -> None:
    text = 'iif "eth0" ip6 saddr ::1 ip6 daddr fd00::2 ip6 nexthdr 17 udp sport 1 udp dport 53 meta mark 0x10000000'
    assert header(text) == Header("eth0", "", "::1", "fd00::2", 1, 53, 0x10000000, 17)


def test_nothing_is_no_line() -> None:
    assert list(lines("")) == []
    assert header("") == Header()
