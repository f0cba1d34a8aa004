"""What `nft monitor trace` prints, as values.

In: its lines. Out: one value for each line: a packet at a chain, a rule that it met,
how a chain ended. Never joins lines: whoever asks knows what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE = re.compile(
    r"^trace id (?P<id>[0-9a-f]+) (?P<family>\w+) (?P<table>\S+) (?P<chain>\S+) "
    r"(?P<kind>packet:|rule|policy|verdict|unknown) ?(?P<rest>.*)$"
)
VERDICT = re.compile(r" ?\(verdict (?P<verdict>[^)]*)\)\s*$")
FIELD = re.compile(r'\b(iif|oif|ip6? saddr|ip6? daddr|(?:tcp|udp|th) [sd]port|meta mark|mark) "?([^\s"]+)"?')
PROTOCOL = re.compile(r"\b(?:ip protocol|ip6 nexthdr) (\S+)")
NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58}


@dataclass(frozen=True, slots=True)
class Header:
    """A packet as it came to a chain."""

    iif: str = ""
    oif: str = ""
    source: str = ""
    target: str = ""
    sport: int = 0
    dport: int = 0
    mark: int = 0
    protocol: int = 0


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line. `kind` is `packet`, `rule`, `policy` or `verdict`; `verdict` is `accept`, `drop`, `jump NAME`, ..."""

    id: str
    family: str
    table: str
    chain: str
    kind: str
    verdict: str = ""
    rule: str = ""
    header: Header | None = None

    @property
    def drops(self) -> bool:
        """Whether the packet ends here."""
        return self.kind in ("rule", "policy") and self.verdict.startswith("drop")


def lines(text: str) -> Iterator[TraceLine]:
    """Every line that is one of a trace."""
    for line in text.splitlines():
        if found := LINE.match(line.strip()):
            yield _line(found)


def _line(found: re.Match[str]) -> TraceLine:
    kind, rest = found["kind"].rstrip(":"), found["rest"].strip()
    at = found["id"], found["family"], found["table"], found["chain"]
    if kind == "packet":
        return TraceLine(*at, kind, header=header(rest))
    if kind == "policy":
        return TraceLine(*at, kind, rest.partition(" ")[0])
    verdict = VERDICT.search(rest)
    said = verdict["verdict"].strip() if verdict else rest.partition(" ")[0]
    # A rule that was made after the monitor had started has only its number.
    name = "rule" if kind == "unknown" else kind
    return TraceLine(*at, name, said, rest[: verdict.start()] if verdict else "")


def header(text: str) -> Header:
    """The fields of a packet that tell where it comes from and where it goes."""
    fields = dict(FIELD.findall(text))
    protocol = PROTOCOL.search(text)

    def first(*names: str) -> str:
        return next((fields[name] for name in names if name in fields), "")

    return Header(
        first("iif"),
        first("oif"),
        first("ip saddr", "ip6 saddr"),
        first("ip daddr", "ip6 daddr"),
        _number(first("tcp sport", "udp sport", "th sport")),
        _number(first("tcp dport", "udp dport", "th dport")),
        _number(first("meta mark", "mark")),
        NUMBERS.get(protocol[1]) or _number(protocol[1]) if protocol else 0,
    )


def _number(text: str) -> int:
    return int(text, 0) if text[:1].isdigit() else 0
