"""Whoever becomes a service stands in its namespace, however they came; root never does (S4-12 to S4-15)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.machines.rig import Rig, rig, until

WHERE = "readlink /proc/self/ns/net"


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One pair of machines, applied."""
    with rig(tmp_path_factory.mktemp("logins")) as made:
        outcome = made.apply()
        assert outcome.succeeded, outcome.failure
        yield made


@pytest.fixture(scope="module")
def inside(net: Rig) -> str:
    """The namespace of the service `cloud`."""
    return net.run("home", f"ip netns exec cloud {WHERE}")


@pytest.fixture(scope="module")
def outside(net: Rig) -> str:
    """The namespace of the host."""
    found = net.run("home", "readlink /proc/1/ns/net")
    assert found != net.run("home", f"ip netns exec cloud {WHERE}")
    return found


@pytest.mark.parametrize(
    "words",
    [
        f"su cloud -s /bin/sh -c '{WHERE}'",
        f"su - cloud -s /bin/sh -c '{WHERE}'",
        f"sudo -u cloud {WHERE}",
        f"systemd-run --quiet --pipe --wait --user -M cloud@ {WHERE}",
    ],
    ids=["su", "su -", "sudo", "systemd-run --user"],
)
def test_who_becomes_a_service_is_inside(net: Rig, inside: str, words: str) -> None:
    assert net.run("home", f"cd / && {words}").splitlines()[-1] == inside


@pytest.mark.parametrize("words", [WHERE, f"su root -c '{WHERE}'", f"sudo {WHERE}", f"su - root -c '{WHERE}'"])
def test_root_stays_outside(net: Rig, outside: str, words: str) -> None:
    assert net.run("home", words).splitlines()[-1] == outside


def test_an_operator_by_ssh_stays_outside(net: Rig, outside: str) -> None:
    for user in ("root", "admin"):
        assert net.run("home", f"su - {user} -s /bin/sh -c '{WHERE}'").splitlines()[-1] == outside
    assert net.by_ssh["home"].run(WHERE).stdout.decode().strip() == outside


@pytest.mark.long
def test_a_job_of_cron_runs_inside(net: Rig, inside: str) -> None:
    job = f"* * * * * cloud {WHERE} >/tmp/cron.cloud 2>/dev/null"
    net.run("home", f"printf '%s\\n' '{job}' >/etc/cron.d/probe")
    until(lambda: not net.fails("home", "test -s /tmp/cron.cloud"), 130)
    assert net.run("home", "cat /tmp/cron.cloud") == inside


def test_ssh_as_a_service_lands_inside(net: Rig, inside: str) -> None:
    """Where an operator allows it: the login itself is not warren's."""
    net.run("home", "ssh-keygen -q -t ed25519 -N '' -f /root/as-cloud && usermod -s /bin/sh cloud")
    folder = net.run("home", "getent passwd cloud | cut -d: -f6")
    net.run("home", f"install -d -m 700 -o cloud -g cloud {folder}/.ssh")
    net.run("home", f"install -m 600 -o cloud -g cloud /root/as-cloud.pub {folder}/.ssh/authorized_keys")
    ssh = "ssh -i /root/as-cloud -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    assert net.run("home", f"{ssh} cloud@127.0.0.1 {WHERE}") == inside
    assert net.run("home", f"{ssh} cloud@127.0.0.1 cat /etc/resolv.conf") == net.run(
        "home", "cat /etc/netns/cloud/resolv.conf"
    )
