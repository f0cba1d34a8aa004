"""programs: what each program of the network on a machine was told."""

from __future__ import annotations

from tests.spec_texts import resolved
from warren.desired.items.told import Told
from warren.desired.parts.machine.programs import programs
from warren.desired.view import views

FILE = """\
version: 1
network: {name: n%s}
hosts: {vps: {public: 203.0.113.10}}
services: {a: {host: vps, ports: {web: 80}, expose: {https: a.example}}}
"""


def told(more: str = "") -> dict[str, Told]:
    """The items by user."""
    return {one.user: one for one in programs(views(resolved(FILE % more), {})["vps"])}


def test_resolvers_and_entries_and_nothing_that_was_declared() -> None:
    assert set(told()) == {"web0", "dns0-out"}
    assert told()["web0"].unit == "web0.service" and told()["web0"].uid == 6001


def test_each_is_told_of_its_own_files() -> None:
    before, after = told(), told(", https: {email: me@example.org}")
    assert before["web0"] != after["web0"] and before["dns0-out"] == after["dns0-out"]


def test_two_programs_of_one_entry_are_told_apart() -> None:
    text = FILE.replace("}\nservices", ", home: {egress: vps}}\nservices") % ""
    more = "  b: {host: home, ports: {web: 80}, expose: {https: %s.example, tls: home}}\n"
    text = text.replace("services: {a: ", "services:\n  a: ").replace("a.example}}}", "a.example}}")
    before, after = (
        {one.unit: one.digest for one in programs(views(resolved(text + more % name), {})["vps"])} for name in "bc"
    )
    assert set(before) == {"web0.service", "web0-names.service", "dns0-out.service"}
    changed = {unit for unit in before if before[unit] != after[unit]}
    assert changed == {"web0-names.service", "dns0-out.service"}, "Caddy reads nothing of it"
