"""What others would be given to do the same as warren does for services: users, templated files, units.

In: a lab's ssh configuration. Out: the commands of Ansible and pyinfra, set as fast as their manuals say. Never judges.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.commands import Failed
from warren.lab.machines.image import cache, image

WANTED = ("ansible-core", "pyinfra")
HOSTS = ("edge-0", "home-1")

CONTAINER = """\
[Unit]
Description=NAME
[Container]
Image=registry.example.org/NAME:1
Network=host
Environment=PORT=8080
[Service]
Restart=always
[Install]
WantedBy=default.target
"""
UNIT = """\
[Unit]
Description=network of NAME
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
[Install]
WantedBy=multi-user.target
"""
RESOLV = "nameserver 10.86.0.3\nsearch NAME.internal\n"
FILES = {
    "container.j2": (CONTAINER, "/etc/containers/systemd/users/{uid}/{name}.container"),
    "unit.j2": (UNIT, "/etc/systemd/system/{name}-net.service"),
    "resolv.j2": (RESOLV, "/etc/netns-rival/{name}.resolv.conf"),
}

PLAY = """\
- hosts: all
  gather_facts: false
  become: true
  tasks:
    - ansible.builtin.user: {name: "{{ item.name }}", uid: "{{ item.uid }}", shell: /usr/sbin/nologin}
      loop: "{{ services }}"
    - ansible.builtin.file: {path: "/etc/containers/systemd/users/{{ item.uid }}", state: directory}
      loop: "{{ services }}"
    - ansible.builtin.file: {path: /etc/netns-rival, state: directory}
"""
TASK = """\
    - ansible.builtin.template: {src: SRC, dest: "DEST", mode: "0644"}
      loop: "{{ services }}"
"""
UNITS = """\
    - ansible.builtin.systemd_service: {name: "{{ item.name }}-net", state: started, enabled: true}
      loop: "{{ services }}"
"""
SETTINGS = """\
[defaults]
host_key_checking = True
forks = 10
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_args = -F CONFIG -o ControlMaster=auto -o ControlPersist=600s -o ControlPath=FOLDER/%C
"""
DEPLOY = """\
from pyinfra.operations import files, server, systemd
services = SERVICES
files.directory(path="/etc/netns-rival", _sudo=True)
for name, uid in services:
    server.user(user=name, uid=uid, shell="/usr/sbin/nologin", _sudo=True)
    files.directory(path=f"/etc/containers/systemd/users/{uid}", _sudo=True)
    for src, dest in FILES:
        files.template(src=src, dest=dest.format(name=name, uid=uid), mode="644", name_of=name, _sudo=True)
    systemd.service(service=f"{name}-net", running=True, enabled=True, _sudo=True)
"""


def tools() -> Path:
    """The folder of their commands: an environment of their own, kept for the next time. Raises `Failed`."""
    place = cache() / "rivals"
    if not all((place / "bin" / name).exists() for name in ("ansible-playbook", "pyinfra")):
        shutil.rmtree(place, ignore_errors=True)
        for words in ([sys.executable, "-m", "venv", str(place)], [f"{place}/bin/pip", "install", "-q", *WANTED]):
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                raise Failed((done.stderr.strip() or "pip failed").splitlines()[-1])
    return place / "bin"


def services(count: int) -> list[tuple[str, int]]:
    """Users that no service of warren has."""
    return [(f"rival{number}", 7000 + number) for number in range(count)]


def ansible(tools: Path, place: Path, files: Path, count: int) -> list[str]:
    """A play with loops, pipelining and shared connections, without the facts that it does not need."""
    _templates(place, "{{ item.name }}")
    tasks = "".join(
        TASK.replace("SRC", src).replace("DEST", dest.format(name="{{ item.name }}", uid="{{ item.uid }}"))
        for src, (_, dest) in FILES.items()
    )
    listed = "".join(f"      - {{name: {name}, uid: {uid}}}\n" for name, uid in services(count))
    (place / "play.yml").write_text(
        PLAY.replace("  tasks:", f"  vars:\n    services:\n{listed}  tasks:") + tasks + UNITS
    )
    (place / "hosts").write_text("".join(f"{host}\n" for host in HOSTS))
    settings = SETTINGS.replace("CONFIG", str(files / "ssh_config")).replace("FOLDER", str(place))
    (place / "ansible.cfg").write_text(settings)
    command = [str(tools / "ansible-playbook"), "-i", str(place / "hosts"), str(place / "play.yml")]
    return ["env", f"ANSIBLE_CONFIG={place / 'ansible.cfg'}", f"HOME={place}", *command]


def pyinfra(tools: Path, place: Path, files: Path, count: int) -> list[str]:
    """A deploy of the same; its ssh is paramiko, which takes no connected socket, so that a relay stands between."""
    _templates(place, "{{ name_of }}")
    pairs = [(f"{place}/{src}", dest) for src, (_, dest) in FILES.items()]
    deploy = DEPLOY.replace("SERVICES", repr(services(count))).replace("FILES", repr(pairs))
    (place / "deploy.py").write_text(deploy)
    (place / "ssh_config").write_text(relayed((files / "ssh_config").read_text()))
    given = {"ssh_config_file": str(place / "ssh_config"), "ssh_known_hosts_file": str(place / "known")}
    (place / "inventory.py").write_text(f"machines = {[(host, given) for host in HOSTS]!r}\n")
    command = [str(tools / "pyinfra"), "-y", str(place / "inventory.py"), str(place / "deploy.py")]
    return ["env", "-C", str(place), f"HOME={place}", *command]


def relayed(text: str) -> str:
    """The lab's configuration of ssh with a relay in place of a handed-over socket."""
    lines = []
    for line in text.splitlines():
        if "ProxyCommand" in line:
            namespace = next(word for word in line.split() if word.endswith("/ns/net"))
            line = f"    ProxyCommand nsenter --net={namespace} {image()}/usr/bin/busybox nc %h %p"
        if not any(word in line for word in ("ProxyUseFdpass", "UserKnownHostsFile", "HostKeyAlias", "GlobalKnown")):
            lines.append(line)
    return "\n".join([*lines, ""])


def _templates(place: Path, name: str) -> None:
    for file, (text, _) in FILES.items():
        (place / file).write_text(text.replace("NAME", name))
    os.chmod(place, 0o700)
