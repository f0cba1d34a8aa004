"""Plans of real hosts: what they lack is said instead of what it led to."""

from __future__ import annotations

import pytest

from tests.topologies import two_hosts
from tests.unit.apply.told import Told
from warren import pipeline
from warren.apply import Confirm
from warren.apply.meter import Meter
from warren.basis.diagnostic import Refused, error
from warren.cli import safety
from warren.desired.items.image import Image
from warren.desired.model import HostState, Platform
from warren.hosts.base import Unreachable
from warren.hosts.fake import FakeHost
from warren.plan.diff import diff


def test_a_plain_lab_is_planned_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "preflight", lambda *_: pytest.fail("a lab needs no look"))
    hosts = {name: FakeHost(name) for name in two_hosts().hosts}
    assert not safety.planned(two_hosts(), hosts, Platform.NETNS).plan.is_empty


def test_where_only_services_change_nobody_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "preflight", lambda *_: pytest.fail("it was looked at when the network came"))
    plan = diff({"home": HostState.of([Image("db", 6001, "db:2")])}, {"home": HostState()})
    found = pipeline.Planned(two_hosts(), {}, {}, plan, Platform.SYSTEMD)
    monkeypatch.setattr(pipeline, "plan", lambda *_: found)
    assert safety.planned(two_hosts(), {}, Platform.SYSTEMD) is found


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


def test_a_table_of_what_was_told() -> None:
    meter = Meter()
    meter.counted({"home": Told("home")})
    meter.count(1000, 20)
    meter.stage("lock")
    meter.count(5, 6)
    head, *rows, last = safety.timings(meter)
    assert head.split()[:3] == ["stage", "round", "trips"]
    assert [row.split()[:4] for row in rows] == [["observe", "1", "1000", "20"], ["lock", "1", "5", "6"]]
    assert last.split()[:4] == ["all", "2", "1005", "26"]


@pytest.mark.parametrize(
    ("words", "split"),
    [
        ((), ((), None)),
        (("home",), (("home",), None)),
        (("vps", "home", "12"), (("vps", "home"), 12)),
        (("3",), ((), 3)),
    ],
)
def test_the_number_of_a_generation_comes_last(
    words: tuple[str, ...], split: tuple[tuple[str, ...], int | None]
) -> None:
    assert safety.split(words) == split


def test_only_real_hosts_have_terms() -> None:
    plain, real = (type("Ground", (), {"is_plain": plain}) for plain in (True, False))
    assert safety.terms(plain, "auto", 60, Meter()) is None
    found = safety.terms(real, "manual", 30, Meter())
    assert found and (found.confirm, found.window, found.summary) == (Confirm.MANUAL, 30, "apply")
