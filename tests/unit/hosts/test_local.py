"""Scripts on this machine, or behind a prefix."""

from __future__ import annotations

import pytest

from warren.hosts.base import Unreachable
from warren.hosts.local import LocalHost

HERE = LocalHost("here")


def test_a_script_says_what_it_says() -> None:
    result = HERE.run("echo said; echo wrong >&2; exit 3")
    assert (result.code, result.stdout, result.stderr) == (3, b"said\n", b"wrong\n")


def test_standard_input_is_the_scripts_own() -> None:
    assert HERE.run("cat", b"secret").stdout == b"secret"


def test_a_script_may_be_long() -> None:
    assert HERE.run("#" * 300_000 + "\necho long").stdout == b"long\n"


def test_a_prefix_leads_elsewhere() -> None:
    assert LocalHost("there", ("env", "PLACE=there")).run("echo $PLACE").stdout == b"there\n"


def test_what_does_not_end_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"here did not finish within 0\.1 seconds"):
        HERE.run("sleep 5", timeout=0.1)


def test_a_prefix_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="gone cannot be entered: No such file or directory"):
        LocalHost("gone", ("/no/such/program",)).run("true")
