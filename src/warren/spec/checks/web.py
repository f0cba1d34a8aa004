"""HTTPS: one name and path leads to one place, and all connections for a name are decrypted in one place.

In: a spec. Out: diagnostics that name both lines. Never asks whether a name belongs to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from warren.basis.diagnostic import Diagnostic, Place, error, warning
from warren.spec.checks.dangers import unpinned
from warren.spec.exposing import WebOffer, offers
from warren.spec.model import Spec
from warren.spec.reference import Directory, closest
from warren.spec.web import Https

# A variable in Caddy's words, and a word that is long and without any sense, as tokens and keys are.
VARIABLE = re.compile(r"\{(?:env\.|\$)([A-Za-z_][A-Za-z0-9_]*)")
LITERAL = re.compile(r"(?=[^/.]*[0-9])[\"`]?[A-Za-z0-9+/_=-]{20,}[\"`]?")


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
    yield from _own_caddy(spec)
    for one in found:
        if one.name.startswith("*.") and not spec.network.https.dns:
            summary = f"`{one.name}` stands for many names, and its certificate needs a proof by DNS"
            hint = "write `https: {dns: ...}` under `network`, or name each"
            yield error("wildcard-proof", summary, spec.place(*one.path, "https"), hint)


def _own_caddy(spec: Spec) -> Iterator[Diagnostic]:
    """Which Caddy it is, and what it is told by variables."""
    said, path = spec.network.https, ("network", "https")
    if said.image and said.program:
        twice = "one Caddy is enough: the file names an image and a program"
        yield error("two-caddies", twice, spec.place(*path, "program"), "delete one of the two")
    for risk in unpinned(said.image, "Caddy", (*path, "image")) if said.image else ():
        if risk.code not in spec.acknowledge:
            yield warning(risk.code, risk.summary, spec.place(*risk.path), risk.hint)
    for variable, secret in said.secrets.items():
        if secret not in spec.secrets:
            hint = closest(secret, spec.secrets) or f"say where it is found: `secrets: {{{secret[:40]}: file:...}}`"
            place = spec.place(*path, "secrets", variable)
            yield error("unknown-secret", f"there is no secret `{secret[:60]}`", place, hint)
    if said.dns:
        yield from _proof(said, said.dns, spec.place(*path, "dns"))


def _proof(said: Https, words: str, place: Place | None) -> Iterator[Diagnostic]:
    """What Caddy is told of the module that proves names by DNS."""
    module, *rest = words.split()
    for variable in dict.fromkeys(VARIABLE.findall(words)):
        if variable not in said.secrets:
            hint = f"write `secrets: {{{variable}: NAME}}` beside `dns`"
            yield error("no-variable", f"nothing gives Caddy the variable `{variable}`", place, hint)
    if any(LITERAL.fullmatch(word) for word in rest):
        literal = "what looks like a password of your DNS provider stands in this file"
        hint = "write `{env.NAME}` for it, `secrets: {NAME: ...}` beside `dns`, and where it is found under `secrets`"
        yield warning("secret-in-file", literal, place, hint)
    if not said.image and not said.program:
        lacking = f"the Caddy of a distribution has no module `{module[:40]}`"
        yield warning("no-module", lacking, place, "name one that has it: `image: ...` or `program: ...` beside `dns`")


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
