"""A namespace and its pair: made door first, changed in place, made anew when torn; others' links are not seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.desired.reading import spoken
from warren.desired.items.netns import Netns, Veth, is_ours, observed
from warren.formats.iproute import Link

OUTER = frozenset({"10.86.1.1/32", "fd86:86:86:1::1/128"})
INNER = frozenset({"10.86.1.3/32", "fd86:86:86:1::3/128"})
PAIR = Veth("v-db", "db", 1500, OUTER, INNER)
UNASKED = ["sysctl net.ipv4.conf.v-db.rp_filter=0", "sysctl net.ipv4.conf.v-db.accept_local=1"]
LINK = Link(7, "v-db", "veth", "warren", 1500, True, OUTER, 2, "86")
END = Link(2, "eth0", "veth", None, 1500, True, INNER, 7)


def test_a_namespace_has_its_loopback_up() -> None:
    assert spoken(Netns("db").create()) == ["ip netns add db", "ip -n db link set lo up"]
    assert spoken(Netns("db").remove()) == ["ip netns del db"]
    assert Netns("db").change(Netns("db")) == ()


def test_a_pair_is_made_in_safe_order() -> None:
    assert spoken(PAIR.create()) == [
        "ip link add name v-db group 86 mtu 1500 type veth peer name eth0 mtu 1500 netns db",
        "ip link set v-db alias warren",
        "sysctl net.ipv4.conf.v-db.rp_filter=0",
        "sysctl net.ipv4.conf.v-db.accept_local=1",
        "ip addr add 10.86.1.1/32 dev v-db",
        "ip addr add fd86:86:86:1::1/128 dev v-db nodad",
        "ip link set v-db up",
        "ip -n db addr add 10.86.1.3/32 dev eth0",
        "ip -n db addr add fd86:86:86:1::3/128 dev eth0 nodad",
        "ip -n db link set eth0 up",
    ]


def test_it_is_taken_away_itself_because_its_namespace_takes_it_later() -> None:
    assert PAIR.inside is None
    assert PAIR.rank > Netns("db").rank
    assert spoken(PAIR.remove()) == ["ip link del v-db"]


def test_a_new_address_comes_before_the_old_one_goes() -> None:
    old = replace(PAIR, inner=frozenset({"10.86.1.9/32", "fd86:86:86:1::3/128"}))
    assert spoken(PAIR.change(old)) == [
        "ip -n db addr add 10.86.1.3/32 dev eth0",
        "ip -n db addr del 10.86.1.9/32 dev eth0",
    ]
    assert PAIR.differences(old) == (
        "inner {10.86.1.9/32, fd86:86:86:1::3/128} -> {10.86.1.3/32, fd86:86:86:1::3/128}",
    )


@pytest.mark.parametrize(
    ("old", "steps"),
    [
        (replace(PAIR, mtu=1400), ["ip link set v-db mtu 1500", "ip -n db link set eth0 mtu 1500"]),
        (replace(PAIR, up=False), ["ip link set v-db up", "ip -n db link set eth0 up"]),
        (replace(PAIR, rp_filter="1"), UNASKED),
        (replace(PAIR, accept_local="0"), UNASKED),
        (replace(PAIR, outer=OUTER | {"10.9.9.9/32"}), ["ip addr del 10.9.9.9/32 dev v-db"]),
        (PAIR, []),
    ],
)
def test_what_differs_is_changed_in_place(old: Veth, steps: list[str]) -> None:
    assert spoken(PAIR.change(old)) == steps
    assert not PAIR.is_torn(old)


@pytest.mark.parametrize("old", [replace(PAIR, netns="web"), replace(PAIR, inner=frozenset(), up=False)])
def test_a_torn_pair_is_made_anew(old: Veth) -> None:
    assert PAIR.is_torn(old)
    gone = "ip link del v-db 2>/dev/null || ! ip link show dev v-db >/dev/null 2>&1"
    assert spoken(PAIR.change(old)) == [gone, *spoken(PAIR.create())]


def test_another_thing_of_this_name_is_replaced() -> None:
    assert spoken(PAIR.change(Netns("a"))) == ["ip netns del a", *spoken(PAIR.create())]


def test_what_was_made_is_read_back_as_the_same() -> None:
    assert list(observed([LINK], {"db": (END,)}, {"v-db": "0"}, {"v-db": "1"})) == [Netns("db"), PAIR]


def test_ours_are_known_by_group_or_alias() -> None:
    assert is_ours(LINK)
    assert is_ours(replace(LINK, alias=None))
    assert is_ours(replace(LINK, group="default"))
    assert not is_ours(replace(LINK, alias="mine", group="default"))


def test_a_pair_of_others_is_not_seen_whatever_its_name() -> None:
    foreign = replace(LINK, alias=None, group="default")
    assert list(observed([foreign], {"db": (END,)}, {}, {})) == [Netns("db")]
    assert list(observed([replace(LINK, kind="bridge")], {}, {}, {})) == []


@pytest.mark.parametrize(
    "inner", [{}, {"db": ()}, {"db": (replace(END, peer_index=99),)}, {"db": (replace(END, index=5),)}]
)
def test_a_pair_whose_other_end_is_gone_is_torn(inner: dict[str, tuple[Link, ...]]) -> None:
    (found,) = (each for each in observed([LINK], inner, {}, {}) if isinstance(each, Veth))
    assert PAIR.is_torn(found)
    assert found.key == PAIR.key


def test_an_inner_end_that_is_down_or_smaller_is_seen() -> None:
    inner: dict[str, tuple[Link, ...]] = {"db": (replace(END, up=False, mtu=1400),)}
    (found,) = (each for each in observed([LINK], inner, {"v-db": "2"}, {"v-db": "1"}) if isinstance(each, Veth))
    assert PAIR.differences(found) == ("mtu 1400 -> 1500", "up False -> True")


@pytest.mark.parametrize(
    ("asks", "takes", "said"),
    [
        ("0", "1", ()),
        ("0", "0", ("accept_local 0 -> 1",)),
        ("1", "1", ("rp_filter 1 -> 0",)),
        # As systemd has it for all devices, from time to time: slower, and not wrong.
        ("2", "0", ()),
    ],
)
def test_a_source_is_looked_for_no_stricter_than_loosely(asks: str, takes: str, said: tuple[str, ...]) -> None:
    (found,) = (e for e in observed([LINK], {"db": (END,)}, {"v-db": asks}, {"v-db": takes}) if isinstance(e, Veth))
    assert PAIR.differences(found) == said
