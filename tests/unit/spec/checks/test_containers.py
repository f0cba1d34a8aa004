"""containers: one by image, or several by name."""

from __future__ import annotations

from tests.spec_texts import BASE, codes, said


def test_image_and_containers_exclude_each_other() -> None:
    assert codes(BASE + '  x: {host: home, image: "a:1", containers: {b: {image: "c:1"}}}\n') == [
        "image-and-containers"
    ]


def test_keys_of_a_container_need_one() -> None:
    assert said(BASE + "  x: {host: home, command: run, user: 5}\n") == [
        "9:19 no-container `command` belongs to a container, and the service `x` has no `image`",
        "9:33 no-container `user` belongs to a container, and the service `x` has no `image`",
    ]
    assert codes(BASE + '  x: {host: home, user: 5, containers: {b: {image: "c:1"}}}\n') == ["no-container"]


def test_default_keys_go_where_there_is_a_container() -> None:
    assert (
        codes(BASE + '  x: {host: home, containers: {b: {image: "c:1"}}}\ndefaults: {container: {init: true}}\n') == []
    )


def test_containers_depend_on_others_of_their_service() -> None:
    containers = "{a: {image: 'a:1', depends_on: [b]}, b: {image: 'b:1', depends_on: {b: {}, c: {}}}}"
    assert codes(BASE + f"  x: {{host: home, containers: {containers}}}\n") == ["unknown-container"] * 2
    assert codes(BASE + "  x: {host: home, image: 'a:1', depends_on: [db]}\n") == ["unknown-container"]
