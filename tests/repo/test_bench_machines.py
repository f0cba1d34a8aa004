"""What rivals are given in the bench of whole machines."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bench import rivals

CONFIG = """\
Host edge-0
    HostName 203.0.113.1
    HostKeyAlias edge-0
    User root
    ProxyCommand python -c x /proc/7/ns/net %h %p
    ProxyUseFdpass yes
"""


def test_a_rival_that_takes_no_socket_gets_a_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "image", lambda: Path("/tree"))
    text = rivals.relayed(CONFIG)
    assert "ProxyCommand nsenter --net=/proc/7/ns/net /tree/usr/bin/busybox nc %h %p" in text
    assert "HostName 203.0.113.1" in text and "Fdpass" not in text


def test_the_play_makes_a_user_three_files_and_a_unit_for_each(tmp_path: Path) -> None:
    command = rivals.ansible(Path("/tools"), tmp_path, Path("/files"), 2)
    assert command[-1] == str(tmp_path / "play.yml")
    [play] = yaml.safe_load((tmp_path / "play.yml").read_text())
    assert [each["name"] for each in play["vars"]["services"]] == ["rival0", "rival1"]
    kinds = [next(key for key in task if key.startswith("ansible.")) for task in play["tasks"]]
    assert kinds.count("ansible.builtin.template") == len(rivals.FILES)
    assert "-F /files/ssh_config" in (tmp_path / "ansible.cfg").read_text()
