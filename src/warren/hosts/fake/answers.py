"""What a host in memory prints when it is observed.

In: the script of `observe` and a machine. Out: the same sections that a host prints, in the words of `ip -j`, `nft -j`,
`wg` and `grep`. Reads from the script what is asked; a line that it does not know is refused.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch

from warren.hosts.fake.machine import Machine
from warren.hosts.fake.net import Device, Route, Rule, Space
from warren.hosts.fake.wireguard import dump
from warren.hosts.fake.words import Json, Refusal

FIRST = "export LC_ALL=C"
OWNED = "/var/lib/warren/owned"
PRELUDE = re.compile(
    r"export LC_ALL=C|nl='|'|section\(\) \{.*\}|remembered\(\) \{.*\}|done|  (case .*; )?\[ .* \] \|\| continue"
)
LOOP = re.compile(r"\{ printf '%s\\n' (.*); remembered (\w+); \} \| sort -u \| while read -r n; do")
SETTINGS = re.compile(r"\{ printf '%s\\n' (.*); remembered netns; \} \| sort -u \| settings (.*)")
GREP = re.compile(r"grep -s \. /dev/null ?(.*)")
PROC = "/proc/sys/"

ON_MACHINES = "if [ -e /etc/warren/boot.sh ]; then"


def answer(script: str, machine: Machine) -> str:
    """All sections."""
    return "".join(f"{each}\n" for each in _sections(iter(script.splitlines()), machine))


def _sections(lines: Iterator[str], machine: Machine) -> Iterator[str]:
    for line in lines:
        if PRELUDE.fullmatch(line):
            continue
        if line.startswith("section "):
            title, _, command = line.removeprefix("section ").partition("; ")
            yield f"%%warren {title}"
            yield from _section(title, command, machine)
        elif line.startswith("same=$("):
            # A fake host prints every file.
            for _ in iter(lambda: next(lines), ")"):
                pass
        elif line == ON_MACHINES:
            # A fake host has no init system, so nothing of the kind is on it.
            for _ in iter(lambda: next(lines), "fi"):
                pass
        elif line == "settings() {":
            for _ in iter(lambda: next(lines), "}"):
                pass
        elif found := SETTINGS.fullmatch(line):
            yield from _inner(sorted({*shlex.split(found[1]), *_remembered(machine, "netns")}), found[2], machine)
        elif found := LOOP.fullmatch(line):
            names = sorted({*shlex.split(found[1]), *_remembered(machine, found[2])} - {""})
            for _ in iter(lambda: next(lines), "done"):
                pass
            yield from _each(found[2], names, machine)
        else:
            raise Refusal(f"sh: not a line of observe: {line}")


def _remembered(machine: Machine, kind: str) -> list[str]:
    owned, _ = machine.files.get(OWNED, ("", 0))
    return [line.removeprefix(f"{kind}:") for line in owned.splitlines() if line.startswith(f"{kind}:")]


def _section(title: str, command: str, machine: Machine) -> Iterator[str]:
    own = machine.network.own
    match title.split():
        case ["way"]:
            yield ""  # nobody came by ssh
        case ["same"]:
            return
        case ["owned"]:
            yield from machine.files.get(OWNED, ("", 0))[0].splitlines()
        case ["links"]:
            yield json.dumps(list(_links(machine, own)))
        case ["routes"]:
            yield json.dumps([_route(route) for route in own.routes])
        case ["rules4" | "rules6" as which]:
            yield json.dumps([_rule(rule) for rule in own.rules if rule.family == int(which[-1])])
        case ["wg"]:
            yield from dump(machine.wireguard)
        case ["key"]:
            yield machine.public_key or ""
        case ["nft", name]:
            yield machine.nft.listing("inet", name)
        case ["sysctl"]:
            yield from _settings(own, command)
        case ["foreign" | "xtables" | "end"]:
            return
        case _:
            raise Refusal(f"sh: not a section of observe: {title}")


def _each(kind: str, names: list[str], machine: Machine) -> Iterator[str]:
    for name in names:
        if kind == "netns" and name in machine.network.spaces:
            space = machine.network.spaces[name]
            yield f"%%warren netns {name}"
            yield json.dumps(list(_links(machine, space)))
            yield json.dumps([_route(route) for route in space.routes])
            yield json.dumps([_rule(rule) for rule in space.rules if rule.family == 4])
        elif kind == "file" and name in machine.files:
            content, mode = machine.files[name]
            yield f"%%warren file {mode:o} root {name}"
            yield base64.encodebytes(content.encode()).decode().rstrip()


def _inner(names: list[str], paths: str, machine: Machine) -> Iterator[str]:
    for name in names:
        if space := machine.network.spaces.get(name):
            yield f"%%warren settings {name}"
            yield from _settings(space, f"grep -s . /dev/null {paths}")


def _links(machine: Machine, space: Space) -> Iterator[Json]:
    for device in space.devices.values():
        found: dict[str, Json] = {
            "ifindex": device.index,
            "ifname": device.name,
            "flags": ["UP"] if device.up else [],
            "mtu": device.mtu,
            "group": device.group,
            "addr_info": [_address(each) for each in device.addresses],
        }
        if device.alias:
            found["ifalias"] = device.alias
        if device.kind in ("veth", "wireguard"):
            found["linkinfo"] = {"info_kind": device.kind}
        if other := _other_end(machine, device):
            found["link_index"] = other.index
        yield found


def _other_end(machine: Machine, device: Device) -> Device | None:
    return machine.network.spaces[device.peer[0]].devices.get(device.peer[1]) if device.peer else None


def _address(text: str) -> Json:
    local, _, length = text.partition("/")
    return {"family": "inet6" if ":" in text else "inet", "local": local, "prefixlen": int(length), "scope": "global"}


def _route(route: Route) -> Json:
    whole = "/128" if ":" in route.prefix else "/32"
    prefix = "default" if route.prefix in ("0.0.0.0/0", "::/0") else route.prefix.removesuffix(whole)
    found: dict[str, Json] = {"dst": prefix, "protocol": route.protocol, "flags": []}
    if route.kind != "unicast":
        found["type"] = route.kind
    for word, value in (("gateway", route.via), ("dev", route.device), ("prefsrc", route.source)):
        if value:
            found[word] = value
    if route.table != "main":
        found["table"] = route.table
    if ":" in route.prefix:
        found["pref"] = "medium"
    return found | ({"metric": route.metric} if route.metric else {})


def _rule(rule: Rule) -> Json:
    found: dict[str, Json] = {"priority": rule.priority, "src": "all", "protocol": rule.protocol}
    words = iter(rule.words.split())
    for word in words:
        match word:
            case "unreachable" | "blackhole":
                found["action"] = word
            case "lookup":
                found["table"] = next(words)
            case "from" | "to":
                address, _, length = next(words).partition("/")
                side = "src" if word == "from" else "dst"
                found |= {side: address} | ({f"{side}len": int(length)} if length else {})
            case "fwmark":
                found["fwmark"], _, found["fwmask"] = next(words).partition("/")
            case _:
                found[word] = next(words)
    return found


def _settings(space: Space, command: str) -> Iterator[str]:
    found = GREP.fullmatch(command)
    if found is None:
        raise Refusal(f"sh: not a command of observe: {command}")
    for path in shlex.split(found[1]):
        for key in _matching(space, path.removeprefix(PROC).replace("/", ".")):
            yield f"{PROC}{key.replace('.', '/')}:{space.setting(key)}"


def _matching(space: Space, pattern: str) -> Iterator[str]:
    if "*" not in pattern:
        yield pattern
        return
    head, tail = pattern.split(".conf.")
    shape, _, setting = tail.partition(".")
    yield from (f"{head}.conf.{name}.{setting}" for name in sorted(space.devices) if fnmatch(name, shape))
