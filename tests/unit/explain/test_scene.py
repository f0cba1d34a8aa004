"""What causes ask of a scene."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import example
from tests.unit.explain.asking import NAME, line_of
from tests.unit.explain.witness import expected, healthy, scene
from warren.desired.model import HostState

TOPOLOGY = example(NAME)


def test_who_is_concerned() -> None:
    found = scene(expected("internet", "game.query"))
    assert (found.source, found.meant, found.hosts) == (None, "game", ("vps", "home"))
    assert found.target is not None and found.target.name == "game"
    program = scene(expected("cloud", "home.mysql"))
    assert (program.target, program.host, program.hosts) == (None, TOPOLOGY.hosts["home"], ("home",))
    assert [str(each) for each in program.listeners() or ()] == ["*:3306/tcp (program, pid 7)"]


def test_nothing_differs_on_healthy_hosts() -> None:
    found = scene(expected("internet", "game.query"))
    assert [found.changes(name) for name in found.hosts] == [(), ()]


def test_what_differs_is_found_by_its_kind() -> None:
    home = healthy(TOPOLOGY)["home"]
    assert home.observed is not None
    items = {key: item for key, item in home.observed.state.items.items() if key != "netns:db"}
    lacking = replace(home, observed=replace(home.observed, state=HostState(items)))
    found = scene(expected("cloud", "db"), {"home": lacking})
    assert [change.key for change in found.changed("home", "netns:")] == ["netns:db"]


def test_a_verdict_names_the_line_of_its_place() -> None:
    found = scene(expected("cloud", "db")).verdict("code", "db", "words", "do")
    assert (found.sentence, found.at, found.remedy) == ("cloud -> db:5432/tcp: words", "db", "do")
    assert found.file_line is not None and found.file_line.line == line_of("  db:")


def test_tunnels_keys_and_peers() -> None:
    found = scene(expected("internet", "game.query"))
    tunnel = found.tunnel("home", "vps")
    assert tunnel is not None and found.tunnel("home", "nobody") is None
    assert (found.key("home"), [peer.key for peer in found.peers("home", "wrn-vps")]) == ("home", ["vps"])
    wanted = found.wanted_tunnel("vps", "wrn-vps")
    assert wanted is not None and wanted.listen_port == 51820
    assert found.seen("nobody").trouble == "was not asked"
