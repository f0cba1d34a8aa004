"""Whose rule it was that ended a packet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.networks import example
from tests.unit.explain.asking import NAME
from tests.unit.explain.witness import expected, healthy, said, scene
from warren.desired.model import HostState
from warren.evidence.model import Chain
from warren.explain.causes import rules
from warren.explain.progress import DROPPED, Break, Passage
from warren.formats.nft_trace import Header, TraceLine

TOPOLOGY = example(NAME)


def stop(family: str, table: str, chain: str, rule: str = "", oif: str = "v-db") -> Break:
    kind = "rule" if rule else "policy"
    drop = TraceLine("a", family, table, chain, kind, "drop", rule)
    return Break("home", "question", DROPPED, "cloud", Passage(header=Header("v-cloud", oif), drop=drop))


@pytest.mark.parametrize(
    ("table", "chain", "others", "words", "remedy"),
    [
        ("filter", "ufw-reject-forward", (), "ufw drops it", "ufw route allow in on v-cloud out on v-db"),
        ("filter", "FORWARD", ("DOCKER-USER",), "Docker drops it", "-I DOCKER-USER -i v-cloud -o v-db -j ACCEPT"),
        ("filter", "FORWARD", ("ufw-before-forward",), "ufw drops it", "ufw default allow routed"),
        ("filter", "ts-forward", (), "Tailscale drops it", "choose another prefix"),
        ("firewalld", "filter_FORWARD", (), "firewalld drops it", "--add-interface=v-cloud"),
        ("filter", "f2b-sshd", (), "fail2ban drops it", "unban"),
        ("mine", "guard", (), "a table of somebody else drops it", "accept it there"),
    ],
)  # fmt: skip
def test_owners(table: str, chain: str, others: tuple[str, ...], words: str, remedy: str) -> None:
    home = healthy(TOPOLOGY)["home"]
    chains = tuple(Chain("ip", table, name, "", "accept") for name in others)
    found = rules.dropped(
        scene(expected("cloud", "db"), {"home": replace(home, chains=chains)}), stop("ip", table, chain)
    )
    assert said(found) == f"foreign-rule: on home {words}: table ip {table}, chain {chain} (its policy)"
    assert found is not None and found.remedy is not None and remedy in found.remedy


def test_what_is_for_the_host_itself_is_opened_by_its_port() -> None:
    found = rules.dropped(scene(expected("cloud", "home.mysql")), stop("ip", "filter", "ufw-after-input", "drop", ""))
    assert found is not None and found.remedy == "`ufw allow 3306/tcp`"


def test_our_own_limit() -> None:
    of = expected("internet", "game.query")
    rule = "ct state new ip daddr . th dport @limited_20_1_v4 update @meter_20_1_v4 drop"
    found = rules.dropped(scene(of), stop("inet", "warren", "edge", rule))
    assert said(found) == (
        "rate-limit: home drops it because the rate limit is reached: 20 new connections in 1 s for each source"
    )


@pytest.mark.parametrize(
    ("set_name", "words"),
    [
        ("open_50_v4", "has too many connections open: 50 at once"),
        ("pace_50_v4", "opens too many: 1000 in a second, after 50 at one go"),
        ("towards4", "has too many connections to this server: 1024 at once"),
    ],
)
def test_too_many_connections_of_the_asking_service(set_name: str, words: str) -> None:
    found = expected("cloud", "db")
    cloud = replace(TOPOLOGY.services["cloud"], connections=50)
    where = scene(found)
    limited = replace(where, topology=replace(TOPOLOGY, services={**TOPOLOGY.services, "cloud": cloud}))
    rule = f"add @{set_name} {{ ip saddr ct count over 50 }} counter drop"
    verdict = rules.dropped(limited, stop("inet", "warren", "connections_50", rule))
    assert said(verdict) == f"too-many-connections: home drops it because cloud {words}"
    assert verdict is not None and verdict.file_line == cloud.place
    assert "raise `connections:` of cloud" in (verdict.remedy or "")


def test_our_own_rules_that_differ() -> None:
    home = healthy(TOPOLOGY)["home"]
    assert home.observed is not None
    items = {key: item for key, item in home.observed.state.items.items() if key != "nft:warren"}
    flushed = replace(home, observed=replace(home.observed, state=HostState(items)))
    found = rules.dropped(scene(expected("cloud", "db"), {"home": flushed}), stop("inet", "warren", "refuse"))
    assert said(found) == "rules-gone: our rules are gone from home"
    same = rules.dropped(scene(expected("cloud", "db")), stop("inet", "warren", "refuse", "counter drop"))
    assert said(same) == "own-rule: on home our chain refuse drops it (counter drop)"


def test_no_drop_is_no_fault() -> None:
    assert rules.dropped(scene(expected("cloud", "db")), Break("home", "question", DROPPED)) is None
    assert rules.changed(scene(expected("cloud", "db")), "home") is None


def test_what_a_rule_has_counted_is_not_said() -> None:
    rule = "tcp dport 80 ct state new  counter packets 12 bytes 840 reject"
    assert rules.uncounted(rule) == "tcp dport 80 ct state new counter reject"
