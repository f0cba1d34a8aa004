"""A machine in memory as text: a line for each thing that it holds, whatever the way that led there.

In: a machine. Out: sorted lines that a network engineer reads at sight. Never the numbers that a kernel gives out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from warren.hosts.fake.machine import Machine
from warren.hosts.fake.net import DEFAULTS, Device, Space
from warren.hosts.fake.nft import Table
from warren.hosts.fake.wireguard import Interface


def picture(machine: Machine) -> list[str]:
    """Everything that a script could change."""
    lines = [line for name, space in machine.network.spaces.items() for line in _space(name, space)]
    lines.extend(line for (_, name), table in machine.nft.tables.items() for line in _table(name, table))
    lines.extend(line for name, interface in machine.wireguard.items() for line in _wireguard(name, interface))
    lines.extend(f"file {path} {mode:o}: {content}" for path, (content, mode) in machine.files.items())
    return sorted(lines)


def _space(name: str, space: Space) -> Iterator[str]:
    place = f"[{name}] " if name else ""
    if name:
        yield f"netns {name}"
    for device in space.devices.values():
        yield f"{place}link {_device(device)}"
        yield from (f"{place}addr {address} dev {device.name}" for address in device.addresses)
    for route in space.routes:
        via = f" via {route.via}" if route.via else ""
        source = f" src {route.source}" if route.source else ""
        way = f"{route.kind} {route.prefix}{via} dev {route.device}{source}"
        yield f"{place}route {way} table {route.table} proto {route.protocol} metric {route.metric}"
    for rule in space.rules:
        if rule.protocol != "kernel":
            yield f"{place}rule -{rule.family} pref {rule.priority} {rule.words} protocol {rule.protocol}"
    changed = (key for key, value in space.settings.items() if value != DEFAULTS.get(key, "0"))
    yield from (f"{place}sysctl {key}={space.setting(key)}" for key in changed)


def _device(device: Device) -> str:
    peer = f" peer {'/'.join(device.peer)}" if device.peer else ""
    alias = f" alias {device.alias}" if device.alias else ""
    state = f"mtu {device.mtu} {'up' if device.up else 'down'}"
    return f"{device.name} type {device.kind} group {device.group} {state}{alias}{peer}"


def _table(name: str, table: Table) -> Iterator[str]:
    yield f"nft table {name}"
    for each, lookup in table.lookups.items():
        types = " . ".join(lookup.key) + (f" : {' . '.join(lookup.data)}" if lookup.data else "")
        yield f"nft {name} {each}: {types} {json.dumps(lookup.rest, sort_keys=True)}"
        yield from (f"nft {name} {each} {{ {json.dumps(element)} }}" for element in lookup.elements.values())
    for each, chain in table.chains.items():
        yield f"nft {name} chain {each} {json.dumps(chain.hook)}"
        for number, (statements, comment) in enumerate(chain.rules):
            yield f"nft {name} chain {each} {number:2} {json.dumps(statements)} {comment or ''}"


def _wireguard(name: str, interface: Interface) -> Iterator[str]:
    yield f"wg {name} key {interface.public_key} port {interface.port}"
    for key, peer in interface.peers.items():
        allowed = ",".join(sorted(peer.allowed))
        yield f"wg {name} peer {key} at {peer.endpoint} every {peer.keepalive} for {allowed}"
