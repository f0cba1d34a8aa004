"""A needed port at 127.0.0.1 and [::1] of a service: a socket unit in its namespace, and a proxy behind it.

In: the services' local ports. Out: socket and service units of systemd (systemd-socket-proxyd(8)). Never a way round
the rules: the proxy of another host's port runs in the namespace too, as the service's user.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.file import File
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import Item
from warren.desired.parts.machine.users import digest
from warren.desired.view import HostView
from warren.topology.model import LocalPort, Service

PROXY = "/usr/lib/systemd/systemd-socket-proxyd"
IDLE = "5min"


def local_ports(view: HostView) -> Iterator[Item]:
    """The units of every local port of every service of the host."""
    for service in view.services:
        for port in service.localhost:
            yield from _units(view, service, port)


def unit_name(service: Service, port: LocalPort) -> str:
    """Without its suffix."""
    return f"warren-local-{service.name}-{port.listen}"


def _units(view: HostView, service: Service, port: LocalPort) -> Iterator[Item]:
    name = unit_name(service, port)
    listens, carries = _socket(service, port), _service(view, service, port)
    yield File(f"{FOLDER}/{name}.socket", listens)
    yield File(f"{FOLDER}/{name}.service", carries)
    yield Unit(f"{name}.socket", digest(listens, carries))


def _socket(service: Service, port: LocalPort) -> str:
    return (
        f"# Written by warren.\n[Unit]\nDescription={port.need} for {service.name}\n"
        "Requires=warren.service\nAfter=warren.service\n\n"
        f"[Socket]\nListenStream=127.0.0.1:{port.listen}\nListenStream=[::1]:{port.listen}\n"
        f"NetworkNamespacePath=/run/netns/{service.netns}\n\n[Install]\nWantedBy=sockets.target\n"
    )


def _service(view: HostView, service: Service, port: LocalPort) -> str:
    """A program of this host listens on the host's loopback, so its proxy runs on the host's side."""
    here = port.program_host == view.host.name
    target = f"127.0.0.1:{port.port}" if here else f"{port.target.v4}:{port.port}"
    place = "DynamicUser=yes\n" if here else f"User={service.name}\nNetworkNamespacePath=/run/netns/{service.netns}\n"
    return (
        f"# Written by warren.\n[Unit]\nDescription={port.need} for {service.name}\n"
        f"Requires={unit_name(service, port)}.socket\nAfter={unit_name(service, port)}.socket\n\n"
        f"[Service]\nExecStart={PROXY} --exit-idle-time={IDLE} {target}\n{place}"
        "PrivateTmp=yes\nProtectSystem=strict\nProtectHome=yes\nNoNewPrivileges=yes\n"
    )
