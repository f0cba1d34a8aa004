"""The key that signs every zone of the small Internet; whoever has its public half can prove all names.

In: a running lab. Out: the key, and the anchor that hosts are given. Never a key that leaves the lab.
"""

from __future__ import annotations

from warren.formats.dnssec import Key, anchor
from warren.lab.lab import ANCHOR, Lab

KEY = "names.key"
ROOT = "."
HALF = 32


def signer(lab: Lab) -> Key:
    """The lab's key, made once."""
    # Imported here: it takes a tenth of a second, and most commands never sign a zone.
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    if (kept := lab.read(KEY)) is None:
        private = ec.generate_private_key(ec.SECP256R1())
        lab.write(KEY, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    else:
        loaded = load_pem_private_key(kept, None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        private = loaded

    def sign(text: bytes) -> bytes:
        one, other = decode_dss_signature(private.sign(text, ec.ECDSA(SHA256())))
        return one.to_bytes(HALF) + other.to_bytes(HALF)

    point = private.public_key().public_numbers()
    key = Key(point.x.to_bytes(HALF) + point.y.to_bytes(HALF), sign)
    if kept is None:
        lab.write(ANCHOR, f"{anchor(ROOT, key)}\n".encode())
    return key
