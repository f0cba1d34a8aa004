"""A plan as lines and as a document."""

from __future__ import annotations

from dataclasses import replace

import click
import pytest

from tests.topologies import two_hosts
from warren.cli.views import plan as view
from warren.desired.items.netns import Netns
from warren.desired.items.route import IpRule, Route
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.lower import lower
from warren.desired.model import HostState, Item
from warren.plan.diff import diff
from warren.plan.model import Action, Plan
from warren.topology.model import Topology


def between(old: Topology | None, new: Topology) -> Plan:
    desired = lower(new)
    return diff(desired, lower(old) if old else {name: HostState() for name in desired})


def shown(plan: Plan, *words: str, full: bool = False) -> list[str]:
    return [click.unstyle(line) for line in view.lines(plan, words, full)]


def fewer() -> Topology:
    old = two_hosts()
    services = {name: service for name, service in old.services.items() if name != "db"}
    return replace(old, permissions=old.permissions[1:], services=services)


def test_no_changes() -> None:
    assert shown(between(two_hosts(), two_hosts())) == ["No changes. The hosts match the file."]


def test_the_meaning_first_and_the_sum_last() -> None:
    lines = shown(between(None, two_hosts()), "Internet can now reach everything")
    assert lines[:3] == ["Internet can now reach everything", "", "vps"]
    plan = between(None, two_hosts())
    adds = sum(len(host) for host in plan.hosts.values())
    assert lines[-1] == f"Plan: {adds} to add, 0 to change, 0 to remove on 2 hosts"


def test_signs_kinds_and_reasons() -> None:
    lines = shown(between(two_hosts(), fewer()))
    text = "\n".join(" ".join(line.split()) for line in lines)
    assert "- namespace db own network namespace (is not in the file)" in text
    assert "- link v-db to db (10.86.1.3, fd86:86:86:1::3) (is not in the file)" in text
    assert "- route to 10.86.1.3/32 in table 8600 dev v-db (goes along with link v-db)" in text
    assert "- route to 0.0.0.0/0 in db via 10.86.1.1 dev eth0 (goes along with link v-db)" in text
    assert "~ rules warren table inet warren" in text


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (Route("10.86.1.0/24", "8600", "wrn-vps"), "to 10.86.1.0/24 in table 8600"),
        (Route("10.86.0.0/16", "8600"), "to 10.86.0.0/16 in table 8600"),
        (Route("192.0.2.0/24", device="eth0"), "to 192.0.2.0/24 in the main table"),
        (Route("::/0", device="eth0", via="fd00::1", netns="db"), "to ::/0 in db"),
        (IpRule(6, 8601, "fwmark 0x1/0xff", "8600"), "IPv6 8601 fwmark 0x1/0xff"),
        (Netns("db"), "db"),
    ],
)
def test_names_are_words_of_people(item: Item, expected: str) -> None:
    assert view.name(item) == expected


def test_elements_of_a_set_are_counted_and_listed() -> None:
    lines = shown(between(two_hosts(), fewer()))
    at = lines.index("      permit4  +0 -1")
    assert lines[at + 1] == '        - 10.86.1.2 . 10.86.1.3 . tcp . 5432 comment "cloud -> db"'


def test_many_of_a_kind_are_cut_unless_all_are_wanted() -> None:
    plan = between(None, two_hosts())
    short, full = shown(plan), shown(plan, full=True)
    assert any("more of this kind (--full)" in line for line in short)
    assert not any("(--full)" in line for line in full)
    assert any("| nft -f -" in line for line in full)
    assert len(full) > len(short)


def test_many_words_are_cut_too() -> None:
    words = [f"sentence {number}" for number in range(40)]
    plan = between(None, two_hosts())
    assert "… and 25 more (--full)" in shown(plan, *words)
    assert "sentence 39" in shown(plan, *words, full=True)


def test_for_programs() -> None:
    plan = between(two_hosts(), fewer())
    found = view.document(plan, ["a"])
    assert found["words"] == ["a"]
    assert found["summary"] == {action.name.lower(): plan.count(action) for action in Action}
    changes = found["changes"]
    assert isinstance(changes, list)
    assert {
        "host": "home",
        "action": "remove",
        "kind": "namespace",
        "key": "netns:db",
        "reason": "is not in the file",
    } in changes


def test_kinds_in_words() -> None:
    kinds = {view.kind(change.item) for host in between(None, two_hosts()).hosts.values() for change in host}
    assert {"namespace", "link", "tunnel", "rules", "route", "routing rule", "setting", "settings"} <= kinds


def test_what_is_started_anew_is_said_beside_the_sum() -> None:
    was = [Running("cloud", 6001, "cloud-app.service", "1"), Running("db", 6002, "db.service", "1", active=False)]
    now = [Running("cloud", 6001, "cloud-app.service", "2"), Running("db", 6002, "db.service", "1")]
    plan = diff({"home": HostState.of(now)}, {"home": HostState.of([*was, Running("x", 6003, "x.service", "1")])})
    lines = shown(plan)
    assert lines[-4:-1] == ["Restarts cloud-app.", "Starts db.", "Stops x."]
    assert any("service" in line and "its image, files or secrets changed" in line for line in lines)


def test_a_secret_is_a_name() -> None:
    plan = diff({"home": HostState.of([Secret("db", 6001, "password", "a1b2")])}, {"home": HostState()})
    text = "\n".join(" ".join(line.split()) for line in shown(plan))
    assert "+ secret password of db" in text
    full = "\n".join(shown(plan, full=True))
    assert "podman secret create --replace password -" in full
    assert "a1b2" not in full
