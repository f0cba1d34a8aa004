"""What a registry answers with; that Podman pulls from it is shown in tests/machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lab.machines.test_oci import made
from warren.lab.machines.registry import find
from warren.lab.machines.store import Store


def test_names_are_found_and_every_other_is_the_stand_in(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.offer_to_all(made("stand-in"))
    store.put(made("7"), "docker.io/library/web", "latest")
    found = find(tmp_path, "/v2/docker.io/library/web/manifests/latest")
    assert found and found.read_bytes() == made("7").manifest
    other = find(tmp_path, "/v2/ghcr.io/who/knows/manifests/3")
    assert other and other.read_bytes() == made("stand-in").manifest


def test_a_digest_is_found_under_every_name_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.offer_to_all(made("stand-in"))
    store.put(made("7"))
    assert find(tmp_path, f"/v2/any/name/manifests/{made('7').digest}")
    assert find(tmp_path, f"/v2/any/name/blobs/{next(iter(made('7').blobs))}")
    assert find(tmp_path, "/v2/any/name/manifests/sha256:00") is None


@pytest.mark.parametrize("path", ["/", "/v2/", "/v2/a/tags/list", "/v2/../../etc/blobs/passwd", "/etc/passwd"])
def test_nothing_else_is_served(tmp_path: Path, path: str) -> None:
    (tmp_path / "any").touch()
    assert find(tmp_path, path) is None
