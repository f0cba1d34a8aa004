"""WireGuard keys.

In: 44 letters of base64, or nothing. Out: keys as a type of their own. Never prints a private key, except by `reveal`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from os import urandom

BYTES = 32
LETTERS = 44


@dataclass(frozen=True, slots=True, order=True)
class WireGuardKey:
    """A public key; it is printed as WireGuard writes it."""

    octets: bytes

    def __post_init__(self) -> None:
        if len(self.octets) != BYTES:
            raise ValueError(f"a WireGuard key has {BYTES} bytes, not {len(self.octets)}")

    @classmethod
    def parse(cls, text: str) -> WireGuardKey:
        """The key that a text stands for."""
        return cls(_decoded(text))

    def __str__(self) -> str:
        return b64encode(self.octets).decode()

    def __repr__(self) -> str:
        return f"WireGuardKey({self})"


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """A private key. Neither `str` nor `repr` shows it, so that it never lands in a log by accident."""

    octets: bytes

    def __post_init__(self) -> None:
        if len(self.octets) != BYTES:
            raise ValueError(f"a WireGuard key has {BYTES} bytes, not {len(self.octets)}")
        # The kernel does the same when it takes a key: what is read back from an interface must equal what was given.
        clamped = bytes([self.octets[0] & 248, *self.octets[1:31], self.octets[31] & 127 | 64])
        object.__setattr__(self, "octets", clamped)

    @classmethod
    def generate(cls) -> PrivateKey:
        """A new key from the operating system's randomness."""
        return cls(urandom(BYTES))

    @classmethod
    def parse(cls, text: str) -> PrivateKey:
        """The key that a text stands for."""
        return cls(_decoded(text))

    def public(self) -> WireGuardKey:
        """The public key that belongs to it."""
        # Imported here: it costs 20 ms, and most commands never need it.
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return WireGuardKey(X25519PrivateKey.from_private_bytes(self.octets).public_key().public_bytes_raw())

    def reveal(self) -> str:
        """The text that WireGuard reads. Give it to `wg` and to nobody else."""
        return b64encode(self.octets).decode()

    def __repr__(self) -> str:
        return "PrivateKey(hidden)"


def _decoded(text: str) -> bytes:
    """The bytes of a key; what is refused is not shown, as it may be a private key with a typing error."""
    try:
        octets = b64decode(text, validate=True)
    except ValueError:
        octets = b""
    if len(text) != LETTERS or b64encode(octets).decode() != text:
        raise ValueError(f"this is not a WireGuard key: {LETTERS} letters of base64 are expected")
    if not any(octets):
        raise ValueError("this is not a WireGuard key: it consists of zeros")
    return octets
