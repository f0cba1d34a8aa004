"""Which hosts a command acts on."""

from __future__ import annotations

import pytest

from tests.topologies import two_hosts
from warren.basis.diagnostic import Refused
from warren.cli import ground
from warren.hosts.base import Host
from warren.lab.lab import Lab


def refusal(lab: str | None) -> str:
    with pytest.raises(Refused) as refused:
        ground.ground(two_hosts(), lab)
    found = refused.value.diagnostics[0]
    return f"{found.summary} ({found.hint})"


@pytest.fixture(autouse=True)
def no_labs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs on this machine is none of these tests' business."""
    monkeypatch.setattr(ground, "find", lambda name: None)
    monkeypatch.setattr(ground, "labs", lambda: (Lab("other", 1),))


def test_real_hosts_come_later() -> None:
    assert refusal(None).startswith("real hosts are reached over ssh, which comes in a later release (`warren lab up`")


def test_a_lab_that_does_not_run() -> None:
    assert refusal("othr") == "no lab `othr` runs (did you mean `other`?)"
    assert refusal("xyz") == "no lab `xyz` runs (`warren lab up FILE` builds one)"


def test_a_lab_of_the_networks_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "find", lambda name: Lab(name, 1) if name == "two-hosts" else None)
    hosts: dict[str, Host] = {}
    monkeypatch.setattr(ground, "hosts_of", lambda lab: hosts)
    assert refusal(None) == "lab `two-hosts` has no host `vps` (`warren lab apply` adds it)"
    hosts.update(dict.fromkeys(("vps", "home"), None))  # type: ignore[arg-type]
    assert ground.ground(two_hosts()).lab.name == "two-hosts"
