"""With which addresses hosts stand in their own networks.

In: hosts. Out: the addresses of each. Never changes anything; a host that does not say has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import ip_interface

from warren.formats import iproute
from warren.hosts.base import Host
from warren.probe.ground import Address
from warren.probe.lookout import each

SCRIPT = 'export PATH="$PATH:/usr/sbin:/sbin"\nip -d -j addr\n'


def seats(hosts: Mapping[str, Host]) -> dict[str, tuple[Address, ...]]:
    """All hosts at once."""
    said = each(hosts, SCRIPT)
    return {
        name: tuple(_addresses(result.stdout)) if not isinstance(result, str) and not result.code else ()
        for name, result in said.items()
    }


def _addresses(text: bytes) -> Iterator[Address]:
    for link in iproute.links(json.loads(text or b"[]")):
        if link.up:
            yield from (ip_interface(address).ip for address in sorted(link.addresses))
