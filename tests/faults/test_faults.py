"""Every fault is injected for real, and named in the first line of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from tests.faults import declared, firewalls, listening, places, routes, tunnels
from tests.faults.bench import HERE, Bench, Fault, bench
from warren.cli.views.explain import lines

pytestmark = [pytest.mark.netns]

CATALOGUE = (
    *declared.FAULTS, *listening.FAULTS, *places.FAULTS, *firewalls.FAULTS, *firewalls.IPTABLES,
    *tunnels.FAULTS, *routes.FAULTS,
)  # fmt: skip
VOLATILE = (
    (re.compile(r"pid \d+"), "pid PID"),
    (re.compile(r"\S{8}…"), "KEY"),
    (re.compile(r"fd[\da-f:]+/64"), "HOME6"),
    (re.compile(r"(?<=home at )[\d.]+\d"), "ROUTER"),
    (re.compile(r"\d{5,} of \d{5,}"), "COUNT of MOST"),
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Bench]:
    with bench() as made:
        yield made


def test_tailscale_drops_its_own_range() -> None:
    rules = """
    table ip filter {
        chain ts-input {
            iifname != "tailscale0" ip saddr 100.64.0.0/10 drop
        }
        chain INPUT { type filter hook input priority filter; policy accept; jump ts-input; }
    }
    """
    with bench(HERE / "overlay.yaml") as made:
        made.on("home", f"nft -f - <<'RULES'\n{rules}\nRULES")
        found = made.explain("lan:home", "home.mysql").verdict
    assert found.sentence == (
        "lan:home -> home:3306/tcp: on home Tailscale drops it: table ip filter, chain ts-input: "
        'iifname != "tailscale0" ip saddr 100.64.0.0/10 drop'
    )
    assert found.remedy == "Tailscale drops what comes from 100.64.0.0/10 by another link: choose another prefix"


@pytest.mark.parametrize("fault", CATALOGUE, ids=[fault.name.replace(" ", "-") for fault in CATALOGUE])
def test_a_fault_is_named(shared: Bench, fault: Fault) -> None:
    try:
        fault.inject(shared)
        found = shared.explain(*fault.ask.split())
    finally:
        fault.mend(shared)
        shared.heal()
    said = lines(found)
    first = click.unstyle(said[0])
    for pattern, word in VOLATILE:
        first = pattern.sub(word, first)
    assert (first, found.verdict.code) == (fault.says, fault.code), "\n".join(map(click.unstyle, said))
    assert found.verdict.remedy
