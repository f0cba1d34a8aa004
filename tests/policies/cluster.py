"""Kubernetes network policies, and their tables: who gets to whom.

In: a recipe: pods, policies, and the same in our file's words. Out: the table that the policies mean, as the
Kubernetes documentation defines them. Never looks at our file: that is what the table is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import yaml

from tests.cases.txtar import Archive, parse

FOLDER = Path(__file__).parent
RECIPES = sorted(path.stem for path in FOLDER.glob("*.txtar"))
# Whoever is outside asks from here, and is asked there.
SENDERS = ("198.51.100.7", "198.51.100.70", "8.8.4.4")
SERVERS = ("192.0.2.7:443/tcp", "192.0.2.7:80/tcp", "192.0.2.70:443/tcp", "8.8.4.4:53/udp")
OPEN, CLOSED = "yes", "."
HEAD = """\
version: 1
network: {name: cluster, domain: example.org, dns: false}
hosts: {node: {ssh: root@203.0.113.10, public: 203.0.113.10}}
"""
Selector = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod, or somebody outside, who has neither name nor labels."""

    namespace: str
    name: str
    labels: Mapping[str, str]
    ports: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """`policies` are documents of kind NetworkPolicy."""

    archive: Archive
    pods: tuple[Pod, ...]
    policies: tuple[Selector, ...]

    @property
    def file(self) -> str:
        """The whole file."""
        return HEAD + self.archive.sections["services"]

    def goals(self) -> Iterator[tuple[Pod, str]]:
        """Every port that may be asked for, in the order of the columns."""
        yield from ((pod, port) for pod in self.pods for port in pod.ports)
        yield from ((outsider(each.partition(":")[0]), each.partition(":")[2]) for each in SERVERS)

    def rows(self) -> tuple[Pod, ...]:
        """Everybody who may ask."""
        return (*self.pods, *map(outsider, SENDERS))

    def means(self, source: Pod, target: Pod, port: str) -> bool:
        """What the policies say: each end that a policy selects must allow it."""
        into, out = self._selecting(target, "Ingress"), self._selecting(source, "Egress")
        taken = not into or any(_allows(p, "ingress", "from", source, port) for p in into)
        sent = not out or any(_allows(p, "egress", "to", target, port) for p in out)
        return taken and sent

    def _selecting(self, pod: Pod, kind: str) -> list[Selector]:
        here = [each for each in self.policies if pod.namespace == each["metadata"]["namespace"]]
        kinds = [each for each in here if kind in each["spec"]["policyTypes"]]
        return [each for each in kinds if _matches(each["spec"]["podSelector"], pod.labels)]


def outsider(address: str) -> Pod:
    """Somebody outside."""
    return Pod("", "", {}, (), address)


def recipe(name: str) -> Recipe:
    """A recipe by the name of its file."""
    archive = parse((FOLDER / f"{name}.txtar").read_text())
    pods = tuple(_pod(number, line) for number, line in enumerate(archive.sections["pods"].splitlines()))
    policies = tuple(each for each in yaml.safe_load_all(archive.sections["policies"]) if each)
    return Recipe(archive, pods, policies)


def _pod(number: int, line: str) -> Pod:
    name, label, *ports = line.split()
    namespace, _, own = name.partition("/")
    key, _, value = label.partition("=")
    return Pod(namespace, own, {key: value}, tuple(ports), f"10.1.0.{number + 1}")


def _allows(policy: Selector, kind: str, word: str, peer: Pod, port: str) -> bool:
    home = policy["metadata"]["namespace"]
    rules = policy["spec"].get(kind) or ()
    return any(_among(rule.get(word), home, peer) and _at(rule.get("ports"), port) for rule in rules)


def _among(peers: Iterable[Selector] | None, home: str, pod: Pod) -> bool:
    """No list is everybody."""
    return peers is None or any(_is(peer, home, pod) for peer in peers)


def _is(peer: Selector, home: str, pod: Pod) -> bool:
    if block := peer.get("ipBlock"):
        address = ip_address(pod.address)
        cut = any(address in ip_network(each) for each in block.get("except", ()))
        return address in ip_network(block["cidr"]) and not cut
    if not pod.name:
        return False
    spaces = peer.get("namespaceSelector")
    in_space = pod.namespace == home if spaces is None else _matches(spaces, {"name": pod.namespace})
    return in_space and _matches(peer.get("podSelector") or {}, pod.labels)


def _matches(selector: Selector, labels: Mapping[str, str]) -> bool:
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    return all(_holds(each, labels) for each in selector.get("matchExpressions") or ())


def _holds(expression: Selector, labels: Mapping[str, str]) -> bool:
    value = labels.get(expression["key"])
    match expression["operator"]:
        case "In":
            return value in expression["values"]
        case "NotIn":
            return value not in expression["values"]
        case "Exists":
            return value is not None
    return value is None


def _at(ports: Iterable[Selector] | None, port: str) -> bool:
    if ports is None:
        return True
    number, _, protocol = port.partition("/")
    return any(
        each.get("protocol", "TCP").lower() == protocol
        and each["port"] <= int(number) <= each.get("endPort", each["port"])
        for each in ports
    )


def table(given: Recipe, allowed: Mapping[tuple[str, str], bool]) -> str:
    """A table by rows and columns; what nobody asks is a blank."""
    goals = [f"{each.name or each.address}:{port}" for each, port in given.goals()]
    lines = [["", *goals]]
    for row in given.rows():
        name = row.name or row.address
        cells = [allowed.get((name, goal)) for goal in goals]
        lines.append([name, *(" " if cell is None else OPEN if cell else CLOSED for cell in cells)])
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def meant(given: Recipe) -> dict[tuple[str, str], bool]:
    """The table that the policies mean. Nobody asks himself, and nobody outside asks others outside."""
    return {
        (row.name or row.address, f"{goal.name or goal.address}:{port}"): given.means(row, goal, port)
        for row in given.rows()
        for goal, port in given.goals()
        if row != goal and (row.name or goal.name)
    }
