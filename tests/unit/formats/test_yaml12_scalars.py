"""What plain scalars mean, and what they do not mean any more since YAML 1.1."""

from __future__ import annotations

import pytest

from warren.formats.yaml12_scalars import is_kind, scalar_value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("22:22", "22:22"),
        ("2024-01-01", "2024-01-01"),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("-5", -5),
        ("+5", 5),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", float("-inf")),
        ("10.0.0.1", "10.0.0.1"),
        ("12345/udp", "12345/udp"),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("null", None),
        ("~", None),
        ("-", "-"),
        ("1" * 101, "1" * 101),
    ],
)
def test_plain_scalars_follow_the_core_schema(raw: str, value: object) -> None:
    assert scalar_value(raw) == value
    assert type(scalar_value(raw)) is type(value)


def test_not_a_number_is_a_number() -> None:
    assert str(scalar_value(".nan")) == "nan"


def test_kinds_of_tags() -> None:
    assert is_kind(1, "int") and is_kind(1, "float") and is_kind(None, "null") and is_kind(True, "bool")
    assert not is_kind(True, "int") and not is_kind("1", "int")
