"""programs: single values of what runs."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes


def container(keys: str) -> list[str]:
    """What is said about a container with some keys."""
    return codes(BASE + f"  x: {{host: home, image: 'a:1', {keys}}}\nsecrets: {{pw: file:a}}\n")


@pytest.mark.parametrize(
    "keys",
    [
        "environment: {A: '$HOME %n'}",
        "memory: 512m",
        "working_dir: /srv/a b",
        "volumes: [data:/d], tmpfs: [/tmp]",
        "quadlet: [Notify=true, PodmanArgs=--tty]",
        "healthcheck: {test: curl -f localhost}",
        "healthcheck: {test: [CMD, curl, -f, localhost]}",
        "healthcheck: {test: [CMD-SHELL, curl -f localhost || exit 1]}",
        "healthcheck: {test: NONE}",
        "devices: ['/dev/dri:/dev/dri', 'nvidia.com/gpu=all', '/dev/ttyUSB0:/dev/tty:rw']",
        "ulimits: {nofile: 1024, core: {soft: 0, hard: -1}, memlock: -1}",
        "extra_hosts: {printer: 192.168.2.9, six: '[fd00::1]'}",
        "sysctls: {kernel.shmmax: 5}",
        "secrets: [pw, {source: pw, type: env, target: DB_PASSWORD}, {source: pw, target: /etc/pw, mode: 440}]",
    ],
)
def test_what_people_write(keys: str) -> None:
    assert container(keys) == []


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("environment: {'A=B': c}", "bad-name"),
        ("labels: {' a': c}", "bad-name"),
        ("memory: 512", "out-of-bounds"),
        ("working_dir: srv", "bad-path"),
        ("volumes: ['./a:/b']", "bad-mount"),
        ("volumes: ['a:/b', 'c:/b']", "same-mount"),
        ("volumes: ['a:/b'], tmpfs: /b", "same-mount"),
        ("quadlet: ['[Service]']", "bad-raw-line"),
        ("quadlet: ['Notify=true\\']", "bad-raw-line"),
        ("quadlet: [ContainerName=x]", "bad-raw-line"),
        ("quadlet: ['x=y']", "bad-raw-line"),
        ("healthcheck: {test: [curl, -f]}", "bad-healthcheck"),
        ("healthcheck: {test: [CMD-SHELL, a, b]}", "bad-healthcheck"),
        ("healthcheck: {test: [CMD]}", "bad-healthcheck"),
        ("devices: ['dri']", "bad-device"),
        ("devices: ['/dev/a:/dev/b:x']", "bad-device"),
        ("ulimits: {files: 5}", "bad-ulimit"),
        ("ulimits: {nofile: {soft: 6, hard: 5}}", "bad-ulimit"),
        ("extra_hosts: {printer: there}", "bad-address"),
        ("extra_hosts: {'a b': 192.168.2.9}", "bad-name"),
        ("extra_hosts: {h: host-gateway}", "bad-address"),
        ("sysctls: {net.core.somaxconn: 5}", "bad-sysctl"),
        ("sysctls: {'a b': 5}", "bad-sysctl"),
        ("secrets: [{source: pw, type: env}]", "bad-secret"),
        ("secrets: [{source: pw, type: env, target: 'A B'}]", "bad-secret"),
        ("secrets: [{source: pw, target: 'a,uid=0'}]", "bad-secret"),
    ],
)
def test_what_cannot_be(keys: str, code: str) -> None:
    assert container(keys) == [code]


def test_a_plain_unit_is_judged_alike() -> None:
    unit = "{command: run, memory: 1, systemd: ['x'], working_dir: y}"
    assert sorted(codes(BASE + f"  x: {{host: home, unit: {unit}}}\n")) == ["bad-path", "bad-raw-line", "out-of-bounds"]


@pytest.mark.parametrize(
    ("use", "wrong"),
    [
        ("pw", 0),
        ("{source: pw, target: db.key}", 0),
        ("{source: pw, type: env, target: PW}", 0),
        ("{source: pw, type: env}", 1),
        ("{source: pw, target: /etc/pw}", 1),
        ("{source: pw, target: 'a:b'}", 1),
        ("{source: pw, uid: 5, mode: 400}", 2),
    ],
)
def test_secrets_of_a_unit(use: str, wrong: int) -> None:
    text = BASE + f"  x: {{host: home, unit: {{command: x, secrets: [{use}]}}}}\nsecrets: {{pw: file:a}}\n"
    assert codes(text) == ["bad-secret"] * wrong


def test_a_unit_s_secret_must_be_there() -> None:
    assert codes(BASE + "  x: {host: home, unit: {command: x, secrets: [pw]}}\n") == ["unknown-secret"]
