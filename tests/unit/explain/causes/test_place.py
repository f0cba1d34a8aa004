"""Namespaces and their links."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.desired.model import HostState
from warren.evidence.model import Inner, Seen
from warren.explain.causes import place
from warren.explain.scene import Scene

TOPOLOGY = example(NAME)
CLOUD = TOPOLOGY.services["cloud"]


def with_inner(**changes: object) -> Scene:
    """A home in which the inside of `cloud` looks otherwise."""
    home = healthy(TOPOLOGY)["home"]
    inner = replace(home.inner["cloud"], **changes)  # type: ignore[arg-type]
    return scene(expected("cloud", "db"), {"home": replace(home, inner={**home.inner, "cloud": inner})})


def test_healthy_places_have_nothing() -> None:
    found = scene(expected("cloud", "db"))
    assert (place.unreachable(found), place.gone(found), place.cut_off(found, CLOUD)) == (None, None, None)
    assert place.links_down(found, "home") is None


def test_a_namespace_that_is_gone() -> None:
    home = healthy(TOPOLOGY)["home"]
    found = scene(expected("cloud", "db"), {"home": replace(home, inner={**home.inner, "db": Inner(False)})})
    assert said(place.gone(found)) == "namespace-gone: the namespace of db is gone from home"


def test_the_hosts_end_of_the_link() -> None:
    home = healthy(TOPOLOGY)["home"]
    without = replace(home, links=tuple(link for link in home.links if link.name != "v-cloud"))
    found = scene(expected("cloud", "db"), {"home": without})
    assert said(place.cut_off(found, CLOUD)) == "link-gone: the link v-cloud of cloud is gone on home"
    assert said(place.links_down(found, "home")).startswith("link-gone")
    assert place.links_down(found, "vps") is None


def test_the_services_own_end() -> None:
    assert said(place.cut_off(with_inner(links=()), CLOUD) or place.cut_off(with_inner(links=LO), CLOUD)) == (
        "link-gone: eth0 in the namespace of cloud is gone"
    )
    home = healthy(TOPOLOGY)["home"]
    down = tuple(replace(link, up=False) for link in home.inner["cloud"].links)
    assert said(place.cut_off(with_inner(links=down), CLOUD)) == "link-down: eth0 in the namespace of cloud is down"


LO = tuple(replace(link, name="lo") for link in healthy(TOPOLOGY)["home"].inner["cloud"].links)


def test_addresses_and_families() -> None:
    home = healthy(TOPOLOGY)["home"]
    bare = tuple(replace(link, addresses=frozenset()) for link in home.inner["cloud"].links)
    assert said(place.cut_off(with_inner(links=bare), CLOUD)) == "address-gone: cloud has lost its address 10.86.1.2"
    of6 = expected("cloud", "db", 1)
    inner = replace(home.inner["cloud"], links=bare, settings={"net.ipv6.conf.all.disable_ipv6": "1"})
    found = scene(of6, {"home": replace(home, inner={**home.inner, "cloud": inner})})
    assert said(place.cut_off(found, CLOUD)) == "no-ipv6: IPv6 is turned off in the namespace of cloud"


def test_routes_inside() -> None:
    home = healthy(TOPOLOGY)["home"]
    assert home.observed is not None
    items = {k: v for k, v in home.observed.state.items.items() if k != "route:cloud/main/to 0.0.0.0/0"}
    lacking = replace(home, observed=replace(home.observed, state=HostState(items)))
    found = scene(expected("cloud", "db"), {"home": lacking})
    assert said(place.cut_off(found, CLOUD)) == "inner-route-gone: cloud has no route 0.0.0.0/0 in its namespace"


def test_a_host_that_is_away() -> None:
    found = scene(expected("cloud", "db"), {"home": Seen("home", "connection refused")})
    assert said(place.unreachable(found)) == "host-unreachable: home does not answer: connection refused"


def test_a_route_of_somebody_else_inside() -> None:
    home = healthy(TOPOLOGY)["home"]
    asked = {"4.question.0": "RTNETLINK answers: Invalid argument"}
    found = place.cut_off(scene(expected("cloud", "db"), {"home": replace(home, ways=asked)}), CLOUD)
    assert said(found) == (
        "inner-route: in the namespace of cloud a route of somebody else to 10.86.1.3 says: Invalid argument"
    )
    asked = {"4.question.0": "10.86.1.3 dev tun0 src 10.8.0.2 uid 0"}
    found = place.cut_off(scene(expected("cloud", "db"), {"home": replace(home, ways=asked)}), CLOUD)
    assert said(found).endswith("a route of somebody else to 10.86.1.3 leads it to tun0")
    asked = {"4.question.0": "10.86.1.3 via 10.86.1.1 dev eth0 src 10.86.1.2 uid 0"}
    assert place.cut_off(scene(expected("cloud", "db"), {"home": replace(home, ways=asked)}), CLOUD) is None
