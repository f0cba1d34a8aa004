"""The disk of a machine: the image beneath, what the machine wrote above it; kept over its reboots.

In: an image, a machine's folder and what is its own. Out: a folder that can be mounted as a root. Never writes to the
image.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warren.lab import kernel
from warren.lab.keeper import FILES

# Folders that containers need on a real file system: overlayfs cannot stand on itself.
APART = ("var", "home")


@dataclass(frozen=True, slots=True)
class Owned:
    """What makes a machine itself: files by path from its root, and their modes."""

    texts: Mapping[str, tuple[int, str]]


def init_link(name: str) -> str:
    """What leads to the first process of a machine, whichever boot it is of; as processes of the lab see it."""
    return f"{FILES}/machines/{name}.init"


def make(folder: Path, image: Path, owned: Owned) -> None:
    """A fresh disk, as a new machine has it."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("above", "work"):
        (folder / name).mkdir(parents=True)
    (folder / "image").symlink_to(image)
    for name in APART:
        subprocess.run(["cp", "-a", "--reflink=auto", str(image / name), str(folder / name)], check=True)
    for path, (mode, text) in owned.texts.items():
        _write(folder, image, path, mode, text)


def _write(folder: Path, image: Path, path: str, mode: int, text: str) -> None:
    """A file of the machine's own; its folders keep the owners and modes that they have in the image."""
    top = path.split("/")[0]
    place = folder if top in APART else folder / "above"
    for parent in [*Path(path).parents][-2::-1]:
        beneath, here = image / parent, place / parent
        if not here.exists():
            here.mkdir()
            shutil.copystat(beneath, here)
            shutil.chown(here, beneath.stat().st_uid, beneath.stat().st_gid)
    file = place / path
    file.write_text(text)
    file.chmod(mode)
    owner = file.parent.stat()
    shutil.chown(file, owner.st_uid, owner.st_gid)


def mount(name: str, folder: Path) -> tuple[str, dict[str, str]]:
    """Put the disk together in the calling mount namespace: its root, and the folders that are bound into it."""
    root = Path(FILES) / "machines" / name
    root.mkdir(parents=True, exist_ok=True)
    if root.is_mount():
        subprocess.run(["umount", "--lazy", str(root)], check=True)
    image = (folder / "image").resolve()
    layers = f"lowerdir={image},upperdir={folder / 'above'},workdir={folder / 'work'}"
    binds = {f"/{top}": str(folder / top) for top in APART}
    try:
        kernel.mount("overlay", str(root), "overlay", options=layers)
    except OSError:
        return str(_copied(folder, image)), binds
    return str(root), binds


def _copied(folder: Path, image: Path) -> Path:
    """A whole copy, where the file system beneath cannot carry an overlay."""
    whole = folder / "whole"
    if not whole.exists():
        for source in (image, folder / "above"):
            subprocess.run(["cp", "-a", "--reflink=auto", f"{source}/.", str(whole)], check=True)
    return whole


def discard(folder: Path) -> None:
    """Forget a disk; a lab that has just ended may still let go of it."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder, ignore_errors=True)
