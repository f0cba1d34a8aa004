"""`warren verify` as on real hosts: connections between real programs, by ssh, with python3 there and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from tests.machines.images import image
from tests.machines.rig import WORLDS, Rig, rig, until
from warren.hosts.base import Result
from warren.probe.field import Field
from warren.probe.ground import Address
from warren.probe.lookout import watching
from warren.verify.afield import links, places, seen, verify_real
from warren.verify.edge import Edge
from warren.verify.report import Report, reasons, sentences

pytestmark = pytest.mark.long

# Says a word for each datagram that it gets.
EAR = (
    "import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(('::', PORT))\n"
    "while s.recv(99): print('got it', flush=True)"
)
GAME = f"""\
  game:
    host: home
    unit: {{command: [python3, -c, {json.dumps(EAR.replace("PORT", "9999"))}]}}
    ports: {{play: 9999/udp}}
    needs: [db.sql]
    expose: [{{port: 9998/udp, to: play}}]
  log:
    host: vps
    unit: {{command: [python3, -c, {json.dumps(EAR.replace("PORT", "514"))}]}}
    ports: {{syslog: 514/udp}}
  sender:
    host: home
    unit: {{command: [sleep, infinity]}}
    needs: [log.syslog]
"""
EXPECT = """\
expect:
  - internet -> blog.web: open
  - blog -> db.sql: closed
  - cloud -> db.sql: open
  - internet -> game.play: open
  - sender -> log.syslog: open
  - game -> log.syslog: closed
"""
TEXT = (
    WORLDS.replace("    ports: {sql: 5432}\n", "    ports: {sql: 5432}\n    environment: {PORT: 5432}\n")
    + GAME
    + EXPECT
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


def verified(net: Rig, scan: bool | None = None, outside: tuple[Address, ...] = OUTSIDE) -> Report:
    """What `warren verify` does, the Internet being that of the lab."""
    ground = Field(net.by_ssh, places(net.topology), seen(net.topology, outside), Outside(net))
    with watching(net.by_ssh, links(net.topology)) as eyes:
        return verify_real(net.topology, ground, eyes, scan)


def open_flows(report: Report) -> set[tuple[str, str, int]]:
    """What was found open, by its ends."""
    return {(r.key[0], r.key[1], r.key[2]) for r in report.reaches if r.probed_open}


def test_what_is_declared_is_so_and_what_is_not_is_told(net: Rig) -> None:
    report = verified(net)
    assert sentences(report) == () and report.holds
    assert len(report.expect) == 6 and all(line.held for line in report.expect)
    wanted = {("internet", "blog", 8080), ("internet", "cloud", 8081), ("cloud", "db", 5432), ("home", "db", 5432)}
    assert wanted <= open_flows(report) and ("blog", "db", 5432) not in open_flows(report)

    # A hole that somebody made by hand, and a program that has stopped.
    for host in net.hosts:
        net.run(
            host, "systemctl stop warren-heal.timer warren-heal.service; nft insert rule inet warren forward accept"
        )
    net.run("vps", "systemctl stop user@$(id -u blog)")
    said = sentences(verified(net))
    assert any("from blog" in one and "of db" in one and "is declared closed, but it connected" in one for one in said)
    assert any("of blog" in one and "declared open" in one for one in said)
    assert net.apply().succeeded


def got(net: Rig, host: str) -> int:
    """How many datagrams the programs of a host have got."""
    return int(net.run(host, "journalctl -o cat | grep -cx 'got it' || :"))


def datagrams(report: Report) -> set[tuple[str, str, int]]:
    """What was found open for datagrams, by its ends."""
    return {(r.key[0], r.key[1], r.key[2]) for r in report.reaches if r.probed_open and r.key[3] == "udp"}


def test_datagrams_come_to_every_door_and_through_none(net: Rig) -> None:
    report = verified(net)
    assert sentences(report) == () and not report.untold
    wanted = {("internet", "game", 9998), ("sender", "log", 514), ("home", "game", 9999), ("cloud", "dns1-g0", 53)}
    assert wanted <= datagrams(report)
    assert not {("game", "log", 514), ("internet", "log", 514), ("internet", "game", 9999)} & datagrams(report)
    for host in net.hosts:
        assert got(net, host) == 0
        assert "arrivals" not in net.run(host, "nft list tables; ls /run/warren; ps ax | grep -v grep")
    # The programs do listen.
    net.run("home", "python3 -c \"import socket; socket.socket(type=2).sendto(b'x', ('" + game(net) + "', 9999))\"")
    until(lambda: got(net, "home") == 1)


def game(net: Rig) -> str:
    """The address of a service."""
    return str(net.topology.services["game"].addresses.v4)


def test_a_hole_for_datagrams_a_dropped_door_and_a_stopped_program_are_told(net: Rig) -> None:
    for host in net.hosts:
        net.run(host, "systemctl stop warren-heal.timer warren-heal.service")
    try:
        net.run("home", f"nft insert rule inet warren forward udp dport 9999 ip daddr {game(net)} accept")
        net.run("vps", "nft add table inet other; nft 'add chain inet other c { type filter hook input priority 0; }'")
        net.run("vps", "nft 'add chain inet other f { type filter hook forward priority 0; }'")
        net.run("vps", "nft add rule inet other f udp dport 514 drop")
        said = sentences(verified(net))
        assert any("from db" in one and "9999/udp of game" in one and "a datagram came through" in one for one in said)
        assert any("from sender" in one and "it came to vps and was dropped there" in one for one in said)
        assert not any("from internet" in one for one in said)
        net.run("vps", "nft delete table inet other")
        net.run("home", "systemctl stop user@$(id -u game) game.service; ip netns pids game | xargs -r kill -9; :")
        said = sentences(verified(net))
        assert any("9998/udp of game" in one and "nobody listens where it came through" in one for one in said)
    finally:
        net.run("vps", "nft delete table inet other 2>/dev/null || :")
        assert net.apply().succeeded


def test_where_a_host_cannot_watch_nothing_is_sent_to_it(net: Rig) -> None:
    before = got(net, "home")
    net.run("home", "mv /usr/sbin/nft /usr/sbin/nft.away")
    try:
        report = verified(net)
    finally:
        net.run("home", "mv /usr/sbin/nft.away /usr/sbin/nft")
    assert [why for why, _ in reasons(report)] and sentences(report) == ()
    assert all(why.startswith("home cannot be watched") for why, _ in reasons(report))
    assert got(net, "home") == before and ("internet", "game", 9998) not in datagrams(report)
    assert "internet -> game.play" in [line.text for line in report.expect if not line.told]


def edges(report: Report) -> dict[tuple[str, int], Edge]:
    """What was scanned, by place and family."""
    return {(edge.place, edge.address.version): edge for edge in report.scan or ()}


def test_the_edge_is_what_is_declared_from_outside_and_from_home_and_all_of_it_is_asked(net: Rig) -> None:
    # One address takes a minute and a half.
    found = edges(verified(net, True, OUTSIDE[:1]))
    assert set(found) == {("internet", 4), ("home", 4), ("home", 6)}
    assert all(edge.equal and not edge.untold for edge in found.values())
    edge = found["internet", 4]
    assert (edge.tcp, edge.udp, edge.asked) == ((22, 8080, 8081), (9998, 51820), 65535)
    assert found["home", 4].asked < 200
    assert all(got(net, host) <= 1 for host in net.hosts)


def test_a_port_too_many_at_the_edge_is_told(net: Rig) -> None:
    net.run("vps", "systemctl stop warren-heal.timer warren-heal.service")
    net.run("vps", "nft insert rule inet warren input tcp dport 2375 accept")
    net.run("vps", "nft insert rule inet warren input udp dport 161 accept")
    listening = "python3 -c 'import socket, time; s = socket.create_server((\"\", 2375)); time.sleep(600)'"
    net.run("vps", f"nohup {listening} >/dev/null 2>&1 & sleep 1")
    try:
        found = edges(verified(net))
        assert {place: edge.strange for (place, version), edge in found.items() if version == 4} == {
            "internet": (161, 2375),
            "home": (161, 2375),
        }
    finally:
        net.run("vps", "pkill -f 2375; :")
        assert net.apply().succeeded


def test_a_host_without_python(net: Rig) -> None:
    for host in net.hosts:
        net.run(host, "chmod -x /usr/bin/python3*")
    try:
        report = verified(net)
    finally:
        for host in net.hosts:
            net.run(host, "chmod +x /usr/bin/python3*")
    assert sentences(report) == ()
    assert {("cloud", "db", 5432), ("home", "db", 5432)} <= open_flows(report)
    assert {("sender", "log", 514), ("home", "game", 9999)} <= datagrams(report) and not report.untold
