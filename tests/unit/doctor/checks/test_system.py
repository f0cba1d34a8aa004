"""Init systems and control groups."""

from __future__ import annotations

from tests.unit.doctor.patients import codes, patient, troubles, without
from warren.doctor.checks.system import system
from warren.doctor.model import Level


def test_a_usual_machine() -> None:
    found = list(system(patient()))
    assert codes(found) == set()
    assert found[0].summary == "Debian GNU/Linux 13 (trixie)"


def test_openrc_is_refused_in_one_sentence() -> None:
    said = without("system", "init", "systemd") + "init=openrc-init\nopenrc=/run/openrc\n"
    found = troubles(system(patient(system=said)))["no-systemd"]
    assert found.blocks
    assert found.summary == "its init system is OpenRC, and hosts need systemd for now"


def test_any_other_init_is_named() -> None:
    said = without("system", "init", "systemd") + "init=runit\n"
    assert "runit" in troubles(system(patient(system=said)))["no-systemd"].summary


def test_old_control_groups_matter_where_services_are() -> None:
    said = without("system", "cgroup2")
    assert troubles(system(patient("home", system=said)))["cgroups-old"].level is Level.NOTE


def test_root_is_needed() -> None:
    said = without("system", "user") + "user=1000\n"
    assert troubles(system(patient(system=said)))["not-root"].blocks
