"""A network under attack: a lab with everything applied, and hands in each of its namespaces.

In: a topology. Out: an arena whose methods send, listen and capture anywhere. Never judges what it saw.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.lab.running import running, said
from warren.apply import apply, make_keys
from warren.desired.lower import lower, with_keys
from warren.lab.lab import Lab
from warren.lab.netns import enter, environment
from warren.observe import observe
from warren.plan.diff import diff
from warren.topology.model import Topology

PROGRAM = Path(__file__).with_name("arena_program.py")
Where = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Packet:
    """A captured packet; `out` when the place itself sent it on that interface."""

    on: str
    out: bool
    frame: bytes
    network: bytes


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture that runs until its arena ends."""

    arena: Arena
    number: int

    def packets(self, settle: float = 0.05) -> list[Packet]:
        """What came so far, after a short wait for what is still under way."""
        time.sleep(settle)
        taken = self.arena.request("seen", id=self.number)["packets"]
        return [_packet(each) for each in taken]

    def having(self, text: bytes, settle: float = 0.05) -> list[Packet]:
        """The packets that hold these bytes anywhere."""
        return [each for each in self.packets(settle) if text in each.frame]


def _packet(taken: dict[str, Any]) -> Packet:
    frame = base64.b64decode(taken["bytes"])
    return Packet(taken["on"], taken["out"], frame, frame[14:] if taken["ethernet"] else frame)


class Arena:
    """A lab with its network applied; `request` speaks to the program inside."""

    def __init__(self, lab: Lab, topology: Topology) -> None:
        self.lab, self.topology = lab, topology
        self._links: dict[tuple[str, str], str] = {}
        argv = lab.python_argv(PROGRAM)
        self._program = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )

    def close(self) -> None:
        """End the program inside."""
        with self._program:
            self._program.kill()

    def request(self, word: str, **request: object) -> dict[str, Any]:
        """One request and its answer."""
        assert self._program.stdin and self._program.stdout
        self._program.stdin.write(json.dumps({"do": word, **request}) + "\n")
        self._program.stdin.flush()
        answer: dict[str, Any] = json.loads(self._program.stdout.readline())
        assert "trouble" not in answer, answer["trouble"]
        return answer

    @cached_property
    def spaces(self) -> dict[str, str]:
        """The path of every place's namespace."""
        return self.lab.namespaces()

    # packets

    def sniff(self, place: str, interface: str | None = None) -> Capture:
        """Capture at a place from now on."""
        answer = self.request("sniff", at=self.spaces[place], interface=interface)
        return Capture(self, answer["id"])

    def send(self, place: str, interface: str, *frames: bytes, bare: bool = False) -> None:
        """Put frames on an interface; `bare` where it has no link layer, such as a tunnel."""
        texts = [base64.b64encode(frame).decode() for frame in frames]
        self.request("send", at=self.spaces[place], interface=interface, frames=texts, bare=bare)

    def address_of(self, place: str, interface: str) -> str:
        """The link address of an interface."""
        if (place, interface) not in self._links:
            self._links[place, interface] = said(self.lab, place, f"cat /sys/class/net/{interface}/address")
        return self._links[place, interface]

    def next_link(self, place: str) -> str:
        """The link address of the next router of a place on `eth0`."""
        if (place, "next") not in self._links:
            # Any packet makes the kernel ask for it; a datagram needs no tool that a bare machine lacks.
            ask = 'set -- $(ip route show default); bash -c "echo >/dev/udp/$3/9" || :; sleep 0.1'
            self._links[place, "next"] = self.run(place, f"{ask}; ip neigh show $3 dev eth0").split()[2]
        return self._links[place, "next"]

    def greet(self) -> None:
        """Two gateways that came up at once missed each other's first handshake; not to wait 5 s for the next."""
        for tunnel in self.topology.tunnels:
            if self.topology.hosts[tunnel.dialer].is_gateway:
                again = f"wg showconf {tunnel.interface} > /run/again && wg setconf {tunnel.interface} /run/again"
                self.run(tunnel.dialer, again)

    # sockets

    def serve(self, place: str, kind: str, address: str, port: int, name: str | None = None) -> None:
        """Answer at a port with `name` and the address seen."""
        self.request("serve", at=self.spaces[place], kind=kind, bind=[address, port], name=name or place)

    def serve_services(self) -> None:
        """Every declared port of every service answers in both families; of a range, every port."""
        for service in self.topology.services.values():
            for port in service.ports:
                for number in range(port.ports.first, port.ports.last + 1):
                    for address in ("0.0.0.0", "::"):
                        self.serve(service.name, port.protocol.value, address, number)

    def question(self, place: str, kind: str, to: Where, source: Where | None = None, **more: object) -> dict[str, Any]:
        """One question as a value, for `asks`."""
        return {"at": self.spaces[place], "kind": kind, "to": list(to), "source": source and list(source), **more}

    def ask(self, place: str, kind: str, to: Where, source: Where | None = None, **more: object) -> str | None:
        """What answers, or None."""
        answer: str | None = self.request("ask", **self.question(place, kind, to, source, **more))["answer"]
        return answer

    def asks(self, questions: Sequence[dict[str, Any]]) -> list[str | None]:
        """What answers to each question, asked at once."""
        return [each["answer"] for each in self.request("asks", questions=list(questions))["answers"]]

    def transfer(self, place: str, to: Where, up: int = 0, down: int = 0, timeout: float = 5.0) -> int:
        """How many bytes arrived at the other end (`up`) or here (`down`)."""
        question = self.question(place, "tcp", to, up=up, down=down, timeout=timeout)
        count: int = self.request("transfer", **question)["bytes"]
        return count

    # hosts

    def run(self, place: str, script: str) -> str:
        """What a script says at a place; it must succeed."""
        return said(self.lab, place, script)

    def in_core(self, *command: str) -> None:
        """Run a command on the provider's router, where all lines meet."""
        subprocess.run([*enter(self.lab.pid), *command], env=environment(), check=True)

    def counted(self, host: str, chain: str) -> dict[str, int]:
        """The packets that each commented rule of a chain has counted."""
        rules = json.loads(self.run(host, f"nft -j list chain inet warren {chain}"))["nftables"]
        found: dict[str, int] = {}
        for rule in (each["rule"] for each in rules if "rule" in each):
            packets = sum(s["counter"]["packets"] for s in rule["expr"] if "counter" in s)
            found[rule.get("comment", "")] = found.get(rule.get("comment", ""), 0) + packets
        return found


def settle(lab: Lab, topology: Topology) -> None:
    """Apply a topology to its lab."""
    hosts = {name: lab.host(name) for name in topology.hosts}
    desired = lower(topology)
    observed = observe(hosts, desired)
    make_keys(hosts, [name for name in hosts if not observed[name].public_key])
    observed = observe(hosts, desired)
    keys = {name: each.public_key for name, each in observed.items() if each.public_key}
    desired = with_keys(desired, topology, keys)
    states = {name: each.state for name, each in observed.items()}
    outcome = apply(hosts, diff(desired, states, [each.name for each in topology.gateways]), desired, observed)
    assert outcome.succeeded, outcome.failure


@contextmanager
def arena(topology: Topology) -> Iterator[Arena]:
    """A lab with this network applied and its services listening."""
    with running(topology) as lab:
        settle(lab, topology)
        made = Arena(lab, topology)
        try:
            made.greet()
            made.serve_services()
            yield made
        finally:
            made.close()
