"""What apply does to real kernels, and what it never does: others' things, live connections, half a change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.netns.flows import UNBROKEN, Flows, holding, serving
from tests.netns.standing import Standing, difference, standing
from tests.topologies import exposed, needed, pair, service, through, two_hosts
from warren.lab.lab import Lab
from warren.topology.model import Exposure, Permission, Topology

pytestmark = pytest.mark.netns

# Things of others on the home host, of every kind that we have ourselves.
FOREIGN = """\
ip link add name v-foreign type veth peer name v-far
ip addr add 172.31.9.1/24 dev v-foreign; ip link set v-foreign up; ip link set v-far up
ip route add 172.31.10.0/24 dev v-foreign; ip route add 172.31.11.0/24 dev v-foreign table 77
ip route add blackhole 172.31.12.0/24; ip -6 route add fd31::/64 dev v-foreign
ip rule add pref 8599 from 172.31.9.0/24 lookup 77; ip -6 rule add pref 8700 from fd31::/64 lookup 77
ip netns add theirs; ip -n theirs link set lo up
mkdir -p /etc/netns/theirs /etc/wireguard; echo theirs > /etc/netns/theirs/resolv.conf
echo '# theirs' > /etc/wireguard/wg0.conf
(wireguard-go wg0 || ip link add wg0 type wireguard) >/dev/null 2>&1; ip addr add 10.200.0.1/24 dev wg0
wg set wg0 listen-port 51999 peer $(wg genkey | wg pubkey) allowed-ips 10.200.0.2/32
ip link set wg0 up
nft -f - <<'END'
table ip filter {
    set known { type ipv4_addr; elements = { 192.0.2.1 }; }
    chain FORWARD { type filter hook forward priority 0; policy drop; iifname "docker0" accept; counter; }
    chain USER { ip saddr @known accept; }
}
table inet firewalld {
    chain input { type filter hook input priority 10; policy accept; ct state established accept; }
}
table ip nat {
    chain POSTROUTING { type nat hook postrouting priority 100; oifname "docker0" masquerade; }
}
END
"""


@pytest.fixture(scope="module")
def net() -> Iterator[Standing]:
    with standing(two_hosts()) as made:
        yield made


def with_mail(topology: Topology) -> Topology:
    """One service more at home, with a need and an exposure of its own."""
    mail = service("mail", "home", pair(1, 9), through("vps"), smtp="25/tcp", voice="3000-3009/udp")
    vps = topology.hosts["vps"]
    return replace(
        topology,
        services={**topology.services, "mail": mail},
        permissions=(*topology.permissions, needed("mail", topology.services["db"], "sql")),
        exposures=(*topology.exposures, exposed(vps, mail, "smtp"), exposed(vps, mail, "voice")),
    )


def without(topology: Topology, *names: str) -> Topology:
    """The same network without some services, and without what speaks of them."""

    def speaks(each: Permission | Exposure) -> bool:
        return any(getattr(each, word, None) in names for word in ("source", "target", "service"))

    return replace(
        topology,
        services={name: each for name, each in topology.services.items() if name not in names},
        permissions=tuple(each for each in topology.permissions if not speaks(each)),
        exposures=tuple(each for each in topology.exposures if not speaks(each)),
    )


# ── what is not ours, and what is no longer wanted ────────────────────────────────────────────────────────────────────


def test_what_is_not_ours_is_never_touched() -> None:
    empty = without(two_hosts(), *two_hosts().services)
    with standing(empty) as bare:
        bare.on("home", FOREIGN)
        before = bare.dump()
        bare.apply(with_mail(two_hosts()))
        assert bare.changes() == []
        gone = [line for line in difference(before, bare.dump()) if line.startswith(("home - ", "vps - "))]
        assert [line for line in gone if "warren" not in line] == [], "only elements of our own tables differ"
        bare.apply(empty)
        assert difference(before, bare.dump()) == []


def test_what_is_no_longer_in_the_file_leaves_no_trace(net: Standing) -> None:
    before = net.dump()
    net.apply(with_mail(two_hosts()))
    net.apply(two_hosts())
    assert difference(before, net.dump()) == []
    net.apply(replace(two_hosts(), permissions=(), exposures=()))
    net.apply(two_hosts())
    assert difference(before, net.dump()) == []


def test_a_host_without_services_keeps_none_of_theirs(net: Standing) -> None:
    before = net.dump()
    net.apply(without(two_hosts(), "cloud", "db", "game"))
    assert net.on("home", "ip netns list; ls /etc/netns; ip -o link show group 86 type veth") == ""
    assert "10.86.1.4" not in net.on("vps", "nft list ruleset"), "the gateway has forgotten the exposure"
    net.apply(two_hosts())
    assert difference(before, net.dump()) == []


@pytest.mark.slow
@pytest.mark.long
def test_a_hundred_times_there_and_back(net: Standing) -> None:
    before = net.dump()
    for _ in range(50):
        net.apply(with_mail(two_hosts()))
        net.apply(two_hosts())
    assert difference(before, net.dump()) == []


# ── a change that fails ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_that_another_has_undoes_the_change_on_both_hosts(net: Standing) -> None:
    net.on("home", "ip link add name v-mail type veth peer name v-far")
    before = net.dump()
    outcome = net.try_to_apply(with_mail(two_hosts()))
    assert outcome.failure and outcome.failure.host == "home" and outcome.failure.restored, outcome
    assert difference(before, net.dump()) == []
    net.on("home", "ip link del v-mail")
    net.apply(two_hosts())


def test_a_failure_on_the_second_host_undoes_the_change_on_both(net: Standing) -> None:
    """The gateway comes last, and its nft refuses: what home already had is taken back."""
    before = net.dump()
    net.on("vps", BROKEN_NFT)
    outcome = net.try_to_apply(with_mail(two_hosts()))
    assert outcome.failure and outcome.failure.host == "vps", outcome
    assert "no room in this kernel" in outcome.failure.reason
    net.on("vps", "umount $(command -v nft)")
    assert outcome.failure.restored, outcome
    assert difference(before, net.dump()) == []
    net.topology = two_hosts()
    assert net.changes() == []


# The first transaction that adds something is refused, all others go to the real program.
BROKEN_NFT = """\
mkdir -p /run/broken; cp $(command -v nft) /run/broken/real
cat > /run/broken/nft <<'END'
#!/bin/sh
[ "$1" != -f ] || [ -e /run/broken/done ] || { touch /run/broken/done; echo 'no room in this kernel' >&2; exit 1; }
exec /run/broken/real "$@"
END
chmod +x /run/broken/nft; mount --bind /run/broken/nft $(command -v nft)
"""


# ── connections that live while the network changes ───────────────────────────────────────────────────────────────────

PUBLIC = ("203.0.113.10", "2001:db8:10::10")
GAME = tuple(f"{address}|{end}" for address in PUBLIC for end in ("12345|udp", "12346|tcp"))


@pytest.fixture
def served(net: Standing) -> Iterator[Lab]:
    with ExitStack() as stack:
        stack.enter_context(serving(net.lab, "game", "12345/udp", "12346/tcp"))
        stack.enter_context(serving(net.lab, "db", "5432/tcp"))
        stack.enter_context(serving(net.lab, "blog", "80/tcp"))
        stack.enter_context(serving(net.lab, "internet", "7777/tcp", "7777/udp"))
        yield net.lab


def test_live_flows_never_notice_that_others_come_and_go(net: Standing, served: Lab) -> None:
    outside = [f"{each}|7777|{kind}" for each in addresses(served, "internet") for kind in ("tcp", "udp")]
    with (
        holding(served, "internet", *GAME) as players,
        holding(served, "cloud", "10.86.1.3|5432|tcp", "fd86:86:86:1::3|5432|tcp", *outside) as cloud,
    ):
        assert settled(players, 4) and settled(cloud, 2 + len(outside))
        for _ in range(3):
            net.apply(with_mail(two_hosts()))
            net.apply(two_hosts())
        found = [*players.look(), *cloud.look()]
        assert [each for each in found if not each.unbroken] == []


def test_what_is_revoked_ends_within_a_second_and_nothing_else(net: Standing, served: Lab) -> None:
    fewer = replace(
        two_hosts(),
        permissions=tuple(each for each in two_hosts().permissions if each.source != "cloud"),
        exposures=tuple(each for each in two_hosts().exposures if each.ports.first != 12345),
    )
    with (
        holding(served, "internet", *GAME, "203.0.113.10|8080|tcp") as players,
        holding(served, "cloud", "10.86.1.3|5432|tcp", "fd86:86:86:1::3|5432|tcp") as cloud,
    ):
        assert settled(players, 5) and settled(cloud, 2)
        net.apply(fewer)
        time.sleep(1)
        players.look(), cloud.look()
        time.sleep(UNBROKEN)
        udp4, tcp4, udp6, tcp6, blog = players.look()
        assert [each.answers for each in (udp4, udp6, *cloud.look())] == [0, 0, 0, 0]
        assert all(each.unbroken for each in (tcp4, tcp6, blog)), (tcp4, tcp6, blog)
        net.apply(two_hosts())
        time.sleep(UNBROKEN)
        assert all(each.answers for each in players.look()[:4]), "and comes back"


def settled(flows: Flows, number: int) -> bool:
    """Whether so many flows are answered; begins the measurement anew."""
    for _ in range(30):
        time.sleep(0.1)
        if sum(each.answers > 0 for each in flows.look()) == number:
            time.sleep(0.1)
            flows.look()
            return True
    return False


def addresses(lab: Lab, place: str) -> list[str]:
    """The addresses of a place's line, both families."""
    said = lab.run(place, "sh", "-c", "ip -o addr show dev eth0 scope global").stdout.decode()
    return [line.split()[3].split("/")[0] for line in said.splitlines()]
