"""prose: errors of the schema in our own words."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, found


@pytest.mark.parametrize(
    ("old", "new", "code", "summary", "hint"),
    [
        ("{web: 80}", "[80]", "wrong-type", "`services.blog.ports` must be a mapping, found a list", "name each port"),
        ("host: vps, ", "", "missing-key", "`services.blog` lacks `host`", None),
        ("version: 1", "version: one", "wrong-value", "`version` must be 1, found the text `one`", None),
        (
            "host: vps",
            "host: vps, privileged: maybe",
            "wrong-type",
            "must be true or false, found the text `maybe`",
            None,
        ),
        ("host: vps", "host: vps, pids_limit: many", "wrong-type", "must be a number, found the text `many`", None),
        (
            "host: vps",
            "host: vps, network_mode: host",
            "unknown-key",
            "has no key `network_mode`",
            "network of its own",
        ),
        ("host: vps", "host: vps, hots: x", "unknown-key", "`services.blog` has no key `hots`", "did you mean `host`?"),
        ("host: vps", "host: vps, pull_policy: allways", "wrong-value", "must be `missing` or `never`", None),
        (
            "{name: test, dns: false}",
            "test",
            "wrong-type",
            "`network` must be a mapping, found the text `test`",
            "network: {name",
        ),
        (
            "public: 203",
            "tunnel: {mtu: 5}, public: 203",
            "out-of-bounds",
            "must be at least 1280, found the number 5",
            None,
        ),
        ("public: 203", "tunnel: {mtu: 50000}, public: 203", "out-of-bounds", "must be at most 9000", None),
        ("  blog:", "  Blog:", "bad-name", "`Blog` cannot name a service: it has capital letters", None),
        ("web: 80", "web: [80]", "wrong-type", "expected a port, found a list", None),
        ("web: 80", "web: 1.5", "wrong-type", "expected a port, found the number 1.5", "put it in quotes"),
    ],
)
def test_sentences(old: str, new: str, code: str, summary: str, hint: str | None) -> None:
    one = found(BASE.replace(old, new))[0]
    assert one.code == code
    assert summary in one.summary
    assert hint in (one.hint or "") if hint else one.hint is None


def test_an_empty_mapping_is_said_to_be_empty() -> None:
    one = found("version: 1\nnetwork: {name: n}\nhosts: {}\n")[0]
    assert (one.code, one.summary) == ("empty", "`hosts` is empty")


def test_a_wrong_key_is_pointed_at_itself() -> None:
    one = found(BASE.replace("  blog:", "  Blog:"))[0]
    assert str(one.place) == "warren.yaml:7:3"


def test_a_file_of_a_later_version() -> None:
    one = found(BASE.replace("version: 1", "version: 2"))[0]
    assert one.hint == "a file of a later version needs a later warren"
