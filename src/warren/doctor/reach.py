"""Whether a gateway's tunnel port can be reached from where hosts dial it: the scripts, and what their answers mean.

In: a topology; then the counts of both ends. Out: scripts for gateways and dialling hosts; findings. Never leaves a
table behind: the script that makes it takes it away at its end, and ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from warren.doctor.model import Finding, Mend, error, note, ok
from warren.topology.model import Topology, Tunnel

TABLE = "inet warren_reach"
ROUNDS = 8
PAUSE = 0.3
# A gateway waits somewhat longer than hosts send, as it may have been reached sooner.
PATIENCE = 13
# The first message of a handshake (WireGuard, 148 bytes): its kind, then the sender's number, which is ours to choose.
KIND, LENGTH = "01000000", 148
FIRST_TOKEN = 0x57524E41


@dataclass(frozen=True, slots=True)
class Trial:
    """One tunnel with the number that its packets carry."""

    tunnel: Tunnel
    token: int

    @property
    def bytes(self) -> str:
        """The first eight bytes of its packets, in hexadecimal digits."""
        return f"{KIND}{self.token:08x}"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a gateway saw of a trial: on its wire, and after all that filters what is for the host itself."""

    arrived: int
    let_in: int


def trials(topology: Topology, hosts: Iterable[str]) -> tuple[Trial, ...]:
    """The tunnels between these hosts. No token has a byte that a shell or a line would end at."""
    names = set(hosts)
    held = [each for each in topology.tunnels if {each.gateway, each.dialer} <= names]
    return tuple(Trial(tunnel, FIRST_TOKEN + number // 64 * 256 + number % 64) for number, tunnel in enumerate(held))


def counting(given: Iterable[Trial]) -> str:
    """For a gateway: counts until all have come or nothing more can."""
    held = list(given)
    names = [f"{side}{at}" for at in range(len(held)) for side in "ab"]
    lines = [f"table {TABLE} {{", *(f"counter {name} {{ }}" for name in names)]
    for chain, hook, side in (("wire", "prerouting priority -450", "a"), ("door", "input priority 450", "b")):
        lines.append(f"chain {chain} {{ type filter hook {hook}; policy accept;")
        lines += [
            f"udp dport {each.tunnel.port} @th,64,64 0x{each.bytes} counter name {side}{at}"
            for at, each in enumerate(held)
        ]
        lines.append("}")
    lines.append("}")
    rules = "\n".join(lines)
    return f"""\
export PATH="$PATH:/usr/sbin:/sbin"
end() {{ nft delete table {TABLE} 2>/dev/null; }}
trap end EXIT; trap 'exit 1' HUP INT TERM
end
nft -f - <<'END' || exit 1
{rules}
END
i=0
while [ $i -lt {PATIENCE} ]; do
  sleep {PAUSE}; i=$((i+1))
  nft list table {TABLE} | grep -A1 'counter b' | grep -q 'packets 0 ' || break
done
nft list table {TABLE} | grep -A1 'counter [ab][0-9]'
"""


def counted(text: str, given: Iterable[Trial]) -> dict[Trial, Counted]:
    """What the counting script printed: `counter a0 {` and below it `packets 1 bytes 176`."""
    found: dict[str, int] = {}
    name = ""
    for words in map(str.split, text.splitlines()):
        if words[:1] == ["counter"] and len(words) > 2:
            name = words[1]
        elif words[:1] == ["packets"] and len(words) > 1 and words[1].isdigit():
            found[name] = int(words[1])
    return {each: Counted(found.get(f"a{at}", 0), found.get(f"b{at}", 0)) for at, each in enumerate(given)}


def sending(given: Iterable[Trial]) -> str:
    """For a host that dials: sends to every gateway, with whatever tool it has."""
    sends = "\n".join(f"  send {each.tunnel.endpoint} {each.tunnel.port} '{_octal(each)}'" for each in given)
    return f"""\
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
if command -v bash >/dev/null; then
  send() {{ bash -c 'exec 3>/dev/udp/$0/$1 && printf "$2" >&3' "$@" 2>/dev/null; }}
elif command -v socat >/dev/null; then
  send() {{ case $1 in *:*) h="[$1]";; *) h=$1;; esac; printf "$3" | socat -u - "UDP:$h:$2" 2>/dev/null; }}
elif command -v nc >/dev/null; then
  send() {{ printf "$3" | nc -u -w 1 "$1" "$2" >/dev/null 2>&1; }}
elif command -v busybox >/dev/null; then
  send() {{ printf "$3" | busybox nc -u -w 1 "$1" "$2" >/dev/null 2>&1; }}
else
  echo lacking; exit 0
fi
i=0
while [ $i -lt {ROUNDS} ]; do
{sends}
  sleep {PAUSE}; i=$((i+1))
done
"""


def _octal(trial: Trial) -> str:
    raw = bytes.fromhex(trial.bytes)
    return "".join(f"\\{byte:03o}" for byte in raw + bytes(LENGTH - len(raw)))


def judge(found: Mapping[Trial, Counted | None], lacking: Iterable[str] = ()) -> dict[str, tuple[Finding, ...]]:
    """Findings by the gateway that is to be reached; None is a trial that could not be made."""
    held: dict[str, list[Finding]] = {}
    without = set(lacking)
    for trial, seen in found.items():
        held.setdefault(trial.tunnel.gateway, []).extend(_judge(trial.tunnel, seen, trial.tunnel.dialer in without))
    return {name: tuple(each) for name, each in held.items()}


def _judge(tunnel: Tunnel, seen: Counted | None, without: bool) -> Iterator[Finding]:
    what = f"UDP {tunnel.port}"
    if without:
        yield note("reach-untried", f"{what} was not tried from {tunnel.dialer}: it has no bash, socat or nc")
    elif seen is None:
        yield note("reach-untried", f"{what} was not tried from {tunnel.dialer}")
    elif not seen.arrived:
        mend = Mend(
            f"open {what} to {tunnel.endpoint} at the provider of {tunnel.gateway}, and for {tunnel.dialer} to go out"
        )
        yield error("not-reachable", f"{what} is not reachable from {tunnel.dialer}", mend)
    elif not seen.let_in:
        mend = Mend("the findings about its rules name the chain that drops it; an apply opens it in our own")
        yield error("not-let-in", f"{what} comes from {tunnel.dialer} and is dropped on the host itself", mend)
    else:
        yield ok("reachable", f"{what} is reachable from {tunnel.dialer}")
