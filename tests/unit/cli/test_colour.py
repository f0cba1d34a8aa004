"""The order of the variables that decide on colour."""

from __future__ import annotations

import pytest

from warren.cli.colour import wanted


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, None),
        ({"FORCE_COLOR": "1", "CLICOLOR": "0", "TERM": "dumb"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR_FORCE": "0", "CLICOLOR": "0"}, False),
        ({"CLICOLOR": "1"}, None),
        ({"TERM": "dumb"}, False),
    ],
)
def test_order(environment: dict[str, str], expected: bool | None) -> None:
    assert wanted(environment) is expected
