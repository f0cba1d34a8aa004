"""Why a lab cannot be built, in one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warren.lab import allowed


def test_missing_tools_are_named_with_their_packages() -> None:
    assert allowed.missing_tools({"sh": "dash"}) is None
    assert (
        allowed.missing_tools({"no-such-tool": "thing", "sh": "dash"})
        == "not installed: no-such-tool: apt install thing"
    )


@pytest.mark.parametrize(("name", "value", "sentence"), allowed.SWITCHES)
def test_a_switch_of_the_machine_is_named(
    name: str, value: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text(f"{value}\n")
    assert allowed.forbidden(tmp_path) == sentence
    file.write_text("7\n")
    assert allowed.forbidden(tmp_path) is None


def test_root_needs_no_user_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--user" not in allowed.unshare_words()
    assert allowed.forbidden() is None
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--map-root-user" in allowed.unshare_words()


def test_tunnels_are_the_kernels_or_wireguard_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert allowed.why_no_tunnels(True) is None
    monkeypatch.setattr(allowed, "missing_tools", lambda tools: None)
    assert "is not open to this user" in (allowed.why_no_tunnels(False, str(tmp_path / "tun")) or "")
    monkeypatch.setattr(allowed, "missing_tools", lambda tools: "not installed: wireguard-go")
    assert "its stand-in is not installed" in (allowed.why_no_tunnels(False) or "")
