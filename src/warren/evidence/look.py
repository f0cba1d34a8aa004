"""What a host shows of a connection, by one script and one round trip.

In: a host, the state that it should have, and what is asked of it. Out: what it holds, who listens, where it would send
packets. Never changes anything, and never reads a secret.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from warren import observe
from warren.desired.account import home
from warren.desired.model import HostState
from warren.evidence.ask import HostQuestion, RouteQuestion
from warren.evidence.model import Chain, Inner, Peer, Seen
from warren.formats import conntrack, iproute, sockets
from warren.formats.iproute import Link
from warren.hosts.base import Host, Unreachable

END = "section end"
OURS = "warren"
PEER_FIELDS, INTERFACE_FIELDS = 9, 5
FULL = 100
# Of the table of connections, no more than this many lines that hold an address of the question.
MOST_CONNECTIONS = 200
# What programs say when something lacks that no rule can give (strerror(3), containers/image).
LACKS = "no space left|address already in use|image not known|unable to copy|manifest unknown|pull access denied"
STORE = ".local/share/containers"
INSIDE = ("net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.eth0.disable_ipv6")


def look(
    hosts: Mapping[str, Host], wanted: Mapping[str, HostState], questions: Mapping[str, HostQuestion]
) -> dict[str, Seen]:
    """All hosts at once; one that does not answer says why."""
    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        found = pool.map(
            lambda name: look_at(hosts[name], wanted.get(name, HostState()), questions.get(name, HostQuestion())), hosts
        )
        return dict(zip(hosts, found, strict=True))


def look_at(host: Host, wanted: HostState, question: HostQuestion) -> Seen:
    """One host."""
    try:
        result = host.run(script(wanted, question))
        ours = int(time.time())
        if result.code:
            said = result.stderr.decode(errors="replace").strip().splitlines()
            return Seen(host.name, said[-1] if said else f"exit code {result.code}")
        return decode(host.name, result.stdout.decode(errors="replace"), wanted, ours)
    except Unreachable as gone:
        return Seen(host.name, str(gone))


def script(wanted: HostState, question: HostQuestion) -> str:
    """What observing prints, and behind it what a connection is explained by."""
    observing, end, _ = observe.script(wanted).rpartition(END)
    assert end
    return observing + "\n".join((*_sections(question), END)) + "\n"


def _sections(question: HostQuestion) -> Iterator[str]:
    yield "section clock; date +%s"
    yield "section listen; ss -H -O -lntup"
    yield "section ruleset; nft -j -t list ruleset 2>/dev/null"
    yield "section tracked; cd /proc/sys/net/netfilter 2>/dev/null && cat nf_conntrack_count nf_conntrack_max; cd /"
    stores = " ".join(shlex.quote(f"{home(each.name)}/{STORE}") for each in question.workloads)
    yield f"section disk; df -P / /var /var/lib /run {stores} 2>/dev/null"
    yield from (line for name in question.services for line in _inside(name))
    for service, name in question.names:
        space, wanted = shlex.quote(service), shlex.quote(name)
        looking_up = f"timeout 3 ip netns exec {space} getent ahosts {wanted} 2>/dev/null"
        yield f"section name {space} {wanted}; {looking_up}"
    if question.addresses:
        wanted = " ".join(f"-e {shlex.quote(each)}" for each in question.addresses)
        yield (
            "section connections; { cat /proc/net/nf_conntrack || conntrack -L -o extended; } 2>/dev/null"
            f" | grep -F {wanted} | tail -n {MOST_CONNECTIONS}"
        )
    yield from (_route(each) for each in question.routes)


def _inside(name: str) -> Iterator[str]:
    quoted = shlex.quote(name)
    yield f"if [ -e /run/netns/{quoted} ]; then"
    yield f"  section inside listen {quoted}; ip netns exec {quoted} ss -H -O -lntup"
    yield f"  section inside resolv {quoted}; ip netns exec {quoted} cat /etc/resolv.conf 2>/dev/null"
    paths = " ".join(f"/proc/sys/{key.replace('.', '/')}" for key in INSIDE)
    yield f"  section inside settings {quoted}; ip netns exec {quoted} grep -s . /dev/null {paths}"
    yield f"  section inside links {quoted}; ip -n {quoted} -d -j addr"
    yield "fi"
    yield from _account(quoted)


def _account(quoted: str) -> Iterator[str]:
    """The service's user on a real machine: whether its manager runs, and the last words about what lacks."""
    yield f"section inside account {quoted}"
    yield f"if [ -d /run/systemd/system ] && u=$(id -u {quoted} 2>/dev/null); then"
    yield '  echo "manager=$(systemctl is-active user@$u.service)"'
    yield f'  echo "said=$(journalctl -q -o cat -n 60 _UID=$u 2>/dev/null | grep -iE {shlex.quote(LACKS)} | tail -n 1)"'
    yield "fi"


def _route(each: RouteQuestion) -> str:
    words = [f"ip -o -d route get {shlex.quote(each.target)}"]
    if each.netns:
        words = [f"ip -n {shlex.quote(each.netns)} -o -d route get {shlex.quote(each.target)}"]
    if each.source:
        words.append(f"from {shlex.quote(each.source)}")
    if each.iif and each.iif.startswith("@"):
        holder = f"ip -o addr show to {shlex.quote(each.iif[1:])} | awk '{{print $2; exit}}'"
        words.append(f"iif $({holder})")
    elif each.iif:
        words.append(f"iif {shlex.quote(each.iif)}")
    if each.mark:
        words.append(f"mark {each.mark:#x}")
    return f"section way {each.key}; {' '.join(words)} 2>&1"


def decode(name: str, text: str, wanted: HostState, ours: int) -> Seen:
    """The sections as values. Raises `Unreachable` when the end is missing."""
    observed = observe.decode(text, wanted)
    raw = observed.raw
    clock = int(raw.get("clock", "").strip() or ours)
    return Seen(
        name,
        observed=observed,
        late=ours - clock,
        now=clock,
        links=tuple(iproute.links(_json(raw.get("links", "")))),
        routes=tuple(iproute.routes(_json(raw.get("routes", "")))),
        rules=tuple(rule for family in (4, 6) for rule in iproute.rules(_json(raw.get(f"rules{family}", "")))),
        peers=tuple(_peers(raw.get("wg", ""))),
        listeners=tuple(sockets.listeners(raw.get("listen", ""))),
        chains=tuple(_chains(raw.get("ruleset", ""))),
        connections=tuple(conntrack.connections(raw.get("connections", ""))),
        tracked=_tracked(raw.get("tracked", "")),
        full=tuple(_full(raw.get("disk", ""))),
        inner=dict(_inner(raw)),
        ways={title.removeprefix("way "): body.strip() for title, body in raw.items() if title.startswith("way ")},
    )


def _json(text: str) -> list[dict[str, object]]:
    found = json.loads(text) if text.strip() else []
    return found if isinstance(found, list) else []


def _peers(text: str) -> Iterator[Peer]:
    own: dict[str, tuple[str, int]] = {}
    for line in text.splitlines():
        fields = line.split("\t")
        if len(fields) == INTERFACE_FIELDS:
            own[fields[0]] = fields[2], int(fields[3])
        elif len(fields) == PEER_FIELDS:
            interface, key, _, endpoint, allowed, handshake, received, sent, _ = fields
            yield Peer(
                interface,
                *own.get(interface, ("", 0)),
                key,
                None if endpoint == "(none)" else endpoint,
                frozenset() if allowed == "(none)" else frozenset(allowed.split(",")),
                int(handshake),
                int(received),
                int(sent),
            )


def _chains(text: str) -> Iterator[Chain]:
    found = json.loads(text).get("nftables", []) if text.strip() else []
    for entry in found:
        chain = entry.get("chain")
        if chain and not chain["table"].startswith(OURS):
            hook, policy = chain.get("hook", ""), chain.get("policy", "accept")
            yield Chain(chain["family"], chain["table"], chain["name"], hook, policy)


def _tracked(text: str) -> tuple[int, int]:
    numbers = [int(word) for word in text.split() if word.isdigit()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)


def _full(text: str) -> Iterator[str]:
    """File systems without room (POSIX df)."""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 6 and words[4].rstrip("%").isdigit() and int(words[4].rstrip("%")) >= FULL:
            yield words[5]


def _inner(raw: Mapping[str, str]) -> Iterator[tuple[str, Inner]]:
    names = {title.split(" ")[2] for title in raw if title.startswith("inside ")}
    for name in sorted(names):
        listen = raw.get(f"inside listen {name}")
        yield (
            name,
            Inner(
                listen is not None,
                tuple(_links(raw.get(f"inside links {name}", ""))),
                tuple(sockets.listeners(listen or "")),
                tuple(_nameservers(raw.get(f"inside resolv {name}", ""))),
                dict(_names(raw, name)),
                dict(_settings(raw.get(f"inside settings {name}", ""))),
                dict(_account_fields(raw.get(f"inside account {name}", ""))),
            ),
        )


def _links(text: str) -> Iterator[Link]:
    yield from iproute.links(_json(text))


def _nameservers(text: str) -> Iterator[str]:
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            yield words[1]


def _names(raw: Mapping[str, str], service: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    start = f"name {service} "
    for title, body in raw.items():
        if title.startswith(start):
            addresses = (line.split()[0] for line in body.splitlines() if line.split())
            yield title.removeprefix(start), tuple(dict.fromkeys(addresses))


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        path, _, value = line.partition(":")
        yield path.removeprefix("/proc/sys/").replace("/", "."), value.strip()


def _account_fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, equal, value = line.partition("=")
        if equal and value.strip():
            yield name.strip(), value.strip()
