"""unbound: clauses of options, with every value on its own line."""

from __future__ import annotations

import shutil
import subprocess
from ipaddress import ip_address
from pathlib import Path

import pytest

from warren.formats.unbound import Clause, Record, address_record, local_data, local_zone, option, pointer_record, write


def test_a_file_is_clauses_of_options() -> None:
    server = Clause("server", (option("interface", "::1"), option("prefetch", True), option("num-threads", 1)))
    zone = Clause("forward-zone", (option("name", "."), option("forward-addr", "192.0.2.1@53#dns.example")))
    assert write([server, zone]) == (
        "server:\n  interface: ::1\n  prefetch: yes\n  num-threads: 1\n"
        "forward-zone:\n  name: .\n  forward-addr: 192.0.2.1@53#dns.example\n"
    )


def test_empty_and_spaced_values_are_quoted() -> None:
    assert str(option("chroot", "")) == 'chroot: ""'
    assert str(option("identity", "a b")) == 'identity: "a b"'
    assert str(option("access-control-view", "10.0.0.1/32", "web")) == "access-control-view: 10.0.0.1/32 web"


@pytest.mark.parametrize("value", ['a"b', "a\nb", "a\\b", "\x00"])
def test_nothing_ends_its_line(value: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        write([Clause("server", (option("identity", value),))])


def test_records_and_zones() -> None:
    assert str(address_record("a.b", ip_address("192.0.2.1"))) == "a.b. 60 IN A 192.0.2.1"
    assert str(address_record("a.b.", ip_address("2001:db8::1"), 5)) == "a.b. 5 IN AAAA 2001:db8::1"
    assert str(pointer_record(ip_address("192.0.2.1"), "a.b")) == "1.2.0.192.in-addr.arpa. 60 IN PTR a.b."
    assert str(local_data(Record("a", "TXT", "x"))) == 'local-data: "a. 60 IN TXT x"'
    assert str(local_zone("a.b", "static")) == "local-zone: a.b. static"


def test_unbound_itself_reads_it(tmp_path: Path) -> None:
    checker = shutil.which("unbound-checkconf", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not checker:
        pytest.skip("unbound is not installed")
    view = Clause("view", (option("name", "v"), local_zone(".", "static"), local_data(Record("a", "A", "192.0.2.1"))))
    server = Clause("server", (option("directory", "/"), option("username", ""), option("pidfile", "")))
    (tmp_path / "conf").write_text(write([server, view]))
    done = subprocess.run([checker, tmp_path / "conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
