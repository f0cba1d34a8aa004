"""A host's state as JSON, and back: what a generation remembers.

In: items, which are dataclasses of plain values, or a document. Out: a document, or the equal state. Never a class that
is not one of ours: a document names classes, and any other name is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Protocol, TypeGuard

from warren.desired.items import (
    file,
    image,
    login,
    loopback,
    netns,
    route,
    rules,
    running,
    secret,
    session,
    sysctl,
    told,
    tunnel,
)
from warren.desired.items import unit as units
from warren.desired.items import user as users
from warren.desired.model import HostState, Item
from warren.formats.nft import expressions, kinds, model, statements, values

FORMAT = 1
SET = "set"
ITEMS = (
    *(file, image, login, loopback, netns, route, rules, running),
    *(secret, session, sysctl, told, tunnel, units, users),
)
WORDS = (model, expressions, kinds, statements, values)


class Unreadable(ValueError):
    """A document that no state was written as; the sentence is for the user."""


class Record(Protocol):
    """Any dataclass."""

    __dataclass_fields__: dict[str, object]


def _classes(modules: Iterable[ModuleType]) -> dict[str, type]:
    held = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    return {each.__name__: each for each in held if is_dataclass(each) or issubclass(each, Enum)}


CLASSES: Mapping[str, type] = _classes((*ITEMS, *WORDS))


def text(state: HostState) -> str:
    """The state as one JSON document; equal states give equal texts."""
    items = [_document(state.items[key]) for key in sorted(state.items)]
    return json.dumps({"format": FORMAT, "items": items}, separators=(",", ":")) + "\n"


def state(written: str) -> HostState:
    """The state that was written. Raises `Unreadable`."""
    try:
        found = json.loads(written)
        if found.get("format") != FORMAT:
            raise Unreadable(f"its state has the format {found.get('format')}, and this warren reads {FORMAT}")
        return HostState.of(item for each in found["items"] if _is_item(item := _value(each)))
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise wrong if isinstance(wrong, Unreadable) else Unreadable(f"its state cannot be read: {wrong}") from wrong


def _is_item(value: object) -> TypeGuard[Item]:
    if not hasattr(value, "key"):
        raise Unreadable(f"its state holds {type(value).__name__}, which is no item")
    return True


def _document(value: object) -> object:
    """Tuples are lists; sets and classes are objects that say what they are."""
    if value is None or isinstance(value, bool | str) or (isinstance(value, int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return {"is": type(value).__name__, "name": value.name}
    if isinstance(value, tuple):
        return [_document(each) for each in value]
    if isinstance(value, frozenset):
        return {"is": SET, "of": sorted((_document(each) for each in value), key=json.dumps)}
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": _known(type(value)).__name__} | {f.name: _document(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"a state cannot hold {type(value).__name__}")


def _known(kind: type) -> type:
    if CLASSES.get(kind.__name__) is not kind:
        raise TypeError(f"{kind.__name__} is not among the classes of a record")
    return kind


def _value(document: object) -> object:
    if isinstance(document, list):
        return tuple(_value(each) for each in document)
    if not isinstance(document, dict):
        return document
    if document.get("is") == SET:
        return frozenset(_value(each) for each in document["of"])
    kind = CLASSES.get(str(document.get("is")))
    if kind is None:
        raise Unreadable(f"its state holds {document.get('is')}, which this warren does not know")
    if issubclass(kind, Enum):
        return kind[document["name"]]
    return kind(**{name: _value(each) for name, each in document.items() if name != "is"})
