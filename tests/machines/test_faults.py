"""Whatever strikes an apply at whatever step: all hosts end old or all end new, ssh answers, the next apply completes.

WARREN_FAULTS is how many points are tried, evenly over all; `all` tries every one (`make test-faults`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.machines.faults import Blow, Trial, chosen
from tests.machines.rig import Rig, rig
from warren import pipeline
from warren.topology.model import Topology

pytestmark = pytest.mark.long

OLD = """\
version: 1
network: {name: NAME, dns: false}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
services:
  blog: {host: vps, ports: {web: 80}, expose: [{port: 8080, to: web}]}
  cloud: {host: home, ports: {web: 80}, needs: [db.sql], expose: [{port: 8081, to: web}]}
  db: {host: home, ports: {sql: 5432}, egress: none}
"""
NEW = OLD.replace("  blog: {host: vps, ports: {web: 80}", "  shop: {host: vps, ports: {web: 80}").replace(
    "  db: {host: home, ports: {sql: 5432}, egress: none}",
    "  db: {host: home, ports: {sql: 5433}, egress: none}\n  game: {host: home, ports: {play: 1234/udp}}",
)


@pytest.fixture(scope="module")
def trial(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Two machines on which the old file stands."""
    with rig(tmp_path_factory.mktemp("faults"), OLD) as made:
        yield Trial(made, made.topology, other(made))


def other(made: Rig) -> Topology:
    """What the new file means; what both have keeps its numbers."""
    made.path.write_text(NEW.replace("NAME", made.topology.name))
    return pipeline.understand(made.path).topology


def test_a_struck_change_is_done_or_undone(trial: Trial, capsys: pytest.CaptureFixture[str]) -> None:
    points = trial.points()
    assert {point.blow for point in points} == set(Blow)
    wanted = os.environ.get("WARREN_FAULTS", "16")
    taken = chosen(points, len(points) if wanted == "all" else int(wanted))
    wrong = []
    for number, point in enumerate(taken, 1):
        try:
            trial.strike(point)
        except AssertionError as found:
            wrong.append(str(found))
        with capsys.disabled():
            print(f"\r{number} of {len(taken)} points of {len(points)}: {point}, {len(wrong)} wrong   ", end="")
    assert not wrong, "\n".join(wrong)


def test_there_are_points_enough(trial: Trial) -> None:
    assert len(trial.points()) >= 200
