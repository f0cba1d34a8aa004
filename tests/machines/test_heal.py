"""What others take away comes back by itself, and nothing is more open in between (T53, T54, T57).

Two booted machines, the whole network applied, and then the ways in which other programs ruin one.
"""

from __future__ import annotations

import pytest

from tests.machines.rig import Rig, until

# What a heal may take (promises: 20 seconds), with a margin for a machine that others use as well.
LIMIT = 25.0
FLUSH_RULES = (
    "for f in 4 6; do ip -$f rule | awk -F: '/proto 86/ {print $1}' | "
    "while read p; do ip -$f rule del pref $p; done; done"
)
OURS = (
    "ip -4 rule | grep 'proto 86'; ip -6 rule | grep 'proto 86'; ip route show table all proto 86; "
    "nft -s -t list table inet warren"
)
FOREIGN_TABLE = (
    "nft 'table inet theirs { chain input { type filter hook input priority 10; policy accept; "
    "tcp dport 2222 accept; }; }'"
)
FOREIGN = f"""
{FOREIGN_TABLE}
ip rule add pref 100 from 198.51.100.99 lookup 99
ip route add 192.0.2.0/28 dev lo table 99
"""
THEIRS = "nft list table inet theirs; ip rule | grep -v 'proto 86'; ip route show table 99"


@pytest.fixture
def network(bare: Rig) -> Rig:
    """The machines with the network of the file."""
    assert bare.apply().succeeded
    return bare


def test_all_that_others_flush_comes_back_and_theirs_is_left_alone(network: Rig) -> None:
    network.run("home", FOREIGN)
    theirs, ours = network.run("home", THEIRS), network.run("home", OURS)
    assert ours
    for ruin in (
        # networkd's restart and firewalld's reload at once
        f"nft flush ruleset; {FOREIGN_TABLE}; {FLUSH_RULES}; ip route flush table 8600; ip -6 route flush table 8600",
        "nft flush table inet warren; ip link del v-db; ip link del wrn-vps",
    ):
        network.run("home", ruin)
        until(lambda: network.run("home", f"{{ {OURS}; }} 2>/dev/null || :") == ours, LIMIT, 0.5)
        until(lambda: network.plan().plan.is_empty, LIMIT, 0.5)
    assert network.run("home", THEIRS) == theirs


def test_without_our_rules_nothing_leaves_and_nobody_comes_in(network: Rig) -> None:
    for host in ("vps", "home"):
        network.run(host, f"systemctl stop warren-heal.timer; nft flush ruleset; {FLUSH_RULES}")
    assert network.fails("home", "ip netns exec cloud ping -c1 -W1 203.0.113.10")
    assert network.fails("home", "ip netns exec db ping -c1 -W1 203.0.113.10")
    assert network.fails("home", "ip netns exec cloud nc -z -w1 10.86.1.3 5432")
    assert not network.reaches("internet", "203.0.113.10", 8080)


def test_what_runs_is_looked_at_and_started_again(network: Rig) -> None:
    network.run(
        "home", "systemctl disable --now warren-heal.timer; rm /var/lib/systemd/linger/db; systemctl stop user@6002"
    )
    changed = {change.key for change in network.plan().plan.hosts["home"]}
    assert any(key.startswith("session:db/") for key in changed)
    assert "unit:warren-heal.timer" in changed
    assert network.apply().succeeded
    assert network.plan().plan.is_empty


def test_a_service_that_comes_and_goes_leaves_nothing(network: Rig) -> None:
    with_it = network.path.read_text()
    without = with_it[: with_it.index("  db:\n")].replace("    needs: [db.sql]\n", "")
    before = (
        "getent passwd; cat /etc/subuid /etc/subgid; ls /etc/netns /etc/systemd/system /run/netns "
        "/var/lib/systemd/linger"
    )
    network.say(without)
    assert network.apply().succeeded
    bare = network.run("home", f"{before}; ip -o link | wc -l; nft -s list ruleset | md5sum")
    for _ in range(3):
        network.say(with_it)
        assert network.apply().succeeded
        network.say(without)
        assert network.apply().succeeded
    assert network.run("home", f"{before}; ip -o link | wc -l; nft -s list ruleset | md5sum") == bare
