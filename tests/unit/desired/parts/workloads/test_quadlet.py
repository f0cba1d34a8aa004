"""quadlet: a container as a unit that Podman's generator reads, whatever its values hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.topologies import DIRECT, pair, service
from warren.desired.parts.workloads.quadlet import container_file, volume_file, volume_unit
from warren.formats import ini
from warren.formats.ini import Unit
from warren.topology.model import Service
from warren.topology.workload import (
    Container,
    Health,
    Limits,
    Mount,
    MountKind,
    Restart,
    RestartKind,
    SecretUse,
    Ulimit,
    Workload,
)

PLAIN = Container("x", "x", "docker.io/library/caddy:2")


def having(*containers: Container) -> Service:
    """A service with containers."""
    return replace(service("x", "home", pair(0, 2), DIRECT), workload=Workload(containers))


def read(container: Container, *others: Container) -> Unit:
    """The file of a container, read again."""
    return ini.read(container_file(having(container, *others), container))


def setting(container: Container, key: str, section: str = "Container") -> list[str]:
    """Every value of a key in the file of a container."""
    return list(read(container).section(section).of(key))


def test_the_namespace_is_that_of_the_user() -> None:
    assert setting(PLAIN, "Network") == ["host"]
    assert setting(PLAIN, "Pull") == ["never"]
    assert setting(PLAIN, "DefaultDependencies", "Quadlet") == ["false"]
    assert setting(PLAIN, "PodmanArgs") == ["--hosts-file=/etc/netns/x/hosts"]
    assert setting(PLAIN, "Volume") == []
    resolving = replace(having(PLAIN), resolver="dns")
    assert "Volume=/etc/netns/x/resolv.conf:/etc/resolv.conf:ro\n" in container_file(resolving, PLAIN)


def test_containers_of_a_service_find_each_other_at_the_loopback() -> None:
    one, other = replace(PLAIN, name="app", unit="x-app"), replace(PLAIN, name="db", unit="x-db")
    assert read(one, other).section("Container").of("AddHost") == (
        "app:127.0.0.1",
        "app:::1",
        "db:127.0.0.1",
        "db:::1",
    )
    assert setting(replace(PLAIN, extra_hosts=(("printer", "192.168.2.9"),)), "AddHost") == ["printer:192.168.2.9"]


def test_nothing_in_a_command_stands_for_anything_else() -> None:
    made = replace(PLAIN, command=("sh", "-c", "echo $HOME %n; a\\", "", ";"), entrypoint=("/bin/x y", '"$a"'))
    assert setting(made, "Exec") == ['sh -c "echo $$HOME %%n; a\\\\" ${WARREN_EMPTY} ${WARREN_SEMICOLON}']
    assert setting(made, "Entrypoint") == ['["/bin/x y","\\"$$a\\""]']
    assert setting(made, "Environment", "Service") == ["WARREN_EMPTY=", '"WARREN_SEMICOLON=;"']


def test_a_quote_at_the_end_is_not_lost() -> None:
    assert setting(replace(PLAIN, working_dir='/a b"'), "PodmanArgs")[1:] == ['"--workdir=/a b\\""']
    assert setting(replace(PLAIN, working_dir='/a" b'), "WorkingDir") == ['/a" b']
    assert setting(replace(PLAIN, health=Health(command=('/a"',))), "HealthCmd") == ['["CMD-SHELL","\'/a\\"\'"]']


def test_variables() -> None:
    made = replace(PLAIN, environment=(("A", "b c"), ("B", "$x\n%")), labels=(("l", '"'),), annotations=(("a", ""),))
    assert setting(made, "Environment") == ['"A=b c"', '"B=$$x\\n%%"']
    assert setting(made, "Label") == ["warren.service=x", '"l=\\""']
    assert setting(made, "Annotation") == ["a="]


def test_files_of_variables_are_secrets_until_they_are_needed() -> None:
    made = replace(PLAIN, env_files=("a.env", "b.env"))
    assert setting(made, "EnvironmentFile") == ["%t/warren/x/env0", "%t/warren/x/env1"]
    assert setting(made, "RuntimeDirectoryMode", "Service") == ["0700"]
    assert "umask 077; exec podman secret inspect" in setting(made, "ExecStartPre", "Service")[1]
    assert setting(made, "ExecStartPre", "Service")[1].endswith('x.env1 >%t/warren/x/env1"')


def test_mounts() -> None:
    mounts = (
        Mount(MountKind.VOLUME, "data", "/d", True),
        Mount(MountKind.BIND, "/srv/50% $x", "/x", options=("z",)),
        Mount(MountKind.VOLUME, "", "/anonymous"),
        Mount(MountKind.TMPFS, "", "/t", True, ("size=5",)),
    )
    made = replace(PLAIN, mounts=mounts)
    assert setting(made, "Volume") == ["x_data.volume:/d:ro", "/srv/50%% $$x:/x:z", "/anonymous"]
    assert setting(made, "Tmpfs") == ["/t:ro,size=5"]


def test_secrets() -> None:
    uses = (SecretUse("a"), SecretUse("b", variable="B"), SecretUse("c", target="/etc/c", uid="5", mode="0440"))
    assert setting(replace(PLAIN, secrets=uses), "Secret") == [
        "a",
        "b,type=env,target=B",
        "c,target=/etc/c,uid=5,mode=0440",
    ]


def test_walls_and_limits() -> None:
    made = replace(
        PLAIN,
        cap_drop=("ALL",),
        privileged=True,
        read_only=True,
        init=True,
        security_opt=("no-new-privileges",),
        ulimits=(Ulimit("nofile", 1, 2),),
        limits=Limits(5 << 20, "1.5", 9),
        user="5:6",
        userns="keep-id",
    )
    section = read(made).section("Container")
    assert [*section.of("DropCapability"), *section.of("ReadOnly"), *section.of("RunInit")] == ["ALL", "true", "true"]
    assert section.of("PodmanArgs")[1:] == ("--security-opt=no-new-privileges", "--privileged")
    assert [*section.of("Ulimit"), *section.of("PidsLimit"), *section.of("UserNS")] == ["nofile=1:2", "9", "keep-id"]
    assert [*section.of("User"), *section.of("Group")] == ["5", "6"]
    assert setting(made, "CPUQuota", "Service") == ["150%"]


@pytest.mark.parametrize(
    ("health", "command", "limit"),
    [
        (Health(shell="a || b"), '["CMD-SHELL","a || b"]', "210"),
        (Health(command=("a", "$b")), '["a","$$b"]', "210"),
        (Health(command=("/a%",)), "CMD /a%%", "210"),
        (Health(command=("/a b",)), '["CMD-SHELL","\'/a b\'"]', "210"),
        (Health(shell="a", interval="5s", timeout="1s", retries=2, start_period="5m"), '["CMD-SHELL","a"]', "342"),
        (Health(disabled=True), "none", "90"),
    ],
)
def test_a_unit_has_started_once_its_container_is_healthy(health: Health, command: str, limit: str) -> None:
    made = replace(PLAIN, health=health)
    assert setting(made, "HealthCmd") == [command]
    waits = setting(made, "ExecStartPost", "Service")
    assert [ini.plain(ini.split(one)[2]).endswith('{{.State.Health.Status}} x)" = healthy') for one in waits] == (
        [] if health.disabled else [True]
    )
    assert setting(made, "TimeoutStartSec", "Service") == [limit]


def test_a_container_that_ends_has_started_once_it_has_ended() -> None:
    made = replace(PLAIN, completes=True, restart=Restart(RestartKind.NO))
    assert setting(made, "Type", "Service") == ["oneshot"]
    assert setting(made, "RemainAfterExit", "Service") == ["yes"]
    assert setting(made, "TimeoutStartSec", "Service") == ["infinity"]


def test_an_end_takes_its_time() -> None:
    made = replace(PLAIN, stop_grace_period="1m", stop_signal="SIGINT")
    assert setting(made, "StopTimeout") == ["60"]
    assert setting(made, "TimeoutStopSec", "Service") == ["90"]
    assert setting(made, "StopSignal") == ["SIGINT"]


def test_raw_lines_stand_at_the_end_as_they_are() -> None:
    made = replace(PLAIN, raw=("PodmanArgs = --tty %n", "Timezone=local"))
    assert read(made).section("Container").settings[-2:] == (
        ini.Setting("PodmanArgs", "--tty %n"),
        ini.Setting("Timezone", "local"),
    )


def test_a_volume() -> None:
    assert volume_unit(having(PLAIN), "data") == "x_data.volume"
    volume = ini.read(volume_file(having(PLAIN), "data"))
    assert volume.section("Volume").of("VolumeName") == ("data",)
