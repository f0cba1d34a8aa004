"""The stages one after the other, from a file to hosts in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.memory import applied, fresh
from tests.topologies import two_hosts
from warren import pipeline
from warren.basis.diagnostic import Refused

FILE = """\
version: 1
network: {name: pipe}
hosts:
  vps: {public: 203.0.113.10}
  home: {lan: 192.168.2.0/24, egress: vps}
services:
  game: {host: home, image: example.org/game:1, ports: {play: 12345/udp}, expose: [{port: 12345/udp, to: play}]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is right."""
    written = tmp_path / "warren.yaml"
    written.write_text(FILE)
    return written


def test_a_file_becomes_a_topology_and_nothing_is_written(path: Path) -> None:
    understood = pipeline.understand(path)
    assert str(understood.topology.services["game"].addresses.v4) == "10.86.1.2"
    assert understood.ledger != understood.recorded
    assert [each.name for each in path.parent.iterdir()] == ["warren.yaml"]


def test_what_was_given_before_is_given_again(path: Path) -> None:
    path.with_name("warren.lock").write_text(pipeline.understand(path).ledger.text())
    path.write_text(FILE.replace("services:\n", "services:\n  first: {host: home, image: example.org/first:1}\n"))
    assert str(pipeline.understand(path).topology.services["game"].addresses.v4) == "10.86.1.2"


def test_a_wrong_file_is_refused_with_its_places(path: Path) -> None:
    path.write_text(FILE.replace("host: home", "host: hom"))
    with pytest.raises(Refused) as refused:
        pipeline.understand(path)
    assert [(d.code, d.place and d.place.line) for d in refused.value.diagnostics] == [("unknown-host", 7)]


def test_a_plan_changes_nothing() -> None:
    hosts = fresh(two_hosts())
    before = {name: host.picture() for name, host in hosts.items()}
    planned = pipeline.plan(two_hosts(), hosts)
    assert not planned.plan.is_empty
    assert set(planned.lacking_keys) == {"vps", "home"}
    assert {name: host.picture() for name, host in hosts.items()} == before
    assert [host.trips for host in hosts.values()] == [1, 1]


def test_an_apply_makes_keys_and_the_next_plan_is_empty() -> None:
    hosts = fresh(two_hosts())
    assert pipeline.apply(pipeline.plan(two_hosts(), hosts), hosts).succeeded
    again = pipeline.plan(two_hosts(), hosts)
    assert again.lacking_keys == ()
    assert again.plan.is_empty


def test_a_host_that_cannot_make_its_key_is_an_outcome() -> None:
    hosts = fresh(two_hosts())
    planned = pipeline.plan(two_hosts(), hosts)
    hosts["home"].fails_at = 0
    outcome = pipeline.apply(planned, hosts)
    assert outcome.failure is not None
    assert outcome.failure.host == "home"
    assert outcome.failure.restored


def test_a_host_that_goes_away_is_an_outcome() -> None:
    hosts = fresh(two_hosts())
    planned = pipeline.plan(two_hosts(), hosts)
    hosts["home"].leaves_at = 0
    outcome = pipeline.apply(planned, hosts)
    assert outcome.failure is not None
    assert "home" in f"{outcome.failure.host} {outcome.failure.reason}"


def test_what_changes_for_whom_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = pipeline.plan(two_hosts(), fresh(two_hosts()))
    assert "Internet can now reach game:12345/udp at vps" in pipeline.changes(planned)
    assert pipeline.in_the_way(planned) == ()

    def twice(*given: object) -> None:
        raise ValueError("two places are called db")

    monkeypatch.setattr("warren.verify.changes.network", twice)
    assert pipeline.changes(planned) == ("who can reach what is not said: two places are called db",)


def test_where_nothing_changes_for_packets_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warren.prove.matrix.prove", lambda *_: pytest.fail("this takes time"))
    hosts = applied(two_hosts(), fresh(two_hosts()))
    assert pipeline.changes(pipeline.plan(two_hosts(), hosts)) == ()


def test_only_what_proves_reads_the_proof_in() -> None:
    script = "import sys, warren.pipeline; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    rooms = {".".join(name.split(".")[:2]) for name in done.stdout.split() if name.startswith("warren.")}
    assert not rooms & {"warren.prove", "warren.verify", "warren.doctor", "warren.survey", "warren.lab"}


def test_a_file_that_denies_itself_is_refused(path: Path) -> None:
    path.write_text(FILE + "expect:\n  - internet -> game.play: closed\n")
    with pytest.raises(Refused) as refused:
        pipeline.prove(pipeline.understand(path).topology)
    assert [each.code for each in refused.value.diagnostics] == ["expectation-false"]
