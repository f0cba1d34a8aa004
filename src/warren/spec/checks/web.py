"""HTTPS: one name and path leads to one place, and all connections for a name are decrypted in one place.

In: a spec. Out: diagnostics that name both lines. Never asks whether a name belongs to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.diagnostic import Diagnostic, Place, error
from warren.spec.exposing import WebOffer, offers
from warren.spec.model import Spec
from warren.spec.reference import Directory


def web(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with names on the Internet."""
    found = [
        one
        for name, service in spec.services.items()
        for one in (offers(spec, name) if service.expose else ())
        if isinstance(one, WebOffer)
    ]
    yield from _same_name(spec, found)
    yield from _mixed(spec, found)
    for one in found:
        if one.name.startswith("*.") and not spec.network.https.dns:
            summary = f"`{one.name}` stands for many names, and its certificate needs a proof by DNS"
            hint = "write `https: {dns: ...}` under `network`, or name each"
            yield error("wildcard-proof", summary, spec.place(*one.path, "https"), hint)


def _same_name(spec: Spec, found: list[WebOffer]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str, str], tuple[str, Place | None]] = {}
    for one in found:
        for path in one.line.path or ("/",):
            place, key = spec.place(*one.path, "https"), (one.at, one.name, path)
            if key in first:
                other, related = first[key]
                shown = one.name if path == "/" else f"{one.name}{path}"
                twice = f"to the service `{other}` and to `{one.service}`"
                summary = f"`{shown}` at `{one.at}` is given away twice: {twice}"
                yield error("domain-taken", summary, place, None, *filter(None, [related]))
            first.setdefault(key, (one.service, place))


def _mixed(spec: Spec, found: list[WebOffer]) -> Iterator[Diagnostic]:
    """A connection is for a name; what its paths are is read where it is decrypted, and so in one place."""
    first: dict[tuple[str, str], tuple[str, WebOffer]] = {}
    for one in found:
        where = spec.services[one.service].host if one.home else one.at
        before, other = first.setdefault((one.at, one.name), (where, one))
        if before != where:
            summary = f"`{one.name}` is decrypted on `{before}`, and this line of it on `{where}`"
            hint = "a path is not to be seen before: give all lines of a name one `tls` and one host"
            related = filter(None, [spec.place(*other.path, "https")])
            yield error("tls-mixed", summary, spec.place(*one.path, "https"), hint, *related)
