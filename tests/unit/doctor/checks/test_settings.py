"""Kernel settings."""

from __future__ import annotations

from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles
from warren.doctor.checks.settings import settings
from warren.doctor.model import Level


def test_usual_settings() -> None:
    assert codes(settings(patient())) == set()
    assert list(settings(patient(settings=""))) == []


def test_forwarding_that_is_off_is_said() -> None:
    found = troubles(settings(patient(settings="ipv4/ip_forward=0\nipv6/conf/all/forwarding=0\n")))["no-forwarding"]
    assert found.level is Level.NOTE
    assert found.summary == "forwarding of IPv4 and IPv6 is off: an apply turns it on"


def test_ipv6_that_is_switched_off() -> None:
    said = HEALTHY["settings"].replace("disable_ipv6=0", "disable_ipv6=1")
    found = troubles(settings(patient(settings=said)))["ipv6-off"]
    assert found.mend is not None
    assert found.mend.script == "sysctl -q -w net.ipv6.conf.all.disable_ipv6=0"


def test_a_door_to_loopback() -> None:
    said = HEALTHY["settings"] + "ipv4/conf/eth0/route_localnet=1\nipv4/conf/v-db/route_localnet=1\n"
    found = troubles(settings(patient(settings=said)))["route-localnet"]
    assert "eth0" in found.summary
    assert "v-db" not in found.summary


def test_a_strict_check_of_the_way_back() -> None:
    said = HEALTHY["settings"] + "ipv4/conf/all/rp_filter=1\n"
    assert codes(settings(patient(settings=said))) == {"strict-path"}
