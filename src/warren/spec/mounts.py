"""What a container sees of volumes, of its host's paths and of memory.

In: a mount of the file, short or long. Out: its kind, source, target and options apart, or the sentence what is wrong.
Never looks whether a path exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from warren.spec.container import Mount
from warren.spec.fields import Mistake, shorten

VOLUME_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,99}\Z")
SIZE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>[bkmgt]?)b?\Z", re.IGNORECASE)
UNITS = {"": 0, "b": 0, "k": 10, "m": 20, "g": 30, "t": 40}
# podman-run(1), --volume; what asks for a driver or an overlay is left to raw lines.
OPTIONS = frozenset(
    "ro rw z Z U copy nocopy exec noexec dev nodev suid nosuid private rprivate shared rshared slave rslave unbindable"
    " runbindable bind rbind idmap O".split()
)
TMPFS_OPTIONS = re.compile(
    r"(ro|rw|exec|noexec|dev|nodev|suid|nosuid|notmpcopyup|(size|mode|uid|gid|nr_inodes)=[0-9]+[kmgKMG]?)\Z"
)


@dataclass(frozen=True, slots=True)
class Mounted:
    """One mount with its parts apart; an anonymous volume and memory have no source."""

    kind: Literal["volume", "bind", "tmpfs"]
    source: str
    target: str
    read_only: bool = False
    options: tuple[str, ...] = ()


def read_mount(mount: Mount) -> Mounted:
    """The parts of a mount, or `Mistake`."""
    return _short(mount.source or "") if mount.type == "text" else _long(mount)


def read_tmpfs(text: str) -> Mounted:
    """`/tmp` or `/tmp:size=64m,mode=1777`."""
    target, _, rest = text.partition(":")
    options = tuple(filter(None, rest.split(",")))
    for option in options:
        if not TMPFS_OPTIONS.match(option):
            raise Mistake("bad-mount", f"{shorten(option)} is no option of memory", "write `/tmp:size=64m,mode=1777`")
    return Mounted("tmpfs", "", _target(target), options=options)


def read_size(text: str) -> int:
    """Bytes of `512m`, as Compose counts them: a k has 1024."""
    found = SIZE.match(text)
    assert found, "the type of the key has seen to it"
    return int(float(found["number"]) * (1 << UNITS[found["unit"].lower()]))


def _short(text: str) -> Mounted:
    parts = text.split(":")
    if len(parts) > 3:
        raise Mistake(
            "bad-mount", f"{shorten(text)} has a colon too many", "write `name:/path` or `/host/path:/path:ro`"
        )
    if len(parts) == 1:
        return Mounted("volume", "", _target(text))
    options = tuple(filter(None, parts[2].split(","))) if len(parts) == 3 else ()
    for option in options:
        if option not in OPTIONS:
            raise Mistake("bad-mount", f"{shorten(option)} is no option of a volume", "write `name:/path:ro`")
    kept = tuple(option for option in options if option not in ("ro", "rw"))
    kind, source = _source(parts[0])
    return Mounted(kind, source, _target(parts[1]), "ro" in options, kept)


def _long(mount: Mount) -> Mounted:
    target = _target(mount.target or "")
    if mount.type == "tmpfs":
        size = [f"size={read_size(mount.tmpfs.size)}"] if mount.tmpfs.size else []
        mode = [f"mode={mount.tmpfs.mode}"] if mount.tmpfs.mode else []
        return Mounted("tmpfs", "", target, mount.read_only, (*size, *mode))
    kind, source = _source(mount.source or "") if mount.source or mount.type == "bind" else ("volume", "")
    if kind != mount.type:
        what = "a path of the host" if mount.type == "bind" else "the name of a volume"
        raise Mistake("bad-mount", f"{shorten(source)} is not {what}, as `type: {mount.type}` says")
    words = (mount.bind.propagation, mount.bind.selinux, "nocopy" if mount.volume.nocopy else None)
    return Mounted(kind, source, target, mount.read_only, tuple(word for word in words if word))


def _source(text: str) -> tuple[Literal["volume", "bind"], str]:
    if text.startswith("/"):
        return "bind", _path(text)
    if text.startswith((".", "~")) or "/" in text:
        hint = "name a volume, write the whole path on the host, or deliver the file under `secrets`"
        raise Mistake("bad-mount", f"{shorten(text)} is a path on your machine, and the container runs on a host", hint)
    if not VOLUME_NAME.match(text):
        raise Mistake(
            "bad-mount", f"{shorten(text)} cannot name a volume: only letters, digits, `_`, `.` and `-` are allowed"
        )
    return "volume", text


def _target(text: str) -> str:
    if not text.startswith("/"):
        raise Mistake("bad-mount", f"{shorten(text)} is no path in the container: it must begin with `/`")
    return _path(text)


def _path(text: str) -> str:
    if ":" in text or "," in text:
        raise Mistake("bad-mount", f"{shorten(text)} has a colon or comma, which Podman cannot carry in a path")
    if text != text.strip() or text.endswith("\\"):
        raise Mistake("bad-mount", f"{shorten(text)} begins or ends with what no path should")
    if ".." in text.split("/"):
        raise Mistake("bad-mount", f"{shorten(text)} leads out of itself; write the path without `..`")
    return text
