"""What is kept before a first change comes back when a host is left: settings, accounts, folders; in a moment."""

from __future__ import annotations

import os
import subprocess

import pytest

from warren.apply.leaving import KEEP, LEAVE

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(os.geteuid() != 0, reason="accounts are root's alone"),
]

# A place with settings, accounts and folders of its own.
PLACE = """
set -e
mount -t tmpfs none /mnt
mkdir /mnt/etc /mnt/lib
tar -C /etc --exclude ./ssl --exclude ./alternatives --exclude ./warren -cf - . | tar -C /mnt/etc -xf -
mount --bind /mnt/etc /etc
mount --bind /mnt/lib /var/lib
mount -t tmpfs none /run
mkdir /var/lib/warren
sysctl -qw net.ipv4.conf.lo.rp_filter=1 net.ipv6.conf.lo.accept_ra=1
set +e
"""
LOOK = """
look() {
  sysctl -a 2>/dev/null | grep '^net.ipv[46]\\.'
  find /etc -xdev -printf '%p %y %m %u %g %l\\n' | sort
  find /etc -xdev -type f -exec sha256sum {} + | sort -k 2
}
"""
CHANGE = """
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.src_valid_mark=1
sysctl -qw net.ipv6.conf.lo.accept_ra=2
mkdir -p /etc/warren /etc/netns/db /etc/containers/systemd/users/6001 /etc/systemd/networkd.conf.d /run/warren
echo key > /etc/warren/wireguard.key
groupadd --system usernet
groupadd --gid 6001 db
mkdir -p /var/lib/warren/services/db /var/lib/warren/services/blog /var/lib/warren/generations/1
useradd --uid 6001 --gid 6001 --groups usernet --home-dir /var/lib/warren/services/db --no-create-home db
echo user:db > /var/lib/warren/owned
touch /var/lib/warren/services/db/table
"""
GONE = "userdel db; rm /var/lib/warren/owned"


def said(*parts: str, purge: str = "") -> str:
    """What these parts of a script say there, one after the other."""
    script = "\n".join([PLACE, LOOK, *(part.replace("$purge", purge) for part in parts)])
    done = subprocess.run(
        ["unshare", "--mount", "--net", "sh", "-s"], input=script, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_everything_but_data_is_as_before() -> None:
    told = said(
        f"look > /mnt/before\n{KEEP}", CHANGE, GONE, f"({LEAVE})", "look | diff /mnt/before - && find /var/lib/warren"
    )
    assert told.splitlines() == [
        "db",
        "/var/lib/warren",
        "/var/lib/warren/services",
        "/var/lib/warren/services/db",
        "/var/lib/warren/services/db/table",
    ]


def test_and_data_too_when_told() -> None:
    assert (
        said(
            f"look > /mnt/before\n{KEEP}",
            CHANGE,
            GONE,
            f"({LEAVE})",
            "look | diff /mnt/before -",
            "ls /var/lib",
            purge="y",
        )
        == ""
    )


def test_what_others_did_meanwhile_stays() -> None:
    others = "groupadd --system theirs; useradd --system --gid theirs anna; mkdir /etc/theirs"
    others += "; sysctl -qw net.ipv4.tcp_sack=0"
    asked = "getent passwd anna | cut -d: -f1; getent group theirs usernet | cut -d: -f1; ls -d /etc/theirs"
    told = said(KEEP, CHANGE, others, GONE, f"({LEAVE})", asked, "cat /proc/sys/net/ipv4/tcp_sack")
    assert told.splitlines() == ["db", "anna", "theirs", "/etc/theirs", "0"]


def test_the_first_that_was_kept_is_kept() -> None:
    told = said(KEEP, CHANGE, KEEP, "grep ^ipv4/ip_forward= /var/lib/warren/original/settings")
    assert told == "ipv4/ip_forward=0"
    told = said(
        KEEP, "sysctl -qw net.ipv4.ip_forward=1", KEEP, "grep ^ipv4/ip_forward= /var/lib/warren/original/settings"
    )
    assert told == "ipv4/ip_forward=1"


def test_it_is_for_root_alone() -> None:
    assert said(KEEP, "stat -c %a /var/lib/warren/original /var/lib/warren/original/accounts").split() == ["700", "700"]


def test_it_can_be_told_again() -> None:
    assert (
        said(f"look > /mnt/before\n{KEEP}", CHANGE, GONE, f"({LEAVE})", f"({LEAVE})", "look | diff /mnt/before -")
        == "db\ndb"
    )
