"""`warren verify` as on real hosts: connections between real programs, by ssh, with python3 there and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from tests.machines.images import image
from tests.machines.rig import WORLDS, Rig, rig, until
from warren.hosts.base import Result
from warren.probe.field import Field
from warren.probe.ground import Address
from warren.verify.afield import places, seen, verify_real
from warren.verify.report import Report, sentences

pytestmark = pytest.mark.long

TEXT = WORLDS.replace("    ports: {sql: 5432}\n", "    ports: {sql: 5432}\n    environment: {PORT: 5432}\n") + (
    "expect:\n  - internet -> blog.web: open\n  - blog -> db.sql: closed\n  - cloud -> db.sql: open\n"
)
OUTSIDE: tuple[Address, ...] = (ip_address("198.51.100.20"), ip_address("2001:db8:20::20"))


@dataclass(frozen=True, slots=True)
class Outside:
    """A place of the lab in the part of the machine where `warren` runs."""

    rig: Rig
    name: str = "internet"

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        return self.rig.lab.run(self.name, "sh", "-c", script, stdin=stdin, timeout=timeout)


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Both machines with the network of the file, and something that answers at each port."""
    with rig(tmp_path_factory.mktemp("afield"), TEXT) as made:
        made.publish(image("web", "1"), "docker.io/library/web", "1")
        assert made.apply().succeeded
        until(lambda: made.reaches("internet", "203.0.113.10", 8081), 30)
        yield made


def verified(net: Rig) -> Report:
    """What `warren verify` does, the Internet being that of the lab."""
    return verify_real(net.topology, Field(net.by_ssh, places(net.topology), seen(net.topology, OUTSIDE), Outside(net)))


def open_flows(report: Report) -> set[tuple[str, str, int]]:
    """What was found open, by its ends."""
    return {(r.key[0], r.key[1], r.key[2]) for r in report.reaches if r.probed_open}


def test_what_is_declared_is_so_and_what_is_not_is_told(net: Rig) -> None:
    report = verified(net)
    assert sentences(report) == () and report.holds
    assert len(report.expect) == 3 and all(line.held for line in report.expect)
    wanted = {("internet", "blog", 8080), ("internet", "cloud", 8081), ("cloud", "db", 5432), ("home", "db", 5432)}
    assert wanted <= open_flows(report) and ("blog", "db", 5432) not in open_flows(report)

    # A hole that somebody made by hand, and a program that has stopped.
    for host in net.hosts:
        net.run(host, "systemctl stop warren-heal.timer; nft insert rule inet warren forward accept")
    net.run("vps", "systemctl stop user@$(id -u blog)")
    said = sentences(verified(net))
    assert any("from blog" in one and "of db" in one and "is declared closed, but it connected" in one for one in said)
    assert any("of blog" in one and "declared open" in one for one in said)
    assert net.apply().succeeded


def test_a_host_without_python(net: Rig) -> None:
    for host in net.hosts:
        net.run(host, "chmod -x /usr/bin/python3*")
    try:
        report = verified(net)
    finally:
        for host in net.hosts:
            net.run(host, "chmod +x /usr/bin/python3*")
    assert sentences(report) == () and {("cloud", "db", 5432), ("home", "db", 5432)} <= open_flows(report)
