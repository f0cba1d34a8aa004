"""What a test machine is made of: Debian's packages, and what is done to them once.

In: nothing. Out: the recipe as text, and the key that names whatever was made by it. Never names a mirror: that is the
machine's own.
"""

from __future__ import annotations

import hashlib

SUITE = "trixie"
PACKAGES = (
    # An init system, its bus and logins.
    "systemd", "systemd-sysv", "libpam-systemd", "dbus", "dbus-user-session", "cron", "sudo", "openssh-server",
    # Containers of ordinary users.
    "podman", "crun", "fuse-overlayfs", "uidmap", "passt", "busybox-static", "skopeo",
    # The network.
    "nftables", "iproute2", "netbase", "wireguard-tools", "wireguard-go", "libpam-net", "iputils-ping", "kmod",
    # What parts of the product use by name.
    "caddy", "haproxy", "unbound", "dns-root-data", "restic",
    # What a person would have there.
    "procps", "ca-certificates", "curl", "netcat-openbsd", "openssl", "python3",
)  # fmt: skip

# Nobody reads manuals in a machine that lives for a minute.
LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*")

# Run as root of the tree, once. The kernel, its devices and its global parameters belong to the machine beneath.
FINISH = """\
set -eu
useradd --create-home --shell /bin/bash admin
install -d -m 700 -o admin -g admin /home/admin/.ssh
install -d -m 700 /root/.ssh
echo 'admin ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin
chmod 440 /etc/sudoers.d/admin

# A freshly installed daemon that nobody has configured yet must not hold the ports of the network under test.
for unit in caddy.service haproxy.service unbound.service unbound-resolvconf.service netavark-dhcp-proxy.service \\
    netavark-dhcp-proxy.socket fstrim.timer apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer; do
    systemctl disable "$unit" >/dev/null 2>&1 || :
done
for unit in getty@tty1.service console-getty.service systemd-udevd.service systemd-binfmt.service \\
    proc-sys-fs-binfmt_misc.automount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \\
    dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount sshd-keygen.service \\
    systemd-firstboot.service systemd-pstore.service; do
    ln -sf /dev/null "/etc/systemd/system/$unit"
done
rm -f /usr/lib/sysctl.d/10-coredump-debian.conf /usr/lib/sysctl.d/50-pid-max.conf /etc/ssh/ssh_host_*
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\\nUseDNS no\\n' >/etc/ssh/sshd_config.d/machine.conf

# No pids controller reaches a machine whose own machine still has the first version of control groups.
install -d /etc/containers/containers.conf.d
printf '[containers]\\npids_limit = 0\\n' >/etc/containers/containers.conf.d/machine.conf
printf '[Journal]\\nSystemMaxUse=16M\\n' >/etc/systemd/journald.conf.d/machine.conf 2>/dev/null || :

: >/etc/machine-id
rm -f /etc/hostname /etc/resolv.conf
rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/apt /var/log/dpkg.log /var/log/bootstrap.log
install -d /var/cache/ldconfig /var/cache/apt/archives/partial
ldconfig
"""


def text() -> str:
    """The whole recipe."""
    return "\n".join((SUITE, *PACKAGES, *LEFT_OUT, FINISH))


def key() -> str:
    """Two trees with one key are alike, but for the day's versions of the packages."""
    return hashlib.sha256(text().encode()).hexdigest()[:16]
