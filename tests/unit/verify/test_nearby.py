"""nearby: what places find at their own localhost, and what a plan says of it."""

from __future__ import annotations

from dataclasses import replace

from tests.networks import outside_of, states_of
from tests.relayed import relayed
from warren.desired.carried import with_local_ports
from warren.desired.items.file import File
from warren.desired.model import HostState
from warren.prove.matrix import Proof, prove
from warren.verify.changes import changes
from warren.verify.nearby import Nearby, nearby

NAME = "file:/etc/systemd/system/warren-local-cloud-{}"


def proved(key: str = "", old: str = "", new: str = "", beside: Proof | None = None) -> Proof:
    """What hosts hold after one file has been changed by hand."""
    states = with_local_ports(relayed(), states_of(relayed()))
    items = dict(states["home"].items)
    if key:
        item = items[NAME.format(key)]
        assert isinstance(item, File) and old in item.content
        items[NAME.format(key)] = replace(item, content=item.content.replace(old, new))
    return prove({**states, "home": HostState(items)}, outside_of(relayed()), beside=beside)


def test_where_needs_answer() -> None:
    assert nearby(proved()) == {
        Nearby("cloud", "db:5432/tcp", "localhost:5432"),
        Nearby("cloud", "home:3307/tcp", "localhost:3306"),
    }


def test_one_family_alone() -> None:
    (found,) = [each for each in nearby(proved("3306.socket", "ListenStream=[::1]:3306\n", "")) if "home" in each.what]
    assert found.words == "home:3307/tcp at its 127.0.0.1:3306"


def test_what_somebody_led_elsewhere_is_told_by_the_plan() -> None:
    wrong = proved("3306.service", "127.0.0.1:3307", "127.0.0.1:22")
    assert changes(wrong, proved(beside=wrong), relayed()) == (
        "cloud can now reach home:3307/tcp at its localhost:3306",
        "cloud can no longer reach home:22/tcp at its localhost:3306",
    )
