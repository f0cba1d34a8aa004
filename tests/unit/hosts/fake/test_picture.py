"""A machine in memory as text."""

from __future__ import annotations

from warren.hosts.fake import shell
from warren.hosts.fake.machine import Machine
from warren.hosts.fake.picture import picture


def test_a_machine_is_a_few_lines() -> None:
    machine = Machine.fresh("home")
    for command in (
        shell.IpLine("netns add a", None, None),
        shell.IpLine("link set lo up", "a", None),
        shell.IpLine("route add unreachable 10.0.0.0/8 table 8600 proto 86 metric 9", None, None),
        shell.IpLine("rule add pref 8600 to 10.0.0.0/8 lookup 8600 protocol 86", None, 4),
        shell.Setting("net.ipv4.ip_forward", "1", None),
        shell.Setting("net.ipv6.conf.all.forwarding", "0", None),
        shell.Put("/etc/x", "text\n", 0o600),
        shell.Transaction("table inet t {\nchain c {\naccept\n}\n}\n"),
    ):
        machine.do(command)
    assert picture(machine) == [
        "[a] link lo type None group default mtu 1500 up",
        "file /etc/x 600: text\n",
        "link eth0 type virtio_net group default mtu 1500 up",
        "link lo type None group default mtu 65536 up",
        "netns a",
        'nft t chain c  0 [{"accept": null}] ',
        "nft t chain c {}",
        "nft table t",
        "route unreachable 10.0.0.0/8 dev None table 8600 proto 86 metric 9",
        "rule -4 pref 8600 to 10.0.0.0/8 lookup 8600 protocol 86",
        "sysctl net.ipv4.ip_forward=1",
        "sysctl net.ipv6.conf.eth0.accept_ra=1",
    ]
