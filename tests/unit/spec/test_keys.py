"""keys: which keys a mapping of the file may have."""

from __future__ import annotations

import pytest

from warren.spec.keys import keys_at
from warren.spec.tree import Path


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ((), "services"),
        (("network",), "ipv6"),
        (("hosts", "home"), "gateways"),
        (("hosts", "hosts"), "gateways"),
        (("services", "host"), "image"),
        (("services", "x", "expose", 0), "from"),
        (("services", "x", "expose", 0, "from"), "except"),
        (("services", "x", "needs", 1), "localhost"),
        (("services", "x", "containers", "y", "healthcheck"), "retries"),
        (("hosts", "home", "firewall", "ssh"), "limit"),
        (("defaults", "service"), "egress"),
    ],
)
def test_known_keys(path: Path, key: str) -> None:
    assert key in keys_at(path)


@pytest.mark.parametrize(
    "path", [("nowhere",), ("version", "x"), ("services", "x", "ports", "web"), ("groups", "a", 0)]
)
def test_where_no_mapping_of_ours_stands(path: Path) -> None:
    assert keys_at(path) == frozenset()
