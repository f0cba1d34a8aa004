"""dangers: what is dangerous about one container."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, loaded
from warren.spec.checks.dangers import dangers


def named(keys: str) -> list[str]:
    """The codes of the risks of a container with some keys."""
    service = loaded(BASE + f"  x: {{host: home, image: 'a:1', {keys}}}\n").services["x"]
    return [risk.code for risk in dangers("x", service)]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("volumes: ['/etc:/e:ro']", ["host-root"]),
        ("volumes: ['/var/lib/warren/x:/e']", ["host-root"]),
        ("volumes: ['/srv/etc:/e', '/etc/timezone:/t:ro', '/var/log/x:/l', 'etc:/f']", []),
        ("volumes: [{type: bind, source: /run/podman/podman.sock, target: /s}]", ["docker-socket"]),
        ("quadlet: ['PodmanArgs=--privileged']", ["privileged"]),
        ("quadlet: ['PodmanArgs=--network=host']", ["raw-network"]),
        ("quadlet: ['PodmanArgs=-p 80:80']", ["raw-network"]),
        ("quadlet: ['PublishPort=80']", ["raw-network"]),
        ("quadlet: ['PodmanArgs=--pid=host']", ["unconfined"]),
        ("quadlet: ['PodmanArgs=--tty']", []),
        ("security_opt: ['apparmor=unconfined', 'label:disable', 'no-new-privileges']", ["unconfined"] * 2),
        ("cap_add: [all]", ["capability"]),
        ("cap_add: [NET_BIND_SERVICE]", []),
        ("devices: ['/dev/dri', '/dev/mem', '/dev/nvme0n1']", ["host-device"] * 2),
        ("environment: {A: '$HOME', B: 'a$$b', C: '100%'}", []),
        ("environment: {A: 'http://${HOST}:80'}", ["interpolation"]),
        ("environment: {DB_PASSWORD: x, API_TOKEN: y, PASSWORD_FILE: /run/secrets/z}", ["secret-in-file"] * 2),
        ("environment: {DB_PASSWORD: ''}", []),
    ],
)
def test_dangers(keys: str, expected: list[str]) -> None:
    assert named(keys) == expected


def test_a_plain_unit_has_values_too() -> None:
    unit = "{command: run, environment: {TOKEN: x}}"
    assert codes(BASE + f"  x: {{host: home, unit: {unit}}}\n") == ["secret-in-file"]
