"""Debian's packages for machines that need more than every machine has: fetched once by this machine's apt.

In: names of packages. Out: an archive of what the image of the machines lacks of them. Never installs anything here.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from functools import cache
from pathlib import Path

import pytest

from tests.machines.rig import Rig
from warren.lab.machines import image as images
from warren.lab.machines import recipe

LIMIT = 300
# Nothing starts because it was installed: the test says when.
UNPACK = """\
mkdir -p /root/packages && tar -C /root/packages -xf - || exit
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
DEBIAN_FRONTEND=noninteractive dpkg --force-confdef -i /root/packages/*.deb >/root/packages/said 2>&1 ||
  { tail -n 5 /root/packages/said >&2; exit 1; }
rm -r /root/packages /usr/sbin/policy-rc.d
"""


def install(rig: Rig, host: str, *names: str) -> None:
    """Packages in a machine, as its administrator would have them; skips where they cannot be fetched."""
    rig.run(host, UNPACK, archive(names), LIMIT)


@cache
def archive(names: tuple[str, ...]) -> bytes:
    """All packages that a machine lacks, as a tar."""
    folder = images.cache() / "packages" / recipe.key()
    fetched = folder / "-".join(names)
    if not fetched.exists():
        _fetch(folder, fetched, names)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for path in sorted(fetched.glob("*.deb")):
            tar.add(path, path.name)
    return made.getvalue()


def _fetch(folder: Path, fetched: Path, names: tuple[str, ...]) -> None:
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    fresh = fetched.with_name(f"{fetched.name}.new")
    (fresh / "partial").mkdir(parents=True, exist_ok=True)
    signed = f"[signed-by={images.KEYRING}] " if Path(images.KEYRING).exists() else ""
    (folder / "sources.list").write_text(f"deb {signed}{images.mirror()} {recipe.SUITE} main\n")
    settings = {
        "Dir::State::status": images.image() / "var/lib/dpkg/status",
        "Dir::State::lists": folder / "lists",
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Cache::archives": fresh,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "APT::Install-Recommends": "false",
        "Acquire::Languages": "none",
    }
    options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
    for words in (["update"], ["install", "--yes", "--download-only", *names]):
        done = subprocess.run(["apt-get", "-qq", *options, *words], capture_output=True, timeout=LIMIT, check=False)
        if done.returncode:
            pytest.skip(f"{' '.join(names)} cannot be fetched: {done.stderr.decode().strip().splitlines()[-1]}")
    fresh.rename(fetched)
