"""The first message of a WireGuard handshake, with a time of the test's choosing (whitepaper, 5.4.2).

In: keys in base64, a time in seconds. Out: the 148 bytes that a peer takes for a handshake begun at that time. Never
sends anything.
"""

from __future__ import annotations

import base64
import hmac
import os
from hashlib import blake2s

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CONSTRUCTION = b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"
IDENTIFIER = b"WireGuard v1 zx2c4 Jason@zx2c4.com"
# TAI64 counts from here (2^62), ten seconds ahead of 1970.
EPOCH = 0x400000000000000A


def initiation(own: str, peer: str, seconds: int) -> bytes:
    """The message, from the owner of a private key to that of a public one."""
    static, other = X25519PrivateKey.from_private_bytes(base64.b64decode(own)), base64.b64decode(peer)
    far, fleeting = X25519PublicKey.from_public_bytes(other), X25519PrivateKey.generate()
    chain = _hash(CONSTRUCTION)
    seen = _hash(_hash(chain + IDENTIFIER) + other)
    public = _public(fleeting)
    chain, seen = _derive(chain, public)[0], _hash(seen + public)
    chain, key = _derive(chain, fleeting.exchange(far))
    sealed = _seal(key, _public(static), seen)
    seen = _hash(seen + sealed)
    chain, key = _derive(chain, static.exchange(far))
    stamp = _seal(key, (EPOCH + seconds).to_bytes(8, "big") + bytes(4), seen)
    message = b"\1\0\0\0" + os.urandom(4) + public + sealed + stamp
    tag = blake2s(message, digest_size=16, key=_hash(b"mac1----" + other)).digest()
    return message + tag + bytes(16)


def _hash(text: bytes) -> bytes:
    return blake2s(text).digest()


def _derive(key: bytes, text: bytes) -> tuple[bytes, bytes]:
    """HKDF with BLAKE2s: two keys."""
    root = hmac.new(key, text, blake2s).digest()
    first = hmac.new(root, b"\1", blake2s).digest()
    return first, hmac.new(root, first + b"\2", blake2s).digest()


def _seal(key: bytes, text: bytes, beside: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(bytes(12), text, beside)


def _public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
