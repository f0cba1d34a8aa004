"""exposures: each leads somewhere."""

from __future__ import annotations

from tests.spec_texts import BASE, found


def test_every_fault_of_a_line_is_said_at_its_value() -> None:
    lines = "[{port: 80, to: wbe}, {to: web}, {port: 80/udp, to: web}]"
    diagnostics = found(BASE + f"  x: {{host: vps, ports: {{web: 80}}, expose: {lines}}}\n")
    assert [one.code for one in diagnostics] == ["unknown-port", "expose-what", "expose-protocol"]
    assert diagnostics[0].hint == "did you mean `web`?"
    assert diagnostics[2].hint == "write `port: 80/tcp`"
