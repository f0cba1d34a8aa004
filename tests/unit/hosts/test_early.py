"""Who is connected to early is asked for nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from warren.hosts.base import Host, Result
from warren.hosts.early import connect
from warren.hosts.fake import FakeHost


@dataclass(slots=True)
class Far:
    """A host that takes its time."""

    name: str = "far"
    called: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)

    def connect(self, timeout: float = 60.0) -> None:
        """See `hosts.base.Connecting`."""
        self.called.set()
        self.let.wait(20)

    def run(self, script: str, stdin: bytes = b"", timeout: float = 60.0) -> Result:
        """See `hosts.base.Host`."""
        raise AssertionError("nothing is asked")


def test_nobody_waits_for_a_connection() -> None:
    far, near = Far(), FakeHost("near")
    hosts: list[Host] = [far, near]
    connect(hosts)
    assert far.called.wait(20) and near.trips == 0
    far.let.set()
