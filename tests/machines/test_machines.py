"""A test machine is a whole Debian: it boots, reboots, loses its power, and runs containers of ordinary users."""

from __future__ import annotations

import pytest

from tests.machines.images import Behaviour, image
from tests.machines.rig import Rig, until
from warren.hosts.base import Unreachable
from warren.hosts.ssh import SshHost

pytestmark = pytest.mark.long


def test_it_is_a_whole_system(worlds: Rig) -> None:
    assert worlds.run("home", "systemctl is-system-running") == "running"
    assert worlds.run("home", ". /etc/os-release; echo $VERSION_CODENAME; hostname; id -u") == "trixie\nhome\n0"
    assert worlds.run("home", "cat /proc/1/comm; readlink /proc/1/ns/net | cut -c1-4") == "systemd\nnet:"
    worlds.run("home", "ping -c1 -W2 203.0.113.10 && runuser -u admin -- sudo -n true")
    # Behind the router, nobody comes in.
    assert not worlds.reaches("internet", "192.168.2.10", 22)
    assert worlds.reaches("internet", "203.0.113.10", 22)


def test_a_reboot_keeps_the_disk_and_nothing_else(bare: Rig) -> None:
    before = bare.run("home", "ip -json route; cat /proc/sys/net/ipv4/ip_forward")
    bare.run(
        "home",
        "echo 1 >/root/kept; echo 1 >/var/kept; echo 1 >/home/kept; touch /run/lost; sysctl -q net.ipv4.ip_forward=1",
    )
    bare.run(
        "home",
        "nft add table inet ours; ip link add br9 type bridge; ip netns add ours; ip route add 10.1.0.0/16 dev eth0",
    )
    bare.machine("home").reboot()
    assert bare.run("home", "cat /root/kept /var/kept /home/kept; ls /run/lost 2>/dev/null || :") == "1\n1\n1"
    assert bare.run("home", "nft list tables; ip netns; ip -json route; cat /proc/sys/net/ipv4/ip_forward") == before
    assert "br9" not in bare.run("home", "ip link")
    bare.run("home", "ping -c1 -W2 203.0.113.10")


def test_a_reboot_from_inside_brings_it_back(bare: Rig) -> None:
    machine = bare.machine("vps")
    before = machine.pid
    bare.run("vps", "systemctl reboot")
    until(lambda: machine.pid not in (None, before))
    machine.wait_until_up()
    assert bare.reaches("internet", "203.0.113.10", 22)


def test_without_power_nothing_runs_and_nothing_answers(bare: Rig) -> None:
    bare.run("vps", "echo 1 >/root/kept; sync")
    bare.machine("vps").kill()
    with pytest.raises(Unreachable, match="switched off"):
        bare.machine("vps").run("true")
    assert not bare.reaches("internet", "203.0.113.10", 22)
    bare.machine("vps").boot()
    assert bare.run("vps", "cat /root/kept; systemctl is-system-running") == "1\nrunning"
    assert bare.reaches("internet", "203.0.113.10", 22)


def test_a_frozen_machine_goes_on_where_it_was(bare: Rig) -> None:
    bare.machine("home").freeze()
    with pytest.raises(Unreachable, match="did not finish"):
        bare.machine("home").run("systemctl is-system-running", timeout=1)
    bare.machine("home").thaw()
    assert bare.run("home", "systemctl is-system-running") == "running"


def test_a_cut_line_cuts_the_network_and_not_the_way_in(bare: Rig) -> None:
    bare.cut("home")
    bare.run("home", "! ping -c1 -W1 203.0.113.10")
    bare.heal("home")
    bare.run("home", "ping -c1 -W2 203.0.113.10")


ROOTLESS = """\
loginctl enable-linger admin && systemctl start user@$(id -u admin)
cat >/tmp/run.sh <<'END'
export XDG_RUNTIME_DIR=/run/user/$(id -u)
podman run -d --name web --network host -e PORT=8099 $1
END
runuser -u admin -- sh /tmp/run.sh %s
"""


def test_an_ordinary_user_runs_a_container_of_ours(bare: Rig) -> None:
    name = bare.load("home", "admin", image("web", "7"))
    bare.run("home", ROOTLESS % name)
    assert until(lambda: bare.lab.machine("home").run("curl -s 127.0.0.1:8099/version").stdout) == b"7\n"


PULL = "podman pull -q %s >/dev/null && podman image inspect -f '{{.Labels.version}} {{.Digest}}' %s"


def test_images_are_pulled_from_a_registry_and_tags_move(worlds: Rig) -> None:
    first, second = image("game", "1"), image("game", "2", Behaviour.BROKEN)
    name = worlds.publish(first, "docker.io/library/game", "latest")
    assert worlds.run("home", PULL % (name, name)) == f"1 {first.digest}"
    worlds.publish(second, "docker.io/library/game", "latest")
    assert worlds.run("home", PULL % (name, name)) == f"2 {second.digest}"
    pinned = f"docker.io/library/game@{first.digest}"
    assert worlds.run("home", PULL % (pinned, pinned)) == f"1 {first.digest}"
    assert any("GET /v2/docker.io/library/game/manifests/latest" in line for line in worlds.lab.store.requests())


def test_every_other_name_is_a_stand_in_that_does_nothing(worlds: Rig) -> None:
    worlds.run("vps", "podman run -d --name idle docker.io/library/whatever:9 redis-server --bind 127.0.0.1")
    assert worlds.run(
        "vps", "podman inspect -f '{{.State.Status}}' idle; podman exec idle curl -f x && podman rm -f -t 1 idle"
    ).startswith("running")


@pytest.mark.parametrize("host", ["vps", "home"])
def test_an_operator_comes_by_ssh_and_is_root(worlds: Rig, host: str) -> None:
    carrier = worlds.by_ssh[host]
    assert carrier.run("id -u; hostname; cat", b"given\n").stdout == f"0\n{host}\ngiven\n".encode()
    source = "198.51.100.7" if host == "vps" else "192.168.2.50"
    assert carrier.run("echo $SSH_CONNECTION").stdout.decode().startswith(source)
    assert isinstance(carrier, SshHost)
    carrier.close()


def test_a_cut_line_cuts_ssh(bare: Rig) -> None:
    carrier = bare.by_ssh["vps"]
    assert isinstance(carrier, SshHost)
    carrier.run("true")
    bare.cut("vps")
    with pytest.raises(Unreachable):
        carrier.run("true", timeout=2)
    bare.heal("vps")
    assert carrier.fresh().run("true").code == 0
    carrier.close()
