"""workloads: containers that fit together, and what they use of the file."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, found, said


def service(keys: str) -> str:
    """The file with one service more."""
    return BASE + f"  x: {{host: home, {keys}}}\n"


def containers(**keys: str) -> str:
    """The file with a service of several containers."""
    made = ", ".join(f"{name}: {{image: 'a:1', {each}}}" for name, each in keys.items())
    return service(f"containers: {{{made}}}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (service("image: 'a:1', unit: run"), ["unit-and-containers"]),
        (service("unit: ''"), ["empty"]),
        (service("unit: run, update: registry"), ["nothing-to-update"]),
        (service("image: 'a@sha256:00', update: registry"), ["nothing-to-update"]),
        (service("image: 'a:1', update: registry"), []),
        (service("image: 'a:1', lan: {parent: eth0, address: 192.168.2.50/24}"), ["lan-attached"]),
        (service("image: 'a:1', lan: {parent: eth0}"), ["lan-attached", "no-address"]),
        (service("image: 'a:1', lan: {parent: eth0, address: 10.9.9.9/24}"), ["lan-attached", "bad-address"]),
        (service("image: 'a:1', lan: {parent: eth0, address: 192.168.2.300/24}"), ["lan-attached", "bad-address"]),
        (
            service("image: 'a:1', lan: {parent: e, mode: ipvlan, mac: '02:00:00:00:00:01', address: 192.168.2.5/24}"),
            ["lan-attached", "bad-lan"],
        ),
        (service("image: 'a:1', secrets: [pw]"), ["unknown-secret"]),
        (service("image: 'a:1', secrets: [pw]") + "secrets: {pw: file:a}\n", []),
        (service("image: 'a:1'") + "secrets: {pw: {file: a, env: B}}\n", ["bad-secret"]),
        (service("image: 'a:1', secrets: [pw, pw]") + "secrets: {pw: file:a}\n", ["same-secret"]),
        (containers(a="depends_on: [b]", b="depends_on: [c]", c="depends_on: [a]"), ["dependency-cycle"]),
        (
            containers(
                a="depends_on: {b: {condition: service_completed_successfully}}",
                b="restart: always",
            ),
            ["never-completes"],
        ),
        (
            containers(db="init: true", a="init: true").replace("home, cont", "home, needs: [db.sql], cont"),
            ["name-twice"],
        ),
    ],
)
def test_what_is_said(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)


def test_two_containers_of_a_service_have_one_network() -> None:
    text = containers(a="listens: [80, 53/udp]", b="listens: [53, 80-90]", c="listens: 81/udp")
    (one,) = found(text)
    assert one.code == "same-port"
    assert one.summary == "`a` and `b` of `x` both listen on 80-90/tcp, and share one network"
    assert one.related


def test_a_near_name_is_offered() -> None:
    text = service("image: 'a:1', secrets: [db-pasword]") + "secrets: {db-password: file:a}\n"
    (one,) = found(text)
    assert one.hint
    assert "db-password" in one.hint
    assert said(text)[0].startswith("9:")
