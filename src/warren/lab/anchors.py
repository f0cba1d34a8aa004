"""Inside the lab: beginning, wiring and ending the processes that hold each place's namespaces.

In: the instructions of `blueprint.py` as plain JSON values. Out: anchors, interfaces, addresses, rules. Runs as
PID 1 of the lab's own namespaces; never touches anything outside them.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from warren.lab import inside, kernel, mounts

TAG = "warren-lab:"
MACHINE = "warren-machine:"
CORE = "core"
SYSCTL = "/proc/sys"

Stand = Mapping[str, Any]
Wire = Mapping[str, Any]
# The process in whose network to run, the command, the lines that it reads.
Task = tuple[int, list[str], Sequence[str]]


def begin(stands: Sequence[Stand], lifeline: int) -> dict[str, int]:
    """Start one anchor for each stand, all at once; returns their process ids when all are ready.

    Each reads from `lifeline`, so it ends with the keeper even where the kernel forgot to end it.
    """
    begun = [(stand["tag"], *_fork(stand, lifeline)) for stand in stands]
    for tag, _, report in begun:
        with os.fdopen(report, "rb") as pipe:
            if trouble := pipe.read().decode():
                raise RuntimeError(f"{tag}: {trouble}")
    return {tag: pid for tag, pid, _ in begun}


def _fork(stand: Stand, lifeline: int) -> tuple[int, int]:
    """The new process and the pipe on which it reports trouble; the pipe ends when the anchor stands."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _become_anchor(stand, lifeline, writer)
    os.close(writer)
    return pid, reader


def _become_anchor(stand: Stand, lifeline: int, report: int) -> NoReturn:
    try:
        _settle(stand)
        os.dup2(lifeline, 0)
        # A machine's waits for the switch, which must not end it before it listens.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGCHLD} if stand["disk"] else ())
        argv = _waiting(stand)
        os.execv(argv[0], argv)
    except BaseException as trouble:
        os.write(report, str(trouble).encode() or b"failed")
        os._exit(1)


def _waiting(stand: Stand) -> tuple[str, ...]:
    """What the anchor becomes: a process that waits, found by its tag."""
    if stand["disk"]:
        return inside.command("machines.supervisor", json.dumps(stand), MACHINE + stand["tag"])
    return ("/bin/sh", "-c", "read -r forever", TAG + stand["tag"])


def _settle(stand: Stand) -> None:
    """Leave the keeper's namespaces for the stand's own."""
    if (host := stand["host"]) and not stand["disk"]:
        kernel.unshare(kernel.NEWNET | kernel.NEWNS | kernel.NEWUTS)
        kernel.set_host_name(host)
        mounts.furnish(host)
    else:
        kernel.unshare(kernel.NEWNET)
    set_sysctls(stand["sysctls"])


def set_sysctls(sysctls: Mapping[str, str]) -> None:
    """Write kernel parameters of the calling network namespace; those that the kernel lacks are passed over."""
    for name, value in sysctls.items():
        with suppress(FileNotFoundError), open(f"{SYSCTL}/{name.replace('.', '/')}", "w") as file:
            file.write(value)


def wire(wires: Iterable[Wire], pids: Mapping[str, int]) -> None:
    """Lay the cables: a veth pair for each wire, straight into the namespaces of its two ends."""
    lines = [
        f"link add dev {w['left_interface']} netns {pids[w['left']]} type veth "
        f"peer name {w['right_interface']} netns {pids[w['right']]}"
        for w in wires
    ]
    _run_all([(pids[CORE], ["ip", "-batch", "-"], lines)])


def cut(ends: Iterable[Sequence[str]], pids: Mapping[str, int]) -> None:
    """Take away cables by one of their ends; one that is gone already is no error."""
    for tag, interface in ends:
        if tag in pids:
            _run_all([(pids[tag], ["ip", "-force", "-batch", "-"], [f"link del dev {interface}"])], strict=False)


def configure(lines: Mapping[str, Sequence[str]], rules: Mapping[str, str], pids: Mapping[str, int]) -> None:
    """Run each place's `ip` lines, then load its rules, in all places at once."""
    _run_all([(pids[tag], ["ip", "-batch", "-"], its) for tag, its in lines.items() if its])
    _run_all([(pids[tag], ["nft", "-f", "-"], [text]) for tag, text in rules.items() if text])


def _run_all(tasks: Sequence[Task], strict: bool = True) -> None:
    """Run commands in the network namespaces of these processes, side by side; the first that fails is raised."""
    running = [(command, lines, _start(pid, command, lines)) for pid, command, lines in tasks if lines]
    results = [(command, lines, task.communicate()[0], task.returncode) for command, lines, task in running]
    for command, lines, output, code in results:
        if code and strict:
            text = output.decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)}: {' '.join(text.split())}: {_failed_line(text, lines)}")


def _failed_line(output: str, lines: Sequence[str]) -> str:
    """The line of which `ip -batch` says that it failed."""
    found = re.search(r"^Command failed -:(\d+)", output, re.MULTILINE)
    return lines[int(found[1]) - 1] if found else lines[0].partition("\n")[0]


def _start(pid: int, command: list[str], lines: Sequence[str]) -> subprocess.Popen[bytes]:
    # From a file, not a pipe: all commands run while none has to be fed.
    script = os.memfd_create("script")
    os.write(script, "\n".join([*lines, ""]).encode())
    os.lseek(script, 0, os.SEEK_SET)
    try:
        return subprocess.Popen(
            command, stdin=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_in_network_of(pid)
        )
    finally:
        os.close(script)


def _in_network_of(pid: int) -> Callable[[], None]:
    return lambda: kernel.enter(f"/proc/{pid}/ns/net")


def end(pids: Iterable[int]) -> None:
    """End anchors, with everything that still runs in their network namespaces or mount namespaces."""
    for pid in pids:
        networks = {_namespace(pid, "net")} | _named_networks(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
        _end_all_in(networks - {None, _namespace(os.getpid(), "net")})


def wait_until_gone(interfaces: Collection[str], limit: float = 10.0) -> None:
    """Wait for the kernel to clean up behind ended places: their cables' names may be wanted again."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        reap()
        with open("/proc/self/net/dev") as file:
            if not {line.partition(":")[0].strip() for line in file} & set(interfaces):
                return
        time.sleep(0.005)


def reap() -> None:
    """Collect every child that has ended; namespaces live as long as what held them."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _named_networks(pid: int) -> set[int | None]:
    """The namespaces that a host has made for its services."""
    folder = f"/proc/{pid}/root/run/netns"
    with suppress(OSError):
        return {os.stat(f"{folder}/{name}").st_ino for name in os.listdir(folder)} if _owns_run(pid) else set()
    return set()


def _owns_run(pid: int) -> bool:
    return _namespace(pid, "mnt") != _namespace(os.getpid(), "mnt")


def _end_all_in(networks: set[int | None]) -> None:
    for entry in os.listdir("/proc"):
        if entry.isdigit() and _namespace(int(entry), "net") in networks:
            with suppress(ProcessLookupError):
                os.kill(int(entry), 9)


def _namespace(pid: int, kind: str) -> int | None:
    try:
        return os.stat(f"/proc/{pid}/ns/{kind}").st_ino
    except OSError:
        return None
