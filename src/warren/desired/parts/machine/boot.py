"""What brings the network back: a unit before everything that needs it, and a timer for what others take away.

In: all other items of a host. Out: the boot script, two units and a timer, and a word to networkd. Never a daemon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warren.desired.boot import SCRIPT, converge
from warren.desired.items.file import File
from warren.desired.items.unit import FOLDER, Unit
from warren.desired.model import HostState, Item
from warren.desired.parts.machine.users import digest

# systemd-networkd deletes rules and routes that it did not make whenever it starts (networkd.conf(5)).
NETWORKD = "/etc/systemd/networkd.conf.d/warren.conf"
NETWORKD_TEXT = "# Written by warren.\n[Network]\nManageForeignRoutingPolicyRules=no\nManageForeignRoutes=no\n"
BOOT = f"""\
# Written by warren.
[Unit]
Description=warren: the network of this host
DefaultDependencies=no
After=local-fs.target systemd-sysctl.service systemd-modules-load.service nftables.service
Before=network-pre.target sockets.target shutdown.target
Wants=network-pre.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh {SCRIPT}
# WireGuard of user space is started here and outlives a restart.
KillMode=process

[Install]
WantedBy=sysinit.target
"""
HEAL = f"""\
# Written by warren.
[Unit]
Description=warren: make again what is gone
After=warren.service
ConditionPathExists={SCRIPT}

[Service]
Type=oneshot
ExecStart=/bin/sh {SCRIPT} heal
KillMode=process
# A look that finds nothing is not worth a line six times a minute.
LogLevelMax=notice
"""
TIMER = """\
# Written by warren.
[Unit]
Description=warren: look whether the network is whole

[Timer]
OnBootSec=20
OnUnitActiveSec=10
AccuracySec=1

[Install]
WantedBy=timers.target
"""


def boot(items: Iterable[Item]) -> Iterator[Item]:
    """The files and units; the script holds all kernel items of the host."""
    units = (Unit("warren.service", digest(BOOT), restart=False), Unit("warren-heal.timer", digest(TIMER, HEAL)))
    yield File(SCRIPT, converge(HostState.of([*items, *units])), 0o600)
    yield File(NETWORKD, NETWORKD_TEXT)
    yield File(f"{FOLDER}/warren.service", BOOT)
    yield File(f"{FOLDER}/warren-heal.service", HEAL)
    yield File(f"{FOLDER}/warren-heal.timer", TIMER)
    yield from units
