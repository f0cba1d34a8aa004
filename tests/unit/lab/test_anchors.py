"""Inside the lab: what can be said of it without a namespace. The rest is in tests/netns/test_lab_build.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warren.lab import anchors


def test_sysctls_are_files_and_missing_ones_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "SYSCTL", str(tmp_path))
    (tmp_path / "net" / "ipv4").mkdir(parents=True)
    anchors.set_sysctls({"net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "0"})
    assert (tmp_path / "net" / "ipv4" / "ip_forward").read_text() == "1"


def test_nothing_to_run_starts_nothing() -> None:
    anchors.configure({"core": []}, {"core": ""}, {"core": os.getpid()})
    anchors.cut([("host:gone", "eth0")], {})
