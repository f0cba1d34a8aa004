"""Containers: one by `image`, or several by name.

In: a spec. Out: diagnostics. Never judges a value of a container's key: Podman does.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.diagnostic import Diagnostic, error
from warren.spec.container import ContainerKeys
from warren.spec.model import Service, Spec
from warren.spec.reference import Directory, closest

KEYS = frozenset(ContainerKeys.model_fields)


def containers(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with how containers are put together."""
    for name, service in spec.services.items():
        yield from _service(spec, name, service)


def _service(spec: Spec, name: str, service: Service) -> Iterator[Diagnostic]:
    if service.image and service.containers:
        summary = f"the service `{name}` has both `image` and `containers`"
        yield error(
            "image-and-containers", summary, spec.place("services", name, "image"), "make it one of the containers"
        )
    elif not service.image:
        for key in sorted(KEYS & service.model_fields_set):
            summary = f"`{key}` belongs to a container, and the service `{name}` "
            summary += "says it beside `containers`" if service.containers else "has no `image`"
            yield error("no-container", summary, spec.place("services", name, key, key=True))
    for one, container in service.containers.items():
        for other in container.depends_on:
            if other not in service.containers or other == one:
                place = spec.place("services", name, "containers", one, "depends_on", other)
                summary = (
                    f"the container `{one}` cannot depend on `{other[:60]}`, which is no other container of `{name}`"
                )
                yield error("unknown-container", summary, place, closest(other, service.containers))
    if service.depends_on:
        place = spec.place("services", name, "depends_on", key=True)
        yield error("unknown-container", f"`{name}` has one container, which can depend on no other", place)
