"""Keys: read and printed as WireGuard does, and never shown when they are private."""

from __future__ import annotations

import pytest

from warren.basis.keys import PrivateKey, WireGuardKey

# From RFC 7748, section 6.1.
ALICE = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
ALICE_PUBLIC = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")


def test_public_key_of_the_rfc() -> None:
    assert PrivateKey(ALICE).public() == WireGuardKey(ALICE_PUBLIC)


def test_text_and_back() -> None:
    key = PrivateKey.generate()
    assert PrivateKey.parse(key.reveal()) == key
    assert WireGuardKey.parse(str(key.public())) == key.public()
    assert len(key.reveal()) == len(str(key.public())) == 44


def test_two_keys_differ() -> None:
    assert PrivateKey.generate() != PrivateKey.generate()


def test_private_keys_are_clamped_as_the_kernel_does() -> None:
    assert PrivateKey(b"\xff" * 32).octets == b"\xf8" + b"\xff" * 30 + b"\x7f"
    assert PrivateKey(ALICE).octets[0] % 8 == 0


def test_a_private_key_is_never_shown() -> None:
    key = PrivateKey.generate()
    for printed in (str(key), repr(key), f"{key}", f"{key!r}", repr([key]), repr({"key": key})):
        assert key.reveal() not in printed and "hidden" in printed and repr(key.octets) not in printed


@pytest.mark.parametrize("text", ["", "x", "A" * 44, "A" * 43 + "=", "é" * 44, "/" * 43 + "=", " " + "/" * 42 + "8="])
def test_what_is_no_key_is_refused_and_not_shown(text: str) -> None:
    for parse in (WireGuardKey.parse, PrivateKey.parse):
        with pytest.raises(ValueError) as refused:
            parse(text)
        assert str(refused.value).startswith("this is not a WireGuard key: ")
        assert not text or text == "x" or text not in str(refused.value)


@pytest.mark.parametrize("kind", [WireGuardKey, PrivateKey])
def test_a_key_has_32_bytes(kind: type[WireGuardKey] | type[PrivateKey]) -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        kind(b"x" * 31)


def test_public_keys_are_ordered_and_shown() -> None:
    one, two = WireGuardKey(b"a" * 32), WireGuardKey(b"b" * 32)
    assert sorted([two, one]) == [one, two]
    assert repr(one) == f"WireGuardKey({one})"
