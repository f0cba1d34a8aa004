"""From a topology to a running lab.

In: a topology and a name. Out: a lab whose hosts are as fresh as a new machine. Never applies anything of warren's own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time

from warren.lab import allowed, door, inside, netns
from warren.lab.blueprint import EMPTY
from warren.lab.lab import Lab
from warren.lab.machines import rack
from warren.lab.machines.image import image
from warren.topology.model import Topology

START_LIMIT = 15.0
WITHDRAWAL_LIMIT = 3.0


def build(topology: Topology, name: str | None = None, tied: bool = False, machines: bool = False) -> Lab:
    """Start a lab and build the topology's small Internet in it; a `tied` lab ends with the calling process.

    Its hosts are namespaces, or whole `machines` that are booted when this returns.
    """
    if reason := allowed.why_not() or (rack.why_not() if machines else None):
        raise door.refuse("forbidden", reason)
    tree = image() if machines else None
    lab = start(name or topology.name, tied)
    try:
        if tree:
            rack.sweep()
            lab.write(rack.IMAGE, str(tree).encode())
        lab.become(EMPTY, topology)
    except BaseException:
        lab.down()
        raise
    return lab


def start(name: str, tied: bool = False) -> Lab:
    """Start the keeper of a lab that is still empty."""
    errors, ours = os.memfd_create("errors"), False
    try:
        with door.bind(name) as taken:
            ours = True
            _launch(name, taken, _lifeline() if tied else None, errors)
        return Lab(name, _keeper(name, errors))
    except BaseException:
        if ours:
            _withdraw(name)
        raise
    finally:
        os.close(errors)


def _withdraw(name: str) -> None:
    """A keeper that was started, or is about to be, ends: whoever wanted the lab was interrupted."""
    until = time.monotonic() + WITHDRAWAL_LIMIT
    while name in door.names() and time.monotonic() < until:
        if keeper := door.keeper_of(name):
            Lab(name, keeper).down()
            return
        time.sleep(0.003)


def _lifeline() -> int:
    """A pipe whose writing end lives as long as this process: nobody closes it."""
    reader, _ = os.pipe()
    return reader


def _launch(name: str, taken: socket.socket, lifeline: int | None, errors: int) -> None:
    """Start the keeper in its namespaces, as nobody's child."""
    inherited = [taken.fileno()] if lifeline is None else [taken.fileno(), lifeline]
    keeper = inside.command("keeper", str(taken.fileno()), "-" if lifeline is None else str(lifeline), name)
    subprocess.run(
        ["setsid", "--fork", *allowed.unshare_words(), *keeper],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
        pass_fds=inherited, cwd="/", env=netns.environment(), check=True,
    )  # fmt: skip
    if lifeline is not None:
        os.close(lifeline)


def _keeper(name: str, errors: int) -> int:
    """The keeper's process id, once it listens."""
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if keeper := door.keeper_of(name):
            return keeper
        if name not in door.names():
            break
        time.sleep(0.003)
    os.lseek(errors, 0, os.SEEK_SET)
    said = os.read(errors, 65536).decode(errors="replace").strip() or "it gave no reason"
    raise door.refuse("keeper", f"the keeper of lab `{name}` did not start: {said.splitlines()[-1]}")
