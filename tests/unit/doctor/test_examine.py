"""All checks together."""

from __future__ import annotations

from tests.topologies import two_hosts
from tests.unit.doctor.patients import codes, survey
from warren.doctor.examine import CHECKS, examine, examine_all
from warren.doctor.model import Level, Survey
from warren.doctor.script import SECTIONS


def test_a_healthy_network_has_nothing_to_say() -> None:
    found = examine_all({"vps": survey("vps"), "home": survey("home")}, two_hosts())
    assert {name: codes(each) for name, each in found.items()} == {"vps": set(), "home": set()}
    assert {each.level for each in found["vps"]} == {Level.OK}


def test_a_section_that_was_not_asked_for_has_no_findings() -> None:
    assert examine(Survey({}), two_hosts(), "vps") == ()
    found = examine(Survey({"system": survey().text("system")}), two_hosts(), "vps")
    assert {each.code for each in found} == {"distribution", "init", "cgroups"}


def test_every_check_asks_for_a_section_that_there_is() -> None:
    assert {section for section, _ in CHECKS} <= set(SECTIONS)


def test_a_bare_machine_has_errors_and_no_crash() -> None:
    found = examine(Survey(dict.fromkeys(SECTIONS, "")), two_hosts(), "home")
    assert {"no-systemd", "no-nft", "no-iproute2", "no-netns", "no-ipv6"} <= codes(found)


def test_rubbish_is_no_crash() -> None:
    for text in ("nonsense\n" * 3, "a=b\n:::\n{}\n", '[{"x": 1}]', "\x00\xff"):
        examine(Survey(dict.fromkeys(SECTIONS, text)), two_hosts(), "vps")
