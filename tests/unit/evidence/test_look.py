"""What a host shows, by one script."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.unit.evidence.saying import Saying
from warren.desired.model import HostState
from warren.evidence.ask import HostQuestion, RouteQuestion
from warren.evidence.look import decode, look, look_at, script
from warren.evidence.model import Chain, Inner, Peer
from warren.formats.sockets import Listener
from warren.hosts.base import Unreachable

QUESTION = HostQuestion(
    (
        RouteQuestion("4.question.0", "10.86.1.3", netns="cloud"),
        RouteQuestion("4.question.1", "10.86.1.3", "10.86.1.2", "v-cloud", 0x1000000),
        RouteQuestion("4.question.2", "10.86.1.4", "198.51.100.7", "@203.0.113.10"),
    ),
    ("cloud", "it's"),
    (("cloud", "db"),),
    ("10.86.1.3",),
)
RULESET = {
    "nftables": [
        {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "hook": "forward", "policy": "drop"}},
        {"chain": {"family": "ip", "table": "filter", "name": "DOCKER-USER"}},
        {"chain": {"family": "inet", "table": "warren", "name": "forward", "hook": "forward"}},
    ]
}
LINKS = [{"ifindex": 2, "ifname": "eth0", "mtu": 1500, "flags": ["UP"],
          "addr_info": [{"local": "10.86.1.2", "prefixlen": 32}]}]  # fmt: skip
TEXT = f"""\
%%warren way
%%warren clock
900
%%warren links
{json.dumps(LINKS)}
%%warren routes
[]
%%warren rules4
[{{"priority": 100, "src": "all", "table": "main", "protocol": "static"}}]
%%warren rules6
[]
%%warren wg
wrn-vps\t-\tOWNKEY=\t40000\toff
wrn-vps\tPEERKEY=\t-\t203.0.113.10:51820\t0.0.0.0/0,::/0\t890\t10\t20\t25
wrn-vps\tOTHER=\t-\t(none)\t(none)\t0\t0\t0\toff
%%warren key
OWNKEY=
%%warren listen
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=3,fd=3))
%%warren ruleset
{json.dumps(RULESET)}
%%warren tracked
12
262144
%%warren disk
Filesystem 1024-blocks Used Available Capacity Mounted on
/dev/sda1 100 100 0 100% /var
/dev/sda2 100 10 90 10% /
%%warren inside listen cloud
tcp LISTEN 0 128 *:80 *:*
%%warren inside resolv cloud
# made by warren
nameserver 10.86.1.5
%%warren inside settings cloud
/proc/sys/net/ipv6/conf/all/disable_ipv6:1
%%warren inside links cloud
{json.dumps(LINKS)}
%%warren inside account cloud
manager=active
failed=
said=no space left on device
%%warren inside account db
%%warren name cloud db
10.86.1.3       STREAM db
10.86.1.3       DGRAM
fd00::3         STREAM
%%warren connections
ipv4 2 udp 17 29 src=1.2.3.4 dst=10.86.1.3 sport=1 dport=2 src=10.86.1.3 dst=1.2.3.4 sport=2 dport=1 mark=0 use=2
%%warren way 4.question.0
10.86.1.3 dev eth0
%%warren end
"""


def test_everything_is_read() -> None:
    seen = decode("home", TEXT, HostState(), 1000)
    assert (seen.late, seen.now, seen.tracked, seen.full) == (100, 900, (12, 262144), ("/var",))
    assert seen.peers == (
        Peer("wrn-vps", "OWNKEY=", 40000, "PEERKEY=", "203.0.113.10:51820",
             frozenset({"0.0.0.0/0", "::/0"}), 890, 10, 20),
        Peer("wrn-vps", "OWNKEY=", 40000, "OTHER=", None, frozenset(), 0, 0, 0),
    )  # fmt: skip
    assert seen.listeners == (Listener("tcp", "0.0.0.0", 22, "sshd", 3),)
    assert seen.chains == (
        Chain("ip", "filter", "FORWARD", "forward", "drop"),
        Chain("ip", "filter", "DOCKER-USER", "", "accept"),
    )
    assert [rule.priority for rule in seen.rules] == [100]
    assert (len(seen.connections), seen.ways) == (1, {"4.question.0": "10.86.1.3 dev eth0"})
    assert [link.name for link in seen.links] == ["eth0"]


def test_the_insides_of_namespaces() -> None:
    seen = decode("home", TEXT, HostState(), 1000)
    cloud = seen.inner["cloud"]
    assert (cloud.exists, cloud.nameservers) == (True, ("10.86.1.5",))
    assert cloud.names == {"db": ("10.86.1.3", "fd00::3")}
    assert cloud.settings == {"net.ipv6.conf.all.disable_ipv6": "1"}
    assert cloud.account == {"manager": "active", "said": "no space left on device"}
    assert seen.inner["db"] == Inner(False)


def test_an_answer_that_was_cut_off() -> None:
    with pytest.raises(Unreachable, match="cut off"):
        decode("home", TEXT.partition("%%warren end")[0], HostState(), 0)


def test_the_script_is_one_that_a_shell_reads() -> None:
    text = script(HostState(), QUESTION)
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0
    assert "ip -n cloud -o -d route get 10.86.1.3 2>&1" in text
    assert "route get 10.86.1.3 from 10.86.1.2 iif v-cloud mark 0x1000000" in text
    assert "iif $(ip -o addr show to 203.0.113.10 | awk '{print $2; exit}')" in text
    assert "getent ahosts db" in text and "'it'\"'\"'s'" in text
    assert text.endswith("section end\n")


def test_hosts_that_do_not_answer_say_why() -> None:
    away, failing, well = Saying(lambda _: None), Saying(lambda _: "", code=1), Saying(lambda _: TEXT)
    assert look_at(away, HostState(), QUESTION).trouble == "home is away"
    assert look_at(failing, HostState(), QUESTION).trouble == "it failed"
    found = look({"home": well, "vps": away}, {}, {})
    assert (found["home"].trouble, found["vps"].trouble) == (None, "home is away")
    assert len(well.scripts) == 1, "one round trip"
