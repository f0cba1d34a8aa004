"""How a lab is found and spoken to: one abstract socket in the caller's own network namespace.

In: a lab's name. Out: the keeper's process id as seen here, and its answers. Never leaves a file: an abstract name
vanishes with the last process that holds it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from warren.basis.diagnostic import Refused, error

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


def refuse(code: str, sentence: str, hint: str | None = None) -> Refused:
    """The lab's way of saying no."""
    return Refused([error(f"lab-{code}", sentence, None, hint)])


def address(name: str) -> str:
    """The abstract address of a lab; each user has names of their own."""
    if not _NAME.fullmatch(name):
        raise refuse("name", f"`{name}` cannot be a lab's name", "letters, digits, dots and dashes, at most 60")
    return f"\0{_prefix()}{name}"


def _prefix() -> str:
    return f"warren-lab-{os.getuid()}-"


def bind(name: str) -> socket.socket:
    """Take a lab's name; the keeper listens on it once it stands."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        door.bind(address(name))
    except OSError:
        door.close()
        hint = f"`warren lab apply --name {name}` changes it in place, `warren lab down --name {name}` ends it"
        raise refuse("runs", f"lab `{name}` runs already", hint) from None
    except Refused:
        door.close()
        raise
    return door


def connect(name: str) -> socket.socket | None:
    """A connection to the keeper, or None where no lab of this name runs."""
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        caller.connect(address(name))
    except ConnectionRefusedError:
        caller.close()
        return None
    except BaseException:
        caller.close()
        raise
    if _credentials(caller)[1] == os.getuid():
        return caller
    # Anyone may bind an abstract name; what another user offers under ours is not our lab.
    caller.close()
    return None


def _credentials(peer: socket.socket) -> tuple[int, int]:
    pid, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return pid, uid


def keeper_of(name: str) -> int | None:
    """The keeper's process id, or None where no lab of this name runs."""
    caller = connect(name)
    if caller is None:
        return None
    with caller:
        return _credentials(caller)[0]


def ask(name: str, request: Mapping[str, Any], timeout: float = 60) -> dict[str, Any]:
    """One request to the keeper and its answer; what it met is raised as a sentence."""
    caller = connect(name)
    if caller is None:
        raise refuse("gone", f"no lab `{name}` runs", f"`warren lab up --name {name}` builds one")
    with caller:
        caller.settimeout(timeout)
        caller.sendall(json.dumps(request).encode() + b"\n")
        with caller.makefile("rb") as stream:
            line = stream.readline()
    if not line:
        raise refuse("gone", f"lab `{name}` ended while it was asked")
    answer: dict[str, Any] = json.loads(line)
    if trouble := answer.get("error"):
        raise refuse("keeper", f"lab `{name}`: {trouble}")
    return answer


def names() -> tuple[str, ...]:
    """The names of this user's labs that run."""
    with suppress(OSError):
        words = Path("/proc/net/unix").read_text(errors="replace").split()
        prefix = f"@{_prefix()}"
        found = {word.removeprefix(prefix) for word in words if word.startswith(prefix)}
        return tuple(sorted(name for name in found if _NAME.fullmatch(name)))
    return ()
