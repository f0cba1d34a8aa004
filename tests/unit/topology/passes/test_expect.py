"""expect: statements as places and ports."""

from __future__ import annotations

from tests.spec_texts import BASE, resolved


def test_words_become_places_and_ports() -> None:
    lines = "expect:\n  - internet, apps -> db, home.mysql, home:22/tcp: closed\n  - 'lan:home -> *': open\n"
    first, second = resolved(BASE + "groups: {apps: [blog, db]}\n" + lines).expect
    assert first.sources == ("internet", "blog", "db")
    assert [(place, port.name, str(port.ports)) for place, port in first.targets] == [
        ("db", "sql", "5432"),
        ("home", "mysql", "3306"),
        ("home", "22", "22"),
    ]
    assert (first.open, first.text) == (False, "internet, apps -> db, home.mysql, home:22/tcp")
    assert second.sources == ("lan:home",)
    assert [(place, port.name) for place, port in second.targets] == [("blog", "web"), ("db", "sql")]
    assert second.place is not None and second.place.line == 12


def test_a_number_stands_for_both_protocols_where_it_says_so() -> None:
    [line] = resolved(BASE + "expect:\n  - blog -> db:53/tcp+udp: closed\n").expect
    assert [str(port.protocol) for _, port in line.targets] == ["tcp", "udp"]
