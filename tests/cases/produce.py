"""What a golden case can show: for each kind of section, how its text comes from the files of the case.

In: the input files of a case by name. Out: one text. Never reads a disk or a host.

A section `-- KIND REST --` is produced by the function registered for KIND, called with REST: a host, often nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from warren.basis.diagnostic import Diagnostic, Refused
from warren.desired.items.file import File
from warren.desired.items.rules import Rules
from warren.desired.lower import lower
from warren.desired.model import HostState, Platform, of_kind
from warren.desired.steps import Ip, Nft, SetSysctl, Sh, Step, Write
from warren.formats.nft import model as nft
from warren.formats.nft import write
from warren.pictures import text
from warren.plan.diff import diff
from warren.plan.model import Change
from warren.prove.matrix import prove
from warren.spec.check import check
from warren.spec.load import Document, load
from warren.topology.ledger import Ledger
from warren.topology.model import Topology
from warren.topology.resolve import resolve
from warren.verify.beyond import outside_of
from warren.verify.changes import changes
from warren.verify.foresee import foresee
from warren.verify.readers import readers

Files = Mapping[str, str]
Producer = Callable[[Files, str], str]

PRODUCERS: dict[str, Producer] = {}


def produces(kind: str) -> Callable[[Producer], Producer]:
    """Register the function below as the one that produces sections of this kind."""

    def register(producer: Producer) -> Producer:
        PRODUCERS[kind] = producer
        return producer

    return register


def is_input(name: str) -> bool:
    """Whether a section is a file of the case, as `warren.yaml` is, and not an expected text."""
    return "." in name.split()[0]


def produce(section: str, files: Files) -> str:
    """The text that a section should have."""
    kind, _, rest = section.partition(" ")
    if kind not in PRODUCERS:
        raise LookupError(f"no section is called {kind!r}: there are {', '.join(sorted(PRODUCERS)) or 'none yet'}")
    return PRODUCERS[kind](files, rest)


# Sets that are the same in every network: a case need not repeat them.
CONSTANT = ("bogons", "special", "metadata")


@produces("diagnostics")
def _diagnostics(files: Files, rest: str) -> str:
    try:
        document = Document("warren.yaml", files["warren.yaml"])
        spec = load(document)
        found: tuple[Diagnostic, ...] = check(spec)
        resolve(spec, Ledger())
    except Refused as refused:
        found = refused.diagnostics
    return "\n".join(_diagnostic(each) for each in found) or "none"


def _diagnostic(found: Diagnostic) -> str:
    also = "".join(f"\n  see {place}" for place in found.related)
    hint = f"\n  hint: {found.hint}" if found.hint else ""
    return f"{found.place}: {found.severity}: {found.summary} [{found.code}]{also}{hint}"


@produces("addresses")
def _addresses(files: Files, rest: str) -> str:
    """Who has which address: `addresses [FILE]`."""
    topology = _topology(files, rest or "warren.yaml")
    lines = [f"host {h.name}: {h.addresses.v4} {h.addresses.v6}" for h in topology.hosts.values()]
    lines += [f"{s.name} on {s.host}: {s.addresses.v4} {s.addresses.v6}" for s in topology.services.values()]
    return "\n".join(lines)


@produces("graph")
def _graph(files: Files, rest: str) -> str:
    return text.draw(_topology(files))


@produces("commands")
def _commands(files: Files, rest: str) -> str:
    """What would build a host, but for its tables: `commands HOST`."""
    steps = (step for change in _build(files, rest) for step in change.steps if not isinstance(step, Nft))
    return "\n".join(_command(step) for step in steps)


def _command(step: Step) -> str:
    match step:
        case Ip(line, netns, family):
            return f"ip{f' -{family}' if family else ''}{f' -n {netns}' if netns else ''} {line}"
        case SetSysctl(key, value, netns):
            return f"{f'ip netns exec {netns} ' if netns else ''}sysctl -w {key}={value!r}"
        case Write(path, content, mode):
            return "\n".join([f"write {path} {mode:o}", *(f"  {line}" for line in content.splitlines())])
        case Sh(line):
            return line
        case _:
            return "nft -f"


@produces("machine-files")
def _machine_files(files: Files, rest: str) -> str:
    """Files of a whole machine whose paths end so: `machine-files HOST ENDING...`."""
    return _held(files, rest, Platform.SYSTEMD)


@produces("files")
def _files(files: Files, rest: str) -> str:
    """Files of a host whose paths end so: `files HOST ENDING...`."""
    return _held(files, rest, Platform.NETNS)


def _held(files: Files, rest: str, platform: Platform) -> str:
    host, *endings = rest.split()
    held = sorted(of_kind(lower(_topology(files), {}, platform)[host], File), key=lambda each: each.path)
    found = [each for each in held if each.path.endswith(tuple(endings))]
    return "\n".join(_command(Write(each.path, each.content, each.mode)) for each in found)


@produces("elements")
def _elements(files: Files, rest: str) -> str:
    """What the host's rules look up: `elements HOST [SET...]`."""
    host, *wanted = rest.split()
    table = _table(files, host)
    lines = []
    for each in sorted((*table.sets, *table.maps), key=lambda each: each.name):
        stem = each.name.rstrip("46")
        if each.elements and stem not in CONSTANT and (not wanted or stem in wanted):
            lines += [each.name, *sorted(f"  {line}" for line in _lines(each))]
    return "\n".join(lines)


def _lines(given: nft.Set) -> list[str]:
    sets, maps = ((given,), ()) if given.data_type is None else ((), (given,))
    block = write.table(nft.Table("inet", "t", sets, maps))
    inside = block.partition("elements = {")[2].partition("}")[0]
    return [each.strip() for each in inside.replace("\n", " ").split(",") if each.strip()]


@produces("rules")
def _rules(files: Files, rest: str) -> str:
    """Chains of a host's table: `rules HOST [CHAIN...]`."""
    host, *wanted = rest.split()
    table = _table(files, host)
    chains = tuple(chain for chain in table.chains if not wanted or chain.name in wanted)
    return write.table(nft.Table("inet", "warren", chains=chains))


@produces("plan")
def _plan(files: Files, rest: str) -> str:
    """From `before.yaml` to `warren.yaml`, with the ledger of the first: signs, items and reasons."""
    before, ledger = _resolved(files, "before.yaml", Ledger())
    after, _ = _resolved(files, "warren.yaml", ledger)
    gateways = [host.name for host in after.gateways]
    plan = diff(lower(after, _keys(after)), lower(before, _keys(before)), gateways)
    lines = []
    for name, host in plan.hosts.items():
        lines += [name] if len(host) else []
        lines += [f"  {change.action.value} {change.key}: {change.reason}" for change in host]
    return "\n".join(lines) or "no changes"


@produces("flows")
def _flows(files: Files, rest: str) -> str:
    """Who can reach what after `warren.yaml` that could not after `before.yaml`, and the other way round."""
    before, ledger = _resolved(files, "before.yaml", Ledger())
    after, _ = _resolved(files, "warren.yaml", ledger)
    outside = outside_of(after)
    held = prove(lower(before, _keys(before)), replace(outside, keys=_keys(before)))
    desired = prove(lower(after, _keys(after)), replace(outside, keys=_keys(after)), beside=held)
    return "\n".join(changes(held, desired, after)) or "nothing opens, nothing closes"


@produces("readers")
def _readers(files: Files, rest: str) -> str:
    """Which names are decrypted after `warren.yaml` where they were not after `before.yaml`."""
    before, ledger = _resolved(files, "before.yaml", Ledger())
    after, _ = _resolved(files, "warren.yaml", ledger)
    return "\n".join(readers(lower(before), lower(after), after)) or "everything is read where it was"


@produces("against")
def _against(files: Files, rest: str) -> str:
    """What the proof says against the file."""
    return "\n".join(_diagnostic(each) for each in foresee(_topology(files)).against) or "none"


def _resolved(files: Files, name: str, ledger: Ledger) -> tuple[Topology, Ledger]:
    spec = load(Document(name, files[name]))
    check(spec)
    return resolve(spec, ledger)


def _topology(files: Files, name: str = "warren.yaml") -> Topology:
    return _resolved(files, name, Ledger())[0]


def _keys(topology: Topology) -> dict[str, str]:
    """Keys that a reader can tell apart."""
    return {name: f"{name}-key".ljust(43, "=")[:43] + "=" for name in topology.hosts}


def _build(files: Files, host: str) -> list[Change]:
    topology = _topology(files)
    plan = diff(lower(topology, _keys(topology)), {name: HostState() for name in topology.hosts})
    return list(plan.hosts[host].additions)


def _table(files: Files, host: str) -> nft.Table:
    state = lower(_topology(files))[host]
    return next(item.table for item in of_kind(state, Rules) if item.table.name == "warren")
