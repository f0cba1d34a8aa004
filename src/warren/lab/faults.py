"""What can go wrong in a lab on purpose: a cut line, loss, a new home address, a dead tunnel.

In: a running lab and what is to fail. Out: the fault, until it is healed; sentences that say which faults there are.
Never touches what warren itself has built, but for a tunnel that is killed.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from warren.basis.diagnostic import did_you_mean
from warren.basis.names import tunnel_name
from warren.lab import door
from warren.lab.blueprint import CORE
from warren.lab.chart import Chart, moved
from warren.lab.draw import router_tag
from warren.lab.lab import Lab
from warren.lab.moving import move_lines
from warren.lab.rules import fault_rules
from warren.topology.model import Address

FILE = "faults.json"
CUT = 100

# A tunnel dies as it would by a crash: wireguard-go without a word, and what the kernel holds of it.
KILL = """\
here=$(readlink /proc/self/ns/mnt) dead=1
for each in /proc/[0-9]*; do
    [ "$(readlink "$each/ns/mnt")" = "$here" ] || continue
    case "$(tr '\\0' ' ' <"$each/cmdline" 2>/dev/null)" in
        *wireguard-go\\ {name}\\ *|*wireguard-go\\ -f\\ {name}\\ *) kill -9 "${{each#/proc/}}" && dead=0 ;;
    esac
done
ip link del {name} 2>/dev/null && dead=0
exit $dead
"""


@dataclass(frozen=True, slots=True)
class Faults:
    """Lost percent of what each host sends and gets (100 is a cut line), and of everything; moves of each site."""

    losses: Mapping[str, int] = field(default_factory=dict)
    everywhere: int = 0
    moves: Mapping[str, int] = field(default_factory=dict)


def read(lab: Lab) -> Faults:
    """The faults that a lab has."""
    text = lab.read(FILE)
    return Faults(**json.loads(text)) if text else Faults()


def listed(lab: Lab) -> tuple[str, ...]:
    """Each fault in words."""
    faults = read(lab)
    words = [f"{host}: the line is cut" if p >= CUT else f"{host}: {p} % is lost" for host, p in faults.losses.items()]
    if faults.everywhere:
        words.append(f"everywhere: {faults.everywhere} % is lost")
    return (*words, *(f"{site}: moved {n} time{'s' if n > 1 else ''}" for site, n in faults.moves.items()))


def cut(lab: Lab, host: str) -> None:
    """Lose everything that a host sends out of its home or provider, and everything that comes to it.

    The cable stays: a line that dies silently is the harder case, and it heals exactly.
    """
    lose(lab, CUT, host)


def lose(lab: Lab, percent: int, host: str | None = None) -> None:
    """Lose a share of a host's packets, or of all that crosses the Internet."""
    if not 0 <= percent <= 100:
        raise door.refuse("fault", f"{percent} is no percentage", "write a number from 0 to 100")
    faults = read(lab)
    if host is None:
        _become(lab, replace(faults, everywhere=percent))
    else:
        _known(lab, host)
        _become(lab, replace(faults, losses=_without_nothing({**faults.losses, host: percent})))


def heal(lab: Lab, host: str | None = None) -> None:
    """End the losses of a host, or all of them. A home that has moved stays where it is."""
    faults = read(lab)
    if host is None:
        _become(lab, replace(faults, losses={}, everywhere=0))
    else:
        lose(lab, 0, host)


def readdress(lab: Lab, host: str) -> None:
    """Give a home new public addresses, as a provider does over night."""
    chart = _known(lab, host)
    site = chart.site_of(host)
    if site is None:
        raise door.refuse("fault", f"{host} has public addresses of the file: they do not change")
    faults = read(lab)
    times = faults.moves.get(site.name, 0)
    lines = move_lines(moved(site, times), moved(site, times + 1))
    door.ask(lab.name, {"do": "configure", "lines": lines, "rules": {}})
    _become(lab, replace(faults, moves={**faults.moves, site.name: times + 1}))


def kill_tunnel(lab: Lab, host: str, gateway: str | None = None) -> None:
    """End a host's tunnel to a gateway (or its only one, or a gateway's own) without its knowing why."""
    chart = _known(lab, host)
    gateway = gateway or (host if host in chart.public else _only(tuple(chart.public)))
    if lab.direct(host).run(KILL.format(name=shlex.quote(tunnel_name(gateway)))).code:
        raise door.refuse("fault", f"{host} has no tunnel of {gateway}")


def delay(lab: Lab, host: str) -> None:
    """Not offered: packets wait in netem alone, which many kernels are built without."""
    raise door.refuse("fault", "a lab cannot delay packets: that takes netem, which not every kernel has", "try loss")


def _only(gateways: tuple[str, ...]) -> str:
    if len(gateways) == 1:
        return gateways[0]
    raise door.refuse("fault", "which tunnel? name its gateway", f"one of {', '.join(gateways)}" if gateways else None)


def _known(lab: Lab, host: str) -> Chart:
    chart = lab.chart()
    if host not in chart.hosts:
        hint = did_you_mean(host, chart.hosts) or f"hosts are {', '.join(chart.hosts)}"
        raise door.refuse("fault", f"lab `{lab.name}` has no host `{host}`", hint)
    return chart


def _without_nothing(losses: Mapping[str, int]) -> dict[str, int]:
    return {host: percent for host, percent in losses.items() if percent}


def _become(lab: Lab, faults: Faults) -> None:
    """Have exactly these losses, wherever they are made."""
    chart = lab.chart().moved(faults.moves)
    door.ask(lab.name, {"do": "configure", "lines": {}, "rules": rules(chart, faults)})
    lab.write(FILE, json.dumps(asdict(faults)).encode())


def rules(chart: Chart, faults: Faults) -> dict[str, str]:
    """The rule set of every router that packets of a host can cross: its home's, and the core."""
    texts = {CORE: fault_rules(_lost_at_core(chart, faults), faults.everywhere)}
    for site in chart.ground.sites:
        losses = [
            (interface.ip, faults.losses[seat.host])
            for seat in site.seats
            if seat.host in faults.losses
            for interface in seat.addresses
        ]
        texts[router_tag(site.name)] = fault_rules(losses)
    return texts


def _lost_at_core(chart: Chart, faults: Faults) -> Iterator[tuple[Address, int]]:
    for host, percent in faults.losses.items():
        yield from ((address, percent) for address in chart.public.get(host, ()))
