"""Who else keeps rules there, and how each lets ours live."""

from __future__ import annotations

import pytest

from tests.unit.doctor.patients import patient, survey
from warren.doctor.model import Patient
from warren.doctor.neighbours import active, opening, owner, units
from warren.doctor.rules.model import Chain


def unit(name: str, state: str = "active", load: str = "loaded") -> str:
    """What systemctl says of one unit."""
    return f"Id={name}.service\nLoadState={load}\nActiveState={state}\nUnitFileState=enabled\n"


def told(patient: Patient, chain: Chain, who: str) -> str:
    """The command that opens a chain."""
    mend = opening(patient, chain, who)
    assert mend is not None
    return mend.command


def test_units_that_run() -> None:
    found = survey(
        neighbours="\n".join([unit("ufw"), unit("docker", "inactive"), unit("firewalld", "active", "not-found")])
    )
    assert active(found) == {"ufw"}
    assert units(found)["docker"]["UnitFileState"] == "enabled"


@pytest.mark.parametrize(
    ("chain", "neighbours", "leavings", "who"),
    [
        (Chain("inet", "firewalld", "filter_FORWARD", hook="forward"), "", "", "firewalld"),
        (Chain("ip", "docker-bridges", "filter-FORWARD", hook="forward"), "", "", "Docker"),
        (Chain("ip", "filter", "FORWARD", hook="forward"), unit("docker"), "", "Docker"),
        (Chain("ip", "filter", "INPUT", hook="input"), unit("docker"), "", ""),
        (Chain("ip", "filter", "FORWARD", hook="forward"), unit("docker") + "\n" + unit("ufw"), "ufw=yes\n", "ufw"),
        (Chain("ip", "filter", "FORWARD", hook="forward"), unit("ufw"), "ufw=no\n", ""),
        (Chain("inet", "mine", "forward", hook="forward"), unit("docker"), "", ""),
    ],
)
def test_whose_a_chain_is(chain: Chain, neighbours: str, leavings: str, who: str) -> None:
    assert owner(survey(neighbours=neighbours, leavings=leavings), chain) == who


def test_ufw_is_told_by_its_own_command() -> None:
    forward, incoming = (Chain("ip", "filter", name, hook=name.lower()) for name in ("FORWARD", "INPUT"))
    assert "ufw route allow in on wrn-+; ufw route allow out on wrn-+" in told(patient(), forward, "ufw")
    assert told(patient(), incoming, "ufw") == "ufw allow 51820/udp; ufw allow in on v-+"
    assert told(patient("home"), incoming, "ufw") == "ufw allow in on v-+"
    outgoing = Chain("ip", "filter", "OUTPUT", hook="output")
    assert told(patient("home"), outgoing, "ufw") == "ufw allow out 51820/udp"


def test_firewalld_gets_a_zone() -> None:
    mend = opening(patient(), Chain("inet", "firewalld", "filter_INPUT", hook="input"), "firewalld")
    assert mend is not None
    assert mend.script is not None
    assert "--zone=warren --add-interface=v-+" in mend.script
    assert "--add-port=51820/udp" in mend.script


def test_docker_is_opened_where_it_asks_for_it() -> None:
    mend = opening(patient(), Chain("ip6", "filter", "FORWARD", hook="forward"), "Docker")
    assert mend is not None
    assert mend.script is not None
    assert mend.script.splitlines()[1].startswith("ip6tables -C DOCKER-USER -i wrn-+ -j ACCEPT 2>/dev/null || ")


def test_what_a_person_wrote_a_person_changes() -> None:
    mend = opening(patient(), Chain("inet", "mine", "in", hook="input"), "")
    assert mend is not None
    assert mend.script is None
    assert mend.command.startswith("nft insert rule inet mine in udp dport 51820 accept; ")
    forward = opening(patient(), Chain("inet", "mine", "f", hook="forward"), "")
    assert forward is not None
    assert "nft insert rule inet mine f iifname '\"wrn-*\"' accept" in forward.command
