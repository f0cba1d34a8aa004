"""An interface of a service on a LAN of its host, past all rules: what the file asks for with `lan`.

In: a service with a LAN attachment. Out: a unit that makes the interface once the namespace and the host's own are
there. Never a route but that to the LAN itself: the service's way out stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.file import File
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import Item
from warren.desired.parts.machine.users import digest
from warren.formats import ini
from warren.formats.ini import Section, Setting
from warren.topology.model import Service
from warren.topology.workload import LanAttachment, LanMode

COMMENT = "Written by warren."
DEVICE = "lan0"
# A router's advertisement there must not become a way out.
KEPT = ("ipv6.conf.{}.accept_ra=0", "ipv6.conf.{}.accept_redirects=0", "ipv4.conf.{}.accept_redirects=0")


def lan(service: Service, attachment: LanAttachment) -> Iterator[Item]:
    """The unit and its file."""
    name = f"warren-lan-{service.name}.service"
    text = _text(service, attachment)
    yield File(f"{FOLDER}/{name}", text)
    yield Unit(name, digest(text))


def _text(service: Service, attachment: LanAttachment) -> str:
    about = (
        Setting("Description", f"{service.name} on the LAN of {attachment.parent}"),
        Setting("Requires", "warren.service"),
        Setting("After", "warren.service"),
        Setting("Before", f"user@{service.uid}.service"),
        Setting("StartLimitIntervalSec", "0"),
    )
    # The host's own interface may come later than its network does.
    runs = (Setting("Type", "oneshot"), Setting("RemainAfterExit", "yes"), Setting("Restart", "on-failure"))
    again = (Setting("RestartSec", "5"), Setting("ExecStartPre", f"-{_gone(service)}"))
    made = (Setting("ExecStart", ini.arguments(words)) for words in _commands(service.netns, attachment))
    body = Section("Service", (*runs, *again, *made, Setting("ExecStop", f"-{_gone(service)}")))
    wanted = Section("Install", (Setting("WantedBy", "multi-user.target"),))
    return ini.write(ini.Unit((Section("Unit", about), body, wanted)), COMMENT)


def _gone(service: Service) -> str:
    return f"ip -n {service.netns} link del {DEVICE}"


def _commands(netns: str, attachment: LanAttachment) -> Iterator[tuple[str, ...]]:
    kind = ("macvlan", "mode", "bridge") if attachment.mode is LanMode.MACVLAN else ("ipvlan", "mode", "l2")
    address = ("address", attachment.mac) if attachment.mac else ()
    yield ("ip", "link", "add", DEVICE, "link", attachment.parent, "netns", netns, *address, "type", *kind)
    yield ("ip", "netns", "exec", netns, "sysctl", "-q", "-w", *(f"net.{one.format(DEVICE)}" for one in KEPT))
    for one in attachment.addresses:
        yield ("ip", "-n", netns, "addr", "add", one, "dev", DEVICE)
    yield ("ip", "-n", netns, "link", "set", DEVICE, "up")
