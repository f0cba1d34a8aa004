"""WireGuard in memory behaves as `wg set` and `wg show` do."""

from __future__ import annotations

import pytest

from warren.hosts.fake.wireguard import Interface, dump, key_of
from warren.hosts.fake.words import Refusal, Words

ONE, OTHER = key_of("one"), key_of("other")


def test_a_peer_is_set_shown_and_removed() -> None:
    wg = Interface()
    wg.set(Words(["private-key", "/k", "listen-port", "51820"]), ONE, 40000)
    wg.set(Words.of(f"peer {OTHER} endpoint 192.0.2.1:5 persistent-keepalive 25 allowed-ips 10.0.0.0/8"), ONE, 40000)
    assert list(dump({"wrn-a": wg})) == [
        f"wrn-a\t-\t{ONE}\t51820\toff",
        f"wrn-a\t{OTHER}\t-\t192.0.2.1:5\t10.0.0.0/8\t0\t0\t0\t25",
    ]
    wg.set(Words(["peer", OTHER, "remove"]), ONE, 40000)
    assert wg.peers == {}


def test_a_prefix_belongs_to_one_peer() -> None:
    wg = Interface()
    for key in (ONE, OTHER):
        wg.set(Words(["peer", key, "persistent-keepalive", "0", "allowed-ips", "10.0.0.0/8"]), None, 0)
    assert (wg.peers[ONE].allowed, wg.peers[OTHER].allowed) == ([], ["10.0.0.0/8"])


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("private-key /k", "No such file"),
        ("peer (known remove", "Key is not"),
        ("fwmark 5", "Invalid argument: fwmark"),
    ],
)
def test_what_wg_refuses_is_refused(words: str, refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        Interface().set(Words(words.replace("remove", "persistent-keepalive 0 allowed-ips ::/0").split()), None, 0)


def test_without_a_port_the_kernel_chooses() -> None:
    wg = Interface()
    wg.set(Words(["private-key", "/k"]), ONE, 40000)
    assert wg.port == 40000
