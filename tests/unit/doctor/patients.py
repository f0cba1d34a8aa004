"""Hosts that have described themselves, healthy but for what a test says.

In: sections that differ. Out: patients of the two hosts that many tests share. Never asks a real host.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from tests.topologies import two_hosts
from warren.doctor.features import FEATURES
from warren.doctor.model import Finding, Level, Patient, Survey
from warren.topology.model import Topology

SEATS = {"vps": ("203.0.113.10/24", "2001:db8:10::10/64"), "home": ("192.168.2.20/24", "fe80::1/64")}
HEALTHY = {
    "system": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nkernel=6.12.48\ninit=systemd\n'
    "systemd=/run/systemd/system\ncgroup2=/sys/fs/cgroup/cgroup.controllers\npackages=apt-get\nuser=0\n",
    "tools": "nft=nftables v1.1.3 (Commodore Bullmoose #4)\nip=ip utility, iproute2-6.15.0, libbpf 1.5.0\n"
    "wg=wireguard-tools v1.0.20210914\npodman=podman version 5.4.2\ncrun=crun version 1.21\n"
    "systemctl=systemd 257 (257.9-1~deb13u1)\nnewuidmap=usage: newuidmap\njson=yes\nconntrack=1.4.8\n"
    "unbound=Version 1.22.0\ncaddy=2.6.2\nrootkey=/usr/share/dns/root.key\n"
    "quadlet=/usr/lib/systemd/user-generators/podman-user-generator\n"
    "usernet=/lib/x86_64-linux-gnu/security/pam_usernet.so\n",
    "kernel": "ipv6=yes\ntun=yes\nnetns=yes\nwireguard=kernel\nveth=yes\n",
    "nft": "".join(f"{name}=yes\n" for name in FEATURES),
    "clock": "now=1795200000\nNTP=yes\nNTPSynchronized=yes\nCanNTP=yes\nrtc=/dev/rtc0\n",
    "disk": "".join(
        f"bytes {folder} 40000000000 20000000000\ninodes {folder} 2000000 1500000\n"
        for folder in ("/", "/etc", "/run", "/var/lib")
    ),
    "settings": "ipv4/ip_forward=1\nipv6/conf/all/forwarding=1\nipv6/conf/all/disable_ipv6=0\n",
    "neighbours": "Id=ufw.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n",
    "leavings": "ufw=\n",
    "filter": '{"nftables": []}',
    "sockets": 'tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=600,fd=3))\n',
    "sshd": "port 22\npermitrootlogin without-password\n",
    "users": "root:0:/root:/bin/bash\ndaemon:1:/usr/sbin:/usr/sbin/nologin\n",
    "subids": "subuid:anna:100000:65536\nsubgid:anna:100000:65536\n",
    "routes": json.dumps([{"dst": "default", "gateway": "192.0.2.1", "dev": "eth0"}]),
}


def addresses(**seats: Iterable[str]) -> str:
    """Interfaces with these addresses, as `ip -j addr` prints them."""
    return json.dumps([{"ifname": name, "addr_info": list(map(_seat, held))} for name, held in seats.items()])


def _seat(text: str) -> dict[str, object]:
    local, _, length = text.partition("/")
    scope = "link" if local.startswith("fe80") else "host" if local.startswith("127.") else "global"
    return {"local": local, "prefixlen": int(length), "scope": scope}


def patient(name: str = "vps", topology: Topology | None = None, skew: float = 0.0, **sections: str) -> Patient:
    """A host that lacks nothing but what is said otherwise."""
    said = {**HEALTHY, "addresses": addresses(lo=["127.0.0.1/8"], eth0=SEATS.get(name, ()))}
    return Patient(Survey({**said, **sections}, skew), topology or two_hosts(), name)


def survey(name: str = "vps", **sections: str) -> Survey:
    """What such a host said."""
    return Survey({**patient(name).survey.sections, **sections})


def without(section: str, *beginnings: str) -> str:
    """A healthy section but for the lines that begin so."""
    return "".join(f"{line}\n" for line in HEALTHY[section].splitlines() if not line.startswith(beginnings))


def troubles(findings: Iterable[Finding]) -> dict[str, Finding]:
    """What is not fine, by code."""
    return {each.code: each for each in findings if each.level is not Level.OK}


def codes(findings: Iterable[Finding]) -> set[str]:
    """The codes of what is not fine."""
    return set(troubles(findings))
