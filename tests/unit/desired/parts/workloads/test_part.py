"""part: what runs on a host, as items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.spec_texts import BASE, resolved
from warren.desired.items.file import File
from warren.desired.items.image import Image
from warren.desired.items.running import Running
from warren.desired.items.secret import Secret
from warren.desired.model import Item
from warren.desired.parts.workloads import workloads
from warren.desired.view import views
from warren.topology.model import Topology

SECRETS = "secrets: {pw: file:pw.txt, key: 'command:pass show k'}\n"


def items(topology: Topology) -> Iterator[Item]:
    """What runs at home."""
    return workloads(views(topology, {})["home"])


def topology(keys: str) -> Topology:
    """A network with one service more."""
    return resolved(BASE + f"  x: {{host: home, {keys}}}\n" + SECRETS)


def keys(written: str) -> list[str]:
    """The keys of the items of a service."""
    return [item.key for item in items(topology(written))]


def running(topology: Topology) -> dict[str, str]:
    """Each unit with its digest."""
    return {item.unit: item.digest for item in items(topology) if isinstance(item, Running)}


def test_a_container_is_a_file_an_image_and_something_that_runs() -> None:
    uid = topology("image: 'a:1'").services["x"].uid
    assert keys("image: 'a:1', volumes: [data:/d], secrets: [pw]") == [
        f"secret:x/{uid}/pw",
        f"file:/etc/containers/systemd/users/{uid}/x_data.volume",
        f"image:x/{uid}/docker.io/library/a:1",
        f"file:/etc/containers/systemd/users/{uid}/x.container",
        f"running:x/{uid}/x.service",
    ]


def test_an_image_that_others_bring_is_not_pulled() -> None:
    assert not [item for item in items(topology("image: 'a:1', pull_policy: never")) if isinstance(item, Image)]


def test_a_plain_unit_is_two_files_and_something_that_runs() -> None:
    assert [key.rpartition("/")[2] for key in keys("unit: /usr/bin/x")] == ["x.service", "x.conf", "x.service"]


def test_files_are_read_by_the_services_user_alone() -> None:
    for written in ("image: 'a:1', volumes: [data:/d]", "unit: /usr/bin/x"):
        files = [item for item in items(topology(written)) if isinstance(item, File)]
        assert {(file.mode, file.group) for file in files} == {(0o640, "x")}


def test_only_what_uses_a_secret_starts_anew_with_it() -> None:
    before = topology("containers: {a: {image: 'a:1', secrets: [pw]}, b: {image: 'b:1', env_file: x.env}}")
    service = before.services["x"]
    assert service.workload is not None
    changed = tuple(replace(one, digest="other") if one.name == "pw" else one for one in service.workload.secrets)
    after_service = replace(service, workload=replace(service.workload, secrets=changed))
    after = replace(before, services={**before.services, "x": after_service})
    one, other = running(before), running(after)
    assert one["x-a.service"] != other["x-a.service"]
    assert one["x-b.service"] == other["x-b.service"]


def test_only_what_changed_starts_anew() -> None:
    containers = "containers: {{a: {{image: 'a:{}', depends_on: [b]}}, b: {{image: 'b:1'}}}}"
    one, other = running(topology(containers.format(1))), running(topology(containers.format(2)))
    assert one["x-a.service"] != other["x-a.service"]
    assert one["x-b.service"] == other["x-b.service"]


def test_where_a_secret_is_found_is_told_and_its_value_never() -> None:
    made = [item for item in items(topology("image: 'a:1', secrets: [pw, key]")) if isinstance(item, Secret)]
    assert [item.reference for item in made] == ["file:pw.txt", "command:pass show k"]


def test_a_plain_unit_has_its_secrets_as_files_and_starts_anew_with_another_value() -> None:
    before = topology("unit: {command: /usr/bin/x, secrets: [pw], env_file: x.env}")
    made = [item for item in items(before) if isinstance(item, Secret)]
    assert [(item.name, item.as_file) for item in made] == [("pw", True), ("x.env0", True)]
    service = before.services["x"]
    assert service.workload is not None
    changed = tuple(replace(one, digest="other") for one in service.workload.secrets)
    after = replace(service, workload=replace(service.workload, secrets=changed))
    assert running(before) != running(replace(before, services={**before.services, "x": after}))
