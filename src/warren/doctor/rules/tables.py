"""Rules in the words of `iptables-save`.

In: its output, for one family. Out: chains. Never fails: a word that is not known makes a test that is not known.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from ipaddress import ip_network

from warren.doctor.rules.model import ADDRESSES, UNKNOWN, Chain, Condition, End, Rule, Ruleset

FIELDS = {
    "-i": "iif", "--in-interface": "iif", "-o": "oif", "--out-interface": "oif", "-p": "proto", "--protocol": "proto",
    "--dport": "dport", "--dports": "dport", "--ctstate": "state", "--state": "state", "-s": "saddr", "-d": "daddr",
    "--dst-type": "kind", "--rt-type": "routing",
}  # fmt: skip
# Words of modules whose tests are judged by their own options.
SILENT = {"-m", "--match"}
ENDS = {"ACCEPT": End.ACCEPT, "DROP": End.DROP, "REJECT": End.DROP, "RETURN": End.BACK}
# Targets that let the packet go on.
PASSING = {"LOG", "NFLOG", "MARK", "CONNMARK", "TCPMSS", "CT", "TRACE", "SECMARK", "CONNSECMARK", "CLASSIFY", "SET"}
HOOKS = {"INPUT": "input", "FORWARD": "forward", "OUTPUT": "output"}


def read(text: str) -> Ruleset:
    """The filter tables of `#iptables` and `#ip6tables` parts."""
    chains: dict[tuple[str, str, str], Chain] = {}
    for part in text.split("#ip")[1:]:
        family = "ip6" if part.startswith("6") else "ip"
        chains.update(_chains(part.splitlines(), family))
    return Ruleset(chains)


def _chains(lines: list[str], family: str) -> Iterator[tuple[tuple[str, str, str], Chain]]:
    rules: dict[str, list[Rule]] = {}
    policies: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            name, _, rest = line[1:].partition(" ")
            policies[name] = rest.partition(" ")[0]
        elif line.startswith("-A "):
            words = _words(line)
            rules.setdefault(words[1], []).append(rule(words[2:]))
    for name, policy in policies.items():
        chain = Chain(
            family, "filter", name, tuple(rules.get(name, ())), HOOKS.get(name, ""), ENDS.get(policy, End.ACCEPT)
        )
        yield (family, "filter", name), chain


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def rule(words: list[str]) -> Rule:
    """One rule, without `-A CHAIN`."""
    tests: list[Condition] = []
    given = iter(words)
    negated = False
    for word in given:
        if word == "!":
            negated = True
            continue
        if word in ("-j", "--jump", "-g", "--goto"):
            return _to(tuple(tests), next(given, ""), word in ("-g", "--goto"))
        if word in SILENT:
            tests.extend(_module(next(given, "")))
        elif word in FIELDS:
            tests.append(Condition(FIELDS[word], _values(FIELDS[word], next(given, "")), negated))
        elif word == "--comment":
            next(given, "")
        elif word.startswith("-"):
            tests.append(UNKNOWN)
        negated = False
    return Rule(tuple(tests))


def _module(name: str) -> Iterator[Condition]:
    """A module that is judged by options which are known, or that tests nothing, leaves no doubt."""
    if name not in (
        "tcp",
        "udp",
        "comment",
        "conntrack",
        "state",
        "multiport",
        "icmp",
        "icmp6",
        "ipv6-icmp",
        "addrtype",
        "rt",
    ):
        yield UNKNOWN


def _values(field: str, text: str) -> tuple[str, ...] | None:
    if field in ADDRESSES:
        return prefixes(text.split(","))
    if field in ("iif", "oif"):
        return (f"{text[:-1]}*" if text.endswith("+") else text,)
    if field == "dport":
        return ports(text.replace(":", "-"))
    return tuple(each.lower() for each in text.split(","))


def prefixes(texts: list[str]) -> tuple[str, ...] | None:
    """Prefixes as they are; None where one is written in another way, as with a mask that is no prefix."""
    try:
        return tuple(str(ip_network(each, strict=False)) for each in texts)
    except ValueError:
        return None


def ports(text: str) -> tuple[str, ...] | None:
    """Single ports as they are; a range that is not small is not known."""
    found: list[str] = []
    for each in text.split(","):
        first, _, last = each.partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            return None
        found.extend(str(port) for port in range(int(first), int(last or first) + 1))
    return tuple(found)


def _to(tests: tuple[Condition, ...], target: str, final: bool) -> Rule:
    if target in ENDS:
        return Rule(tests, frozenset({ENDS[target]}))
    if target in PASSING:
        return Rule(tests)
    if target in ("NFQUEUE", "QUEUE"):
        return Rule(tests, frozenset({End.ACCEPT, End.DROP}))
    return Rule(tests, jump=target, final=final)
