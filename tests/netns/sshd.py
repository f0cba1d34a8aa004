"""Real sshd in namespaces: a client, a gateway, and a home that only the gateway can reach.

In: a folder. Out: targets, and ways to disturb them. Never touches the machine's own ssh, users or interfaces.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from warren.hosts.ssh import SshHost, Target, keys

SCRIPT = Path(__file__).with_suffix(".sh")
NEEDED = ("/usr/sbin/sshd", "/usr/bin/sudo", "/usr/bin/ssh")
GATEWAY, HOME = "10.9.0.2", "10.9.1.2"


def why_not() -> str | None:
    """Why these tests cannot run here."""
    if os.geteuid():
        return "sshd lets others in only as root"
    missing = [each for each in NEEDED if not os.path.exists(each)]
    return f"{', '.join(missing)} is not here" if missing else None


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the parts are; `pid` holds the client's namespaces."""

    folder: Path
    pid: int

    @property
    def pins(self) -> Path:
        """The keys that are trusted."""
        return self.folder / "pins" / "known_hosts"

    def target(self, text: str = f"root@{GATEWAY}", via: Target | None = None, name: str = "vps") -> Target:
        """A login."""
        return Target(name, text, via, self.folder / "config", self.pins)

    def home(self, text: str = f"root@{HOME}") -> Target:
        """A login behind the gateway."""
        return self.target(text, self.target(), "home")

    def trust(self) -> None:
        """Pins what both show."""
        for target in (self.target(), self.target(f"root@{GATEWAY}:2222"), self.home()):
            key = keys.offered(target)
            assert key, target
            keys.pin(self.pins, key)

    def do(self, script: str, *more: str) -> str:
        """A script among the parts, in the client's place, or in another by `--net=...`."""
        words = ["/usr/bin/nsenter", "--target", str(self.pid), "--mount", "--net", "--pid", *more, "sh", "-ec", script]
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout

    def signal(self, name: str, command: str) -> None:
        """A signal to what has these words on its command line."""
        self.do(f"pkill -{name} -f '[{command[0]}]{command[1:]}'")

    def on(self, place: str, script: str) -> str:
        """A script at the gateway or at home."""
        return self.do(f"ip netns exec {place} sh -ec '{script}'")


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """The parts, until the end of the block."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True)
    (folder / "authorized_keys").write_text((folder / "key.pub").read_text())
    (folder / "config").write_text(f"Host *\n  IdentityFile {folder}/key\n  IdentitiesOnly yes\n")
    folder.chmod(0o755)
    words = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh"]
    with (
        subprocess.Popen([*words, SCRIPT, folder], stdout=subprocess.PIPE, text=True) as running,
        pytest.MonkeyPatch.context() as patch,
    ):
        try:
            assert running.stdout and running.stdout.readline() == "ready\n"
            pid = int(Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text())
            wrap(folder, pid)
            patch.setenv("PATH", f"{folder}/bin", prepend=":")
            yield Bench(folder, pid)
        finally:
            running.kill()


def wrap(folder: Path, pid: int) -> None:
    """An `ssh` that starts in the client's place."""
    (folder / "bin").mkdir()
    ssh = folder / "bin" / "ssh"
    ssh.write_text(f'#!/bin/sh\nexec /usr/bin/nsenter --target {pid} --net -- /usr/bin/ssh "$@"\n')
    ssh.chmod(0o755)


@contextmanager
def host(target: Target) -> Iterator[SshHost]:
    """A host, closed at the end."""
    made = SshHost(target)
    try:
        yield made
    finally:
        made.close()
