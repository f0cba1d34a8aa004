"""Whether this machine lets this user build a lab.

In: the kernel's answer to a small attempt. Out: None, or one sentence that says why not and what would help. Never
changes a setting of the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from warren.lab.netns import environment

TOOLS = {"unshare": "util-linux", "nsenter": "util-linux", "setsid": "util-linux", "ip": "iproute2", "nft": "nftables"}
TUNNEL_TOOLS = {"wg": "wireguard-tools"}
TUN = "/dev/net/tun"

# Everything that a lab is made of, once.
ATTEMPT = """\
mount -t tmpfs tmpfs /run
ip link add warren0 type veth peer name warren1
ip link add warren2 type bridge
nft 'add table inet warren; add chain inet warren c; add rule inet warren c meta l4proto ipv6-icmp accept'
ip link add warren3 type wireguard 2>/dev/null && echo wireguard || :
"""

# What forbids user namespaces, by the parameter's name: the value that does, and what to say.
SWITCHES = (
    ("user/max_user_namespaces", "0", "this machine allows no user namespaces: sysctl user.max_user_namespaces=15000"),
    (
        "kernel/unprivileged_userns_clone",
        "0",
        "this machine allows user namespaces to root alone: sysctl kernel.unprivileged_userns_clone=1",
    ),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor keeps user namespaces powerless here: sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)


def unshare_words() -> tuple[str, ...]:
    """The command that makes a lab's own namespaces; whoever is not root becomes root of a user namespace."""
    user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    kinds = ("--mount", "--uts", "--net", "--pid")
    return ("unshare", *user, *kinds, "--fork", "--kill-child", "--mount-proc", "--")


def why_not() -> str | None:
    """Why no lab can be built here, or None."""
    if missing := missing_tools({**TOOLS, **TUNNEL_TOOLS}):
        return missing
    tried = subprocess.run(
        [*unshare_words(), "sh", "-ec", ATTEMPT], capture_output=True, text=True, env=environment(), check=False
    )
    if "resolve protocol name" in tried.stderr:
        return "nft does not know the names of protocols here: apt install netbase"
    if tried.returncode:
        said = (tried.stderr.strip() or "no reason given").splitlines()[-1]
        return forbidden() or f"this machine refuses the namespaces of a lab: {said}"
    return why_no_tunnels("wireguard" in tried.stdout)


def missing_tools(tools: dict[str, str]) -> str | None:
    """Which commands are not installed, with Debian's packages for them."""
    path = environment()["PATH"]
    missing = [tool for tool in tools if not shutil.which(tool, path=path)]
    if not missing:
        return None
    return f"not installed: {', '.join(missing)}: apt install {' '.join(sorted({tools[tool] for tool in missing}))}"


def forbidden(root: Path = Path("/proc/sys"), switches: Iterable[tuple[str, str, str]] = SWITCHES) -> str | None:
    """The setting that forbids an ordinary user's lab, as a sentence."""
    if os.geteuid() == 0:
        return None
    for name, value, sentence in switches:
        file = root / name
        if file.exists() and file.read_text().strip() == value:
            return sentence
    return None


def why_no_tunnels(in_kernel: bool, tun: str = TUN) -> str | None:
    """Why no WireGuard can run: neither the kernel's nor wireguard-go."""
    if in_kernel:
        return None
    if missing := missing_tools({"wireguard-go": "wireguard-go"}):
        return f"the kernel has no WireGuard, and its stand-in is {missing}"
    if not os.access(tun, os.R_OK | os.W_OK):
        return f"the kernel has no WireGuard, and {tun} is not open to this user: chmod 666 {tun}"
    return None
