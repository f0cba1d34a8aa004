"""The script by which a host describes itself, in sections, in one round trip.

In: the names of sections. Out: POSIX sh that prints them, whatever tools the host lacks. Never changes anything: what
has to be tried is tried in a network namespace that ends with the trial.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from warren.doctor.features import FEATURES, trial

MARK = "%%warren "

START = f"""\
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
section() {{ echo; echo '{MARK}'"$*"; }}
version() {{ command -v "$1" >/dev/null 2>&1 && echo "$1=$("$@" 2>&1 </dev/null | head -n 1)"; }}
given() {{ [ -e "$2" ] && echo "$1=$2"; }}
limited() {{ if command -v timeout >/dev/null 2>&1; then timeout 5 "$@" 2>/dev/null; else "$@" 2>/dev/null; fi; }}
"""

SYSTEM = """\
grep -sE '^(ID|ID_LIKE|VERSION_ID|PRETTY_NAME)=' /etc/os-release
echo "kernel=$(uname -r)"
echo "init=$(cat /proc/1/comm 2>/dev/null)"
given systemd /run/systemd/system; given openrc /run/openrc; given cgroup2 /sys/fs/cgroup/cgroup.controllers
for n in apt-get dnf apk pacman zypper; do command -v $n >/dev/null 2>&1 && echo "packages=$n"; done
echo "user=$(id -u)"
echo "container=$(limited systemd-detect-virt -c)"
"""

TOOLS = """\
version nft --version; version ip -V; version wg --version; version wireguard-go --version; version podman --version
version crun --version; version systemctl --version; version ss -V; version newuidmap --version
version conntrack --version
version unbound -V; version caddy version; version haproxy -v; given rootkey /usr/share/dns/root.key
grep -qs AwEAAaz/tAm8 /usr/share/dns/root.key && ! grep -qs AwEAAa96jeuk /usr/share/dns/root.key && echo oldkey=yes
[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] && [ -e /etc/apparmor.d/usr.sbin.unbound ] &&
  ! grep -qs /etc/warren /etc/apparmor.d/local/usr.sbin.unbound && echo confined=unbound
nft -j list tables >/dev/null 2>&1 && echo json=yes
for n in /usr/lib/systemd/user-generators /usr/libexec/podman /usr/local/lib/systemd/user-generators; do
  given quadlet $n/podman-user-generator; given quadlet $n/quadlet
done
for n in /lib/*/security /usr/lib/*/security /lib/security /usr/lib/security /lib64/security /usr/lib64/security; do
  given usernet $n/pam_usernet.so
done
"""

KERNEL = """\
[ -d /proc/sys/net/ipv6 ] && echo ipv6=yes
{ : 3<>/dev/net/tun; } 2>/dev/null && echo tun=yes
unshare -n true 2>/dev/null && echo netns=yes
unshare -n ip link add name wrn-trial type wireguard 2>/dev/null && echo wireguard=kernel
unshare -n ip link add name v-trial type veth 2>/dev/null && echo veth=yes
"""

CLOCK = """\
date +now=%s
limited timedatectl show -p NTP -p NTPSynchronized -p CanNTP
limited chronyc -c tracking >/dev/null && echo chrony=yes
for n in /dev/rtc /dev/rtc[0-9]; do given rtc $n; done
given saved /var/lib/systemd/timesync/clock; given saved /etc/fake-hwclock.data
given saved /var/lib/misc/openrc-shutdowntime
"""

DISK = """\
for n in / /etc /run /var/lib; do
  [ -d $n ] || continue
  [ -w $n ] || echo "closed $n"
  df -Pk $n 2>/dev/null | awk -v n=$n 'NR>1 && NF>=6 {printf "bytes %s %.0f %.0f\\n", n, $2*1024, $4*1024}'
  df -Pi $n 2>/dev/null | awk -v n=$n 'NR>1 && NF>=6 {print "inodes", n, $2, $4}'
done
"""

NEIGHBOURS = """\
limited systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState ufw.service firewalld.service docker.service \
  libvirtd.service virtqemud.service tailscaled.service NetworkManager.service systemd-networkd.service \
  nftables.service iptables.service netfilter-persistent.service
"""

LEAVINGS = """\
echo "ufw=$(sed -n 's/^ENABLED=//p' /etc/ufw/ufw.conf 2>/dev/null)"
grep -sqE '^[^#]*flush[[:space:]]+ruleset' /etc/nftables.conf /etc/sysconfig/nftables.conf && echo flush=yes
for n in /usr/lib /usr/local/lib /run /etc; do
  cat $n/systemd/networkd.conf $n/systemd/networkd.conf.d/*.conf 2>/dev/null | grep -E '^ManageForeign' | tac
done | tac
grep -sh '^unmanaged-devices' /etc/NetworkManager/NetworkManager.conf /etc/NetworkManager/conf.d/*.conf \
  /usr/lib/NetworkManager/conf.d/*.conf
"""

SETTINGS = """\
cd /proc/sys/net && grep -s . ipv4/ip_forward ipv6/conf/all/forwarding ipv6/conf/all/disable_ipv6 \
  ipv4/conf/*/rp_filter ipv4/conf/*/route_localnet netfilter/nf_conntrack_count netfilter/nf_conntrack_max | tr : =
"""

FILTER = """\
nft -t -j list ruleset 2>/dev/null
"""

# Listing a table of the old kind makes it: only those that are there are asked for.
TABLES = """\
for n in iptables ip6tables; do
  command -v $n-save >/dev/null 2>&1 && { echo "#$n"; $n-save -t filter 2>/dev/null; }
done
"""
OLD_TABLES = """\
for n in ip ip6; do
  grep -sqx filter /proc/net/${n}_tables_names || continue
  echo "#${n}tables"; { ${n}tables-legacy-save -t filter || ${n}tables-save -t filter; } 2>/dev/null
done
"""

ADDRESSES = "ip -j addr 2>/dev/null"
ROUTES = "{ ip -j -4 route; ip -j -6 route; } 2>/dev/null"
POOLS = "cat /etc/docker/daemon.json 2>/dev/null"
SOCKETS = "ss -Hlntup 2>/dev/null"
LISTENING = "wg show all listen-port 2>/dev/null"
USERS = "{ getent passwd || cat /etc/passwd; } 2>/dev/null | cut -d: -f1,3,6,7"
SUBIDS = 'for n in subuid subgid; do sed -n "s/^/$n:/p" /etc/$n 2>/dev/null; done'
SSHD = "limited sshd -T | grep -E '^(port|permitrootlogin|passwordauthentication|listenaddress) '"

_TRIALS = "".join(f"nft -f - <<'END' 2>/dev/null && echo {name}=yes\n{trial(name)}\nEND\n" for name in FEATURES)
NFT = f"unshare -n sh -s <<'TRIALS' 2>/dev/null\n{_TRIALS}TRIALS\n"

SECTIONS: Mapping[str, str] = {
    "system": SYSTEM,
    "tools": TOOLS,
    "kernel": KERNEL,
    "nft": NFT,
    "clock": CLOCK,
    "disk": DISK,
    "neighbours": NEIGHBOURS,
    "leavings": LEAVINGS,
    "settings": SETTINGS,
    "filter": FILTER,
    "tables": TABLES,
    "old-tables": OLD_TABLES,
    "addresses": ADDRESSES,
    "routes": ROUTES,
    "pools": POOLS,
    "sockets": SOCKETS,
    "listening": LISTENING,
    "users": USERS,
    "subids": SUBIDS,
    "sshd": SSHD,
}
# What an apply asks before it touches anything; it costs about a tenth of the whole.
PREFLIGHT = ("system", "tools", "kernel", "clock", "disk", "addresses", "sockets", "listening", "users", "sshd")


def script(sections: Iterable[str] = SECTIONS) -> str:
    """The script; it ends with a section of its own, so that what was cut off is noticed."""
    parts = [f"section {name}\n{SECTIONS[name].rstrip()}\n" for name in sections]
    return f"{START}{''.join(parts)}section end\n"


def sections(text: str) -> dict[str, str] | None:
    """What was printed, by section; None where the end is missing."""
    found: dict[str, str] = {}
    for part in f"\n{text}".split(f"\n{MARK}")[1:]:
        title, _, body = part.partition("\n")
        found[title.strip()] = body
    return found if found.pop("end", None) is not None else None
