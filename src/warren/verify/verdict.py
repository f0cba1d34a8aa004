"""A flow and what became of it.

In: a declared flow and an outcome. Out: whether they agree, and if not, why, in a sentence. Never asks again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from warren.basis.address import Protocol
from warren.probe.ask import Outcome
from warren.verify.flow import Client, Flow, Key

SILENCE = {
    "refused": "it was refused",
    "reset": "it was cut off",
    "unreachable": "there was no way to it",
    "prohibited": "it was not allowed to leave",
    "timeout": "nothing came back",
    "no answer": "it connected, but nothing answered",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One flow at one address, tried."""

    flow: Flow
    outcome: Outcome

    @property
    def open(self) -> bool:
        """The packet arrived somewhere."""
        return self.outcome.answered if self.flow.real else self.outcome.arrived

    @property
    def client(self) -> Client | None:
        """Whether the target saw the client's own address; None where that is not judged."""
        if self.flow.client is None or self.outcome.peer is None:
            return None
        return Client.KEPT if self._sees_own else Client.HIDDEN

    @property
    def why(self) -> str | None:
        """Why declared and probed disagree, as the end of a sentence; None where they agree."""
        if self.outcome.error == "absent":
            return "it could not be tried, because there is no such place to try it from"
        if not self.flow.open:
            return self._why_open() if self.open else None
        if self.flow.real and self.open:
            return None
        if self.outcome.by is None:
            error = self.outcome.error or "no answer"
            connected = "it connected, but nothing answered" if self.open else SILENCE.get(error, error)
            return connected
        return self._why_wrong()

    @property
    def agrees(self) -> bool:
        return self.why is None

    @property
    def _sees_own(self) -> bool:
        peer = self.outcome.peer
        try:
            return peer is not None and ip_address(peer.partition("%")[0]) in self.flow.own
        except ValueError:
            return False

    def _why_open(self) -> str:
        by, peer = self.outcome.by, self.outcome.peer
        if by is None:
            return "it connected" if self.flow.protocol is Protocol.TCP else "a datagram came through"
        return f"{by} answered and saw {peer}" if peer else f"{by} answered"

    def _why_wrong(self) -> str | None:
        flow, outcome = self.flow, self.outcome
        if outcome.by != flow.answer:
            return f"{outcome.by} answered instead of {flow.answer}"
        if outcome.port is not None and outcome.port != flow.reached:
            return f"port {outcome.port} of {outcome.by} answered instead of port {flow.reached}"
        if flow.leaves is not None and not self._sees_own:
            return f"it left with {outcome.peer}, which is not the address of {flow.leaves}"
        if flow.client is Client.KEPT and not self._sees_own:
            return f"{flow.answer} saw {outcome.peer} instead of the client's own address"
        if flow.client is Client.HIDDEN and self._sees_own:
            return f"{flow.answer} saw the client's own address, which is declared hidden"
        return None


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything that was tried under one name (from, to, port, protocol, family).

    `tried` are the verdicts of the addresses that speak for the pair, `beside` those of other addresses of the target.
    """

    key: Key
    tried: tuple[Verdict, ...]
    beside: tuple[Verdict, ...]

    @property
    def declared_open(self) -> bool:
        return any(v.flow.open for v in self.tried)

    @property
    def probed_open(self) -> bool:
        """Declared open: it was reached wherever it should be. Declared closed: it was reached somewhere."""
        if self.declared_open:
            return all(v.open for v in self.tried if v.flow.open)
        return any(v.open for v in self.tried)

    @property
    def agrees(self) -> bool:
        return not self.mistakes

    @property
    def mistakes(self) -> tuple[Verdict, ...]:
        return tuple(v for v in (*self.tried, *self.beside) if not v.agrees)

    @property
    def speaker(self) -> Verdict:
        """The verdict shown for the whole: the first that is wrong, else the first that is open, else the first."""
        wrong = (v for v in self.tried if not v.agrees)
        opened = (v for v in self.tried if v.flow.open)
        return next(wrong, None) or next(opened, None) or self.tried[0]

    @property
    def client(self) -> Client | None:
        """Kept only if it is kept at every address."""
        seen = {v.client for v in self.tried if v.client is not None}
        if not seen:
            return None
        return Client.HIDDEN if Client.HIDDEN in seen else Client.KEPT


def gather(verdicts: Iterable[Verdict]) -> tuple[Reach, ...]:
    """Verdicts of one name together, in the order in which the names come."""
    named: dict[Key, list[Verdict]] = {}
    for verdict in verdicts:
        named.setdefault(verdict.flow.key, []).append(verdict)
    return tuple(_reach(key, found) for key, found in named.items())


def _reach(key: Key, found: list[Verdict]) -> Reach:
    main = tuple(v for v in found if v.flow.main)
    if not main:
        return Reach(key, tuple(found), ())
    return Reach(key, main, tuple(v for v in found if not v.flow.main))
