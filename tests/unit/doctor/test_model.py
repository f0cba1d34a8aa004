"""Values of the doctor."""

from __future__ import annotations

from tests.unit.doctor.patients import patient
from warren.doctor.model import Level, Survey, block, error, note, ok, warning, worst


def test_a_section_as_pairs() -> None:
    survey = Survey({"system": 'ID=debian\nPRETTY_NAME="Debian 13"\nID=other\nnonsense\n'})
    assert survey.pairs("system") == {"ID": "debian", "PRETTY_NAME": "Debian 13"}
    assert survey.pairs("nothing") == {}
    assert survey.lines("system")[-1] == "nonsense"


def test_the_worst_speaks_for_all() -> None:
    assert worst((ok("a", "a"), warning("b", "b"), note("c", "c"))) is Level.WARNING
    assert worst((error("a", "a"), ok("b", "b"))) is Level.ERROR
    assert worst(()) is Level.OK


def test_only_a_block_blocks() -> None:
    assert block("a", "a").blocks
    assert not error("a", "a").blocks


def test_what_a_host_is_for() -> None:
    assert patient("vps").is_joined
    assert patient("home").has_services
    assert patient("home").host.name == "home"
