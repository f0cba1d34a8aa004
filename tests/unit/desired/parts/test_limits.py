"""Rates in nftables' words: never looser than the file says, and a source is not forgotten to be served anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topologies import everything, exposed, host, joined, pair, service, through
from tests.unit.desired.reading import view_of
from warren.desired.parts.firewall.words import families
from warren.desired.parts.limits import PERIODS, Limits, limit_of, limit_statement, meter_timeout
from warren.formats.nft.write_rule import rule, statement
from warren.topology.model import Rate

SECONDS: dict[str, int] = {per: seconds for seconds, per in PERIODS}
RATES = st.builds(Rate, st.integers(1, 1000), st.integers(1, 100_000))


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate(20, 1), "limit rate over 20/second burst 20 packets"),
        (Rate(3, 20), "limit rate over 9/minute burst 3 packets"),
        (Rate(9, 60), "limit rate over 9/minute burst 9 packets"),
        (Rate(1, 3600), "limit rate over 1/hour burst 1 packets"),
        (Rate(5, 86400), "limit rate over 5/day burst 5 packets"),
        (Rate(1, 7), "limit rate over 12342/day burst 1 packets"),
    ],
)
def test_a_rate_in_the_unit_that_says_it_exactly(rate: Rate, words: str) -> None:
    assert statement(limit_statement(rate)) == words


@given(RATES)
def test_no_rate_is_looser_than_the_file_says(rate: Rate) -> None:
    limit = limit_statement(rate)
    assert (limit.burst, limit.over, limit.unit) == (rate.count, True, "packets")
    exact = limit.rate * rate.seconds <= rate.count * SECONDS[limit.per]
    # nft has no rate below one a day.
    assert exact or (limit.rate, limit.per) == (1, "day")


@given(RATES)
def test_a_source_is_forgotten_no_sooner_than_its_bucket_is_full(rate: Rate) -> None:
    assert meter_timeout(rate) >= max(60, rate.seconds)


def test_the_rates_of_a_gateway_are_those_that_it_offers() -> None:
    assert Limits.of(view_of(everything(), "vps")).rates == (Rate(9, 60), Rate(20, 1))
    assert Limits.of(view_of(everything(), "home")).rates == ()
    assert Limits.of(view_of(everything(), "edge")).rates == ()


def test_a_rate_costs_a_rule_a_family_however_many_exposures_have_it() -> None:
    vps = host("vps", 0, "203.0.113.10")
    blog = service("blog", "vps", pair(0, 2), through("vps"), web="80/tcp")
    offers = [exposed(vps, blog, "web", str(port), limit=Rate(20, 1)) for port in range(8000, 8050)]
    topology = joined([vps], [blog], exposures=offers)
    four, six = (rule(each) for each in Limits.of(view_of(topology, "vps")).rules(families(topology)))
    assert four == (
        "ct state new ip daddr . meta l4proto . th dport @limited_20_1_v4 update @meter_20_1_v4 "
        "{ ip saddr . meta l4proto . th dport limit rate over 20/second burst 20 packets } counter drop"
    )
    assert six.startswith("ct state new ip6 daddr . meta l4proto . th dport @limited_20_1_v6 update @meter_20_1_v6 ")
    assert six.endswith("limit rate over 20/second burst 20 packets } counter drop")


def test_each_rate_has_a_set_of_doors_and_a_meter_of_sources() -> None:
    topology = everything()
    sets = list(Limits((Rate(1, 3600),)).sets(families(topology)))
    assert [(name, sorted(flags), timeout) for name, _, flags, timeout in sets] == [
        ("limited_1_3600_v4", ["interval"], None),
        ("meter_1_3600_v4", ["dynamic", "timeout"], 3600),
        ("limited_1_3600_v6", ["interval"], None),
        ("meter_1_3600_v6", ["dynamic", "timeout"], 3600),
    ]


def test_an_exposure_without_a_rate_is_in_no_set() -> None:
    found = {limit_of(each) for each in everything().exposures}
    assert found == {None, "limited_20_1_v", "limited_9_60_v"}
