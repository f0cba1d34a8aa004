from __future__ import annotations

from tests.unit.prove.scenes import base, number, reader, scene
from warren.formats.nft import model as nft
from warren.prove.devices import one
from warren.prove.diagrams import ALL
from warren.prove.naming import Names, Naming
from warren.prove.packets import DADDR, DPORT, ODADDR, ODPORT, OSADDR, PROTO, SADDR, SAME, SPORT, space
from warren.prove.sieve import Translated, Translation

BASE = base()


def names() -> Names:
    at = scene()
    return Names(at.space, reader(at))


def given(rule: Translation, headers: int = ALL) -> Translated:
    return Translated((0, 0), headers, rule, BASE)


def test_the_status_tells_what_is_translated() -> None:
    assert Naming().status == frozenset() and Naming(True, True).status == {"dnat", "snat"}


def test_a_new_target_remembers_the_old_one() -> None:
    made = names()
    at = scene(space=made.space)
    asked = made.space.both(made.space.spans(DADDR, [(9, 9)]), made.space.spans(DPORT, [(80, 81)]))
    there = nft.Dnat(None, nft.Endpoint(nft.Prefix.of("10.86.1.3"), 80))
    found = made.targets(given(there, asked), at, "prerouting")
    boxes = [{level: box[level] for level in (DADDR, DPORT, ODADDR, ODPORT)} for box in made.space.boxes(found)]
    own = (number("10.86.1.3"),) * 2
    assert boxes == [
        {DADDR: own, DPORT: (80, 80), ODADDR: (9, 9), ODPORT: (81, 81)},
        {DADDR: own, DPORT: (80, 80), ODADDR: (9, 9), ODPORT: (SAME, SAME)},
    ]
    back = made.exchanged_targets(found)
    assert made.space.forget(back, frozenset((ODADDR, ODPORT))) == asked


def test_a_redirection_leads_to_the_devices_own_address() -> None:
    made = names()
    at = scene(space=made.space, iif=one("eth0"))
    found = made.targets(given(nft.Redirect()), at, "prerouting")
    assert {box[DADDR] for box in made.space.boxes(found)} == {(number("192.168.2.10"),) * 2}


def test_masquerade_takes_the_links_address_and_ports_of_its_own() -> None:
    made = names()
    at = scene(space=made.space, oif=one("eth0"))
    asked = made.space.spans(SADDR, [(5, 6)])
    found = dict(made.sources(given(nft.Masquerade(nft.Span(61000, 65535)), asked), at, "postrouting"))
    (ported,) = {(box[OSADDR], box[SADDR], box[SPORT]) for box in made.space.boxes(found[True])}
    assert ported == ((5, 6), (number("192.168.2.10"),) * 2, (61000, 65535))
    assert all(SPORT not in box and box[PROTO] != (6, 6) for box in made.space.boxes(found[False]))
    back = made.exchanged_sources(found[True], True)
    own = number("192.168.2.10")
    assert made.space.holds(back, (0, own, 5, 1, 6, 80, 1, SAME, 40001, 62000))


def test_a_device_without_an_address_cannot_masquerade() -> None:
    made = names()
    at = scene(space=made.space, oif=one("nowhere"))
    assert list(made.sources(given(nft.Masquerade()), at, "postrouting")) == []
    assert space(6).last[SADDR] == 2**128 - 1
