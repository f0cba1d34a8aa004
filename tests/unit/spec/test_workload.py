"""workload: units, updates, LAN interfaces, and where secrets are found."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.spec_texts import BASE, codes, loaded
from warren.spec.workload import LanKeys, SecretKeys, SecretSource, UnitKeys, UpdateKeys

SOURCE: TypeAdapter[SecretKeys] = TypeAdapter(SecretSource)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("file:db.txt", {"file": "db.txt"}),
        ("env:DB", {"env": "DB"}),
        ("age:db.age", {"age": "db.age"}),
        ("command:pass show 'my db'", {"command": ["pass", "show", "my db"]}),
    ],
)
def test_a_secret_is_found_in_four_ways(short: str, long: dict[str, object]) -> None:
    assert SOURCE.validate_python(short) == SOURCE.validate_python(long)


@pytest.mark.parametrize("written", ["hunter2", "file:", "vault:x", "env:A B", "", ["file:x"], {"value": "hunter2"}])
def test_a_value_is_no_source(written: object) -> None:
    with pytest.raises(ValidationError):
        SOURCE.validate_python(written)


def test_a_unit_and_an_update_have_short_forms() -> None:
    spec = loaded(
        BASE + '  x: {host: home, unit: /usr/bin/x --all}\n  y: {host: home, image: "a:1", update: registry}\n'
    )
    assert spec.services["x"].unit == UnitKeys(command=("/usr/bin/x", "--all"))
    assert spec.services["y"].update == UpdateKeys(policy="registry", when="daily", within="5m")
    assert spec.services["x"].update.policy == "none"


@pytest.mark.parametrize("when", ["daily", "Mon *-*-* 04:00", "*:0/15"])
def test_calendar_expressions(when: str) -> None:
    assert UpdateKeys.model_validate({"when": when}).when == when


EVENTS = [
    *(
        "daily",
        "yearly",
        "Mon",
        "Mon,Wed",
        "Mon..Fri 22:30",
        "Sunday 03:00",
        "*-*-* 04:00",
        "*-*-1..7 18:00",
        "2027-01-01",
    ),
    *("Mon,Wed *-*-* 03:00:00", "*:0/15", "03:00 UTC", "*-*~03 04:00", "daily Europe/Berlin", "*-2,5-1/3 1:2:3.5"),
]
NO_EVENTS = [
    "--privileged",
    "../../etc/passwd",
    "a b",
    "Moon 04:00",
    "reboot",
    "04",
    "",
    "daily daily",
    "- -",
    "%n",
    "mon;tue",
]


@pytest.mark.parametrize(
    ("when", "comes"), [*((each, True) for each in EVENTS), *((each, False) for each in NO_EVENTS)]
)
def test_what_systemd_cannot_read_would_never_come(when: str, comes: bool) -> None:
    found = codes(BASE + f'  x: {{host: home, image: "a:1", update: {{when: "{when}"}}}}\n')
    assert ("wrong-value" in found) is not comes
    if analyze := shutil.which("systemd-analyze"):
        assert (subprocess.run([analyze, "calendar", when], capture_output=True).returncode == 0) is comes


@pytest.mark.parametrize(
    "keys", [{"parent": "a b"}, {"parent": "eth0", "mac": "01:00:00:00:00:01"}, {"parent": "eth0", "mode": "bridge"}]
)
def test_interfaces_that_cannot_be(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LanKeys.model_validate(keys)


def test_a_calendar_expression_is_one_line_of_few_letters() -> None:
    assert codes(BASE + '  x: {host: home, image: "a:1", update: {when: "daily\\n[Service]"}}\n') == ["wrong-value"]
