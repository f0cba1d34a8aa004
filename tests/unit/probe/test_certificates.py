"""certificates: read from where Caddy keeps them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from tests.spec_texts import resolved
from tests.unit.lab.test_authority import Files
from warren.hosts.base import Result
from warren.lab.authority import certificates as made
from warren.probe.certificates import Certificate, certificates, watched

TOPOLOGY = resolved("""\
version: 1
network: {name: n}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services: {a: {host: home, ports: {web: 80}, expose: {https: a.example}}}
""")
ONE = Certificate(("a.example",), 0, 9000)


@dataclass(slots=True)
class Keeping:
    """A host whose entry holds these files."""

    held: list[bytes]
    asked: str = ""
    name: str = "vps"

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """Print them."""
        self.asked = script
        return Result(0, b"".join(base64.b64encode(one) + b"\n" for one in self.held), b"")


def test_what_an_entry_holds() -> None:
    files = Files()
    made(files, ["b.example", "a.example"])  # type: ignore[arg-type]
    host = Keeping([files.held["dns.pem"], b"broken"])
    [one] = certificates(host, TOPOLOGY.services_of("vps"))
    assert one.names == ("a.example", "b.example") and one.begins < one.due < one.ends
    assert "/var/lib/warren/services/web0/kept/certificates/" in host.asked and ".key" not in host.asked


def test_a_host_without_an_entry_is_not_asked() -> None:
    host = Keeping([])
    assert certificates(host, TOPOLOGY.services_of("home")) == () and host.asked == ""


def test_when_it_is_due_and_when_it_is_late() -> None:
    assert ONE.due == 6000
    assert [ONE.is_late(now) for now in (0, 7400, 7600)] == [False, False, True]


def test_the_last_that_ends_counts_and_others_are_left_over() -> None:
    older, gone = Certificate(("a.example",), 0, 8000), Certificate(("gone.example",), 0, 100)
    star = Certificate(("*.b.example",), 0, 7000)
    held = (gone, star, older, ONE)
    assert watched(held, ["a.example", "x.b.example", "b.example", "a.example"]) == ((star, ONE), ("b.example",))
    assert watched(held, []) == ((), ())
