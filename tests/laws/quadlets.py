"""Podman's own generator, asked what it would make of unit files.

In: files by name. Out: the units that it makes of them, by name. Never starts any of them. It is that of this machine,
or that of the tree on which test machines stand.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from warren.formats import ini
from warren.formats.ini import Unit
from warren.lab.machines import image, recipe

GENERATOR = "/usr/lib/systemd/user-generators/podman-user-generator"
MOUNTED = 'mount --bind "$1" "$2/run" && exec chroot "$2" env QUADLET_UNIT_DIRS=/run "$3" --user --dryrun --no-kmsg-log'
OWN = 'exec env QUADLET_UNIT_DIRS="$1" "$2" --user --dryrun --no-kmsg-log'


def why_not() -> str:
    """Why there is no generator here, or nothing."""
    if Path(GENERATOR).exists() or (_tree() / GENERATOR[1:]).exists() and os.geteuid() == 0:
        return ""
    return "Podman's Quadlet is not installed here, and there is no image of a test machine that has it"


def units(files: Mapping[str, str]) -> dict[str, Unit]:
    """What the generator makes of the files; it says nothing that it refuses any."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        own = Path(GENERATOR).exists()
        argv = ["sh", "-c", OWN, "sh", folder, GENERATOR]
        if not own:
            argv = ["unshare", "--mount", "sh", "-c", MOUNTED, "sh", folder, str(_tree()), GENERATOR]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    parts = re.split(r"^---(\S+)---$", done.stdout, flags=re.MULTILINE)[1:]
    return {name: ini.read(text) for name, text in zip(parts[::2], parts[1::2], strict=True)}


def _tree() -> Path:
    return image.cache() / "images" / recipe.key()


def arguments(unit: Unit) -> list[str]:
    """The words with which systemd would start a unit: split, and everything in them put in its place."""
    service = unit.section("Service")
    variables = dict(
        ini.plain(one).partition("=")[::2] for text in service.of("Environment") for one in ini.split(text)
    )
    (line,) = service.of("ExecStart")
    found = []
    for one in ini.split(line):
        whole = re.fullmatch(r"\$\{(\w+)\}", one)
        assert one != ";", "systemd would end the command here"
        found.append(variables[whole[1]] if whole else ini.plain(one))
    return found
