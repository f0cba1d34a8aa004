"""The plug of a machine: boots it, boots it again when it asks for that, and gives it a bare network each time.

In: the disk's folder, kernel parameters and a tag; SIGUSR1 switches the machine on. Out: a running machine in the
network namespace of this very process, whose cables move from boot to boot. Runs inside the lab; never outlives it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from warren.lab import anchors, kernel
from warren.lab.keeper import lines_file
from warren.lab.machines import disk, entry, groups, nspawn

ON = signal.SIGUSR1
SOON = 0.01
CABLE = re.compile(r"eth\d+")


def main(arguments: list[str]) -> NoReturn:
    """`supervisor STAND TAG`: wait for the switch, and for the machine's end, for ever."""
    stand = json.loads(arguments[0])
    folder, sysctls = Path(stand["disk"]), stand["sysctls"]
    signal.pthread_sigmask(signal.SIG_BLOCK, {ON, signal.SIGCHLD})
    running: subprocess.Popen[bytes] | None = None
    while True:
        came = wait(running, disk.init_link(stand["tag"].partition(":")[2]))
        if came == ON:
            running = running or boot(stand["tag"], folder)
        elif running and (code := running.poll()) is not None:
            unplug(sysctls)
            running = boot(stand["tag"], folder) if code == nspawn.REBOOT else None


def wait(running: subprocess.Popen[bytes] | None, link: str) -> int:
    """The next signal; while a machine that boots has no first process yet, the link to it is looked after."""
    while running:
        init = entry.first(os.getpid())
        if init:
            note(link, f"/proc/{init}")
            break
        if came := signal.sigtimedwait({ON, signal.SIGCHLD}, SOON):
            return came.si_signo
    return signal.sigwait({ON, signal.SIGCHLD})


def note(link: str, target: str) -> None:
    """Have a link lead there."""
    with suppress(FileNotFoundError):
        if os.readlink(link) == target:
            return
        os.unlink(link)
    os.symlink(target, link)


def boot(tag: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start the machine on its disk, in this process's network and a control group of its own."""
    name = tag.partition(":")[2]
    plug_in(tag)
    afresh = _groups(folder)
    root, binds = disk.mount(name, folder)
    with open(folder / "console.log", "ab") as console:
        return subprocess.Popen(
            nspawn.words(name, root, binds), env=nspawn.ENVIRONMENT, cwd="/",
            stdin=subprocess.DEVNULL, stdout=console, stderr=console, preexec_fn=_into(afresh),
        )  # fmt: skip


def _groups(folder: Path) -> list[Path]:
    """The machine's control groups, made anew: the kernel kills what is born in those that were killed."""
    paths = [Path(line) for line in (folder / "groups").read_text().splitlines()]
    groups.remove(paths)
    for path in paths:
        path.mkdir(exist_ok=True)
    return paths


def _into(paths: list[Path]) -> Callable[[], None]:
    def enter() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {ON, signal.SIGCHLD})
        for group in paths:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    return enter


def unplug(sysctls: Mapping[str, str]) -> None:
    """Leave the network namespace that the machine has used, with its cables alone: all else in it ends with it."""
    used = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    kernel.unshare(kernel.NEWNET)
    anchors.set_sysctls(sysctls)
    lines = [f"link set dev {cable} netns {os.getpid()}" for cable in cables(used)]
    _ip(lines, lambda: kernel.setns(used, kernel.NEWNET))
    os.close(used)


def cables(namespace: int) -> list[str]:
    """The ends of the lab's cables in a network namespace."""
    listed = subprocess.run(
        ["ip", "-json", "link"],
        preexec_fn=lambda: kernel.setns(namespace, kernel.NEWNET),
        capture_output=True,
        check=True,
    ).stdout
    return [link["ifname"] for link in json.loads(listed) if CABLE.fullmatch(link["ifname"])]


def plug_in(tag: str) -> None:
    """Address and route the cables as they were when they were laid, and as they were moved since."""
    with suppress(FileNotFoundError):
        _ip(Path(lines_file(tag)).read_text().splitlines(), None)


def _ip(lines: list[str], enter: Callable[[], None] | None) -> None:
    # What was undone in the meantime fails and is passed over.
    subprocess.run(
        ["ip", "-force", "-batch", "-"], input="\n".join([*lines, ""]).encode(), preexec_fn=enter,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
