"""Why a host is not trusted, and what trusts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.hosts.ssh import fake
from warren.hosts.base import Unreachable
from warren.hosts.ssh import Target, keys, trust
from warren.hosts.ssh.words import Trouble

KEY = keys.HostKey("vps", "ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5AAAAIKDGhgspXjRIIAa4DCYGDSAs6KqtSpxLnZVsqv3y3w9A")
VPS = Target("vps", "root@203.0.113.10")
HOME = Target("home", "admin@home.lan", VPS)


@pytest.fixture(autouse=True)
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install(tmp_path, monkeypatch)
    monkeypatch.setattr(keys, "offered", lambda target: KEY)


def test_a_first_contact() -> None:
    found = trust.explained(VPS, Trouble(Unreachable("x"), unknown="203.0.113.10"))
    shows = f"it shows ssh-ed25519 {KEY.fingerprint}"
    assert str(found) == f"the key of vps is not known yet: {shows}; `warren trust vps` remembers it"
    assert found.hint == "compare it first with what its console or its provider says"


def test_the_host_on_the_way_is_meant() -> None:
    found = trust.explained(HOME, Trouble(Unreachable("x"), unknown="203.0.113.10"))
    assert str(found).startswith("the key of vps is not known yet")
    assert str(trust.explained(HOME, Trouble(Unreachable("x"), unknown="home.lan"))).startswith("the key of home")
    assert trust.whose(HOME, "[203.0.113.10]:22") is VPS


def test_another_key() -> None:
    found = trust.explained(VPS, Trouble(Unreachable("x"), changed=""))
    assert str(found).startswith("vps does not show the key that it is known by: it shows ssh-ed25519 SHA256:")
    assert "`warren trust vps`" in str(found.hint)


def test_other_troubles_stay_as_they_are() -> None:
    gone = Unreachable("gone")
    assert trust.explained(VPS, Trouble(gone)) is gone


def test_a_key_and_what_was_trusted_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target("vps", "root@203.0.113.10", pins=tmp_path / "pins")
    assert target.pins
    monkeypatch.setattr(keys, "ask", lambda target: (KEY, "Permission denied"))
    assert trust.look(target) == trust.Shown(KEY, ())
    keys.pin(target.pins, KEY)
    assert trust.look(target).is_known


def test_a_host_that_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "ask", lambda target: (None, "Connection refused"))
    with pytest.raises(Unreachable, match="vps cannot be reached: nobody answers ssh there"):
        trust.look(VPS)
