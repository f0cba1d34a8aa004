"""What a host was before the first change: kept when it begins, put back when warren leaves.

In: a host on which nothing of ours stands any more. Out: the settings, accounts and folders of before, and the names of
services whose data stays. Never a setting that we do not touch, and never an account file that somebody else changed
meanwhile: only what is ours goes.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.apply.ending import everywhere
from warren.apply.protocol import Line, Stopped
from warren.hosts.base import Host

ORIGINAL = "/var/lib/warren/original"
OWNED = "/var/lib/warren/owned"
# What our settings are, and what the kernel sets along with them (ip-sysctl.rst: forwarding changes others).
SETTINGS = " ".join(
    (
        "ipv4/ip_forward",
        *(f"ipv4/conf/*/{name}" for name in ("forwarding", "accept_redirects", "src_valid_mark", "rp_filter")),
        *(f"ipv6/conf/*/{name}" for name in ("forwarding", "accept_ra", "accept_redirects")),
    )
)
ACCOUNTS = "passwd group shadow gshadow subuid subgid"

# Told after a change was staged and before anything is touched. What an earlier attempt has kept, before which
# nothing was changed either, may be out of date.
KEEP = f"""\
[ -s {OWNED} ] || {{
  umask 077
  rm -rf {ORIGINAL}.new {ORIGINAL}
  mkdir -p {ORIGINAL}.new/accounts
  (cd /proc/sys/net && grep -s . {SETTINGS} | sed 's/:/=/') > {ORIGINAL}.new/settings
  find /etc -xdev -type d > {ORIGINAL}.new/folders
  for n in {ACCOUNTS}; do for m in $n $n-; do
    [ ! -e /etc/$m ] || cp -p /etc/$m {ORIGINAL}.new/accounts/$m || exit
  done; done
  mv {ORIGINAL}.new {ORIGINAL} && sync /var/lib/warren
}}
"""

LEAVE = f"""\
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
warren=/var/lib/warren original={ORIGINAL}
# One setting changes others, so that some are right only when told again.
for pass in 1 2; do
  [ -e $original/settings ] || break
  while IFS== read -r key value; do
    [ ! -w /proc/sys/net/$key ] || [ "$(cat /proc/sys/net/$key)" = "$value" ] || echo "$value" > /proc/sys/net/$key
  done < $original/settings
done
rm -rf /etc/warren /run/warren
if [ -d $original/accounts ]; then
  grep -q '^usernet:' $original/accounts/group || ! grep -q '^usernet:[^:]*:[^:]*:$' /etc/group || groupdel usernet
  # The copy that the tools made of the version before theirs: of no use to anybody once both are as before.
  for n in {ACCOUNTS}; do
    cmp -s $original/accounts/$n /etc/$n || continue
    if [ -e $original/accounts/$n- ]; then cp -p $original/accounts/$n- /etc/$n-; else rm -f /etc/$n-; fi
  done
fi
if [ -e $original/folders ]; then
  find /etc/netns /etc/containers /etc/systemd -xdev -depth -type d -empty 2>/dev/null | while read -r folder; do
    while ! grep -qxF "$folder" $original/folders && rmdir "$folder" 2>/dev/null; do folder=${{folder%/*}}; done
  done
fi
if [ -n "$purge" ]; then rm -rf $warren; fi
for each in $warren/* $warren/.[!.]*; do
  case $each in $warren/services|$warren/'*'|$warren/'.[!.]*') ;; *) rm -rf "$each";; esac
done
# A home without a file holds nothing that anybody would miss.
for each in $warren/services/*; do
  [ ! -d "$each" ] || [ -n "$(find "$each" ! -type d | head -n 1)" ] || rm -rf "$each"
done
rmdir $warren/services $warren 2>/dev/null
ls $warren/services 2>/dev/null
[ ! -d /run/systemd/system ] || systemctl daemon-reload
exit 0
"""


def leave(hosts: Mapping[str, Host], purge: bool = False) -> dict[str, tuple[str, ...]]:
    """The last of it goes; the services whose homes stay, by host. Raises `Stopped` and `Unreachable`."""
    return everywhere((Line(host) for host in hosts.values()), lambda line: _leave(line, purge))


def _leave(line: Line, purge: bool) -> tuple[str, ...]:
    result = line.latest.run(f"purge={'yes' if purge else ''}\n{LEAVE}")
    if result.code:
        raise Stopped(line.name, result.stderr.decode(errors="replace").strip() or f"exit code {result.code}")
    return tuple(result.stdout.decode(errors="replace").split())
