"""What passes between links: every packet judged, answers by the same elements, and at the end a refusal."""

from __future__ import annotations

import pytest

from tests.topologies import everything, host, joined, pair, service, two_hosts
from tests.unit.desired.reading import at, lines, table_of

HOME = table_of(two_hosts(), "home")
FORWARD, BACK = lines(HOME, "forward"), lines(HOME, "back")
# As a packet meets them: first what is exact, then whatever else our links may send.
PASSING, ANSWERS = [*FORWARD, *lines(HOME, "passing")], [*BACK, *lines(HOME, "answers")]
FAMILIES = [("ip", 4), ("ip6", 6)]
EXACT = ("permit", "exposed", "arrive")


def test_only_packets_of_our_links_are_judged() -> None:
    assert FORWARD[-2:] == ["iifname @links goto passing", "oifname @links goto passing"]
    assert BACK[-2:] == ["iifname @links goto answers", "oifname @links goto answers"]
    chain = HOME.chain("forward")
    assert chain and chain.hook and (chain.hook.hook, chain.hook.policy) == ("forward", "accept")


def test_no_rule_waves_a_connection_through_because_it_is_established() -> None:
    for line in (*PASSING, *ANSWERS):
        assert "established" not in line


@pytest.mark.parametrize("chain", [FORWARD, BACK])
def test_what_is_exact_is_asked_first_and_what_is_wide_of_our_links_alone(chain: list[str]) -> None:
    accepted = [line for line in chain if line.endswith("accept")]
    assert len(accepted) == 6
    assert all(any(f"@{stem}{version} " in line for line in accepted) for stem in EXACT for _, version in FAMILIES)
    assert not any("_range" in line or "leaves" in line or "reach" in line for line in chain)


def test_what_nothing_permits_is_refused() -> None:
    assert PASSING[-1] == "goto refuse"
    assert ANSWERS[-1] == "counter drop"


def test_a_service_of_ours_is_told_and_strangers_learn_nothing() -> None:
    assert lines(HOME, "refuse") == [
        "iifname @services counter reject with icmpx admin-prohibited",
        "counter drop",
    ]


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_each_permission_lets_its_answers_back(ip: str, version: int) -> None:
    for stem in ("permit", "permit_range", "reach"):
        assert f"{ip} saddr . {ip} daddr . meta l4proto . th dport @{stem}{version} accept" in PASSING
        assert f"{ip} daddr . {ip} saddr . meta l4proto . th sport @{stem}{version} accept" in ANSWERS


@pytest.mark.parametrize("many", ["", "_range"])
@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_a_door_opens_for_what_was_translated_here_and_for_what_arrives_by_its_tunnel(
    ip: str, version: int, many: str
) -> None:
    asked = f"{ip} daddr . meta l4proto . th dport"
    assert f"ct status dnat {asked} @exposed{many}{version} accept" in PASSING
    assert f"iifname . {asked} @arrive{many}{version} accept" in PASSING
    assert not any(f"@exposed{many}{version}" in line and "ct status dnat" not in line for line in (*PASSING, *ANSWERS))
    assert f"ct status dnat {ip} saddr . meta l4proto . th sport @exposed{many}{version} accept" in ANSWERS
    assert f"oifname . {ip} saddr . meta l4proto . th sport @arrive{many}{version} accept" in ANSWERS


@pytest.mark.parametrize(("ip", "version"), FAMILIES)
def test_the_way_to_the_internet_is_no_way_to_anything_special(ip: str, version: int) -> None:
    for name in (f"@leaves_here{version}", f"@leaves_through{version}"):
        assert f"{ip} daddr != @special{version} accept" in PASSING[at(PASSING, name)]
    assert "oifname != @links" in PASSING[at(PASSING, f"@leaves_here{version}")]
    assert "iifname != @links" in ANSWERS[at(ANSWERS, f"@leaves_here{version}")]


@pytest.mark.parametrize("chain", [PASSING, ANSWERS])
def test_what_belongs_to_no_connection_goes_before_the_wide_permissions(chain: list[str]) -> None:
    invalid = at(chain, "ct state invalid", "drop")
    for name in ("@leaves_here", "@leaves_through", "@permit_range", "@reach", "@exposed_range", "@arrive_range"):
        assert invalid < min(number for number, line in enumerate(chain) if name in line), name


def test_only_icmp_passes_as_related() -> None:
    for chain in (PASSING, ANSWERS):
        assert chain[at(chain, "ct state related")] == "ct state related meta l4proto { icmp, ipv6-icmp } accept"


def test_answers_are_never_judged_as_questions() -> None:
    first_permission = min(number for number, line in enumerate(PASSING) if line.endswith("accept"))
    assert PASSING.index("ct direction reply goto back") < first_permission


def test_segments_fit_the_tunnel_in_both_directions() -> None:
    found = lines(HOME, "segments")
    for ip, size in (("ipv4", 1420 - 40), ("ipv6", 1420 - 60)):
        for way in ("iifname", "oifname"):
            at(found, f"nfproto {ip}", f"{way} @tunnels", f"maxseg size set {size}")
    assert PASSING[0].endswith("jump segments")


def test_without_a_tunnel_no_segment_is_touched() -> None:
    alone = joined([host("home", 1)], [service("db", "home", pair(1, 2), two_hosts().services["db"].egress)])
    assert lines(table_of(alone, "home"), "segments") == []
    assert not any("segments" in line for line in lines(table_of(alone, "home"), "forward"))


def test_the_chains_are_the_same_on_every_host() -> None:
    topology = everything()
    for chain in ("forward", "back", "passing", "answers", "refuse"):
        assert len({tuple(lines(table_of(topology, name), chain)) for name in topology.hosts}) == 1
