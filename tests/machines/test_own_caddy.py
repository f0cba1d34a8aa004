"""A Caddy of one's own, by its image: run by Podman as the entry's user, told of changes, with secrets as variables."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.rig import Rig, rig, until
from warren.cli import laboratory
from warren.lab.machines import oci

OWN = shutil.which("caddy", path=f"{sys.prefix}/bin")
pytestmark = pytest.mark.skipif(OWN is None, reason="needs a Caddy of 2.7 or later beside this Python")

SECRET, GATEWAY = "no{body} knows $it", "203.0.113.10"
IMAGE = "docker.io/library/caddy"
FILE = """\
version: 1
network:
  name: NAME
  domain: example.org
  https: {image: "docker.io/library/caddy:2", secrets: {WORD: word}}
hosts:
  vps: {ssh: root@203.0.113.10, public: [203.0.113.10, "2001:db8:10::10"]}
secrets: {word: file:word.txt}
services:
  cloud:
    host: vps
    unit: /bin/busybox httpd -f -p 80 -h /usr/share/dns
    ports: {web: 80}
    expose: [{https: NAMES, to: web, raw: "respond /word {env.WORD}"}]
"""


def file(names: str = "cloud.example.org") -> str:
    """The file with these names."""
    return FILE.replace("NAMES", names)


@pytest.fixture(scope="module")
def net(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A gateway whose entry is of an image."""
    assert OWN
    folder = tmp_path_factory.mktemp("own")
    (folder / "word.txt").write_text(SECRET)
    layer = oci.layer({"usr/bin/caddy": Path(OWN).read_bytes()}, {}, ("tmp", "etc/ssl/certs"))
    with rig(folder, file()) as made:
        made.publish(oci.image("own", "2", layer, {"Cmd": ["caddy"], "Env": ["PATH=/usr/bin"]}), IMAGE, "2")
        settle(made)
        yield made


def settle(net: Rig) -> None:
    """Apply what the file says, secrets and all."""
    done = laboratory.settle(net.lab, net.topology, lambda host, words: None, net.path.parent)
    assert done.succeeded, done.failure


def page(net: Rig, name: str, path: str) -> str:
    """What a visitor from outside gets, with a certificate of the lab's own authority; empty where there is none."""
    authority = net.lab.path("ca.pem").read_text()
    visit = f"curl -s -f --max-time 5 --cacert ca.pem --connect-to ::{GATEWAY}: https://{name}{path} || :"
    return net.run("internet", f"cd $(mktemp -d) && cat > ca.pem <<'END'\n{authority}END\n{visit}")


def pid(net: Rig) -> str:
    """The process of the Caddy that runs."""
    return net.run("vps", "pgrep -x -u web0 caddy")


def test_it_serves_names_and_knows_its_secret(net: Rig) -> None:
    until(lambda: page(net, "cloud.example.org", "/root.hints"), 40)
    assert page(net, "cloud.example.org", "/word") == SECRET
    status = net.run("vps", f"grep -E '^(Uid|CapEff)' /proc/{pid(net)}/status")
    assert "Uid:\t0\t" not in status


def test_the_secret_is_its_users_alone(net: Rig) -> None:
    kept, home = "/var/lib/warren/credentials/web0/web0.env.WORD", "/var/lib/warren/services/web0"
    assert net.run("vps", f"stat -c '%a %U %G' {kept}") == "440 root web0"
    found = net.run("vps", "grep -rlsE 'knows .?[$]it' /etc /var/lib/warren /run/warren 2>/dev/null || :").split()
    assert kept in found and all(path == kept or path.startswith(f"{home}/.local/") for path in found)
    assert net.fails("vps", f"setpriv --reuid=cloud --regid=cloud --clear-groups ls {home}/.local/share/containers")
    assert "nows" not in net.run("vps", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '")


def test_a_name_more_is_told_to_what_runs(net: Rig) -> None:
    before = pid(net)
    net.say(file("[cloud.example.org, new.example.org]").replace("name: NAME", f"name: {net.topology.name}"))
    settle(net)
    until(lambda: page(net, "new.example.org", "/root.hints"), 40)
    assert pid(net) == before


def test_it_is_back_after_a_reboot_and_ends_when_it_is_asked_to(net: Rig) -> None:
    net.machine("vps").reboot()
    until(lambda: page(net, "cloud.example.org", "/root.hints"), 60)
    before = pid(net)
    restart = "XDG_RUNTIME_DIR=/run/user/$(id -u web0) setpriv --reuid web0 --regid web0 --init-groups systemctl --user"
    net.run("vps", f"cd / && {restart} restart web0")
    until(lambda: page(net, "cloud.example.org", "/root.hints"), 30)
    assert pid(net) != before
