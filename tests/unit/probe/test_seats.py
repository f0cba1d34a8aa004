"""Where hosts stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address

from warren.hosts.base import Result, Unreachable
from warren.probe.seats import seats


def link(name: str, *addresses: str) -> dict[str, object]:
    """A device as `ip -d -j addr` prints it."""
    held = [{"family": "inet", "local": a.split("/")[0], "prefixlen": int(a.split("/")[1])} for a in addresses]
    flags = ["UP"] if name != "down0" else []
    return {"ifindex": 2, "ifname": name, "flags": flags, "mtu": 1500, "addr_info": held, "operstate": "UP"}


@dataclass(frozen=True, slots=True)
class Far:
    """A host that prints this."""

    name: str
    said: bytes = b""
    code: int = 0

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `Host.run`."""
        if self.code == 9:
            raise Unreachable("away")
        return Result(self.code, self.said, b"")


def test_the_addresses_of_links_that_are_up() -> None:
    said = json.dumps([link("eth0", "192.168.2.10/24"), link("down0", "10.0.0.1/8"), {}]).encode()
    hosts = {"home": Far("home", said), "old": Far("old", code=1), "gone": Far("gone", code=9)}
    assert seats(hosts) == {"home": (ip_address("192.168.2.10"),), "old": (), "gone": ()}
