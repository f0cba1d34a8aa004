"""Who may make certificates for a name: records of the kind CAA (RFC 8659), and what the file needs of them.

In: a topology; the records that were found. Out: what such a record must say, and sentences about those that forbid.
Never asks for a record where there is none: without any, every authority may.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from warren.topology.model import Topology

LETS_ENCRYPT, LETS_ENCRYPT_AT = "letsencrypt.org", ".letsencrypt.org/"
CRITICAL = 0x80
KNOWN = ("issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc")
# How an entry shows that a name is its own (RFC 8657, validationmethods).
BY_DNS, OTHERWISE = ("dns-01",), ("http-01", "tls-alpn-01")


@dataclass(frozen=True, slots=True)
class Caa:
    """One record: `0 issue "letsencrypt.org"`."""

    flags: int
    tag: str
    value: str


def authorities(topology: Topology) -> tuple[str, ...]:
    """The names under which such records know the file's authority; none where only its directory can say them."""
    ca = topology.web.ca
    return (LETS_ENCRYPT,) if ca is None or LETS_ENCRYPT_AT in ca else ()


def advice(topology: Topology) -> str | None:
    """What a record must say where there is one; None where the file has no names."""
    if not topology.https:
        return None
    tags = dict.fromkeys("issuewild" if one.name.startswith("*.") else "issue" for one in topology.https)
    known = authorities(topology)
    if not known:
        whose = f"the authority at {topology.web.ca}, by the name that it has there under `caaIdentities`"
    else:
        whose = " and ".join(f'`0 {tag} "{known[0]}"`' for tag in tags)
    return f"where these names, or a domain above them, have CAA records, they must allow {whose}"


def forbidden(topology: Topology, found: Mapping[str, tuple[Caa, ...] | None], known: Collection[str]) -> Iterator[str]:
    """Sentences about names for which no certificate would be made.

    `found` holds the records that count for each name, None where nobody could say; `known` are the names of the
    authority.
    """
    methods = BY_DNS if topology.web.dns else OTHERWISE
    for name in dict.fromkeys(one.name for one in topology.https):
        records = found.get(name, ())
        if records is None:
            yield f"nobody could say whether `{name}` has CAA records, and an authority would refuse it then"
        elif records and known and (why := _why(name, records, known, methods)):
            yield f"`{name}` will get no certificate of {' or '.join(known)}: {why}"


def _why(name: str, records: tuple[Caa, ...], known: Collection[str], methods: Collection[str]) -> str | None:
    for one in records:
        if one.flags & CRITICAL and one.tag.lower() not in KNOWN:
            return f"no authority may pass over its CAA record `{one.tag}`"
    wild = [one for one in records if one.tag.lower() == "issuewild"] if name.startswith("*.") else []
    tagged = wild or [one for one in records if one.tag.lower() == "issue"]
    if not tagged:
        return None
    ours = [one.value for one in tagged if one.value.partition(";")[0].strip().lower() in known]
    if not ours:
        said = ", ".join(f'`{one.flags} {one.tag} "{one.value}"`' for one in tagged)
        return f"its CAA records allow others only ({said})"
    if not any(_allows(value, methods) for value in ours):
        return f"its CAA record `{ours[0]}` allows other proofs only than {' and '.join(methods)}"
    return None


def _allows(value: str, methods: Collection[str]) -> bool:
    pairs = (part.partition("=") for part in value.split(";")[1:])
    given = {key.strip().lower(): text.strip() for key, _, text in pairs}
    if "validationmethods" not in given:
        return True
    return any(one.strip() in methods for one in given["validationmethods"].split(","))
