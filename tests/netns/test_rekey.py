"""A host that has lost its key, or whose key was stolen: everybody knows the new one, and nobody the old one (T19)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.netns.standing import Standing, standing
from tests.topologies import two_hosts

pytestmark = pytest.mark.netns

KEY = "/etc/warren/wireguard.key"
LIMIT = 20.0


@pytest.fixture(scope="module")
def net() -> Iterator[Standing]:
    with standing(two_hosts()) as made:
        yield made


def shaken(net: Standing, host: str) -> bool:
    """Whether every tunnel of a host has shaken hands since its peer is known."""
    lines = net.on(host, "wg show all latest-handshakes").splitlines()
    return bool(lines) and all(int(line.split()[2]) for line in lines)


def until_shaken(net: Standing) -> None:
    """Both ends hear each other."""
    until = time.monotonic() + LIMIT
    while not (shaken(net, "home") and shaken(net, "vps")):
        assert time.monotonic() < until
        net.on("home", "ping -c 1 -W 1 10.86.0.1 >/dev/null 2>&1 || :")


@pytest.mark.parametrize("host", ["vps", "home"])
def test_a_new_key_is_everybodys_and_the_old_one_is_nobodys(net: Standing, host: str) -> None:
    other = {"vps": "home", "home": "vps"}[host]
    until_shaken(net)
    old, public = net.on(host, f"cat {KEY}"), net.on(host, f"wg pubkey < {KEY}").strip()
    net.on(host, f"rm {KEY}")
    net.apply(two_hosts())
    assert net.on(host, f"cat {KEY}") != old
    assert net.on(host, f"stat -c '%a %U' {KEY}") == "600 root\n"
    assert public not in net.on(other, "wg show all dump") + net.on(host, "wg show all dump")
    until_shaken(net)
    assert net.changes() == []

    # Whoever has the old one, even at the very place where it was used, is not answered.
    net.on(host, f"echo '{old.strip()}' > /run/stolen; wg set wrn-vps private-key /run/stolen; rm /run/stolen")
    net.on(other, "wg showconf wrn-vps > /run/again; ip link set wrn-vps down; ip link set wrn-vps up; rm /run/again")
    before = net.on(other, "wg show wrn-vps latest-handshakes")
    net.on("home", "ping -c 3 -i 0.5 -W 1 10.86.0.1 >/dev/null 2>&1 && exit 1 || :")
    assert net.on(other, "wg show wrn-vps latest-handshakes") == before
    net.apply(two_hosts())
    until_shaken(net)
