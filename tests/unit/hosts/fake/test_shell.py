"""Our scripts are read back as the commands that they were made of; any other line is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from warren.desired.items.file import File
from warren.desired.items.netns import Veth
from warren.desired.items.rules import FORGET
from warren.desired.items.sysctl import KEEP_ADVERTISED_ROUTES
from warren.desired.items.tunnel import MAKE_KEY, Tunnel
from warren.desired.steps import Ip, Nft, SetSysctl, Sh, Step, Write, script
from warren.hosts.fake import shell
from warren.hosts.fake.words import Refusal


def read(*steps: Step) -> list[shell.Command]:
    return list(shell.commands(script(steps)))


def test_every_step_is_read_back() -> None:
    assert read(Ip("netns add a"), Ip("link set lo up", "a"), Ip("rule add pref 1", family=6)) == [
        shell.IpLine("netns add a", None, None),
        shell.IpLine("link set lo up", "a", None),
        shell.IpLine("rule add pref 1", None, 6),
    ]
    assert read(SetSysctl("a.b", "1"), SetSysctl("a.c", "0\t9", "n")) == [
        shell.Setting("a.b", "1", None),
        shell.Setting("a.c", "0\t9", "n"),
    ]
    assert read(Nft("add table inet t\n")) == [shell.Transaction("add table inet t\n\n")]
    assert read(Write("/etc/x", "one\n\ntwo\n", 0o600)) == [shell.Put("/etc/x", "one\n\ntwo\n", 0o600)]
    assert read(Write("/etc/empty", "")) == [shell.Put("/etc/empty", "")]
    assert read(*File("/etc/x", "").remove()) == [shell.Put("/etc/x", None)]
    assert read(Sh(f"{FORGET} -p udp -r 10.0.0.1 >/dev/null 2>&1 || :")) == [shell.Forget()]
    assert read(Sh(MAKE_KEY), Sh(KEEP_ADVERTISED_ROUTES)) == [shell.MakeKey(), shell.KeepAdvertisedRoutes()]


def test_what_may_be_gone_is_read_back() -> None:
    whole = Veth("v-db", "db", 1500, frozenset(), frozenset({"10.0.0.2/32"}))
    made = read(*whole.change(replace(whole, inner=frozenset(), up=False)))
    assert made[0] == shell.IpLine("link del v-db", None, None)


def test_a_tunnel_is_read_back() -> None:
    made = read(*Tunnel("wrn-a", 1420, frozenset(), frozenset(), 51820).create())
    assert made[0] == shell.AddWireguard("wrn-a", "86")
    assert shell.SetWireguard(("wrn-a", "private-key", "/etc/warren/wireguard.key", "listen-port", "51820")) in made


@pytest.mark.parametrize("line", ["reboot", "nft -f - <<'WARREN-END-OF-INPUT'", "sysctl a.b=1", "rm -rf /"])
def test_any_other_line_is_refused(line: str) -> None:
    with pytest.raises(Refusal):
        list(shell.commands(f"set -eu\n{line}\n"))
