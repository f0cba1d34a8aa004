"""signer: one key for all the names of a lab."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tests.unit.lab.test_authority import Files
from warren.lab.signer import signer


def test_it_is_made_once_and_its_public_half_is_the_anchor() -> None:
    lab = Files()
    key = signer(lab)  # type: ignore[arg-type]
    assert set(lab.held) == {"names.key", "anchor"}
    assert lab.held["anchor"].decode() == f". 60 IN DNSKEY {key.content}\n"
    assert signer(lab).public == key.public  # type: ignore[arg-type]


def test_it_signs_so_that_the_public_half_can_prove_it() -> None:
    key = signer(Files())  # type: ignore[arg-type]
    text, x, y = key.sign(b"text"), int.from_bytes(key.public[:32]), int.from_bytes(key.public[32:])
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    proof = encode_dss_signature(int.from_bytes(text[:32]), int.from_bytes(text[32:]))
    public.verify(proof, b"text", ec.ECDSA(SHA256()))
