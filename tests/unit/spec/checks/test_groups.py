"""groups: groups in groups, and the words of expect."""

from __future__ import annotations

from tests.spec_texts import BASE, codes, found, said


def test_members_are_services_or_groups() -> None:
    assert said(BASE + "groups: {a: [blog, vps, dbb], b: a}\n") == [
        "9:20 unknown-member `vps` in the group `a` is a host, and a group holds services",
        "9:25 unknown-member `dbb` in the group `a` is no service or group",
    ]


def test_a_cycle_is_said_once() -> None:
    found_ = [one for one in said(BASE + "groups: {a: b, b: [c, db], c: a, d: [a, d]}\n")]
    assert found_ == [
        "9:28 group-cycle groups hold each other: a -> b -> c -> a",
        "9:34 group-cycle groups hold each other: d -> d",
    ]


def test_a_long_chain_of_groups_is_no_cycle_and_needs_no_deep_stack() -> None:
    chain = "".join(f"  g{number}: g{number + 1}\n" for number in range(3000))
    assert codes(BASE + f"groups:\n{chain}  g3000: db\n") == []


def test_an_empty_group_is_an_error() -> None:
    assert codes(BASE + "groups: {a: []}\n") == ["empty-group"]


def test_every_unknown_word_of_expect_is_named() -> None:
    lines = "expect:\n  - blgo, internet -> db.sqk, home: open\n  - lan:vps -> home:0/tcp: closed\n"
    assert [one.code for one in found(BASE + lines)] == [
        "unknown-name",
        "unknown-port",
        "host-alone",
        "no-lan",
        "bad-port",
    ]


def test_what_is_expected_has_an_end() -> None:
    services = "".join(f"  s{number}: {{host: home, ports: {{a: 1}}}}\n" for number in range(500))
    lines = "  - '* -> *': open\n" * 600
    assert codes(BASE + services + "expect:\n" + lines) == ["too-many"]
