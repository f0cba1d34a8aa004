"""A needed port at the service's own loopback: a socket in its namespace, a proxy where the target can be reached."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.desired.reading import view_of
from warren.desired.items.file import File
from warren.desired.items.unit import Unit
from warren.desired.model import HostState, of_kind
from warren.desired.parts.machine.local_ports import local_ports
from warren.topology.model import LocalPort, Pair, Topology


def with_local(program_host: str | None) -> Topology:
    topology = two_hosts()
    name = next(name for name, service in topology.services.items() if service.host == "home")
    service = topology.services[name]
    port = LocalPort(3306, Pair(*service.addresses), 13306, "home.mysql", program_host)
    return replace(topology, services={**topology.services, name: replace(service, localhost=(port,))})


def held(program_host: str | None) -> HostState:
    return HostState.of(local_ports(view_of(with_local(program_host), "home")))


def text(state: HostState, suffix: str) -> str:
    (file,) = (each for each in of_kind(state, File) if each.path.endswith(suffix))
    return file.content


def test_it_listens_on_both_loopbacks_of_the_namespace() -> None:
    listens = text(held("home"), ".socket")
    assert "ListenStream=127.0.0.1:3306\nListenStream=[::1]:3306\nNetworkNamespacePath=/run/netns/" in listens
    assert any(unit.name.endswith("-3306.socket") for unit in of_kind(held("home"), Unit))


def test_a_program_of_this_host_is_reached_on_the_host_s_side() -> None:
    carries = text(held("home"), ".service")
    assert "127.0.0.1:13306\n" in carries
    assert "NetworkNamespacePath" not in carries


def test_what_is_elsewhere_is_reached_through_the_rules_as_the_service() -> None:
    carries = text(held(None), ".service")
    assert "NetworkNamespacePath=/run/netns/" in carries
    assert "DynamicUser" not in carries
