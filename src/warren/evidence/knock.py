"""Real packets of a connection: a knock at a door, and echoes of two sizes through a tunnel.

In: a host or place, doors. Out: what came back. Needs no more than bash on the host, and ping or python3 for echoes.
Never sends anything but a line and a few echo requests.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from warren.evidence.ask import Door
from warren.evidence.model import Knock
from warren.hosts.base import Host, Unreachable

WAIT = 1.0
MARK = "%%knock "
REFUSALS = (
    ("refused", "refused"),
    ("no route to host", "unreachable"),
    ("network is unreachable", "unreachable"),
    ("permission denied", "prohibited"),
    ("not permitted", "prohibited"),
    ("cannot assign", "unreachable"),
)
# Standard library alone: a raw echo that must not be cut into fragments (ip(7): IP_MTU_DISCOVER, IP_PMTUDISC_PROBE).
# Such a socket hears the echoes of everybody: ours is told by its sender and by the number of who asked.
ECHO = """\
import os, socket, struct, sys
address, size = sys.argv[1], int(sys.argv[2])
asking = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
asking.setsockopt(socket.IPPROTO_IP, 10, 3)
asking.settimeout(float(sys.argv[3]))
body = struct.pack("!HH", os.getpid() & 0xFFFF, size & 0xFFFF) + bytes(size - 28 - 0)
total = sum(struct.unpack(f"!{len(body) // 2}H", body[: len(body) // 2 * 2])) + 0x0800
total = (total & 0xFFFF) + (total >> 16)
asking.sendto(struct.pack("!BBH", 8, 0, ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF) + body, (address, 0))
while True:
    said, sender = asking.recvfrom(65535)
    if sender[0] == address and said[20] == 0 and said[24:28] == body[:4]:
        break
"""


def knock(host: Host, doors: Iterable[Door], wait: float = WAIT) -> dict[int, Knock]:
    """Knock at every door of a place at once; by family."""
    given = tuple(doors)
    try:
        result = host.run(script(given, wait), timeout=4 * wait + 10)
    except Unreachable as gone:
        return {door.family: Knock("untried", str(gone)) for door in given}
    found = dict(_read(result.stdout.decode(errors="replace"), given))
    return {door.family: found.get(door.family, Knock("untried", "nothing was tried")) for door in given}


def script(doors: Iterable[Door], wait: float) -> str:
    """All at once, each into its own file."""
    lines = ["export LC_ALL=C", "d=$(mktemp -d) || exit 1", "trap 'rm -rf $d' EXIT"]
    given = tuple(doors)
    for door in given:
        inside = f"ip netns exec {shlex.quote(door.netns)} " if door.netns else ""
        lines.append(f"{{ {inside}timeout {wait + 0.3:g} bash -c {shlex.quote(_program(door, wait))}; "
                     f"echo \"code $?\"; }} >$d/{door.family} 2>&1 &")  # fmt: skip
    lines.append("wait")
    lines += [f"echo '{MARK}{door.family}'; cat $d/{door.family}" for door in given]
    return "\n".join(lines) + "\n"


def _program(door: Door, wait: float) -> str:
    """Connect, say a line, hear one letter; what the kernel refuses is said by bash."""
    opened = f"exec 3<>/dev/{door.protocol}/{door.address}/{door.port} || exit 9"
    return (
        f"{opened}; echo connected; trap '' PIPE; echo '?' >&3; "
        f'IFS= read -r -N 1 -t {wait:g} -u 3 line; code=$?; [ -n "$line" ] && echo answered; exit $code'
    )


def _read(text: str, doors: Iterable[Door]) -> Iterator[tuple[int, Knock]]:
    protocols = {door.family: door.protocol for door in doors}
    for part in text.split(MARK)[1:]:
        family, _, said = part.partition("\n")
        if int(family) in protocols:
            yield int(family), outcome(protocols[int(family)], said)


def outcome(protocol: str, said: str) -> Knock:
    """One word for what bash said."""
    lowered = said.lower()
    if "answered\n" in said:
        return Knock("answered")
    for text, word in REFUSALS:
        if text in lowered:
            return Knock(word, _sentence(said, text))
    if "command not found" in lowered or "code 127" in said:
        return Knock("untried", "bash is not there")
    if "connected\n" in said and protocol == "tcp":
        return Knock("connected")
    return Knock("timeout")


def _sentence(said: str, text: str) -> str:
    line = next(line for line in said.splitlines() if text in line.lower())
    return line.rpartition(": ")[2].strip()


def echoes(host: Host, address: str, sizes: Iterable[int], wait: float = WAIT) -> dict[int, bool] | None:
    """Which sizes of packets come back from an address; None where the host has no tool that could ask."""
    try:
        result = host.run(echo_script(address, tuple(sizes), wait), timeout=2 * wait + 10)
    except Unreachable:
        return None
    found = {}
    for line in result.stdout.decode(errors="replace").splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "echo":
            found[int(words[1])] = words[2] == "0"
    return found or None


def echo_script(address: str, sizes: tuple[int, ...], wait: float) -> str:
    """All sizes at once. `ping` where it knows `-M`, else python3 in IPv4; sizes are of whole IPv4 packets."""
    quoted = shlex.quote(address)
    ping = f"ping -n -q -c 1 -W {max(1, round(wait))} -M do -s $((s - 28)) {quoted}"
    python = f"python3 -I -S -c {shlex.quote(ECHO)} {quoted} $s {wait:g}"
    one = f"if command -v ping >/dev/null; then {ping}; else {python}; fi >/dev/null 2>&1"
    either = "" if ":" in address else " || command -v python3 >/dev/null"
    tool = f"command -v ping >/dev/null{either} || exit 0"
    return f"{tool}\nfor s in {' '.join(map(str, sizes))}; do ( {one}; echo echo $s $? ) & done; wait\n"
