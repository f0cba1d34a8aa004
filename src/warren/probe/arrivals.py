"""Datagrams that are known again where they come: a token in front of a number, and the rules that write them down.

In: a token and the names of links. Out: scripts for a host, and what their answers say. Never lets one of our datagrams
come to a program: the last rule behind all others takes it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from warren.formats import sockets
from warren.formats.sockets import Listener

TABLE = "warren_arrivals"
FOLDER = "/run/warren"
TOKEN = 8
# Seven bits a byte: no byte ends a line or a text, whatever sends it.
HIGH, BITS = 0x80, 7
# Before connection tracking and every filter, and behind all of them.
FIRST, LAST = -400, 400
MOST = 1 << 20
# One whom nobody has asked for so long is taken for forgotten; no part of the questions takes as long.
PATIENCE, LIMIT, READY = 300, 6 * 3600, 5.0
# Of `elements = { 0x80808081, 0x808080ff }`; the type of the set has numbers, too.
ELEMENTS = re.compile(r"elements = \{([^}]*)\}")
NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
SETS = ("came", "through", "own")
MARK = "%%"


@dataclass(frozen=True, slots=True)
class Seen:
    """Numbers of datagrams on one host: which came to it, which got through all rules to the door of one of its
    services, and which to the host itself."""

    came: frozenset[int] = frozenset()
    through: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()


def payload(token: bytes, number: int) -> bytes:
    """What a datagram carries: twelve bytes."""
    return token + bytes(HIGH | number >> shift & HIGH - 1 for shift in (3 * BITS, 2 * BITS, BITS, 0))


def token_of(random: bytes) -> bytes:
    """A token from random bytes."""
    return bytes(HIGH | byte for byte in random[:TOKEN])


def rules(token: bytes, doors: Iterable[str]) -> Iterator[str]:
    """Our table; `doors` are the host's ends of its services' links. The last line makes it whole."""
    table = f"inet {TABLE}_{token.hex()}"
    # A kernel before 5.12 does not know owners: there the table is ours to take away (see the trap).
    yield f"add table {table} {{ flags owner; }}"
    yield f"add table {table}"
    # Four bytes in the order in which they came; no type is closer.
    yield from (f"add set {table} {name} {{ typeof @th,128,32; size {MOST}; flags dynamic; }}" for name in SETS)
    yield f"add set {table} doors {{ type ifname; }}"
    for hook, name, priority in HOOKS:
        yield f"add chain {table} {name} {{ type filter hook {hook} priority {priority}; policy accept; }}"
    if links := ", ".join(f'"{each}"' for each in doors):
        yield f"add element {table} doors {{ {links} }}"
    ours = f"meta l4proto udp @th,64,64 0x{token.hex()}"
    number = "{ @th,128,32 }"
    yield f"add rule {table} comes {ours} add @came {number}"
    yield f"add rule {table} leaves {ours} add @came {number}"
    yield f"add rule {table} stays {ours} add @own {number} drop"
    yield f"add rule {table} enters oifname @doors {ours} add @through {number} drop"


HOOKS = (
    ("prerouting", "comes", FIRST),
    ("output", "leaves", FIRST),
    ("input", "stays", LAST),
    ("postrouting", "enters", LAST),
)


def watch_script(token: bytes, doors: Iterable[str]) -> str:
    """Hold the table until the stop file goes, nobody asks any more, or the time is over; then it is gone.

    The kernel takes it away with the process that owns it, however that ends.
    """
    stop = _stop(token)
    listed = "\n".join(rules(token, doors))
    return f"""\
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
mkdir -p {FOLDER} && : > {stop} || exit 1
trap 'rm -f {stop} {stop}.nft; nft delete table inet {TABLE}_{token.hex()} 2>/dev/null' EXIT HUP INT TERM PIPE
asked() {{ [ $(($(date +%s) - $(stat -c %Y {stop} 2>/dev/null || echo 0))) -le {PATIENCE} ]; }}
cat > {stop}.nft <<'RULES'
{listed}
monitor trace
RULES
timeout -s KILL {LIMIT} nft -i < {stop}.nft >/dev/null &
while [ -e {stop} ] && asked && kill -0 $! 2>/dev/null; do sleep 0.1; done
kill $! 2>/dev/null
wait $! 2>/dev/null
exit 0
"""


def ready_script(token: bytes) -> str:
    """Wait until the table is whole."""
    whole = f"nft list chain inet {TABLE}_{token.hex()} enters 2>/dev/null | grep -q 'drop'"
    rounds = int(READY / 0.05)
    return (
        f'export PATH="$PATH:/usr/sbin:/sbin"\ni=0; until {whole}; do '
        f"[ $i -lt {rounds} ] || exit 1; sleep 0.05; i=$((i+1)); done\n"
    )


def read_script(token: bytes) -> str:
    """What has come until now; whoever asks is still there."""
    table = f"inet {TABLE}_{token.hex()}"
    asked = f"[ -e {_stop(token)} ] && touch {_stop(token)} || exit 1"
    sets = "; ".join(f"echo '{MARK}{name}'; nft list set {table} {name} || exit 1" for name in SETS)
    return f'export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"\n{asked}\n{sets}\n'


def stop_script(token: bytes) -> str:
    """Let the watch end."""
    return f"rm -f {_stop(token)}\n"


def seen(text: str) -> Seen:
    """What the reading script printed."""
    found: dict[str, frozenset[int]] = {}
    for part in text.split(MARK)[1:]:
        name, _, listed = part.partition("\n")
        found[name] = frozenset(
            _number(int(number, 0)) for held in ELEMENTS.findall(listed) for number in NUMBER.findall(held)
        )
    return Seen(*(found.get(name, frozenset()) for name in SETS))


def listening_script(spaces: Iterable[str]) -> str:
    """Who listens on the host, and in namespaces of it."""
    lines = [f"echo '{MARK}'; ss -H -O -lntu"]
    lines += [f"echo '{MARK}{name}'; ip netns exec {name} ss -H -O -lntu 2>/dev/null || :" for name in spaces]
    return 'export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"\n' + "\n".join(lines) + "\n"


def listening(text: str) -> dict[str, tuple[Listener, ...]]:
    """By namespace; the host's own is the empty name."""
    parts = (part.partition("\n") for part in text.split(MARK)[1:])
    return {name: tuple(sockets.listeners(listed)) for name, _, listed in parts}


def _number(marked: int) -> int:
    return sum((marked >> 8 * place & HIGH - 1) << BITS * place for place in range(4))


def _stop(token: bytes) -> str:
    return f"{FOLDER}/arrivals-{token.hex()}"
