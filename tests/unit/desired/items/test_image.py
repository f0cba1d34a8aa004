"""An image: pulled by the service's user outside its namespace, and found under the names that Podman gives it."""

from __future__ import annotations

import pytest

from warren.desired.items.image import Image, names_of, observed
from warren.desired.model import Rank
from warren.desired.steps import script

CADDY = Image("web", 6001, "docker.io/library/caddy:2")
STORE = "/var/lib/warren/services/web/.local/share/containers/storage/overlay-images/images.json"


def test_it_is_pulled_only_where_it_is_not() -> None:
    made = script(CADDY.create())
    assert made.index("podman --log-level=error image exists docker.io/library/caddy:2") < made.index(
        "podman --log-level=error pull --quiet"
    )
    assert "netns" not in made


def test_it_is_there_before_the_network_is_touched() -> None:
    assert Rank.USER < CADDY.rank < Rank.FILE < Rank.RULES
    assert "systemctl start user-runtime-dir@6001.service" in script(CADDY.create())


@pytest.mark.parametrize(
    ("reference", "names"),
    [
        ("docker.io/library/caddy:2", ("docker.io/library/caddy:2",)),
        ("ghcr.io/a/b", ("ghcr.io/a/b:latest",)),
        ("localhost:5000/a", ("localhost:5000/a:latest",)),
        ("quay.io/a:1@sha256:00", ("quay.io/a@sha256:00",)),
        ("busybox", ("busybox:latest", "localhost/busybox:latest", "docker.io/library/busybox:latest")),
        ("a/b:1", ("a/b:1", "localhost/a/b:1", "docker.io/a/b:1")),
    ],
)
def test_names_in_a_store(reference: str, names: tuple[str, ...]) -> None:
    assert names_of(reference) == names


def test_it_is_read_back_from_its_own_user_s_store() -> None:
    sections = {"images": f'{STORE}:"names":["docker.io/library/caddy:2"]\n'}
    other = Image("blog", 6002, CADDY.reference)
    wanted = {item.key: (item.user, item.uid, item.reference) for item in (CADDY, other)}
    assert list(observed(sections, wanted)) == [CADDY]


def test_one_that_is_still_used_stays() -> None:
    assert script(CADDY.remove()).rstrip().endswith("|| :")
