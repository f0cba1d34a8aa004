"""Which registry stands for which, and what the stand-in is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lab.machines.test_oci import made
from warren.lab.machines import store
from warren.lab.machines.store import Store


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        ("docker.io/library/caddy:2", "docker.io"),
        ("redis:7", "docker.io"),
        ("grafana/loki", "docker.io"),
        ("ghcr.io/a/b@sha256:00", "ghcr.io"),
        ("localhost/web:1", "localhost"),
        ("registry.example.org:5000/game", "registry.example.org:5000"),
    ],
)
def test_where_an_image_comes_from(reference: str, registry: str) -> None:
    assert store.registry_of(reference) == registry


def test_every_registry_of_a_file_is_led_to_the_labs_own() -> None:
    text = store.trust(store.registries(["ghcr.io/a/b", "redis:7"]))
    assert text.count("[[registry]]") == 2
    assert f'prefix = "ghcr.io"\nlocation = "{store.ADDRESS}:5000/ghcr.io"' in text


def test_a_tag_moves(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    assert kept.put(made("1"), "docker.io/x/web", "latest") == "docker.io/x/web:latest"
    kept.put(made("2"), "docker.io/x/web", "latest")
    assert (tmp_path / "manifests/docker.io/x/web/latest").read_bytes() == made("2").manifest
    assert kept.requests() == []


def test_a_stand_in_needs_nothing_but_busybox(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/bin/busybox").write_bytes(b"static")
    image = store.stand_in(tmp_path)
    assert image.name == "stand-in" and len(image.blobs) == 2
