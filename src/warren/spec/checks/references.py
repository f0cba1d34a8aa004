"""Words that name a host: where a service runs, how it leaves, which gateways a host dials.

In: a spec. Out: diagnostics. Never looks at needs, exposures or expectations.
"""

from __future__ import annotations

from collections.abc import Iterator

from warren.basis.diagnostic import Diagnostic, error
from warren.spec.gateways import dials, gateway_names
from warren.spec.model import Spec
from warren.spec.reference import Directory, closest
from warren.spec.tree import Path

WAYS = ("direct", "lan", "none")


def references(spec: Spec, _: Directory) -> Iterator[Diagnostic]:
    """Everything that is wrong with the names of hosts."""
    for name, host in spec.hosts.items():
        if host.egress:
            yield from _egress(spec, host.egress, name, ("hosts", name, "egress"))
        is_default = host.gateways is spec.defaults.host.gateways
        for index, gateway in enumerate(host.gateways or ()):
            # What all hosts dial by default does not concern the gateway itself.
            if is_default and gateway == name:
                continue
            yield from _gateway(spec, gateway, name, ("hosts", name, "gateways", index))
        yield from _way(spec, name)
    for name, service in spec.services.items():
        if service.host not in spec.hosts:
            place = spec.place("services", name, "host")
            hint = closest(service.host, spec.hosts) or f"hosts are {', '.join(list(spec.hosts)[:8])}"
            yield error("unknown-host", f"there is no host `{service.host}`", place, hint)
        elif service.egress:
            yield from _egress(spec, service.egress, service.host, ("services", name, "egress"))


def _way(spec: Spec, name: str) -> Iterator[Diagnostic]:
    """The hosts that lead to a host: each is there, is reached by ssh itself, and does not lead back."""
    login = spec.hosts[name].ssh
    if not login or not login.via:
        return
    place = spec.place("hosts", name, "ssh", "via")
    if login.via not in spec.hosts:
        yield error("unknown-host", f"there is no host `{login.via}`", place, closest(login.via, spec.hosts))
    elif not (other := spec.hosts[login.via].ssh) or other.text == "local" or login.text == "local":
        yield error("ssh-no-way", f"ssh cannot come to `{name}` by `{login.via}`: that takes `ssh:` of both", place)
    elif name in _leading(spec, login.via):
        yield error("ssh-circle", f"ssh would come to `{name}` by way of itself", place)


def _leading(spec: Spec, name: str | None) -> list[str]:
    """A host and those before it, until one is not led to or comes twice."""
    found: list[str] = []
    while name and name in spec.hosts and name not in found:
        found.append(name)
        login = spec.hosts[name].ssh
        name = login.via if login else None
    return found


def _egress(spec: Spec, word: str, host: str, path: Path) -> Iterator[Diagnostic]:
    place = spec.place(*path)
    if word == "lan" and not spec.hosts[host].lan:
        hint = f"say which: `{host}: {{lan: 192.168.2.0/24}}`"
        yield error("no-lan", f"egress `lan` is not possible: the host `{host}` has no LAN", place, hint)
    elif word in WAYS:
        return
    elif word not in spec.hosts:
        known = (*WAYS, *gateway_names(spec))
        hint = closest(word, known) or f"write {', '.join(f'`{one}`' for one in known[:8])}"
        yield error("unknown-gateway", f"there is no gateway `{word[:60]}`", place, hint)
    elif word != host:
        yield from _gateway(spec, word, host, path)
        if spec.hosts[word].public and word not in dials(spec, host):
            summary = f"nothing of `{host}` can leave through `{word}`: it does not dial that gateway"
            yield error("egress-undialled", summary, place, f"add `{word}` to the `gateways` of `{host}`")


def _gateway(spec: Spec, word: str, host: str, path: Path) -> Iterator[Diagnostic]:
    place = spec.place(*path)
    if word not in spec.hosts:
        yield error("unknown-gateway", f"there is no gateway `{word}`", place, closest(word, gateway_names(spec)))
    elif not spec.hosts[word].public:
        summary = f"`{word}` is not a gateway: it has no public address"
        hint = f"give it one: `{word}: {{public: 203.0.113.10}}`"
        yield error("gateway-not-public", summary, place, hint, *filter(None, [spec.place("hosts", word, key=True)]))
    elif word == host:
        yield error("own-gateway", f"`{host}` is itself the gateway `{word}` and cannot dial it", place)
