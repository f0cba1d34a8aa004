"""programs: real ones in the right namespaces, started once."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from tests.spec_texts import resolved
from warren.lab.programs import own, script

FILE = """\
version: 1
network: {name: test}
hosts: {home: {}}
services:
  a: {host: home}
  b: {host: home, egress: none}
"""


def test_only_what_nobody_declared() -> None:
    assert [one.name for one in own(resolved(FILE), "home")] == ["dns0-out", "dns0"]
    assert own(resolved(FILE.replace("{name: test}", "{name: test, dns: false}")), "home") == ()


def test_each_runs_in_its_namespace_with_the_file_of_a_host() -> None:
    text = script(own(resolved(FILE), "home"))
    assert "setsid ip netns exec dns0 /usr/sbin/unbound -d -c /etc/warren/dns0/unbound.conf >>/run/lab/dns0/log" in text
    assert (
        "known dns0 || MAINPID=$(cat /run/lab/dns0/pid) ip netns exec dns0 /bin/sh -c '/usr/sbin/unbound-checkconf"
        in text
    )


def test_what_was_started_is_waited_for_until_it_listens_or_has_ended() -> None:
    text = script(own(resolved(FILE), "home"))
    assert "echo $! > /run/lab/dns0/pid; up $! 0035\n" in text
    waiting = text.partition("gone()")[0]
    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = f"{listening.getsockname()[1]:04X}"
        done = subprocess.run(["sh"], input=f"{waiting}\nup $$ {port}\nfalse & up $! 0001", text=True, check=False)
    assert done.returncode == 0 and time.monotonic() - begun < 3


def test_the_reason_for_an_end_is_what_was_said_of_an_error(tmp_path: Path) -> None:
    words = script(()).replace("/run/lab", str(tmp_path))
    (tmp_path / "a").mkdir()
    for log, why in (("Error: no\nbye\n", "Error: no"), ("one\ntwo\n", "two")):
        (tmp_path / "a" / "log").write_text(log)
        done = subprocess.run(["sh"], input=f"{words}\nwhy a", text=True, check=True, capture_output=True)
        assert done.stdout == f"{why}\n"


def test_the_script_is_one_that_a_shell_understands() -> None:
    text = script(own(resolved(FILE), "home"))
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0


def test_an_entry_may_have_two_programs() -> None:
    shared = """\
version: 1
network: {name: test, dns: false}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  a: {host: vps, ports: {web: 80}, expose: {https: a.example}}
  b: {host: home, ports: {web: 80}, expose: {https: b.example, tls: home}}
"""
    text = script(own(resolved(shared), "home"))
    assert "setsid ip netns exec web1-g0 /usr/bin/caddy run" in text
    assert "setsid ip netns exec web1-g0 /usr/sbin/haproxy -W -f /etc/warren/web1-g0-names/haproxy.cfg" in text
    assert "if running web1-g0-names web1-g0; then" in text and "kill -USR2 $MAINPID" in text
