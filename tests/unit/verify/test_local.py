"""local: whether needed ports at 127.0.0.1 lead where the file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.networks import interpreter, states_of
from tests.relayed import LINE, relayed
from warren.basis.diagnostic import Diagnostic
from warren.desired.carried import with_local_ports
from warren.desired.items.file import File
from warren.desired.model import HostState
from warren.topology.model import Topology
from warren.verify.local import misled

SERVICE = "file:/etc/systemd/system/warren-local-cloud-5432.service"
SOCKET = "file:/etc/systemd/system/warren-local-cloud-3306.socket"


def states() -> dict[str, HostState]:
    return with_local_ports(relayed(), states_of(relayed()))


def against(given: Mapping[str, HostState], topology: Topology | None = None) -> list[Diagnostic]:
    return list(misled(topology or relayed(), interpreter(relayed(), given), "report it"))


def said(key: str, old: str, new: str) -> list[str]:
    """What is said when one file of the host says something else."""
    given = states()
    item = given["home"].items[key]
    assert isinstance(item, File) and old in item.content
    changed = replace(item, content=item.content.replace(old, new))
    found = against({**given, "home": HostState({**given["home"].items, key: changed})})
    assert all(each.hint == "report it" and each.place == LINE for each in found)
    return [f"{each.code}: {each.summary}" for each in found]


def test_what_the_parts_make_is_right() -> None:
    assert against(states()) == []


def test_a_proxy_that_leads_elsewhere() -> None:
    assert said(SERVICE, "10.86.1.3:5432", "10.86.1.1:22")[0] == (
        "proved-closed: 127.0.0.1:5432 of cloud is declared as `db.sql`, and leads nowhere: "
        "tcp 10.86.1.2:40001 -> 10.86.1.1:22 from cloud: denied by a rule"
    )


def test_a_proxy_that_connects_in_the_name_of_the_host() -> None:
    """There no need stands in its way, and the other end sees the host's address."""
    assert said(SERVICE, "NetworkNamespacePath=/run/netns/cloud", "")[0] == (
        "proved-open: 127.0.0.1:5432 of cloud leads to port 5432/tcp of db in the name of home, and nothing declares it"
    )


def test_a_proxy_on_the_hosts_side_that_leads_to_ssh() -> None:
    key = SOCKET.replace(".socket", ".service")
    assert said(key, "127.0.0.1:3307", "127.0.0.1:22")[0] == (
        "proved-open: 127.0.0.1:3306 of cloud leads to port 22/tcp of home in the name of home, and nothing declares it"
    )


def test_a_socket_that_lacks_an_address() -> None:
    assert said(SOCKET, "ListenStream=[::1]:3306\n", "") == [
        "proved-closed: [::1]:3306 of cloud is declared as `home.mysql`, and nothing listens there"
    ]


def test_a_socket_that_nobody_declared() -> None:
    topology = relayed()
    cloud = topology.services["cloud"]
    fewer = replace(topology, services={**topology.services, "cloud": replace(cloud, localhost=cloud.localhost[:1])})
    found = against(states(), fewer)
    assert [each.summary for each in found] == [
        "127.0.0.1:3306 of cloud leads to port 3307/tcp of home in the name of home, and nothing declares it",
        "[::1]:3306 of cloud leads to port 3307/tcp of home in the name of home, and nothing declares it",
    ]
