from __future__ import annotations

from tests.networks import states_of
from tests.relayed import relayed
from tests.topologies import two_hosts
from warren.desired.carried import with_local_ports


def test_only_what_listens_at_localhost_is_added() -> None:
    before = states_of(relayed())
    after = with_local_ports(relayed(), before)
    assert after["vps"] is before["vps"]
    assert sorted(key for key in after["home"].items if key not in before["home"].items) == [
        f"{kind}warren-local-cloud-{port}.{end}"
        for kind, ends in (("file:/etc/systemd/system/", ("service", "socket")), ("unit:", ("socket",)))
        for port in (3306, 5432)
        for end in ends
    ]


def test_without_any_the_states_stay() -> None:
    states = states_of(two_hosts())
    assert with_local_ports(two_hosts(), states) == states
