"""What runs in the services of a host: files, images, secrets, and the units that must run.

In: a host's side of the topology. Out: items. Never a value of a secret: the digest says whether it is another.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.desired.items.file import QUADLETS, File
from warren.desired.items.image import Image
from warren.desired.items.running import ONCE, Running
from warren.desired.items.secret import Secret
from warren.desired.model import Item
from warren.desired.parts.machine.users import digest
from warren.desired.parts.workloads.lan import lan
from warren.desired.parts.workloads.plain import folder, plain_file, wanting_file
from warren.desired.parts.workloads.quadlet import container_file, volume_file, volume_unit
from warren.desired.parts.workloads.updates import updates
from warren.desired.view import HostView
from warren.topology.model import Service
from warren.topology.workload import Container, PlainUnit, SecretRef, Workload, env_file_name

# Root's, and readable by the service's user alone: units name files and images, and what is in the environment.
MODE = 0o640


def workloads(view: HostView) -> Iterator[Item]:
    """All items of everything that runs in the services of the host."""
    for service in view.services:
        if service.workload:
            yield from _workload(service, service.workload)


def _workload(service: Service, workload: Workload) -> Iterator[Item]:
    for secret in workload.secrets:
        yield Secret(service.name, service.uid, secret.name, secret.digest, spelt(secret), workload.unit is not None)
    for volume in workload.volumes:
        yield _quadlet(service, volume_unit(service, volume.name), volume_file(service, volume.name))
    for container in workload.containers:
        yield from _container(service, workload, container)
    for unit in workload.plain:
        yield from _plain(service, workload, unit)
    yield from updates(service, workload)
    yield from lan(service, workload.lan) if workload.lan else ()


def _container(service: Service, workload: Workload, container: Container) -> Iterator[Item]:
    text = container_file(service, container)
    if container.pull != "never":
        yield Image(service.name, service.uid, container.image)
    yield _quadlet(service, f"{container.unit}.container", text)
    made_from = digest(text, *_digests(workload, container)) + (ONCE if container.completes else "")
    yield Running(service.name, service.uid, f"{container.unit}.service", made_from)


def _digests(workload: Workload, container: Container) -> Iterator[str]:
    """Those of the secrets that a container uses: another value means another start."""
    used = {use.name for use in container.secrets}
    used |= {env_file_name(container, number) for number in range(len(container.env_files))}
    return (secret.digest for secret in workload.secrets if secret.name in used)


def _plain(service: Service, workload: Workload, unit: PlainUnit) -> Iterator[Item]:
    text, known = plain_file(service, unit), (secret.digest for secret in workload.secrets)
    if unit.image:
        yield Image(service.name, service.uid, unit.image)
    yield File(f"{folder(service)}/{unit.unit}.service", text, MODE, service.name)
    yield File(f"{folder(service)}/default.target.d/{unit.unit}.conf", wanting_file(unit), MODE, service.name)
    yield Running(service.name, service.uid, f"{unit.unit}.service", digest(text, *known))


def _quadlet(service: Service, name: str, text: str) -> File:
    return File(f"{QUADLETS}{service.uid}/{name}", text, MODE, service.name)


def spelt(secret: SecretRef) -> str:
    """Where a secret is found, in the file's short form."""
    return f"{secret.kind}:{' '.join(secret.reference)}"
