"""boxed: a program from an image."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import DIRECT, pair, service
from warren.desired.parts.workloads.boxed import around, boxed, inside
from warren.topology.workload import PlainUnit, SecretUse

SERVICE = service("web0", "vps", pair(0, 2), DIRECT)
UNIT = PlainUnit(
    "web0", ("caddy", "run"), (("A", "b"),), secrets=(SecretUse("pw", "T"), SecretUse("f")), image="a.example/caddy:2"
)


def test_it_sees_its_own_folders_and_names_variables_without_their_values() -> None:
    words = boxed(SERVICE, UNIT)
    assert "--volume=/etc/warren/web0:/etc/warren/web0:ro" in words and "--read-only" in words
    assert {word for word in words if word.startswith("--env=")} == {
        "--env=T", "--env=A", "--env=HOME=/var/lib/warren/services/web0/kept",
    }  # fmt: skip
    assert words[-3:] == ("a.example/caddy:2", "caddy", "run")


def test_it_may_take_low_ports_and_nothing_else() -> None:
    words = boxed(SERVICE, UNIT)
    assert [word for word in words if "cap" in word] == ["--cap-drop=all", "--cap-add=net_bind_service"]


def test_systemd_hears_which_process_it_is() -> None:
    assert {one.key: one.value for one in around(SERVICE)}["Type"] == "notify"


def test_only_what_it_is_told_goes_into_the_container() -> None:
    assert inside(UNIT, "ExecReload=caddy reload") == "ExecReload=/usr/bin/podman exec web0 caddy reload"
    assert inside(UNIT, "RuntimeDirectory=web0") == "RuntimeDirectory=web0"


def test_it_asks_its_own_resolver() -> None:
    asking = replace(SERVICE, resolver="dns0")
    assert "--volume=/etc/netns/web0/resolv.conf:/etc/resolv.conf:ro" in boxed(asking, UNIT)
    assert not any("resolv.conf" in word for word in boxed(SERVICE, UNIT))
