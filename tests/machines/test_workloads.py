"""What runs in services, on a booted machine: containers, volumes, secrets, order, names, plain programs, updates."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.images import Behaviour, image
from tests.machines.rig import Rig, rig, until
from warren import pipeline
from warren.apply.terms import new_terms
from warren.cli import lock, pins
from warren.condition import conditions
from warren.desired.account import as_user
from warren.desired.model import Platform
from warren.spec.pinning import pinned

BARE = """\
version: 1
network: {name: NAME}
hosts:
  vps: {ssh: root@203.0.113.10, public: 203.0.113.10}
  home: {ssh: admin@192.168.2.10, lan: 192.168.2.0/24, egress: vps}
"""
# What no shell, systemd, Quadlet or Podman may read as anything but itself.
ARGUMENTS = [
    "$HOME ${X}",
    "%n 100%",
    "",
    ";",
    "a;b",
    "-x",
    'say "hi"',
    "it's",
    "back\\",
    "two\nlines",
    "é☃",
    "#",
    "{{.}}",
]
VARIABLES = {"A": "$HOME ${X} %n", "B": "two\nlines\\", "C": "'\"; reboot", "D": "", "E": "a=b"}
SECRET, OTHER = "hunter2 $HOME %n ';\n", "s3cr3t"
OF_PROGRAM = "t00l $HOME %n \"`;\\\n 'x\n"
SERVICES = """\
secrets: {{pw: file:pw.txt, key: {{file: key.txt}}, tool: file:tool.txt}}
services:
  cloud:
    host: home
    ports: {{web: 80}}
    containers:
      app:
        image: web:{version}
        command: {command}
        environment: {environment}
        env_file: app.env
        volumes: [data:/data, "/srv/my files:/shared:ro"]
        tmpfs: /scratch:size=1m
        secrets: [pw, {{source: key, type: env, target: KEY}}, {{source: pw, target: /etc/pw, mode: 400}}]
        working_dir: /data
        hostname: app.example.org
        memory: 256m
        cpus: 0.5
        ulimits: {{nofile: 512}}
        read_only: true
        init: false
        depends_on: {{db: {{condition: service_healthy}}, setup: {{condition: service_completed_successfully}}}}
        stop_grace_period: 1s
      db:
        image: web:1
        environment: {{PORT: 5432}}
        healthcheck: {{test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:5432/version"], interval: 3s}}
        stop_grace_period: 1s
      setup:
        image: web:1
        command: [sh, -c, "echo done >/data/setup"]
        volumes: [data:/data]
  tool:
    host: home
    ports: {{web: 80}}
    lan: {{parent: eth0, address: 192.168.2.77/24}}
    unit:
      command: [/usr/bin/busybox, httpd, -f, -p, "80", -h, /srv/$HOME]
      environment: {{A: "$b %n"}}
      secrets: [tool, {{source: tool, type: env, target: TOOL}}]
      env_file: tool.env
"""
COMMAND = 'for a in "$@"; do printf \'<%s>\' "$a"; done >/data/args; env -0 >/data/env; exec sleep 1000000'


def services(version: str = "1") -> str:
    """The part of the file that this is about."""
    return SERVICES.format(
        version=version,
        command=json.dumps(["sh", "-c", COMMAND, "sh", *ARGUMENTS]),
        environment=json.dumps(VARIABLES),
    )


class Workloads:
    """Two machines, and a service whose containers can be looked into."""

    def __init__(self, machines: Rig) -> None:
        self.machines = machines
        self.head = machines.path.read_text()

    def apply(self, text: str) -> pipeline.Planned:
        """Apply a file as `warren apply` does, secrets and all; returns what was planned."""
        self.machines.say(self.head + text)
        understood = pipeline.understand(self.machines.path)
        lock.keep(understood)
        unlocked = pipeline.unlock(understood, Platform.SYSTEMD)
        planned = pipeline.plan(unlocked.topology, self.machines.hosts, Platform.SYSTEMD)
        done = pipeline.apply(planned, self.machines.hosts, terms=new_terms(secrets=unlocked.values))
        assert done.succeeded, done
        return planned

    def plan(self) -> list[str]:
        """The keys of what would change."""
        unlocked = pipeline.unlock(pipeline.understand(self.machines.path), Platform.SYSTEMD)
        planned = pipeline.plan(unlocked.topology, self.machines.hosts, Platform.SYSTEMD)
        return [change.key for host in planned.plan.hosts.values() for change in host]

    def run(self, command: str, user: str = "cloud") -> str:
        """What a simple command of a service's user says."""
        # `podman exec` stays in the network of whoever calls it, where the container has none of its own.
        inside = as_user(user, self.machines.topology.services[user].uid, command)
        return self.machines.run("home", f"ip netns exec {user} sh -c {shlex.quote(inside)}")

    def file(self, path: str) -> str:
        """A file of the volume `data`."""
        home = "/var/lib/warren/services/cloud/.local/share/containers/storage/volumes/data/_data"
        return self.machines.run("home", f"cat {home}/{path}; echo .").removesuffix(".")

    def since(self) -> dict[str, str]:
        """Since when each unit of the service runs."""
        units = ("cloud-app", "cloud-db", "cloud-setup")
        ask = "systemctl --user show --value -p ActiveEnterTimestampMonotonic {}.service"
        return {unit: self.run(ask.format(unit)) for unit in units}


@pytest.fixture(scope="module")
def running(machines: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workloads]:
    """Everything applied to fresh machines once, for all tests here."""
    folder = tmp_path_factory.mktemp("workloads")
    keep(folder, "pw.txt", SECRET)
    keep(folder, "key.txt", OTHER)
    keep(folder, "tool.txt", OF_PROGRAM)
    keep(folder, "tool.env", "A=2\nLINES='t00l\ntwo'\n")
    keep(folder, "app.env", f"FILE='$HOME # {OTHER}'\n")
    with rig(folder, BARE) as made:
        for version in ("1", "2"):
            made.publish(image("web", version), "docker.io/library/web", version)
        made.run(
            "home", "mkdir -p '/srv/my files' '/srv/$HOME'; echo shared >'/srv/my files/f'; echo tool >'/srv/$HOME/f'"
        )
        workloads = Workloads(made)
        workloads.apply(services())
        yield workloads


def keep(folder: Path, name: str, text: str) -> None:
    """A file beside the user's."""
    (folder / name).write_text(text)


def test_everything_runs_and_nothing_is_left_to_do(running: Workloads) -> None:
    assert running.plan() == []
    states = running.run("systemctl --user is-active cloud-app.service cloud-db.service cloud-setup.service")
    assert states.split() == ["active"] * 3


def test_arguments_and_variables_arrive_to_the_letter(running: Workloads) -> None:
    assert running.file("args") == "".join(f"<{one}>" for one in ARGUMENTS)
    found = dict(one.partition("=")[::2] for one in running.file("env").split("\0") if one)
    assert {name: found[name] for name in VARIABLES} == VARIABLES
    assert (found["FILE"], found["KEY"]) == (f"$HOME # {OTHER}", OTHER)


def test_secrets_arrive_and_are_nowhere_else(running: Workloads) -> None:
    assert running.run("podman exec cloud-app cat /run/secrets/pw") == SECRET.strip()
    assert running.run("podman exec cloud-app stat -c %a /etc/pw") == "400"
    for text in (OTHER, SECRET.split()[0], OF_PROGRAM.split()[0]):
        places = "/etc /run/systemd /var/lib/warren/generations /var/lib/warren/state /run/user/*/systemd"
        assert running.machines.run("home", f"grep -rlF {text} {places} 2>/dev/null || :") == ""
        assert running.machines.run("home", f"journalctl | grep -cF {text} || :") == "0"
        # Whoever looks for it is a process too.
        running.machines.run("home", "cat /proc/[0-9]*/cmdline >/root/seen 2>/dev/null || :")
        assert running.machines.run("home", f"grep -acF {text} /root/seen || :") == "0"


def test_what_it_was_told_to_wait_for_was_there_first(running: Workloads) -> None:
    since = {unit: int(time) for unit, time in running.since().items()}
    assert since["cloud-app"] > since["cloud-db"]
    assert since["cloud-app"] > since["cloud-setup"]
    assert running.file("setup") == "done\n"


def test_containers_find_each_other_and_nobody_else_by_name(running: Workloads) -> None:
    hosts = running.run("podman exec cloud-app cat /etc/hosts")
    assert {"127.0.0.1", "::1"} <= {line.split()[0] for line in hosts.splitlines() if line.split()[1:] == ["db"]}
    assert running.run("podman exec cloud-app wget -q -O - http://db:5432/version") == "1"
    assert running.run("podman exec cloud-app cat /etc/resolv.conf") == running.machines.run(
        "home", "cat /etc/netns/cloud/resolv.conf"
    )
    assert running.run("podman exec cloud-app cat /proc/sys/kernel/hostname") == "app.example.org"


def test_its_network_is_the_services_own(running: Workloads) -> None:
    inside = running.run("podman exec cloud-app ip -o -4 addr show dev eth0")
    assert str(running.machines.topology.services["cloud"].addresses.v4) in inside


def test_mounts_and_limits(running: Workloads) -> None:
    assert running.run("podman exec cloud-app cat /shared/f") == "shared"
    assert running.run("podman exec cloud-app sh -c 'touch /x || touch /shared/x || echo no'").endswith("no")
    assert running.run("podman exec cloud-app sh -c 'touch /scratch/x && ulimit -n'") == "512"
    shown = running.run("systemctl --user show -p MemoryMax -p CPUQuotaPerSecUSec cloud-app.service")
    assert shown.split() == ["CPUQuotaPerSecUSec=500ms", "MemoryMax=268435456"]


def test_a_plain_program_runs_in_the_namespace_too(running: Workloads) -> None:
    machines, tool = running.machines, running.machines.topology.services["tool"]
    assert machines.run("home", f"curl -s http://{tool.addresses.v4}/f") == "tool"
    environment = variables(machines)
    assert environment["A"] == "$b %n"


def variables(machines: Rig) -> dict[str, str]:
    """Those of the plain program."""
    read = machines.run("home", "cat /proc/$(pgrep -u tool busybox)/environ; echo .").removesuffix(".")
    return dict(one.partition("=")[::2] for one in read.split("\0") if one)


def test_a_plain_program_has_its_secrets_to_the_letter_and_nobody_else(running: Workloads) -> None:
    machines, found = running.machines, variables(running.machines)
    assert (found["TOOL"], found["LINES"]) == (OF_PROGRAM, "t00l\ntwo")
    file = f"{found['CREDENTIALS_DIRECTORY']}/tool"
    assert machines.run("home", f"cat {file}; echo .").removesuffix(".") == OF_PROGRAM
    kept = "/var/lib/warren/credentials/tool/tool"
    assert machines.run("home", f"stat -c '%a %U %G' {kept}") == "440 root tool"
    for path in (file, kept):
        running.run(f"cat {path}", "tool")
        assert machines.fails("home", f"setpriv --reuid=nobody --regid=nogroup --clear-groups cat {path}")
        assert machines.fails("home", f"setpriv --reuid=cloud --regid=cloud --clear-groups cat {path}")


def test_another_secret_starts_a_plain_program_anew(running: Workloads) -> None:
    before = running.machines.run("home", "pgrep -u tool busybox")
    keep(running.machines.path.parent, "tool.txt", "changed\n")
    running.apply(services())
    assert running.machines.run("home", "pgrep -u tool busybox") != before
    assert variables(running.machines)["TOOL"] == "changed\n"
    running.machines.run("home", "rm /var/lib/warren/credentials/tool/tool")
    assert any(key.endswith("/tool") for key in running.plan())
    running.apply(services())
    assert running.plan() == []


def test_it_is_on_the_lan_where_the_file_says_so(running: Workloads) -> None:
    assert running.run("ip -o -4 addr show dev lan0", "tool").split()[3] == "192.168.2.77/24"
    assert "default" not in running.run("ip route show dev lan0; ip -6 route show dev lan0", "tool")
    until(lambda: running.machines.reaches("lan:home", "192.168.2.77", 80))


def test_files_are_for_root_and_the_services_user_alone(running: Workloads) -> None:
    modes = running.machines.run(
        "home", "stat -c '%a %U %G' /etc/containers/systemd/users/*/cloud* /etc/warren/units/tool/*"
    )
    assert set(modes.splitlines()) <= {"640 root cloud", "640 root tool", "755 root root"}


def test_another_image_restarts_what_runs_it_and_nothing_else(running: Workloads) -> None:
    before = running.since()
    running.apply(services("2"))
    after = running.since()
    assert {unit for unit in before if before[unit] != after[unit]} == {"cloud-app"}
    assert running.plan() == []


def test_another_secret_restarts_what_uses_it_and_nothing_else(running: Workloads) -> None:
    before = running.since()
    keep(running.machines.path.parent, "key.txt", "changed")
    cloud = running.machines.topology.services["cloud"].uid
    # What brings everything back after a boot knows with what it runs.
    wanted = {f"secret:cloud/{cloud}/key", f"running:cloud/{cloud}/cloud-app.service", "file:/etc/warren/boot.sh"}
    assert set(running.plan()) == wanted
    running.apply(services("2"))
    after = running.since()
    assert {unit for unit in before if before[unit] != after[unit]} == {"cloud-app"}
    assert "KEY=changed" in running.file("env").split("\0")


def test_everything_is_back_after_a_reboot(running: Workloads) -> None:
    running.machines.machine("home").reboot()
    until(lambda: running.plan() == [], 60, 1)
    assert running.run("podman exec cloud-app wget -q -O - http://db:5432/version") == "1"


def test_a_pinned_image_is_the_one_that_runs_and_nothing_is_left_to_do(running: Workloads) -> None:
    machines = running.machines
    running.apply(services("2"))
    understood = pipeline.understand(machines.path)
    found, _ = pins.wanted(pipeline.written(understood.path)[0], ("cloud",), False)
    digests = pins.resolved(understood, machines.hosts, found, False)
    assert digests[found[0]] == f"sha256:{hashlib.sha256(image('web', '2').manifest).hexdigest()}"
    text = pinned(machines.path.read_text(), digests)
    assert text.count("@sha256:") == 3
    running.apply(text.removeprefix(running.head))
    assert running.plan() == []
    shown = running.run("podman ps --format '{{.Names}} {{.Image}}'")
    assert f"cloud-app docker.io/library/web@{digests[found[0]]}" in shown
    # The names without digests have gone, and took nothing with them that is needed.
    machines.machine("home").reboot()
    until(lambda: running.plan() == [], 60, 1)
    running.apply(services("2"))


UPDATED = """\
  fresh:
    host: home
    image: fresh:1
    ports: {web: 80}
    update: {when: yearly, within: 15s}
    stop_grace_period: 1s
"""


@pytest.mark.long
def test_a_new_image_comes_by_itself_and_goes_back_where_it_does_not_work(running: Workloads) -> None:
    machines, name = running.machines, "docker.io/library/fresh"
    machines.publish(image("fresh", "a"), name, "1")
    running.apply(services("2") + UPDATED)
    address = machines.topology.services["fresh"].addresses.v4
    looks = "systemctl start warren-update@fresh.service"

    def version() -> str:
        return machines.run("home", f"curl -s http://{address}/version || :")

    def result() -> str:
        return str(json.loads(machines.run("home", "cat /var/lib/warren/updates/fresh.json"))["result"])

    until(lambda: version() == "a")
    machines.run("home", looks)
    assert result() == "current"
    machines.publish(image("fresh", "b"), name, "1")
    machines.run("home", looks)
    assert (result(), version()) == ("updated", "b")
    for behaviour in (Behaviour.BROKEN, Behaviour.HANGING):
        machines.publish(image("fresh", behaviour.name, behaviour), name, "1")
        assert machines.fails("home", looks)
        assert result() == "went-back"
        [seen] = conditions(machines.hosts["home"], [machines.topology.services["fresh"]])
        assert seen.update and seen.update.result == "went-back" and seen.update.units == ("fresh.service",)
        assert seen.update.at and seen.update.reason.startswith("the new image")
        until(lambda: version() == "b")
    # It is not tried again, and another one is.
    machines.run("home", looks)
    assert (result(), version()) == ("current", "b")
    machines.publish(image("fresh", "c"), name, "1")
    machines.run("home", looks)
    assert (result(), version()) == ("updated", "c")
    assert machines.run("home", "systemctl is-enabled warren-update@fresh.timer") == "enabled"
    assert running.plan() == []
