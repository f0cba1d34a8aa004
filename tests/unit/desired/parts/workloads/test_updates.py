"""updates: what brings new images, as files and a timer."""

from __future__ import annotations

import subprocess
from dataclasses import replace

from tests.topologies import DIRECT, pair, service
from warren.desired.items.file import File
from warren.desired.items.unit import Unit
from warren.desired.parts.workloads.updates import TEXT, updates
from warren.formats import ini
from warren.topology.workload import Container, Update, Workload

APP = Container("app", "x-app", "docker.io/library/a:1")
OTHERS = (
    Container("pinned", "x-pinned", "docker.io/library/a@sha256:00"),
    Container("brought", "x-brought", "localhost/a:1", pull="never"),
    Container("ends", "x-ends", "docker.io/library/a:1", completes=True),
)
WORKLOAD = Workload((APP, *OTHERS), update=Update("Mon 04:00", "5m"))
SERVICE = replace(service("x", "home", pair(0, 2), DIRECT, web="80/tcp", play="5-6/udp"), uid=6001, workload=WORKLOAD)
FILES = {item.path: item for item in updates(SERVICE, WORKLOAD) if isinstance(item, File)}


def test_the_list_says_what_to_look_at() -> None:
    listed = FILES["/etc/warren/updates/x"]
    assert listed.content == "6001\n300\ntcp/80 udp/5 udp/6\nx-app.service docker.io/library/a:1\n"
    assert listed.mode == 0o600


def test_a_timer_for_each_service() -> None:
    timer = ini.read(FILES["/etc/systemd/system/warren-update@x.timer"].content)
    assert timer.section("Timer").of("OnCalendar") == ("Mon 04:00",)
    assert [item.name for item in updates(SERVICE, WORKLOAD) if isinstance(item, Unit)] == ["warren-update@x.timer"]


def test_the_script_is_one_that_a_shell_reads() -> None:
    assert subprocess.run(["sh", "-n"], input=TEXT, text=True, check=False).returncode == 0
    assert FILES["/etc/warren/update.sh"].mode == 0o700


def test_without_the_word_nothing_comes_by_itself() -> None:
    assert not list(updates(SERVICE, replace(WORKLOAD, update=None)))
