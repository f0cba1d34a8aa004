"""names: what is asked, and what is wrong with an answer."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from tests.grounds import AROUND, Pretended
from tests.spec_texts import resolved
from warren.verify.names import Answer, Question, ask_names, questions

FILE = """\
version: 1
network: {name: n, ipv6: "fd86:86:86::/48"}
hosts: {home: {}}
services:
  a: {host: home, needs: [b.web]}
  b: {host: home, ports: {web: 80}, egress: none}
"""
TOPOLOGY = resolved(FILE)
NAMES = {"ordinary.example": (ip_address("192.0.2.1"),), "hostile.example": ()}
FORGED = "forged.example"
QUESTION = Question("a", ip_address("10.86.0.4"), "b.n.internal", "A", ("10.86.0.3",))


class Resolver(Pretended):
    """A ground whose resolvers say what is declared, but for one question."""

    def __init__(self, wrong: str = "") -> None:
        super().__init__(
            {"a": "/a", "b": "/b"}, lambda _: None, replace(AROUND, outside_names=NAMES, forged_names=(FORGED,))
        )
        self.wrong = wrong

    def run_program(self, program: Path, stdin: bytes, timeout: float) -> bytes:
        """Answer from the declared names."""
        plan = json.loads(stdin)
        asked = tuple(questions(TOPOLOGY, self.around))
        answers = [
            {
                "id": one["id"],
                "code": 2 if one["name"] == FORGED else 0,
                "found": [] if one["name"] == self.wrong else asked[one["id"]].expected,
            }
            for one in plan["questions"]
        ]
        return json.dumps({"answers": answers}).encode()


def test_everything_that_is_known_and_that_is_not() -> None:
    asked = {(one.service, one.name, one.type, one.expected) for one in questions(TOPOLOGY, Resolver().around)}
    assert ("a", "b.n.internal", "A", ("10.86.0.3",)) in asked
    assert ("a", "b.home.n.internal", "AAAA", ("fd86:86:86::3",)) in asked
    assert ("a", "3.0.86.10.in-addr.arpa", "PTR", ("b.n.internal",)) in asked
    assert ("b", "a.n.internal", "A", ()) in asked
    assert ("a", "ordinary.example", "A", ("192.0.2.1",)) in asked
    assert ("b", "ordinary.example", "A", ()) in asked
    assert ("a", "hostile.example", "A", ()) in asked
    assert ("a", FORGED, "A", ()) in asked and ("b", FORGED, "A", ()) not in asked


def test_answers_as_declared_and_not() -> None:
    answers = ask_names(TOPOLOGY, Resolver())
    assert answers and not any(one.why for one in answers)
    wrong = [one.sentence for one in ask_names(TOPOLOGY, Resolver("ordinary.example")) or () if one.why]
    assert wrong == ["a asks for ordinary.example (A), which is 192.0.2.1 for it, but the answer is nothing"]


def test_a_network_without_names_is_not_asked() -> None:
    assert ask_names(resolved(FILE.replace("{name: n,", "{name: n, dns: false,")), Resolver()) is None


def test_what_can_be_wrong() -> None:
    assert Answer(QUESTION, 0, ("10.86.0.3",)).why is None
    assert Answer(QUESTION, None, ()).why == "nothing came back"
    assert Answer(QUESTION, 0, ("10.0.0.1",)).why == "the answer is 10.0.0.1"
    nothing = replace(QUESTION, expected=())
    assert [Answer(nothing, code, ()).why for code in (0, 3)] == [None, None]
    assert Answer(nothing, 2, ()).why == "the answer has the code 2"
    forged = replace(nothing, forged=True)
    assert [Answer(forged, code, ()).why for code in (2, 3)] == [None, "the answer has the code 3"]
