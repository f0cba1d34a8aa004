"""Plans of real hosts: what they lack is said instead of what it led to."""

from __future__ import annotations

import pytest

from tests.topologies import two_hosts
from warren import pipeline
from warren.basis.diagnostic import Refused, error
from warren.cli import safety
from warren.desired.model import Platform
from warren.hosts.base import Unreachable
from warren.hosts.fake import FakeHost


def test_a_plain_lab_is_planned_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "preflight", lambda *_: pytest.fail("a lab needs no look"))
    hosts = {name: FakeHost(name) for name in two_hosts().hosts}
    assert not safety.planned(two_hosts(), hosts, Platform.NETNS).plan.is_empty


def test_a_host_without_tools_is_told_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> pipeline.Planned:
        raise Unreachable("vps could not be observed: nft: not found")

    def unfit(*_: object) -> None:
        raise Refused([error("no-nft", "vps: nftables is not installed")])

    monkeypatch.setattr(pipeline, "plan", unreadable)
    monkeypatch.setattr(pipeline, "preflight", unfit)
    with pytest.raises(Refused, match="nftables is not installed"):
        safety.planned(two_hosts(), {}, Platform.SYSTEMD)
    monkeypatch.setattr(pipeline, "preflight", lambda *_: None)
    with pytest.raises(Unreachable, match="could not be observed"):
        safety.planned(two_hosts(), {}, Platform.SYSTEMD)
