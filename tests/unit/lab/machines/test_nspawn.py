"""The words that boot a machine."""

from __future__ import annotations

from warren.lab.machines import nspawn


def test_folders_that_lie_elsewhere_are_bound() -> None:
    words = nspawn.words("vps", "/run/root", {"/var": "/disk/var"})
    assert words[0] == "systemd-nspawn"
    assert {"--directory=/run/root", "--machine=vps", "--bind=/disk/var:/var", "--register=no"} <= set(words)
    assert "--network-namespace-path=/proc/self/ns/net" in words
