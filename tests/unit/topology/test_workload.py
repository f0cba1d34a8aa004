"""workload: what runs in a service, as values."""

from __future__ import annotations

from dataclasses import replace

from warren.topology.workload import Container, PlainUnit, SecretKind, SecretRef, Workload


def test_the_units_of_a_workload_are_those_of_its_containers_and_its_plain_unit() -> None:
    one, other = Container("app", "cloud-app", "a:1"), Container("db", "cloud-db", "b:1")
    assert list(Workload((one, other)).units) == ["cloud-app", "cloud-db"]
    assert list(Workload(unit=PlainUnit("mail", ("/bin/true",))).units) == ["mail"]
    assert list(Workload().units) == []


def test_a_workload_can_be_compared_and_hashed() -> None:
    made = Workload(
        (Container("app", "app", "a:1", environment=(("A", "1"),)),),
        secrets=(SecretRef("s", SecretKind.FILE, ("s.txt",)),),
    )
    assert made == replace(made)
    assert hash(made) == hash(replace(made))
