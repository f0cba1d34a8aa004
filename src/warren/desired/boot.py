"""The script that makes a host's kernel state, whatever is there: at boot nothing, later what somebody has left of it.

In: a host's items. Out: one POSIX shell script without a word that changes from run to run, so that it is an item as
well. Never takes away what is too much: that is drift, and a plan's business. Never opens before it closes: the order
is that of the ranks, rules first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from warren.desired.account import keep_stamp
from warren.desired.items import told
from warren.desired.items.loopback import Loopback
from warren.desired.items.netns import GROUP, Netns, Veth
from warren.desired.items.route import PROTOCOL, IpRule, Route
from warren.desired.items.rules import Rules
from warren.desired.items.running import Running
from warren.desired.items.session import Session
from warren.desired.items.sysctl import Settings, Sysctl
from warren.desired.items.told import Told
from warren.desired.items.tunnel import Tunnel
from warren.desired.items.unit import Unit
from warren.desired.model import HostState, Item, of_kind
from warren.desired.steps import Ip, Nft, SetSysctl, Step, script

SCRIPT = "/etc/warren/boot.sh"
PRINT = "/run/warren/fingerprint"
LOCK = "/run/warren/changing"
PENDING = "/var/lib/warren/pending"
# What the kernel holds, as against files and what runs from them.
KERNEL = (Rules, Sysctl, IpRule, Tunnel, Route, Netns, Veth, Settings, Loopback)
COUNTS = "warren_count"

HEAD = f"""\
#!/bin/sh
# Written by warren. Makes the host's part of the network, at boot and whenever something of it is gone.
set -u
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
# Who may talk to whom stands there, and services are users of this host.
mkdir -p /run/warren && chmod 0700 /run/warren
fingerprint() {{
  nft -s -t list table inet warren 2>/dev/null
  ip -4 rule; ip -6 rule
  ip -4 route show table all proto {PROTOCOL}; ip -6 route show table all proto {PROTOCOL}
  ip -o link show group {GROUP} | sed 's/^[0-9]*: //; s/ qlen .*//; s/link-netns.*//'
  [ ! -d /run/netns ] || ls /run/netns
}}
"""
# A change holds the lock for as long as it runs; one that waits for its confirmation is put back by itself.
HEAL = f"""\
case "${{1:-}}" in
record) fingerprint > {PRINT}; exit;;
heal)
  [ ! -e {PENDING} ] || exit 0
  exec 9> {LOCK}; flock -n 9 || exit 0
  fingerprint | cmp -s - {PRINT} && exit 0
  echo "<5>warren: something of the network was gone, and is made again";;
esac
"""


def converge(state: HostState) -> str:
    """The whole script. With `heal` it first looks whether anything is missing, with `record` it only remembers."""
    items = sorted((item for item in state if isinstance(item, KERNEL)), key=lambda item: (item.rank, item.key))
    made = "".join(f"{line}\n" for line in _making(items))
    return f"{HEAD}{HEAL}{made}{''.join(_stamps(state))}{_judging(items)}fingerprint > {PRINT}\n"


def _making(items: Iterable[Item]) -> Iterator[str]:
    """The steps in their order; each stage is one shell, and what is there already is no failure."""
    for table, group in groupby(items, key=lambda item: isinstance(item, Rules) and item.table.name == COUNTS):
        steps = [_standing(step) for item in group for step in item.create()]
        if table:
            # What was counted stays counted.
            yield f"nft list table inet {COUNTS} >/dev/null 2>&1 || {{"
            yield from _lines(steps)
            yield "}"
        else:
            yield from _lines(steps)


def _lines(steps: Iterable[Step]) -> Iterator[str]:
    """As `script` renders them, without the words that end it at the first failure."""
    text = script(steps).partition("EXIT\n")[2]
    for line in text.splitlines():
        if not re.fullmatch(r"at=\d+", line):
            yield re.sub(r"^(ip(?: -[46])?(?: -n \S+)?) -batch -", r"\1 -force -batch - 2>/dev/null", line)


def _standing(step: Step) -> Step:
    """The same step for a thing that may be there."""
    if isinstance(step, Ip):
        return replace(step, line=re.sub(r"^(route|addr) add", r"\1 replace", step.line))
    if isinstance(step, SetSysctl | Nft):
        return step
    return step


def _stamps(state: HostState) -> Iterator[str]:
    """After a boot everything runs what its files say; later only what `Unit`, `Session` and `Running` have started."""
    names = [(f"system/{item.name}", item.digest) for item in of_kind(state, Unit)]
    names += [(f"session/{item.uid}", item.digest) for item in of_kind(state, Session)]
    names += [(f"user/{item.uid}/{item.unit}", item.digest) for item in of_kind(state, Running)]
    names += [(f"{told.FILES}/{item.uid}/{item.unit}", item.digest) for item in of_kind(state, Told)]
    if names:
        yield "if [ ! -e /run/warren/started ]; then\n"
        yield from (f"  {keep_stamp(name, digest)}\n" for name, digest in names)
        yield "fi\n"


def _judging(items: Sequence[Item]) -> str:
    """Whether everything is there: a manager must not begin in a network that is not whole."""
    tables = [item.table.name for item in items if isinstance(item, Rules)]
    devices = [item.name for item in items if isinstance(item, Tunnel | Veth)]
    spaces = [item.name for item in items if isinstance(item, Netns)]
    rules = {family: sum(isinstance(i, IpRule) and i.family == family for i in items) for family in (4, 6)}
    lines = [
        "bad=",
        *(f'nft -t list table inet {name} >/dev/null 2>&1 || bad="$bad table {name}"' for name in tables),
        _all_there("device", "/sys/class/net", devices),
        _all_there("namespace", "/run/netns", spaces),
        *(
            f'[ "$(ip -{family} rule | grep -c "proto {PROTOCOL}")" -ge {count} ] || bad="$bad IPv{family} rules"'
            for family, count in rules.items()
        ),
        '[ -z "$bad" ] || { echo "warren: could not be made:$bad" >&2; exit 1; }',
    ]
    return "".join(f"{line}\n" for line in lines if line)


def _all_there(what: str, folder: str, names: list[str]) -> str:
    if not names:
        return ""
    return f'for n in {" ".join(names)}; do [ -e {folder}/$n ] || bad="$bad {what} $n"; done'


def dismantle(state: HostState) -> str:
    """Takes all kernel state of ours away, whatever is there of it; `state` names the namespaces."""
    spaces = " ".join(item.name for item in of_kind(state, Netns))
    flush = "".join(
        f"while ip -{f} rule del protocol {PROTOCOL} 2>/dev/null; do :; done\n"
        f"ip -{f} route show table all proto {PROTOCOL} | while read -r r; do ip -{f} route del $r 2>/dev/null; done\n"
        for f in (4, 6)
    )
    links = (
        f"ip -o link show group {GROUP} | sed 's/^[0-9]*: //; s/[@:].*//' | while read -r n; do ip link del $n; done\n"
    )
    gone = f"for n in {spaces}; do ip netns del $n 2>/dev/null || :; done\n" if spaces else ""
    # Routes go before rules that refuse, and rules of nftables last: nothing is open in between.
    tables = "".join(f"nft delete table inet {name} 2>/dev/null || :\n" for name in ("warren", COUNTS))
    return f"export LC_ALL=C\n{gone}{links}{flush}{tables}rm -f {PRINT}\n"
