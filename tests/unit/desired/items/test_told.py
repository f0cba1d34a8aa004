"""told: a program that runs reads its files again."""

from __future__ import annotations

from dataclasses import replace

from tests.spec_texts import resolved
from warren.desired.items.told import Told, observed
from warren.desired.model import HostState
from warren.desired.parts.machine.programs import programs
from warren.desired.steps import script
from warren.desired.view import views
from warren.plan.diff import diff

FILE = """\
version: 1
network: {name: n}
hosts: {vps: {public: 203.0.113.10}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: %s}}
"""
ONE = Told("web0", 6001, "web0.service", "abc")


def test_what_was_just_started_is_only_noted() -> None:
    assert "systemctl" not in script(ONE.create()) and "/run/warren/started/files/6001/web0.service" in script(
        ONE.create()
    )


def test_what_runs_is_told_as_its_user() -> None:
    other = replace(ONE, digest="def")
    assert "systemctl --user reload web0.service" in script(other.change(ONE))
    assert other.differences(ONE) == ("its files changed",) and ONE.differences(ONE) == ()


def test_it_is_read_back() -> None:
    sections = {"started": "files/6001/web0.service:abc\nuser/6001/web0.service:x\n"}
    assert list(observed(sections, {6001: "web0"})) == [ONE]
    assert list(observed(sections, {})) == []


def test_a_new_name_tells_and_starts_nothing() -> None:

    before, after = (
        HostState.of(programs(views(resolved(FILE % names), {})["vps"]))
        for names in ("a.example", "[a.example, b.example]")
    )
    changed = diff({"vps": after}, {"vps": before}).hosts["vps"]
    assert {change.key for change in changed} == {"told:web0/6001/web0.service", "told:dns0-out/6002/dns0-out.service"}
