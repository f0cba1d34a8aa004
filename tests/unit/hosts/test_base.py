"""A host is anything that runs a script."""

from __future__ import annotations

from warren.hosts.base import Host, Result, Unreachable
from warren.hosts.fake import FakeHost
from warren.hosts.local import LocalHost
from warren.hosts.ssh import SshHost, Target


def test_every_carrier_is_a_host() -> None:
    carriers: list[Host] = [LocalHost("here"), FakeHost("there"), SshHost(Target("far", "root@far"))]
    assert [carrier.name for carrier in carriers] == ["here", "there", "far"]


def test_a_result_is_a_value() -> None:
    assert Result(0, b"a", b"") == Result(0, b"a", b"")


def test_the_reason_is_a_sentence() -> None:
    assert str(Unreachable("home did not answer")) == "home did not answer"
    assert Unreachable("home did not answer", "switch it on").hint == "switch it on"
