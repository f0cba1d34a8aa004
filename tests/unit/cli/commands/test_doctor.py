"""`warren doctor` as it is typed, against hosts that answer as told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.calling import Bench, call, written
from tests.unit.cli.test_rounds import Told, told
from tests.unit.doctor.patients import addresses, without

VPS = addresses(eth0=["203.0.113.10/24"])


@pytest.fixture
def hosts() -> Iterator[dict[str, Told]]:
    held = {"vps": told("vps", addresses=VPS), "home": told("home")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warren.cli.ground.ground", lambda topology, lab, only: Bench(held))  # type: ignore[arg-type]
        yield held


def test_a_host_that_lacks_something(hosts: dict[str, Told], tmp_path: Path) -> None:
    hosts["home"] = told("home", tools=without("tools", "wg="))
    done = call("doctor", "-f", written(tmp_path), "--no-reach")
    assert done.code == 1
    assert "  error    wireguard-tools are not there\n" in done.out
    assert "1 error" in done.out.splitlines()[-1]


def test_one_host_alone(hosts: dict[str, Told], tmp_path: Path) -> None:
    hosts["vps"] = Told("vps", None)
    done = call("doctor", "home", "-f", written(tmp_path), "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert [each["code"] for each in found["hosts"]["vps"]["findings"]] == ["reach-untried"]


def test_repairs_come_first(hosts: dict[str, Told], tmp_path: Path) -> None:
    hosts["home"] = told("home", tools=without("tools", "wg="))
    done = call("doctor", "-f", written(tmp_path), "--no-reach", "--fix")
    assert done.out.startswith("home  mended  apt-get install -y --no-install-recommends wireguard-tools\n")
    assert len(hosts["home"].told) == 3


def test_an_unknown_host(hosts: dict[str, Told], tmp_path: Path) -> None:
    done = call("doctor", "hme", "-f", written(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "there is no host `hme`" in done.err
    assert "did you mean `home`?" in done.err
