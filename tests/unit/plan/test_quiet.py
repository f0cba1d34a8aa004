"""What runs in services may change without a packet going another way."""

from __future__ import annotations

import pytest

from tests.topologies import two_hosts
from warren.desired.boot import KERNEL, SCRIPT
from warren.desired.items.file import QUADLETS, File
from warren.desired.items.image import Image
from warren.desired.items.netns import Netns
from warren.desired.items.running import Running
from warren.desired.items.unit import Unit
from warren.desired.lower import lower
from warren.desired.model import HostState, Item
from warren.plan.diff import diff
from warren.plan.quiet import SILENT, is_quiet


def of(*items: Item) -> bool:
    """Of a plan that adds them."""
    return is_quiet(diff({"home": HostState.of(items)}, {"home": HostState()}))


def test_another_image_moves_no_packet() -> None:
    file = File(f"{QUADLETS}6001/db.container", "x\n")
    assert of(Image("db", 6001, "db:2"), Running("db", 6001, "db.service", "d"), file, File(SCRIPT, "y\n"))
    assert of()


@pytest.mark.parametrize(
    "item", [Netns("db"), Unit("relay.socket", "d"), File("/etc/netns/db/hosts", "x\n"), File(f"{SCRIPT[:-2]}", "x\n")]
)
def test_what_a_packet_may_meet(item: Item) -> None:
    assert not of(Image("db", 6001, "db:2"), item)


def test_a_network_is_not_quiet() -> None:
    assert not is_quiet(diff(lower(two_hosts()), {}))
    assert not set(SILENT) & set(KERNEL)
