"""workloads: short forms and defaults of what runs, resolved."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, resolved
from warren.basis.ports import Ports, Protocol
from warren.topology.passes.workloads import qualified
from warren.topology.workload import (
    Condition,
    Container,
    Dependency,
    Health,
    LanMode,
    Limits,
    Mount,
    MountKind,
    Restart,
    RestartKind,
    SecretKind,
    SecretUse,
    Ulimit,
    Workload,
)


def workload(keys: str, rest: str = "") -> Workload:
    """What runs in a service with some keys."""
    made = resolved(BASE + f"  x: {{host: home, {keys}}}\n{rest}").services["x"].workload
    assert made is not None
    return made


def container(keys: str, rest: str = "") -> Container:
    """The only container of a service with some keys."""
    return workload(f"image: 'a:1', {keys}", rest).containers[0]


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("redis:7", "docker.io/library/redis:7"),
        ("grafana/grafana:1", "docker.io/grafana/grafana:1"),
        ("ghcr.io/a/b:1", "ghcr.io/a/b:1"),
        ("localhost/mine:1", "localhost/mine:1"),
        ("registry:5000/mine", "registry:5000/mine"),
        ("redis@sha256:00", "docker.io/library/redis@sha256:00"),
    ],
)
def test_short_names_mean_what_they_mean_to_compose(written: str, whole: str) -> None:
    assert qualified(written) == whole


def test_a_service_without_a_program_has_no_workload() -> None:
    assert resolved(BASE).services["db"].workload is None


def test_units_are_called_like_their_service() -> None:
    assert list(workload("image: 'a:1'").units) == ["x"]
    assert list(workload("containers: {one: {image: 'a:1'}}").units) == ["x"]
    assert list(workload("containers: {one: {image: 'a:1'}, two: {image: 'b:1'}}").units) == ["x-one", "x-two"]
    assert list(workload("unit: [/usr/bin/x, a b]").units) == ["x"]


def test_values_are_the_users_own() -> None:
    made = container("environment: {A: '$HOME %n ${B}'}, command: 'sh -c \"echo $X; %n\"'")
    assert made.environment == (("A", "$HOME %n ${B}"),)
    assert made.command == ("sh", "-c", "echo $X; %n")


def test_volumes_are_named_once() -> None:
    made = workload(
        "containers: {a: {image: 'a:1', volumes: ['data:/d', '/srv/x:/x:ro,z', /anonymous], tmpfs: '/t:size=5m'},"
        " b: {image: 'b:1', volumes: ['data:/e', more:/f]}}"
    )
    assert [volume.name for volume in made.volumes] == ["data", "more"]
    assert made.containers[0].mounts == (
        Mount(MountKind.VOLUME, "data", "/d"),
        Mount(MountKind.BIND, "/srv/x", "/x", True, ("z",)),
        Mount(MountKind.VOLUME, "", "/anonymous"),
        Mount(MountKind.TMPFS, "", "/t", options=("size=5m",)),
    )


def test_secrets_and_files_of_variables_are_references() -> None:
    text = "secrets: [pw, {source: key, type: env, target: KEY}], env_file: [a.env, b.env]"
    made = workload(f"image: 'a:1', {text}", "secrets: {pw: file:pw.txt, key: 'command:pass show k', other: env:X}\n")
    assert [(one.name, one.kind, one.reference) for one in made.secrets] == [
        ("pw", SecretKind.FILE, ("pw.txt",)),
        ("key", SecretKind.COMMAND, ("pass", "show", "k")),
        ("x.env0", SecretKind.DOTENV, ("a.env",)),
        ("x.env1", SecretKind.DOTENV, ("b.env",)),
    ]
    assert made.containers[0].secrets == (SecretUse("pw"), SecretUse("key", "KEY"))
    assert str(made.secrets[0].place) == "warren.yaml:10:11"


@pytest.mark.parametrize(
    ("test", "health"),
    [
        ("curl -f localhost", Health(shell="curl -f localhost")),
        ("[CMD-SHELL, curl localhost || exit 1]", Health(shell="curl localhost || exit 1")),
        ("[CMD, curl, -f, a b]", Health(command=("curl", "-f", "a b"))),
        ("NONE", Health(disabled=True)),
        ("[NONE]", Health(disabled=True)),
    ],
)
def test_health_checks_have_one_form(test: str, health: Health) -> None:
    assert container(f"healthcheck: {{test: {test}}}").health == health


def test_what_others_wait_for_to_end_is_not_started_again() -> None:
    made = workload(
        "containers: {a: {image: 'a:1', depends_on: {b: {condition: service_completed_successfully}}},"
        " b: {image: 'b:1'}}"
    )
    one, other = made.containers
    assert one.depends_on == (Dependency("b", Condition.COMPLETED),)
    assert (one.completes, one.restart) == (False, Restart(RestartKind.ALWAYS))
    assert (other.completes, other.restart) == (True, Restart(RestartKind.NO))


@pytest.mark.parametrize(
    ("written", "restart"),
    [
        ("unless-stopped", Restart(RestartKind.ALWAYS)),
        ("'no'", Restart(RestartKind.NO)),
        ("on-failure:3", Restart(RestartKind.ON_FAILURE, 3)),
    ],
)
def test_restart(written: str, restart: Restart) -> None:
    assert container(f"restart: {written}").restart == restart


def test_numbers() -> None:
    made = container(
        "memory: 512m, cpus: 1.5, pids_limit: 100, shm_size: 64m, ulimits: {nofile: 5}, listens: 53/tcp+udp"
    )
    assert made.limits == Limits(512 << 20, "1.5", 100)
    assert made.shm_size == 64 << 20
    assert made.ulimits == (Ulimit("nofile", 5, 5),)
    assert made.listens == ((Protocol.TCP, Ports(53, 53)), (Protocol.UDP, Ports(53, 53)))


def test_updates_and_the_lan() -> None:
    made = workload("image: 'a:1', update: {when: Mon 04:00}, lan: {parent: eth0, address: 192.168.2.5/24}")
    assert made.update is not None
    assert (made.update.when, made.update.within) == ("Mon 04:00", "5m")
    assert made.lan is not None
    assert (made.lan.parent, made.lan.mode, made.lan.addresses) == ("eth0", LanMode.MACVLAN, ("192.168.2.5/24",))
    assert workload("image: 'a:1'").update is None


def test_a_plain_unit_has_secrets_as_files_and_as_variables() -> None:
    text = "unit: {command: x, secrets: [pw, {source: pw, type: env, target: PW}], env_file: a.env}"
    made = workload(text, "secrets: {pw: file:pw.txt}\n")
    assert [(one.name, one.reference, one.variable) for one in made.secrets] == [
        ("pw", ("pw.txt",), None),
        ("x.env.PW", ("pw.txt",), "PW"),
        ("x.env0", ("a.env",), None),
    ]
    assert made.unit is not None and made.unit.secrets == (SecretUse("pw"), SecretUse("pw", "PW"))
