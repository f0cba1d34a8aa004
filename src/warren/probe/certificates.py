"""The certificates that an entry holds: for which names, and until when.

In: a carrier to a host, its entries, and the names for which they answer. Out: certificates, the first that ends first,
and the names without one. Never reads a key.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.hosts.base import Host
from warren.topology import folders
from warren.topology.model import Role, Service

# Caddy renews when a third of the time is left; later than at a sixth something is wrong.
RENEWED, LATE = 3, 6


@dataclass(frozen=True, slots=True)
class Certificate:
    """Seconds since 1970."""

    names: tuple[str, ...]
    begins: int
    ends: int

    @property
    def due(self) -> int:
        """When it is renewed."""
        return self.ends - (self.ends - self.begins) // RENEWED

    def covers(self, name: str) -> bool:
        """Whether it is good for a name, also by its star."""
        return name in self.names or f"*.{name.partition('.')[2]}" in self.names

    def is_late(self, now: int) -> bool:
        """Whether it should have been renewed long ago."""
        return self.ends - now < (self.ends - self.begins) // LATE


def certificates(host: Host, services: Iterable[Service]) -> tuple[Certificate, ...]:
    """All of them on one host, the one that ends first first."""
    kept = [folders.kept(service.name) for service in services if service.role is Role.ENTRY]
    if not kept:
        return ()
    files = " ".join(f"{folder}/certificates/*/*/*.crt" for folder in kept)
    said = host.run(f'for f in {files}; do [ ! -f "$f" ] || {{ base64 "$f" | tr -d "\\n"; echo; }}; done')
    return tuple(sorted(_read(said.stdout.decode(errors="replace")), key=lambda one: one.ends))


def watched(kept: Iterable[Certificate], names: Iterable[str]) -> tuple[tuple[Certificate, ...], tuple[str, ...]]:
    """For each name the certificate that is good for longest, and the names without any.

    Others are left over: of names that the file no longer has, or of an authority that was asked before.
    """
    held, wanted = list(kept), list(dict.fromkeys(names))
    best = {name: max((c for c in held if c.covers(name)), key=lambda one: one.ends, default=None) for name in wanted}
    used = {one for one in best.values() if one}
    return tuple(one for one in dict.fromkeys(held) if one in used), tuple(n for n in wanted if best[n] is None)


def _read(text: str) -> Iterator[Certificate]:
    # Imported here: it takes a tenth of a second, and most commands never see a certificate.
    from cryptography import x509

    for line in text.split():
        try:
            found = x509.load_pem_x509_certificates(base64.b64decode(line))[0]
            names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (ValueError, x509.ExtensionNotFound):
            continue
        begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
        yield Certificate(
            tuple(names.get_values_for_type(x509.DNSName)), int(begins.timestamp()), int(ends.timestamp())
        )
