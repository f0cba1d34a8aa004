"""Who may talk to whom, shortly and completely."""

from __future__ import annotations

from tests.unit.pictures.networks import bare, shared, two_gateways, worlds
from warren.pictures.needs import lines
from warren.pictures.scene import scene


def test_needs_of_every_kind_stand_behind_their_source() -> None:
    assert lines(scene(worlds())) == [
        (("blog",), ("cloud.web",)),
        (("cloud",), ("db.sql", "home.mysql at 127.0.0.1:3306", "192.0.2.0/24 (443)")),
    ]


def test_a_word_for_many_is_kept_and_counted() -> None:
    assert lines(scene(two_gateways()))[0] == (("status",), ("*.metrics (3)",))


def test_sources_with_the_same_needs_stand_together() -> None:
    assert lines(scene(shared())) == [(("ada", "kai"), ("zoe.web",))]
    assert lines(scene(two_gateways()))[1] == (("chat", "mirror"), ("files.sync",))


def test_nothing_is_needed() -> None:
    assert lines(scene(bare())) == []
