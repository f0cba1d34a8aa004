"""Packages by the words of every distribution."""

from __future__ import annotations

import pytest

from tests.unit.doctor.patients import survey
from warren.doctor.packages import install


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("apt-get", "apt-get install -y --no-install-recommends iproute2 uidmap"),
        ("dnf", "dnf install -y iproute shadow-utils"),
        ("apk", "apk add iproute2 shadow-uidmap"),
    ],
)
def test_the_command_of_each(tool: str, command: str) -> None:
    mend = install(survey(system=f"packages={tool}\n"), "iproute2", "uidmap")
    assert mend is not None
    assert mend.command == command
    assert mend.script is not None
    assert command in mend.script


def test_stale_lists_are_refreshed_once() -> None:
    mend = install(survey(), "nftables")
    assert mend is not None
    assert mend.script is not None
    assert mend.script.splitlines() == [
        "export DEBIAN_FRONTEND=noninteractive",
        "apt-get install -y --no-install-recommends nftables || "
        "{ apt-get update -q && apt-get install -y --no-install-recommends nftables; }",
    ]


def test_what_a_distribution_does_not_have() -> None:
    assert install(survey(system="packages=dnf\n"), "libpam-net") is None
    assert install(survey(system=""), "nftables") is None
