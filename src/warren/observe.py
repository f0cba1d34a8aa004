"""What a host holds, by one script and one round trip.

In: a host and the state that it should have, which says what to look at. Out: what is there, as the same items. Never
changes anything, and never lets a private key leave the host.
"""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256

from warren.desired import sections as machine
from warren.desired.items import loopback, netns, route, tunnel
from warren.desired.items.file import File
from warren.desired.items.netns import Netns
from warren.desired.items.owned import is_remembered
from warren.desired.items.rules import Rules
from warren.desired.items.sysctl import Settings, Sysctl, settled
from warren.desired.items.tunnel import KEY_FILE, Tunnel
from warren.desired.model import HostState, Item, of_kind
from warren.desired.parts.services import SETTINGS
from warren.formats import iproute
from warren.formats.nft import read
from warren.hosts.base import Host, Unreachable

# What is ours although nothing on it says so: the names of our namespaces and the paths of our files, one a line.
OWNED = "/var/lib/warren/owned"
TABLES = ("warren", "warren_count")
MARK = "%%warren "
WITHOUT_SECRETS = "awk -F'\\t' -v OFS='\\t' 'NF==5{$2=\"-\"} NF==9{$3=\"-\"} {print}'"

# One process for all settings; a pattern that matches nothing is silent.
FILTERS = " ".join(
    f"/proc/sys/net/ipv4/conf/{each}" for each in ("v-*/rp_filter", "v-*/accept_local", "wrn-*/rp_filter")
)
OF_LINKS = (".rp_filter", ".accept_local")
PRINT_NETNS = (
    'section netns "$n"; printf \'addr show\\nroute show table all\\nrule show\\n\' | ip -n "$n" -d -j -batch -'
)
OTHERWISE = 'case "$nl$same$nl" in *"$nl$n$nl"*) continue;; esac; [ -f "$n" ] || continue'
# One process reads the settings of all namespaces, as it may go from one to the next (setns(2), whose number is not the
# same on every machine); where there is no perl, there is one process for each.
SETTINGS_OF = r"""settings() {
  n=$(while read -r n; do [ -z "$n" ] || [ ! -e "/run/netns/$n" ] || echo "$n"; done)
  perl -e '
    use Config;
    my %setns = (x86_64 => 308, i386 => 346, i486 => 346, i586 => 346, i686 => 346, arm => 375, aarch64 => 268,
      riscv64 => 268, powerpc64le => 350, s390x => 339);
    my ($paths, @names) = @ARGV;
    my $call = $setns{(split /-/, $Config{archname})[0]} or exit 1;
    for my $name (@names) {
      open(my $space, "<", "/run/netns/$name") or next;
      syscall($call, fileno($space), 0x40000000) == 0 or exit 1;
      print "%%warren settings $name\n";
      for my $path (split / /, $paths) {
        open(my $file, "<", $path) or next;
        my $value = <$file>;
        print "$path:$value" if $value =~ /./;
      }
    }' "$*" $n 2>/dev/null || for n in $n; do
    section settings "$n"; ip netns exec "$n" grep -s . /dev/null "$@"
  done
}"""
# What others have in nftables: it is never changed, and what it drops is dropped.
PRINT_FOREIGN = (
    f"others=$(nft list tables 2>/dev/null | grep -vxE 'table inet ({'|'.join(TABLES)})'); "
    '[ -z "$others" ] || echo "$others" | while read -r _ family n; do '
    'nft -j list table "$family" "$n" 2>/dev/null; done'
)
# The JSON has only the names of what iptables-nft wrote: what it means is in the text.
PRINT_XTABLES = (
    '[ -z "$others" ] || echo "$others" | while read -r _ family n; do '
    'if nft -j list table "$family" "$n" 2>/dev/null | grep -q \'"xt": \'; '
    'then nft -s list table "$family" "$n" 2>/dev/null; fi; done'
)
PRINT_FILE = 'section file "$(stat -c "%a %G" "$n")" "$n"; base64 "$n"'


@dataclass(frozen=True, slots=True)
class Observed:
    """A host's state, its WireGuard public key once it has one, and what it remembers to own."""

    state: HostState
    public_key: str | None
    owned: frozenset[str]
    raw: Mapping[str, str]


def observe(
    hosts: Mapping[str, Host], wanted: Mapping[str, HostState], more: Mapping[str, str] | None = None
) -> dict[str, Observed]:
    """All hosts at once; `more` are lines that print further sections. Raises `Unreachable` when one is silent."""
    with ThreadPoolExecutor(max_workers=max(1, len(hosts))) as pool:
        found = pool.map(
            lambda name: observe_host(hosts[name], wanted.get(name, HostState()), (more or {}).get(name, "")), hosts
        )
        return dict(zip(hosts, found, strict=True))


def observe_host(host: Host, wanted: HostState, more: str = "") -> Observed:
    """One host. Raises `Unreachable` when the script does not come to its end."""
    result = host.run(script(wanted, more))
    if result.code:
        said = result.stderr.decode(errors="replace").strip().splitlines()
        raise Unreachable(f"{host.name} could not be observed: {said[-1] if said else f'exit code {result.code}'}")
    return decode(result.stdout.decode(errors="replace"), wanted)


def script(wanted: HostState, more: str = "") -> str:
    """The script that prints everything, section by section, and then what `more` prints."""
    spaces = [item.name for item in of_kind(wanted, Netns)]
    lines = (
        "export LC_ALL=C",
        "nl='\n'",
        f"section() {{ echo '{MARK}'\"$*\"; }}",
        f'remembered() {{ sed -n "s|^$1:||p" {OWNED} 2>/dev/null; }}',
        'section way; echo "${SSH_CONNECTION:-}"',
        f"section owned; cat {OWNED} 2>/dev/null",
        "section links; ip -d -j addr",
        "section routes; ip -d -j route show table all",
        "section rules4; ip -j -4 rule",
        "section rules6; ip -j -6 rule",
        f"section wg; wg show all dump 2>/dev/null | {WITHOUT_SECRETS}",
        f"section key; [ ! -s {KEY_FILE} ] || wg pubkey < {KEY_FILE}",
        *(f"section nft {table}; nft -j list table inet {table} 2>/dev/null" for table in TABLES),
        f"section foreign; {PRINT_FOREIGN}",
        f"section xtables; {PRINT_XTABLES}",
        f"section sysctl; {_print_settings([item.name for item in of_kind(wanted, Sysctl)])} {FILTERS}",
        *_each(spaces, "netns", '[ -e "/run/netns/$n" ] || continue', PRINT_NETNS),
        SETTINGS_OF,
        f"{_names(spaces, 'netns')} | settings {_paths(_inner_keys(wanted))}",
        *_files_as_wanted(wanted),
        *_each([item.path for item in of_kind(wanted, File)], "file", OTHERWISE, PRINT_FILE),
        *machine.lines(wanted),
        *([more] if more else []),
        "section end",
    )
    return "\n".join(lines) + "\n"


def _files_as_wanted(wanted: HostState) -> Iterator[str]:
    """All files that hold what they should, told in two processes; the others are printed one by one."""
    yield "same=$(sha256sum -c 2>/dev/null <<'END' | sed -n 's/: OK$//p'"
    for item in of_kind(wanted, File):
        yield f"{sha256(item.content.encode()).hexdigest()}  {item.path}"
    yield "END"
    yield ")"
    yield "section same; [ -z \"$same\" ] || echo \"$same\" | xargs -d '\\n' stat -c '%a %G %n'"


def _each(names: list[str], kind: str, *body: str) -> Iterator[str]:
    """A loop over names, and over those of a kind that the host remembers to own."""
    yield f"{_names(names, kind)} | while read -r n; do"
    yield '  [ -n "$n" ] || continue'
    yield from (f"  {line}" for line in body)
    yield "done"


def _names(names: list[str], kind: str) -> str:
    given = " ".join(shlex.quote(name) for name in names)
    return f"{{ printf '%s\\n' {given}; remembered {kind}; }} | sort -u"


def _print_settings(keys: list[str]) -> str:
    return f"grep -s . /dev/null {_paths(keys)}"


def _paths(keys: list[str]) -> str:
    return " ".join(shlex.quote(f"/proc/sys/{key.replace('.', '/')}") for key in keys)


def _settings(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines())
    return {path.removeprefix("/proc/sys/").replace("/", "."): value for path, _, value in pairs}


def _inner_keys(wanted: HostState) -> list[str]:
    """What is set in namespaces; where none is wanted any more, what is set in every one: an undo must know it."""
    wanted_keys = dict.fromkeys(key for item in of_kind(wanted, Settings) for key, _ in item.values)
    return list(wanted_keys) or [key for key, _ in SETTINGS]


def decode(text: str, wanted: HostState) -> Observed:
    """The printed sections as a state. Raises `Unreachable` when the end is missing."""
    sections = _sections(text)
    if "end" not in sections:
        raise Unreachable("the answer of a host was cut off")
    owned = frozenset(sections.get("owned", "").split("\n")) - {""}
    found = [*_items(sections, wanted), *machine.items(sections, wanted, owned)]
    items = [item for item in found if _is_ours(item, wanted, owned)]
    return Observed(
        HostState(dict(_told_apart(items, wanted))), sections.get("key", "").strip() or None, owned, sections
    )


def _told_apart(items: list[Item], wanted: HostState) -> Iterator[tuple[str, Item]]:
    """Things by their keys; what somebody has made a second time under one key is a thing too many, not an error."""
    seen: dict[str, int] = {}
    for item in sorted(items, key=lambda item: item != wanted.items.get(item.key)):
        seen[item.key] = number = seen.get(item.key, 0) + 1
        yield (item.key if number == 1 else f"{item.key} #{number}"), item


def _sections(text: str) -> dict[str, str]:
    sections: dict[str, str] = {}
    for part in text.split(MARK)[1:]:
        title, _, body = part.partition("\n")
        sections[title] = body
    return sections


def _is_ours(item: Item, wanted: HostState, owned: frozenset[str]) -> bool:
    """A namespace, a file, a user or a unit is ours only when it is remembered or wanted."""
    if is_remembered(item):
        return item.key in wanted.items or item.key in owned
    return True


def _items(sections: Mapping[str, str], wanted: HostState) -> Iterator[Item]:
    inner = {title.split(" ", 1)[1]: body for title, body in sections.items() if title.startswith("netns ")}
    parsed = {name: iproute.documents(body) for name, body in inner.items()}
    links = tuple(iproute.links(_json(sections["links"])))
    within = {name: tuple(iproute.links(found[0] if found else [])) for name, found in parsed.items()}
    kernel = _settings(sections.get("sysctl", ""))
    filters, takes_own = ({k.split(".")[3]: v for k, v in kernel.items() if k.endswith(end)} for end in OF_LINKS)
    yield from netns.observed(links, within, filters, takes_own)
    yield from tunnel.observed(links, sections.get("wg", ""), _dialling(wanted), filters, sections.get("key", ""))
    yield from route.observed_routes(iproute.routes(_json(sections["routes"])))
    for name, found in parsed.items():
        yield from route.observed_routes(iproute.routes(found[1] if len(found) > 1 else []), name)
        yield from _loopback(name, found)
    for family in (4, 6):
        yield from route.observed_rules(iproute.rules(_json(sections[f"rules{family}"])), family)
    yield from _kernel(sections)
    yield from _tables(sections)
    yield from _files(sections)
    yield from _same_files(sections, wanted)


def _loopback(name: str, found: Sequence[list[dict[str, object]]]) -> Iterator[Item]:
    """What a namespace's own routes and rules make of its loopback."""
    _, routes, rules = (*found, [], [], [])[:3]
    if one := loopback.observed(name, iproute.routes(routes), iproute.rules(rules)):
        yield one


def _json(text: str) -> list[dict[str, object]]:
    found = json.loads(text) if text.strip() else []
    return found if isinstance(found, list) else []


def _dialling(wanted: HostState) -> dict[str, bool]:
    return {item.name: item.listen_port is None for item in of_kind(wanted, Tunnel)}


def _kernel(sections: Mapping[str, str]) -> Iterator[Item]:
    for key, value in _settings(sections.get("sysctl", "")).items():
        if not key.endswith(OF_LINKS):
            yield Sysctl(key, value)
    for title, body in sections.items():
        if title.startswith("settings "):
            values = tuple((key, settled(key, value)) for key, value in _settings(body).items())
            yield Settings(title.split(" ", 1)[1], values)


def _tables(sections: Mapping[str, str]) -> Iterator[Rules]:
    for name in TABLES:
        if (text := sections.get(f"nft {name}", "")).strip() and (table := read.table(text, "inet", name)):
            yield Rules(table)


def _same_files(sections: Mapping[str, str], wanted: HostState) -> Iterator[File]:
    """Those whose digest was that of what is wanted."""
    for line in sections.get("same", "").splitlines():
        mode, group, path = line.split(" ", 2)
        held = wanted.items.get(f"file:{path}")
        if isinstance(held, File):
            yield replace(held, mode=int(mode, 8), group=group)


def _files(sections: Mapping[str, str]) -> Iterator[File]:
    for title, body in sections.items():
        if title.startswith("file "):
            _, mode, group, path = title.split(" ", 3)
            text = base64.b64decode(body).decode(errors="replace")
            # What a namespace has bound is written in place: see `parts/services`.
            yield File(path, text, int(mode, 8), group, in_place=path.startswith("/etc/netns/"))
