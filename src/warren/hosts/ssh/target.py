"""Where ssh connects, and how: the words of its command line.

In: what the file says of a host. Out: argument lists for OpenSSH. Never connects, never reads the user's configuration
itself: ssh does.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warren.spec.notation import SSH

CONNECT_SECONDS = 15
# Ours win over the user's configuration, which decides all the rest: keys, agent, ProxyJump, names, ciphers.
OPTIONS = {
    "BatchMode": "yes",
    "StrictHostKeyChecking": "yes",
    "UpdateHostKeys": "no",
    "ConnectTimeout": str(CONNECT_SECONDS),
    "ConnectionAttempts": "1",
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "3",
    "LogLevel": "INFO",
    "ControlPersist": "no",
    "ClearAllForwardings": "yes",
    # What a host tells of itself is text, a tenth of it when compressed, and uplinks of homes are slow.
    "Compression": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "RemoteCommand": "none",
}
# For connections that must be new, whatever the user shares with other programs.
ALONE = {"ControlMaster": "no", "ControlPath": "none"}


@dataclass(frozen=True, slots=True)
class Target:
    """One login: `text` as in the file, `via` the host that leads there.

    `config` takes the place of the user's own configuration; `pins` is the file of host keys that warren keeps, and
    `known` are further such files, the user's. `through` is where the connection to `via` can be joined, once there is
    one.
    """

    name: str
    text: str
    via: Target | None = None
    config: Path | None = None
    pins: Path | None = None
    known: tuple[str, ...] = ()
    through: Path | None = None

    @property
    def destination(self) -> list[str]:
        """The last words of a command line: a port where one is named, and who at which host."""
        found = SSH.match(self.text)
        if not found:
            return [self.text]
        place = found["six"] or found["host"] or found["bare"]
        port = ["-p", found["port"]] if found["port"] else []
        return [*port, f"{found['user'] or ''}{place}"]

    @property
    def options(self) -> list[str]:
        """Everything before the destination."""
        return [*self._config, *_written({**OPTIONS, **self.trust, **self._way})]

    @property
    def query(self) -> list[str]:
        """The command that prints what ssh would do, by the user's own configuration."""
        return ["ssh", *self._config, "-G", *self.destination]

    @property
    def trust(self) -> dict[str, str]:
        """Whose word on host keys counts."""
        files = [str(self.pins)] if self.pins else []
        quoted = " ".join('"' + each.replace("%", "%%") + '"' for each in (*files, *self.known))
        return {"UserKnownHostsFile": quoted} if quoted else {}

    @property
    def _way(self) -> dict[str, str]:
        """How to get there where it is not direct: over the connection to the other host, or by one of its own."""
        if not self.via:
            return {}
        first = _joining(self.through) if self.through else ["ssh", *_written(ALONE), *self.via.options]
        inner = [*first, "-W", "[%h]:%p", *self.via.destination]
        ours = (each if each == "[%h]:%p" else each.replace("%", "%%") for each in inner)
        return {"ProxyUseFdpass": "no", "ProxyCommand": shlex.join(ours)}

    def look(self, seen: str, more: dict[str, str]) -> list[str]:
        """Options for a connection that only writes down, in the file `seen`, which key the host shows."""
        ours = {"StrictHostKeyChecking": "accept-new", "UserKnownHostsFile": f'"{seen}"'}
        return [*self._config, "-T", *_written({**OPTIONS, **ALONE, **more, **ours, **self._way})]

    @property
    def _config(self) -> list[str]:
        return ["-F", str(self.config)] if self.config else []

    def connect(self, control: Path, command: str) -> list[str]:
        """The shared connection; its first session runs `command`."""
        return ["ssh", *self.options, "-T", "-M", "-S", str(control), *self.destination, command]

    def join(self, control: Path, command: str, terminal: bool = False) -> list[str]:
        """One more session on the shared connection; without one it fails, and does not connect by itself."""
        return [*_joining(control), "-t" if terminal else "-T", *self.destination, command]


def _joining(control: Path) -> list[str]:
    lone = _written({"BatchMode": "yes", "LogLevel": "ERROR", "ProxyCommand": "false"})
    return ["ssh", "-F", "none", *lone, "-S", str(control)]


def _written(options: dict[str, str]) -> Iterator[str]:
    for key, value in options.items():
        yield from ("-o", f"{key}={value}")
