"""Every service of a host has a user, a manager in its namespace, and sessions that begin there."""

from __future__ import annotations

from dataclasses import replace

from tests.topologies import two_hosts
from tests.unit.desired.reading import view_of
from warren.desired.items.file import File
from warren.desired.items.login import Login
from warren.desired.items.session import Session
from warren.desired.items.user import User
from warren.desired.model import HostState, of_kind
from warren.desired.parts.machine.users import FIRST_UID, LOWER_SUBID, PLACES, SUBIDS, subids, users


def held(host: str) -> HostState:
    topology = two_hosts()
    numbered = {
        name: replace(service, uid=FIRST_UID + number)
        for number, (name, service) in enumerate(topology.services.items())
    }
    return HostState.of(users(view_of(replace(topology, services=numbered), host)))


def test_a_user_and_a_session_for_every_service() -> None:
    state = held("home")
    names = {user.name for user in of_kind(state, User)}
    assert names == {session.user for session in of_kind(state, Session)} != set()
    assert any(of_kind(state, Login))


def test_a_session_waits_for_the_network_and_sees_its_names() -> None:
    (drop_in,) = (file for file in of_kind(held("vps"), File) if "user@" in file.path)
    assert "Requires=warren.service\nAfter=warren.service\n" in drop_in.content
    assert "NetworkNamespacePath=/run/netns/blog\n" in drop_in.content
    assert "-/etc/netns/blog/hosts:/etc/hosts" in drop_in.content


def test_no_two_services_share_a_subordinate_id() -> None:
    first, count = subids(FIRST_UID)
    assert subids(FIRST_UID + 1)[0] == first + count
    last = FIRST_UID + PLACES - 1
    assert subids(last)[0] + SUBIDS <= 1 << 32
    assert subids(last + 1)[0] == LOWER_SUBID
    assert subids(59999)[0] + SUBIDS <= first
