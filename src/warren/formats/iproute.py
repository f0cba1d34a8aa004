"""What `ip -j` prints, as values.

In: the JSON of `ip -d -j addr`, `ip -d -j route show table all` and `ip -j rule`. Out: links, routes and rules with
every default written out. Never judges whose they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FULL = {4: "/32", 6: "/128"}
DEFAULT = {4: "0.0.0.0/0", 6: "::/0"}


@dataclass(frozen=True, slots=True)
class Link:
    """A device; `addresses` with their lengths, without link-local ones; `up` as configured, not as the cable says."""

    index: int
    name: str
    kind: str | None
    alias: str | None
    mtu: int
    up: bool
    addresses: frozenset[str]
    peer_index: int | None = None
    group: str = "default"


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route; `prefix` always with its length, `table` by name for main and local, else by number."""

    kind: str
    prefix: str
    table: str
    device: str | None
    via: str | None
    source: str | None
    protocol: str
    metric: int | None

    @property
    def family(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.prefix else 4


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A routing rule; `selector` in the words and order of ip-rule(8), empty when it selects everything."""

    priority: int
    selector: str
    action: str
    protocol: str


def documents(text: str) -> list[Any]:  # JSON of a tool
    """Each JSON document of a text that holds several, as `ip -batch` prints one per command."""
    decoder, found, at = json.JSONDecoder(), [], 0
    text = text.strip()
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        found.append(document)
        while at < len(text) and text[at].isspace():
            at += 1
    return found


def links(document: list[dict[str, Any]]) -> Iterator[Link]:
    """The devices of one `ip -d -j addr`."""
    for entry in document:
        if entry:
            yield Link(
                entry["ifindex"],
                entry["ifname"],
                entry.get("linkinfo", {}).get("info_kind"),
                entry.get("ifalias"),
                entry.get("mtu", 0),
                "UP" in entry.get("flags", ()),
                frozenset(_addresses(entry)),
                entry.get("link_index"),
                entry.get("group", "default"),
            )


def _addresses(entry: dict[str, Any]) -> Iterator[str]:
    for each in entry.get("addr_info", ()):
        if each and each.get("scope") != "link":
            yield f"{each['local']}/{each['prefixlen']}"


def routes(document: list[dict[str, Any]]) -> Iterator[RouteLine]:
    """The routes of one `ip -d -j route show table all`, both families."""
    for entry in document:
        if entry:
            yield RouteLine(
                entry.get("type", "unicast"),
                _prefix(entry),
                entry.get("table", "main"),
                entry.get("dev"),
                entry.get("gateway") or entry.get("via", {}).get("host"),
                entry.get("prefsrc"),
                entry.get("protocol", "boot"),
                entry.get("metric"),
            )


def _prefix(entry: dict[str, Any]) -> str:
    text = str(entry["dst"])
    if text == "default":
        return DEFAULT[6 if _is_version6(entry) else 4]
    return text if "/" in text else text + FULL[6 if ":" in text else 4]


def _is_version6(entry: dict[str, Any]) -> bool:
    # A default route shows its family only by its neighbours: the gateway, or `pref`, which IPv6 routes alone have.
    return "pref" in entry or ":" in str(entry.get("gateway", "")) or ":" in str(entry.get("prefsrc", ""))


def rules(document: list[dict[str, Any]]) -> Iterator[RuleLine]:
    """The rules of one `ip -j rule` (of one family)."""
    for entry in document:
        if entry:
            action = entry.get("action", entry.get("table", ""))
            yield RuleLine(entry["priority"], " ".join(_selector(entry)), action, entry.get("protocol", ""))


def _selector(entry: dict[str, Any]) -> Iterator[str]:
    for word, address, length in (("from", "src", "srclen"), ("to", "dst", "dstlen")):
        if entry.get(address, "all") != "all":
            yield f"{word} {entry[address]}{'/' + str(entry[length]) if length in entry else ''}"
    if "fwmark" in entry:
        yield f"fwmark {_hex(entry['fwmark'])}" + (f"/{_hex(entry['fwmask'])}" if "fwmask" in entry else "")
    for word in ("iif", "oif"):
        if word in entry:
            yield f"{word} {entry[word]}"


def _hex(text: str) -> str:
    return f"{int(text, 16):#x}"
