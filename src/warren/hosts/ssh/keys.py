"""Host keys: whose are known, what a host shows, and the file where warren keeps those that somebody trusted.

In: targets. Out: keys with their fingerprints. Never trusts a key by itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from warren.hosts.base import Unreachable
from warren.hosts.ssh.session import environment
from warren.hosts.ssh.target import Target
from warren.hosts.ssh.words import last_line

ASK_SECONDS = 10.0
LOOK_SECONDS = 30.0
# A way to see the key and nothing else: whoever shows it is told no name and no key of the user.
LOOK = {"PreferredAuthentications": "none", "GlobalKnownHostsFile": "/dev/null", "HashKnownHosts": "no"}


@dataclass(frozen=True, slots=True)
class HostKey:
    """One key as a line of a file of known hosts: for whom, of which kind, and the key itself."""

    place: str
    kind: str
    key: str

    @property
    def fingerprint(self) -> str:
        """As ssh prints it: `SHA256:...`."""
        digest = hashlib.sha256(base64.b64decode(self.key)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    def __str__(self) -> str:
        return f"{self.place} {self.kind} {self.key}"


def parse(text: str) -> list[HostKey]:
    """The keys of a file of known hosts; lines with markers and hashed names are left out."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 3 and words[0][0] not in "#@|" and _is_key(words[2]):
            found.append(HostKey(*words[:3]))
    return found


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) > 0
    except binascii.Error:
        return False


def informed(target: Target) -> Target:
    """The target with the user's own files of known hosts, as ssh would use them. Raises `Unreachable`."""
    via = informed(target.via) if target.via else None
    said = settings(target)
    return replace(target, via=via, known=tuple(said.get("userknownhostsfile", "").split()))


def settings(target: Target) -> dict[str, str]:
    """What the user's configuration says of a target (`ssh -G`). Raises `Unreachable`."""
    try:
        asked = subprocess.run(
            target.query, capture_output=True, text=True, timeout=ASK_SECONDS, env=environment(), check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Unreachable(
            f"{target.name} cannot be reached: ssh does not come to an end with its configuration"
        ) from late
    except OSError as gone:
        hint = "install the OpenSSH client"
        raise Unreachable(f"{target.name} cannot be reached: ssh does not run here: {gone.strerror}", hint) from gone
    if asked.returncode:
        raise Unreachable(
            f"{target.name} cannot be reached: ssh refuses its configuration: {last_line(asked.stderr)}",
            f"`ssh -G {target.text}` says the same",
        )
    return dict(line.split(" ", 1) for line in asked.stdout.splitlines() if " " in line)


def offered(target: Target, timeout: float = LOOK_SECONDS) -> HostKey | None:
    """The key that the host shows now, None where it shows none. It is looked at, not trusted."""
    return ask(target, timeout)[0]


def ask(target: Target, timeout: float = LOOK_SECONDS) -> tuple[HostKey | None, str]:
    """The same, with what ssh said."""
    with tempfile.TemporaryDirectory(prefix="wrn-") as folder:
        seen = Path(folder) / "seen"
        words = ["ssh", *target.look(str(seen), LOOK), *target.destination, "true"]
        try:
            asked = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, env=environment(),
                check=False, start_new_session=True,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return None, ""
        return (next(iter(parse(seen.read_text())), None) if seen.exists() else None), asked.stderr


def pinned(pins: Path) -> list[HostKey]:
    """The keys that warren keeps."""
    try:
        return parse(pins.read_text())
    except FileNotFoundError:
        return []


def pin(pins: Path, key: HostKey) -> None:
    """Keeps a key in place of others of the same place. The file is whole, or as it was. Raises `OSError`."""
    pins.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = [each for each in pinned(pins) if each.place != key.place]
    descriptor, fresh = tempfile.mkstemp(prefix=pins.name, dir=pins.parent)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write("".join(f"{each}\n" for each in [*kept, key]))
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, pins)


def folder_of(network: str) -> Path:
    """Where warren keeps what it must remember of a network, by the XDG rules."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return Path(state) / "warren" / network
