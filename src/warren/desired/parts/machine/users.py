"""A service is a user: its account, its manager inside the namespace, and sessions that begin there.

In: the services of a host. Out: user, session and login items with their files. Never a container: those are workloads.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from warren.desired.items.file import File
from warren.desired.items.login import PROFILE, PROFILE_TEXT, Login
from warren.desired.items.session import Session
from warren.desired.items.user import User
from warren.desired.model import Item
from warren.desired.view import HostView
from warren.topology.model import Service

FIRST_UID = 6000
# Above what useradd(8) gives people and systemd gives containers (systemd, UIDS-GIDS), up to the end of 32 bits; who
# finds no place there gets one below.
SUBIDS, FIRST_SUBID, LOWER_SUBID = 0x10000, 0x70000000, 0x10000000
PLACES = (0xFFFF0000 - FIRST_SUBID) // SUBIDS
BOUND = ("resolv.conf", "hosts")
# Units of one user that root keeps: the user's manager looks there first (systemd.unit(5), SYSTEMD_UNIT_PATH).
UNITS = "/etc/warren/units"


def users(view: HostView) -> Iterator[Item]:
    """All items of all services' users."""
    if view.services:
        yield File(PROFILE, PROFILE_TEXT)
        yield Login()
    for service in view.services:
        yield User(service.name, service.uid, subids(service.uid))
        settings = _drop_in(service)
        yield File(f"/etc/systemd/system/user@{service.uid}.service.d/warren.conf", settings)
        yield Session(service.name, service.uid, service.netns, digest(settings))


def subids(uid: int) -> tuple[int, int]:
    """The subordinate ids of a service: they follow from its number, so that no two services share one."""
    place = uid - FIRST_UID
    first = FIRST_SUBID + place * SUBIDS if place < PLACES else LOWER_SUBID + (place - PLACES) * SUBIDS
    return first, SUBIDS


def digest(*texts: str) -> str:
    """A short name for what something is made from."""
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def _drop_in(service: Service) -> str:
    """The manager waits for the network, and fails without its namespace (systemd.exec(5), NetworkNamespacePath)."""
    # A program without a container has its unit where root keeps it; what else there is comes after the colon.
    has_unit = service.workload is not None and service.workload.unit is not None
    units = f"Environment=SYSTEMD_UNIT_PATH={UNITS}/{service.name}:\n" if has_unit else ""
    binds = " ".join(f"-/etc/netns/{service.netns}/{name}:/etc/{name}" for name in BOUND)
    return (
        "# Written by warren.\n"
        "[Unit]\nRequires=warren.service\nAfter=warren.service\n\n"
        f"[Service]\nNetworkNamespacePath=/run/netns/{service.netns}\nBindReadOnlyPaths={binds}\n{units}"
    )
