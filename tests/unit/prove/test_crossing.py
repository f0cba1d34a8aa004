from __future__ import annotations

from tests.unit.prove.scenes import built, header
from warren.prove.crossing import Crossing, Leg, Passed
from warren.prove.devices import one
from warren.prove.diagrams import ALL
from warren.prove.interpret import Interpreter
from warren.prove.walk import Walk


def crossing() -> Crossing:
    return Walk.of(built(), Interpreter.of(built()).tunnels, 4).crossing


def passing(made: Crossing, iif: str, packet: tuple[int, ...]) -> list[Passed]:
    home = built().nodes["home"]
    return [each for each in made.opening(home, ALL, one(iif)) if made.space.holds(each.headers, packet)]


def test_a_permitted_packet_passes_by_one_way() -> None:
    made = crossing()
    (passed,) = passing(made, "v-cloud", header("10.86.1.2", "10.86.1.3", "tcp", 5432))
    assert passed.region and passed.region.devices and "v-db" in passed.region.devices.spans
    assert passing(made, "v-game", header("10.86.1.4", "10.86.1.3", "tcp", 5432)) == []
    assert passing(made, "v-game", header("10.86.1.2", "10.86.1.3", "tcp", 5432)) == []


def test_an_answer_follows_its_leg_and_no_other() -> None:
    made = crossing()
    packet = header("10.86.1.2", "10.86.1.3", "tcp", 5432)
    (passed,) = passing(made, "v-cloud", packet)
    home = built().nodes["home"]
    assert passed.region
    for back, answered in (("v-cloud", True), ("v-game", False)):
        leg = Leg(home, one(back), passed.region.devices, passed.marks[1], passed.naming)
        assert made.space.holds(made.again(leg, passed.headers, True, ALL), packet) is answered
    assert made.again(leg, 0, True, ALL) == 0
