"""Rules of others in the way of what the network sends."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.doctor.patients import codes, patient, troubles
from tests.unit.doctor.rules.test_nft import IIF, NO, SADDR, STATE, YES, listed, match
from tests.unit.doctor.rules.test_tables import DOCKER
from tests.unit.doctor.test_neighbours import unit
from warren.doctor.checks.filters import filters, traffic
from warren.doctor.model import Level
from warren.doctor.rules.nft import Json

UFW = """\
#iptables
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-user-input - [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -j ufw-user-input
-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT
"""


def test_no_rules_of_others() -> None:
    assert codes(filters(patient())) == set()


def test_what_each_host_lives_by() -> None:
    assert {each.words for each in traffic(patient("vps"))} == {
        "what services send through tunnels", "what tunnels bring to services", "what the Internet sends to services",
        "what services send to the Internet", "the tunnel at UDP 51820",
    }  # fmt: skip
    assert {each.words for each in traffic(patient("home"))} == {
        "what services send through tunnels", "what tunnels bring to services", "what services send to each other",
        "the tunnel to vps", "what services send to its programs",
    }  # fmt: skip


def test_docker_drops_and_is_named() -> None:
    found = troubles(filters(patient("home", tables=DOCKER, neighbours=unit("docker"))))["foreign-drop"]
    assert found.level is Level.ERROR
    assert found.summary == (
        "chain `ip filter FORWARD` of Docker drops what services send through tunnels, what tunnels bring to services "
        "and what services send to each other"
    )
    assert found.mend is not None
    assert found.mend.script is not None


def test_docker_that_was_opened_is_fine() -> None:
    ways = "".join(f"-A DOCKER-USER {side} {name} -j ACCEPT\n" for side in ("-i", "-o") for name in ("wrn-+", "v-+"))
    opened = DOCKER.replace("COMMIT", f"{ways}COMMIT")
    assert codes(filters(patient("home", tables=opened, neighbours=unit("docker")))) == set()


def test_ufw_before_the_tunnel() -> None:
    found = troubles(filters(patient("vps", tables=UFW, neighbours=unit("ufw"), leavings="ufw=yes\n")))["foreign-drop"]
    assert found.summary == "chain `ip filter INPUT` of ufw drops the tunnel at UDP 51820"
    opened = UFW + "-A ufw-user-input -p udp -m udp --dport 51820 -j ACCEPT\n"
    assert codes(filters(patient("vps", tables=opened, neighbours=unit("ufw"), leavings="ufw=yes\n"))) == set()


def test_tables_of_iptables_are_not_judged_twice() -> None:
    same = listed([{"xt": None}, YES], family="ip").replace('"f"', '"FORWARD"')
    found = list(filters(patient("home", tables=DOCKER, filter=same)))
    assert [each.code for each in found] == ["foreign-drop"]


def test_a_hand_written_table() -> None:
    closed = listed([match(STATE, ["established"], "in"), YES], table="mine")
    found = troubles(filters(patient("vps", filter=closed)))["foreign-drop"]
    assert "chain `inet mine f` drops" in found.summary
    assert found.mend is not None
    assert found.mend.script is None
    names: Json = {"set": ["wrn-*", "v-*"]}
    through: list[list[Json]] = [[match(IIF, names), YES], [match({"meta": {"key": "oifname"}}, names), YES]]
    assert codes(filters(patient("vps", filter=listed(*through, table="mine")))) == set()


def test_a_list_of_addresses_is_only_worth_knowing() -> None:
    blocked = listed([match(SADDR, "@bad"), NO], policy="accept", table="mine")
    found = troubles(filters(patient("vps", filter=blocked)))
    assert {code: each.level for code, each in found.items()} == {"foreign-may-drop": Level.NOTE}


def test_only_the_family_of_the_endpoint_matters() -> None:
    six = "#ip6tables\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
    assert codes(filters(patient("vps", tables=six))) == set()
    assert codes(filters(patient("vps", tables=six.replace("ip6", "ip")))) == {"foreign-drop"}


def test_a_host_without_services_forwards_nothing_of_its_own() -> None:
    net = two_hosts()
    alone = replace(net, services={}, exposures=(), permissions=(), tunnels=())
    assert list(traffic(patient("home", alone))) == []
