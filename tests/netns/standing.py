"""A lab on which topologies are planned and applied, for tests of what apply does to real kernels.

In: topologies. Out: outcomes, changes in words, and what hosts hold. Never leaves a lab behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.lab.running import running
from warren import pipeline
from warren.apply import Outcome
from warren.hosts.base import Host
from warren.lab.lab import Lab
from warren.topology.model import Topology

DUMP = (Path(__file__).parent / "dump.sh").read_text()
Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
# What the kernel counts or numbers.
COUNTED = ("handle", "packets", "bytes", "expires")


@dataclass(slots=True)
class Standing:
    """A running lab with the topology that was applied to it last."""

    lab: Lab
    topology: Topology

    @property
    def hosts(self) -> Mapping[str, Host]:
        """Every host of the topology."""
        return {name: self.lab.host(name) for name in self.topology.hosts}

    def try_to_apply(self, topology: Topology) -> Outcome:
        """What `warren apply` does."""
        self.topology = topology
        return pipeline.apply(pipeline.plan(topology, self.hosts), self.hosts)

    def apply(self, topology: Topology) -> None:
        """The same, and it must succeed."""
        outcome = self.try_to_apply(topology)
        assert outcome.succeeded, outcome.failure

    def changes(self) -> list[str]:
        """What would change, a line each."""
        plan = pipeline.plan(self.topology, self.hosts).plan
        return [
            f"{name} {each.action.value} {each.key}: {each.reason}" for name in plan.hosts for each in plan.hosts[name]
        ]

    def on(self, host: str, script: str) -> str:
        """What a script says on a host; it must succeed."""
        result = self.lab.host(host).run(script)
        assert result.code == 0, (script, result.stderr.decode())
        return result.stdout.decode()

    def dump(self) -> dict[str, list[str]]:
        """All that every host holds, in lines."""
        return {name: list(_lines(self.on(name, DUMP))) for name in self.topology.hosts}


@contextmanager
def standing(topology: Topology) -> Iterator[Standing]:
    """A lab on which the topology has been applied."""
    with running(topology) as lab:
        made = Standing(lab, topology)
        made.apply(topology)
        yield made


def difference(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[str]:
    """The lines that one dump has and the other has not."""
    gone = [f"{name} - {line}" for name in before for line in before[name] if line not in after[name]]
    return gone + [f"{name} + {line}" for name in after for line in after[name] if line not in before[name]]


def _lines(dump: str) -> Iterator[str]:
    text, _, rules = dump.partition("== nft\n")
    space = ""
    for line in text.splitlines():
        space = line if line.startswith("== ") else space
        yield f"{space} {line}"
    places: dict[str, int] = {}
    for each in json.loads(rules)["nftables"]:
        ((word, body),) = each.items()
        if word != "metainfo":
            chain = f"{word} {body.get('family')} {body.get('table')} {body.get('chain', '')}"
            # The place of a rule among others counts, that of an element among others does not.
            places[chain] = places.get(chain, 0) + (word == "rule")
            yield f"nft {chain} {places[chain]} {json.dumps(_plain(body), sort_keys=True)}"


def _plain(found: Json) -> Json:
    if isinstance(found, dict):
        volatile = "dynamic" in str(found.get("flags")) or "timeout" in found
        kept = {key: _plain(each) for key, each in found.items() if key not in COUNTED}
        if isinstance(elements := kept.get("elem"), list):
            kept["elem"] = [] if volatile else sorted(elements, key=str)
        return kept
    return [_plain(each) for each in found] if isinstance(found, list) else found
