"""Which keys a mapping of the file may have.

In: a path of the file. Out: the keys of the model that stands there. Never looks at a file: it reads the models alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel

from warren.spec.model import Spec
from warren.spec.tree import Path


def keys_at(path: Path) -> frozenset[str]:
    """The keys that are known at `path`, none where no model stands there."""
    model: type[BaseModel] = Spec
    inside = False
    for step in path:
        if inside:
            inside = False
            continue
        field = _fields(model).get(str(step))
        if field is None:
            return frozenset()
        nested, inside = field
        if nested is None:
            return frozenset()
        model = nested
    return frozenset(_fields(model))


@cache
def _fields(model: type[BaseModel]) -> dict[str, tuple[type[BaseModel] | None, bool]]:
    """By key: the model inside the field, and whether a name or a number of a list lies between."""
    return {
        field.alias or name: (next(_models(field.annotation), None), _is_container(field.annotation))
        for name, field in model.model_fields.items()
    }


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _is_container(annotation: object) -> bool:
    origin = get_origin(annotation)
    if origin in (Annotated, Union, UnionType):
        return any(_is_container(argument) for argument in get_args(annotation))
    return origin in (tuple, dict)
