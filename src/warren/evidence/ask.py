"""What is to be asked of hosts about a connection.

In: made by whoever explains. Out: plain values that the scripts are written from. Never a host, never a script.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.topology.model import Service


@dataclass(frozen=True, slots=True)
class RouteQuestion:
    """Where does a packet go? `netns` None asks the host itself; `iif` None is a packet of its own."""

    key: str
    target: str
    source: str | None = None
    iif: str | None = None
    mark: int = 0
    netns: str | None = None


@dataclass(frozen=True, slots=True)
class HostQuestion:
    """What to look at on one host: routes, the services in whose namespaces to look, the names that they look up.

    `workloads` are the services that are meant: if nobody answers, their units are asked as well.
    """

    routes: tuple[RouteQuestion, ...] = ()
    services: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    workloads: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which packets to watch: between any of these addresses, at any of these ports of either end.

    `tunnels` are UDP ports of WireGuard, whose own packets are watched as well.
    """

    protocol: str
    ports: tuple[int, ...]
    addresses: tuple[str, ...]
    tunnels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """Where to knock; `netns` None is the place itself."""

    family: int
    address: str
    port: int
    protocol: str
    netns: str | None = None
