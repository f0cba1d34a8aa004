"""A service is a namespace: its own pair, one way out of it, and the names that it may reach."""

from __future__ import annotations

from tests.topologies import everything, two_hosts
from tests.unit.desired.reading import view_of
from warren.desired.items.file import File
from warren.desired.items.netns import Netns, Veth
from warren.desired.items.route import Route
from warren.desired.items.sysctl import Settings
from warren.desired.model import HostState, Item
from warren.desired.parts.services import SETTINGS, services
from warren.topology.model import Topology


def held(topology: Topology, name: str) -> list[Item]:
    return list(services(view_of(topology, name)))


def hosts_file(topology: Topology, host: str, service: str) -> list[str]:
    """The lines of a service's hosts(5), without those of every machine."""
    (file,) = (each for each in held(topology, host) if isinstance(each, File) and f"/{service}/" in each.path)
    assert file.content.startswith("127.0.0.1 localhost\n::1 localhost ")
    return file.content.splitlines()[2:]


def test_all_that_a_service_is() -> None:
    assert list(HostState.of(held(two_hosts(), "vps")).items) == [
        "netns:blog",
        "link:v-blog",
        "settings:blog",
        "route:8600/to 10.86.0.2/32",
        "route:8600/to fd86:86:86::2/128",
        "route:blog/main/to 10.86.0.1/32",
        "route:blog/main/to fd86:86:86::1/128",
        "route:blog/main/to 0.0.0.0/0",
        "route:blog/main/to ::/0",
        "file:/etc/netns/blog/hosts",
    ]


def test_services_of_other_hosts_are_not_here() -> None:
    found = {each.name for each in held(two_hosts(), "home") if isinstance(each, Netns)}
    assert found == {"cloud", "db", "game"}
    assert held(everything(), "edge") == []


def test_no_two_services_share_a_link() -> None:
    pairs = [each for each in held(everything(), "home") if isinstance(each, Veth)]
    assert len({each.name for each in pairs}) == len({each.inner for each in pairs}) == 4
    assert all(address.endswith(("/32", "/128")) for each in pairs for address in each.inner | each.outer)


def test_the_host_s_own_address_is_the_only_way_out() -> None:
    inner = [each for each in held(two_hosts(), "vps") if isinstance(each, Route) and each.netns == "blog"]
    assert {(each.prefix, each.via) for each in inner} == {
        ("10.86.0.1/32", None),
        ("fd86:86:86::1/128", None),
        ("0.0.0.0/0", "10.86.0.1"),
        ("::/0", "fd86:86:86::1"),
    }


def test_a_service_may_open_low_ports_and_ping_and_nothing_may_move_its_routes() -> None:
    (settings,) = (each for each in held(two_hosts(), "vps") if isinstance(each, Settings))
    assert settings == Settings("blog", SETTINGS)
    values = dict(settings.values)
    assert values["net.ipv4.ip_unprivileged_port_start"] == "0"
    assert values["net.ipv4.ip_forward"] == values["net.ipv6.conf.all.forwarding"] == "0"
    assert values["net.ipv6.conf.eth0.accept_ra"] == "0"
    assert all(value == "0" for key, value in values.items() if "accept_redirects" in key)


def test_a_service_knows_itself_and_what_it_needs_by_name() -> None:
    assert hosts_file(two_hosts(), "home", "cloud") == [
        "10.86.1.2 cloud.two-hosts.internal cloud",
        "fd86:86:86:1::2 cloud.two-hosts.internal cloud",
        "10.86.1.3 db.two-hosts.internal db",
        "fd86:86:86:1::3 db.two-hosts.internal db",
    ]


def test_a_service_does_not_learn_who_needs_it_nor_anybody_else() -> None:
    assert hosts_file(two_hosts(), "home", "db") == [
        "10.86.1.3 db.two-hosts.internal db",
        "fd86:86:86:1::3 db.two-hosts.internal db",
    ]


def test_two_needs_of_one_service_are_one_name() -> None:
    assert sum(" db" in line for line in hosts_file(everything(), "home", "cloud")) == 2
