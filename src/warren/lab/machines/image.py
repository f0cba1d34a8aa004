"""The tree of files that every test machine stands on: built once by mmdebstrap, then found again by its recipe.

In: the recipe, and the machine's own settings of apt. Out: a folder that nobody writes to. Never leaves half a tree
under its name.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warren.lab import door
from warren.lab.machines import recipe

DEFAULT_MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
BUILD_LIMIT = 900.0
# Settings of apt that say how to get out of this machine: proxies and the certificates of those who intercept.
WAY_OUT = re.compile(
    r'(?i)^Acquire::https?(::[^ ]*)?::?(Proxy|CaInfo|CaPath|Verify-\w+|ProxyAutoDetect)[^ ]* "[^"]+";$'
)


def cache() -> Path:
    """Where images and disks lie; everything in it may be deleted while no lab of machines runs."""
    own = os.environ.get("XDG_CACHE_HOME")
    return Path(own) / "warren" if own else Path("/var/cache/warren")


def image() -> Path:
    """The tree of today's recipe; built where it is not there yet, which takes a minute."""
    tree = cache() / "images" / recipe.key()
    if tree.exists():
        return tree
    tree.parent.mkdir(parents=True, exist_ok=True)
    with _alone(tree.parent / "lock"):
        if not tree.exists():
            _build(tree)
    return tree


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two labs that begin at once build one image."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _build(tree: Path) -> None:
    fresh = tree.with_name(f"{tree.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _run(words(fresh, mirror(), way_out()), "")
    _run(["chroot", str(fresh), "/bin/sh"], recipe.FINISH)
    fresh.rename(tree)


def _run(argv: list[str], stdin: str) -> None:
    environment = {**os.environ, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    try:
        done = subprocess.run(
            argv, input=stdin, capture_output=True, text=True, timeout=BUILD_LIMIT, env=environment, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise door.refuse("image", f"{argv[0]} did not finish within {BUILD_LIMIT:g} seconds") from late
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        raise door.refuse("image", f"the image of the machines cannot be built: {said}")


def words(tree: Path, mirror: str, settings: list[str]) -> list[str]:
    """The command that builds a tree."""
    keyring = [f"--keyring={KEYRING}"] if Path(KEYRING).exists() else []
    return [
        "mmdebstrap", "--variant=minbase", "--mode=root", *keyring,
        *(f"--aptopt={setting}" for setting in ('Acquire::Languages "none";', *settings)),
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in recipe.LEFT_OUT),
        f"--include={','.join(recipe.PACKAGES)}", f"--architectures={_architecture()}", recipe.SUITE,
        str(tree), mirror,
    ]  # fmt: skip


def _architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def mirror() -> str:
    """The first mirror of Debian that this machine itself is set to."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return next((uri.rstrip("/") for uri in found if uri.rstrip("/").endswith("/debian")), DEFAULT_MIRROR)


def way_out() -> list[str]:
    """How this machine's apt leaves it, as settings for the apt that fills the tree."""
    said = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False).stdout
    return [line for line in said.splitlines() if WAY_OUT.match(line)]
