"""Connections as the kernel lists them."""

from __future__ import annotations

from warren.formats.conntrack import Connection, Ends, connections

TEXT = """\
ipv4     2 udp      17 29 src=198.51.100.7 dst=203.0.113.10 sport=40001 dport=12345 [UNREPLIED] src=10.86.1.9 \
dst=198.51.100.7 sport=12345 dport=40001 mark=268435456 zone=0 use=2
ipv6     10 tcp      6 431999 ESTABLISHED src=fd13:46ad:d446:0001:0000:0000:0000:0002 dst=2001:0db8:0000::1 sport=1 \
dport=443 src=2001:db8::1 dst=fd13:46ad:d446:1::2 sport=443 dport=1 [ASSURED] mark=0 zone=0 use=2
ipv4     2 icmp     1 29 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 id=1 src=2.2.2.2 dst=1.1.1.1 type=0 code=0 id=1 mark=0
"""


def test_connections() -> None:
    first, second = connections(TEXT)
    assert first == Connection(
        "udp",
        Ends("198.51.100.7", "203.0.113.10", 40001, 12345),
        Ends("10.86.1.9", "198.51.100.7", 12345, 40001),
        0x10000000,
        False,
    )
    assert (first.is_translated, second.is_translated, second.answered) == (True, False, True)
    assert second.question.source == "fd13:46ad:d446:1::2"
