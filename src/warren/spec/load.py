"""The file's text into a spec.

In: a document. Out: a `Spec` that knows its places and has `defaults:` filled in, or `Refused` with
every error of the file. Never reads a file, never resolves a name: `check` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from pydantic import ValidationError

from warren.basis.diagnostic import Diagnostic, Place, Refused, error
from warren.formats.yaml12 import Mapping, Node, Plain, Scalar, Sequence, parse, plain
from warren.spec.check import check
from warren.spec.compose import instead
from warren.spec.container import Strict
from warren.spec.fields import shorten
from warren.spec.keys import keys_at
from warren.spec.model import Defaults, Service, Spec
from warren.spec.prose import diagnose
from warren.spec.tree import Path, Tree

M = TypeVar("M", bound=Strict)

MOST_ERRORS = 100
EMPTY = 'delete the key, or write "" for an empty text'
NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file; `name` is what diagnostics call it: the path as the user wrote it."""

    name: str
    text: str


def load(document: Document) -> Spec:
    """The spec that a document says."""
    root = parse(document.text, document.name)
    if not isinstance(root, Mapping):
        hint = "it starts with `version: 1`"
        raise Refused([error("not-a-mapping", "the file must be a mapping of keys and values", root.place, hint)])
    tree, value = Tree(root), plain(root)
    empty = [error("empty-value", f"{shorten(name)} has no value", place, EMPTY) for name, place in _empty(root)]
    try:
        spec = Spec.model_validate(value)
    except ValidationError as found:
        raise Refused(_sorted([*empty, *_refusals(found, value, tree)])[:MOST_ERRORS]) from None
    if empty:
        raise Refused(_sorted(empty)[:MOST_ERRORS])
    return filled(spec).located(tree)


def filled(spec: Spec) -> Spec:
    """The spec with `defaults:` wherever nothing else is said."""
    hosts = {name: _with_defaults(host, spec.defaults.host) for name, host in spec.hosts.items()}
    services = {name: _filled_service(service, spec.defaults) for name, service in spec.services.items()}
    return spec.model_copy(update={"hosts": hosts, "services": services})


def _filled_service(service: Service, defaults: Defaults) -> Service:
    service = _with_defaults(service, defaults.service)
    if service.image:
        service = _with_defaults(service, defaults.container)
    if not defaults.container.model_fields_set or not service.containers:
        return service
    containers = {name: _with_defaults(one, defaults.container) for name, one in service.containers.items()}
    return service.model_copy(update={"containers": containers})


def _with_defaults(model: M, defaults: Strict) -> M:
    unsaid = defaults.model_fields_set - model.model_fields_set
    return model.model_copy(update={name: getattr(defaults, name) for name in unsaid}) if unsaid else model


def _empty(root: Node) -> Iterator[tuple[str, Place]]:
    """The keys and list items that have no value at all."""
    waiting: list[tuple[str, Node]] = [("the file", root)]
    while waiting:
        name, node = waiting.pop()
        match node:
            case Scalar(value=None):
                yield name, node.place
            case Mapping():
                waiting += [(entry.key, entry.node) for entry in node.entries]
            case Sequence():
                waiting += [(f"{name}[{number}]", item) for number, item in enumerate(node.items)]


def _refusals(found: ValidationError, value: Plain, tree: Tree) -> list[Diagnostic]:
    # A default that could not be derived follows from another error, which is here as well.
    errors = [one for one in found.errors(include_url=False) if one["type"] != "default_factory_not_called"]
    diagnostics = _without_echoes([diagnose(one, tree) for one in errors[:MOST_ERRORS]])
    # With its unknown keys read as they were meant, and without what cannot be read, the file is understood: all that
    # is wrong besides belongs into the same report.
    unknown = [one["loc"] for one in errors if one["type"] == "extra_forbidden"]
    wrong = [one["loc"] for one in errors if one["type"] != "extra_forbidden"]
    return diagnostics + _further(_meant(value, unknown), wrong, tree)


def _without_echoes(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """All but the missing keys that are there, misspelt."""
    meant = {one.hint for one in diagnostics if one.code == "unknown-key"}
    return [one for one in diagnostics if one.code != "missing-key" or _hint_of(one) not in meant]


def _hint_of(missing: Diagnostic) -> str:
    return f"did you mean `{missing.summary.rpartition(' lacks ')[2].strip('`')}`?"


def _further(value: Plain, wrong: list[Path], tree: Tree) -> list[Diagnostic]:
    """What `check` says without the wrong values; if more is wrong then, without the hosts and services they are in."""
    for depth in (None, 2):
        rest, gone = _without(value, [path[:depth] for path in wrong])
        try:
            check(filled(Spec.model_validate(rest)).located(tree))
        except ValidationError:
            continue
        except Refused as refused:
            return [one for one in refused.diagnostics if not any(f"`{name}`" in one.summary for name in gone)]
        return []
    return []


def _without(value: Plain, paths: list[Path]) -> tuple[Plain, set[str]]:
    """A copy without the innermost key of each path, and the names of hosts and services that went."""
    copy, gone = deepcopy(value), set[str]()
    for path in paths[:MOST_ERRORS]:
        node, owner, key = copy, None, ""
        for step in path:
            if isinstance(node, dict) and str(step) in node:
                owner, key = node, str(step)
            elif not isinstance(node, list):
                break
            node = _inside(node, step)
        if owner is not None:
            owner.pop(key, None)
            gone |= {key} if len(path) <= 2 or path[1] == key else set()
    return copy, gone


def _meant(value: Plain, paths: list[Path]) -> Plain:
    """The file with its unknown keys called as the nearest known one that is not there, or else without them."""
    copy = deepcopy(value)
    for path in paths[:MOST_ERRORS]:
        node: Plain = copy
        for step in path[:-1]:
            node = _inside(node, step)
        key = str(path[-1])
        if isinstance(node, dict) and key in node:
            unknown = node.pop(key)
            near = get_close_matches(key, sorted(keys_at(path[:-1]) - set(node)), n=1)
            if near and not instead(path):
                node[near[0]] = unknown
    return copy


def _inside(node: Plain, step: str | int) -> Plain:
    # A step that does not fit belongs to a shorthand's long form, which the file does not have.
    if isinstance(node, dict) and isinstance(step, str):
        return node.get(step, node)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return node


def _sorted(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """In the order of the file, one sentence for each place."""
    first: dict[Place | None, Diagnostic] = {}
    for one in diagnostics:
        first.setdefault(one.place, one)
    return sorted(first.values(), key=lambda one: (one.place is None, one.place or NOWHERE))
