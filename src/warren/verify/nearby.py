"""What places find at their own localhost, in words.

In: a proof. Out: who finds which port of which place where. Never read from what was declared.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.prove.carried import carried
from warren.prove.header import shown
from warren.prove.matrix import Proof
from warren.prove.translate import LOOPBACK


@dataclass(frozen=True, slots=True)
class Nearby:
    """`who` is led to `what` from `where`, an address of its own."""

    who: str
    what: str
    where: str

    @property
    def words(self) -> str:
        """What is reached, and where."""
        return f"{self.what} at its {self.where}"


def nearby(proof: Proof) -> frozenset[Nearby]:
    """Everything that sockets carry on; both families at once are localhost."""
    found: dict[tuple[str, str, int], set[tuple[int, int]]] = {}
    for each in carried(proof.interpreter):
        if each.end is not None:
            name, port = each.end
            found.setdefault((each.place, f"{name}:{port}/tcp", each.port), set()).add((each.version, each.address))
    return frozenset(
        Nearby(who, what, where) for (who, what, port), places in found.items() for where in _where(places, port)
    )


def _where(places: set[tuple[int, int]], port: int) -> list[str]:
    if places >= set(LOOPBACK.items()):
        places = places - set(LOOPBACK.items())
        return [f"localhost:{port}", *_where(places, port)] if places else [f"localhost:{port}"]
    return [
        f"[{shown(version, address)}]:{port}" if version == 6 else f"{shown(version, address)}:{port}"
        for version, address in sorted(places)
    ]
