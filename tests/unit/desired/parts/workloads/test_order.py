"""order: what starts before what."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import DIRECT, pair, service
from warren.desired.parts.workloads.order import held_back, order
from warren.topology.workload import Condition, Container, Dependency, Workload

DB = Container("db", "x-db", "a:1")


def settings(*dependencies: Dependency) -> list[str]:
    """The settings of a container that depends on `db`."""
    one = Container("app", "x-app", "a:1", depends_on=dependencies)
    where = replace(service("x", "home", pair(0, 2), DIRECT), workload=Workload((one, DB)))
    return [f"{each.key}={each.value}" for each in (*order(where, one), *held_back(where, one))]


def test_a_dependency_starts_first_and_passes_no_restart_on() -> None:
    assert settings(Dependency("db")) == ["Wants=x-db.service", "After=x-db.service"]


def test_a_restart_is_passed_on_where_the_file_says_so() -> None:
    assert "PartOf=x-db.service" in settings(Dependency("db", restart=True))


def test_a_container_waits_for_what_is_healthy_or_has_ended() -> None:
    look = "ExecStartPre=systemctl --user --quiet is-active x-db.service"
    for condition in (Condition.HEALTHY, Condition.COMPLETED):
        assert look in settings(Dependency("db", condition))
        assert look not in settings(Dependency("db", condition, required=False))
