"""Programs and their versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.topologies import two_hosts
from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles, without
from warren.doctor.checks.tools import tools, version
from warren.doctor.model import Level
from warren.topology.model import Topology
from warren.topology.workload import Container, Workload


def with_containers() -> Topology:
    """Two hosts, whose game runs in a container."""
    plain = two_hosts()
    game = replace(plain.services["game"], workload=Workload((Container("game", "game", "game:1"),)))
    return replace(plain, services={**plain.services, "game": game})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("nftables v1.0.6 (Lester Gooch #5)", (1, 0, 6)),
        ("podman version 5.4.2", (5, 4, 2)),
        ("systemd 257 (257.9-1)", (257,)),
        ("none", ()),
    ],
)
def test_numbers(text: str, number: tuple[int, ...]) -> None:
    assert version(text) == number


def test_a_usual_machine() -> None:
    assert codes(tools(patient("home", with_containers()))) == set()


@pytest.mark.parametrize(
    ("tool", "code"),
    [("nft", "no-nft"), ("ip", "no-iproute2"), ("wg", "no-wg"), ("podman", "no-podman"), ("newuidmap", "no-uidmap")],
)
def test_what_is_not_there_is_installed(tool: str, code: str) -> None:
    found = troubles(tools(patient("home", with_containers(), tools=without("tools", f"{tool}="))))[code]
    assert found.blocks
    assert found.mend is not None
    assert found.mend.script is not None


def test_who_leads_datagrams_to_services_forgets_where_it_led_them() -> None:
    lacking = without("tools", "conntrack=")
    assert codes(tools(patient("vps", tools=lacking))) == {"no-conntrack"}
    assert codes(tools(patient("home", with_containers(), tools=lacking))) == set()


def test_busybox_ip_is_not_enough() -> None:
    said = without("tools", "ip=") + "ip=BusyBox v1.36.1 multi-call binary\n"
    assert "no-iproute2" in codes(tools(patient(tools=said)))


def test_versions_without_what_is_needed() -> None:
    def said(tool: str, text: str) -> set[str]:
        return codes(tools(patient("home", with_containers(), tools=without("tools", f"{tool}=") + f"{tool}={text}\n")))

    assert said("nft", "nftables v0.9.0 (Fearless Fosdick)") == {"old-nft"}
    assert said("podman", "podman version 4.3.1") == {"no-quadlet"}
    assert said("podman", "podman version 4.4.1") == {"old-podman"}
    assert said("systemctl", "systemd 241 (241)") == {"old-systemd"}


def test_podman_without_its_generator() -> None:
    assert "no-quadlet" in codes(tools(patient("home", with_containers(), tools=without("tools", "quadlet"))))


def test_a_gateway_needs_no_podman() -> None:
    bare = "".join(
        f"{line}\n"
        for line in HEALTHY["tools"].splitlines()
        if line.startswith(("nft", "ip", "wg", "json", "conntrack"))
    )
    assert codes(tools(patient("vps", with_containers(), tools=bare))) == set()


def test_logins_and_runtimes_are_no_reason_to_stop() -> None:
    found = troubles(tools(patient("home", with_containers(), tools=without("tools", "usernet", "crun="))))
    assert {code: each.level for code, each in found.items()} == {"no-crun": Level.NOTE, "no-usernet": Level.WARNING}


def test_rules_must_be_readable() -> None:
    assert codes(tools(patient(tools=without("tools", "json")))) == {"nft-no-json"}
