"""What an apply must not begin with."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.doctor.patients import HEALTHY, patient, survey, without
from warren.basis.diagnostic import Severity
from warren.doctor.model import Survey
from warren.doctor.preflight import preflight
from warren.doctor.script import PREFLIGHT


def test_a_healthy_host_may_begin() -> None:
    assert preflight(survey(), two_hosts(), "vps") == ()


def test_the_sections_that_an_apply_asks_for_are_enough() -> None:
    told = {name: text for name, text in survey().sections.items() if name in PREFLIGHT}
    assert preflight(Survey(told), two_hosts(), "vps") == ()
    told["disk"] = "closed /etc\nbytes /var/lib 65536 0\n"
    told["tools"] = without("tools", "nft")
    found = preflight(Survey(told, skew=-(10**9)), two_hosts(), "vps")
    assert [each.code for each in found] == ["no-nft", "clock-wrong", "read-only", "disk-full"]


def test_it_names_the_host_and_what_mends_it() -> None:
    found = preflight(survey(tools=without("tools", "nft")), two_hosts(), "vps")
    assert [(each.severity, each.code) for each in found] == [(Severity.ERROR, "no-nft")]
    assert found[0].summary.startswith("vps: nft is not there")
    assert found[0].hint == "apt-get install -y --no-install-recommends nftables; `warren doctor` says more"


def test_what_can_be_lived_with_does_not_stop_it() -> None:
    given = patient(skew=60.0, settings=HEALTHY["settings"] + "ipv4/conf/eth0/route_localnet=1\n")
    assert preflight(replace(given.survey, skew=60.0), two_hosts(), "vps") == ()
