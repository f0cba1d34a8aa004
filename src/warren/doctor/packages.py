"""Names of packages, and the command that installs them.

In: what a host said of its package tool. Out: mends. Never a package that the host's own distribution does not have.
"""

from __future__ import annotations

from collections.abc import Mapping

from warren.doctor.model import Mend, Survey

COMMANDS: Mapping[str, str] = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "apk": "apk add",
    "pacman": "pacman -S --noconfirm",
    "zypper": "zypper -n install",
}
# Before the first package of the day the lists may be stale.
REFRESH = {"apt-get": "apt-get update -q"}
QUIET = {"apt-get": "export DEBIAN_FRONTEND=noninteractive"}

# What is called otherwise, or in several packages, somewhere: by what is wanted, then by tool.
NAMES: Mapping[str, Mapping[str, str]] = {
    "iproute2": {"dnf": "iproute"},
    "conntrack": dict.fromkeys(("dnf", "apk", "pacman", "zypper"), "conntrack-tools"),
    "uidmap": {"dnf": "shadow-utils", "apk": "shadow-uidmap", "pacman": "shadow", "zypper": "shadow"},
    "libpam-net": {"dnf": "", "apk": "", "pacman": "", "zypper": ""},
    "wireguard-go": {"dnf": "", "zypper": ""},
    "systemd-timesyncd": {"dnf": "", "apk": "", "pacman": "", "zypper": ""},
}


def install(survey: Survey, *wanted: str, before: str = "") -> Mend | None:
    """How to install packages there; None where the distribution has no such package.

    `before` is shell that may end the script when it has mended all.
    """
    tool = survey.pairs("system").get("packages", "")
    names = [NAMES.get(each, {}).get(tool, each) for each in wanted]
    if tool not in COMMANDS or not all(names):
        return None
    line = f"{COMMANDS[tool]} {' '.join(names)}"
    lines = (before, QUIET.get(tool, ""), f"{line} || {{ {REFRESH.get(tool, 'exit 1')} && {line}; }}")
    return Mend(line, "\n".join(each for each in lines if each))
