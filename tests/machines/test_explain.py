"""What only a whole machine can break, named by `warren explain`: managers, images, health, disks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.machines.images import image
from tests.machines.rig import Rig, rig, until
from warren.cli.inquiring import Standpoint, at
from warren.desired.account import as_user, home
from warren.explain.model import Verdict
from warren.explain.question import question
from warren.hosts.local import LocalHost
from warren.lab.proving import Proving

pytestmark = pytest.mark.long

TEXT = """\
version: 1
network: {name: NAME}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  cloud:
    host: home
    image: web:1
    ports: {web: 80}
    expose: [{port: 8081, to: web}]
    healthcheck: {test: [CMD, sh, /healthy], interval: 1s, retries: 1}
"""
ASKED = "internet -> cloud:8081/tcp:"


@dataclass
class Bench:
    """Two machines with one service."""

    machines: Rig

    @property
    def uid(self) -> int:
        return self.machines.topology.services["cloud"].uid

    def on(self, script: str) -> str:
        return self.machines.run("home", script)

    def as_cloud(self, command: str) -> str:
        return self.on(f"{as_user('cloud', self.uid, command)} 2>&1 || :")

    def explain(self) -> Verdict:
        lab, topology = self.machines.lab, self.machines.topology
        vantage = LocalHost("internet", lab.place("internet").entry)
        around = Proving(lab, topology).surroundings()
        asked = question(topology, "internet", "cloud")
        return at(Standpoint(self.machines.hosts, around, vantage), topology, asked, 1.0).verdict

    def heal(self) -> None:
        self.on(f"systemctl start user@{self.uid}.service")
        self.as_cloud("systemctl --user reset-failed")
        self.as_cloud("systemctl --user restart cloud.service")
        until(lambda: self.explain().works, 60, 1)


@pytest.fixture(scope="module")
def bench(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A service that is well."""
    with rig(tmp_path_factory.mktemp("explain"), TEXT) as made:
        made.publish(image("web", "1"), "docker.io/library/web", "1")
        done = made.apply()
        assert done.succeeded, done.failure
        found = Bench(made)
        until(lambda: found.explain().works, 60, 1)
        yield found


def stopped(bench: Bench) -> None:
    bench.on(f"systemctl stop user@{bench.uid}.service")


def without_image(bench: Bench) -> None:
    bench.as_cloud("systemctl --user stop cloud.service")
    bench.as_cloud("podman rmi --all --force")
    bench.as_cloud("systemctl --user start cloud.service")


def sick(bench: Bench) -> None:
    """It does not answer any more, and its health check has seen it."""
    bench.as_cloud("podman exec cloud touch /sick")
    bench.on(f"pkill -STOP -u {bench.uid} httpd || kill -STOP $(pgrep -f 'httpd -f')")
    until(lambda: "unhealthy" in bench.as_cloud("podman ps --format {{.Status}}"), 30)


def without_room(bench: Bench) -> None:
    bench.as_cloud("systemctl --user stop cloud.service")
    store = f"{home('cloud')}/.local/share/containers"
    bench.on(f"mount -t tmpfs -o size=64k,uid={bench.uid} full {store}; head -c 100000 /dev/zero > {store}/all || :")
    bench.as_cloud("systemctl --user start cloud.service")


def with_room(bench: Bench) -> None:
    bench.on(f"umount -l {home('cloud')}/.local/share/containers")


def nothing(bench: Bench) -> None:
    """Nothing is left to mend by hand."""


@pytest.mark.parametrize(
    ("inject", "mend", "code", "begins"),
    [
        (stopped, nothing, "manager-down", "the user manager of cloud is inactive on home"),
        (sick, nothing, "unhealthy", "the container cloud is unhealthy"),
        (without_room, with_room, "disk-full", "the disk of home is full at "),
    ],
)
def test_a_fault_of_a_machine_is_named(
    bench: Bench, inject: Callable[[Bench], None], mend: Callable[[Bench], None], code: str, begins: str
) -> None:
    inject(bench)
    try:
        found = bench.explain()
    finally:
        mend(bench)
        bench.heal()
    assert found.sentence.startswith(f"{ASKED} {begins}"), found
    assert found.code == code


def test_an_image_that_is_gone_is_named(bench: Bench) -> None:
    without_image(bench)
    found = bench.explain()
    assert (found.code, found.at) == ("image-missing", "cloud"), found
