"""Names: what may be one, and what is built from one.

In: a name of the file. Out: the plain sentence why it cannot be one, or the names of interfaces, units and chains made
from it. Never invents a name.
"""

from __future__ import annotations

import re

LONGEST_INTERFACE = 15
VETH = "v-"
TUNNEL = "wrn-"
LONGEST_SERVICE = LONGEST_INTERFACE - len(VETH)
LONGEST_HOST = LONGEST_INTERFACE - len(TUNNEL)
LONGEST_NETWORK = 32
LONGEST_PORT = 32
LONGEST_DOMAIN = 253
LONGEST_LABEL = 63

NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?\Z")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?\Z")

# What the network calls its own resolvers and entries: a word, a host's number, a way out.
OWN = re.compile(r"(dns|web)[0-9]+(-out|-lan|-g[0-9]+)?\Z")

# Words that stand where a service or host stands: in `expect`, `egress`, `needs` and as places of the lab.
RESERVED = frozenset({"anyone", "internet", "internet2", "lan", "direct", "none", "host", "root"})

# Users and groups that every Debian system has. A service is a user: one of these would be somebody else's.
SYSTEM_USERS = frozenset(
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody sshd messagebus"
    " adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video sasl plugdev"
    " staff users nogroup input kvm render crontab usernet systemd-network systemd-resolve".split()
)


def is_networks_own(name: str) -> bool:
    """Whether the network gives this name to a service that it has for itself, such as a resolver."""
    return bool(OWN.match(name))


def why_not_service(name: str) -> str | None:
    """Why this cannot name a service."""
    return _why_not_placed("service", name, LONGEST_SERVICE, VETH)


def why_not_host(name: str) -> str | None:
    """Why this cannot name a host."""
    return _why_not_placed("host", name, LONGEST_HOST, TUNNEL)


def why_not_network(name: str) -> str | None:
    """Why this cannot name a network."""
    return why_not_name("network", name, LONGEST_NETWORK)


def why_not_port(name: str) -> str | None:
    """Why this cannot name a port, a program, a group or a container."""
    return why_not_name("port", name, LONGEST_PORT)


def why_not_user(name: str) -> str | None:
    """Why a service of this name cannot have a system user of the same name."""
    return f"`{name}` is a user or group that every Debian system has" if name in SYSTEM_USERS else None


def why_not_name(what: str, name: str, longest: int) -> str | None:
    """Why this cannot be a name at all: its letters and its length."""
    if not name:
        return f"the name of a {what} is empty"
    if NAME.match(name) and len(name) <= longest:
        return None
    return f"`{_shown(name)}` cannot name a {what}: {_fault(name, longest)}"


def _shown(name: str) -> str:
    """A name that may be anything, fit to stand in a sentence of one line."""
    cut = name if len(name) <= 40 else name[:39] + "…"
    return "".join(letter if letter.isprintable() else "?" for letter in cut)


def _why_not_placed(what: str, name: str, longest: int, prefix: str) -> str | None:
    if name in RESERVED:
        return f"`{name}` cannot name a {what}: the word has a meaning of its own"
    if NAME.match(name) and len(name) > longest:
        limit = f"{longest} are the most as its interface `{prefix}NAME` may have {LONGEST_INTERFACE} bytes"
        return f"`{_shown(name)}` cannot name a {what}: it has {len(name)} letters, and {limit}"
    return why_not_name(what, name, longest)


def _fault(name: str, longest: int) -> str:
    if name != name.lower():
        return "it has capital letters"
    if "_" in name:
        return "it has an underscore, write `-`"
    if name[0].isdigit():
        return "it starts with a digit"
    if name[0] == "-" or name[-1] == "-":
        return "it starts or ends with `-`"
    if not NAME.match(name):
        return "only a-z, 0-9 and `-` are allowed"
    return f"it has {len(name)} letters, and {longest} are the most"


def veth_name(service: str) -> str:
    """The host's end of a service's link."""
    return _interface(VETH + service)


def tunnel_name(gateway: str) -> str:
    """The WireGuard interface to or at a gateway."""
    return _interface(TUNNEL + gateway)


def _interface(name: str) -> str:
    if len(name.encode()) > LONGEST_INTERFACE:
        raise ValueError(f"the interface name {name!r} has more than {LONGEST_INTERFACE} bytes")
    return name


def chain_safe(name: str) -> str:
    """The part of an nft identifier that stands for a name.

    Always put a word and `_` before it: `time`, `log` and `fwd` are nft's own. Two names never meet, as none has `_`.
    """
    return name.replace("-", "_")


def why_not_domain(name: str) -> str | None:
    """Why this cannot be a domain or a host's DNS name; without the dot at its end."""
    shown = _shown(name)
    if not name:
        return "the domain is empty"
    if not name.isascii():
        return f"`{shown}` is not ASCII{_punycode(name)}"
    if name != name.lower():
        return f"`{shown}` has capital letters; write `{shown.lower()}`"
    if len(name) > LONGEST_DOMAIN:
        return f"`{shown}` is longer than {LONGEST_DOMAIN} letters"
    labels = name.split(".")
    for label in labels:
        if sentence := _why_not_label(shown, label):
            return sentence
    return f"`{shown}` ends in a number, as only an address does" if labels[-1].isdigit() else None


def _why_not_label(shown: str, label: str) -> str | None:
    if not label:
        return f"`{shown}` has a dot too many"
    if len(label) > LONGEST_LABEL:
        return f"`{shown}` has a part of more than {LONGEST_LABEL} letters"
    if not LABEL.match(label):
        return f"`{shown}` has the part `{label}`: only a-z, 0-9 and, inside, `-` are allowed"
    return None


def _punycode(name: str) -> str:
    try:
        return f"; write `{name.encode('idna').decode()}`"
    except UnicodeError:
        return ""


def is_valid_domain(name: str) -> bool:
    """Whether this can be a domain or a host's DNS name."""
    return why_not_domain(name) is None


def unit_name(service: str, container: str | None = None) -> str:
    """The unit of a service's only container or program, or of one of several containers, without `.service`.

    Two never meet in one user's manager: of several containers none has the bare name.
    """
    return service if container is None else f"{service}-{container}"


def unit_escape(text: str) -> str:
    """`text` as a part of a systemd unit's name, as `systemd-escape` writes it."""
    escaped = "".join(_unit_byte(byte) for byte in text.encode())
    return "\\x2e" + escaped[1:] if escaped.startswith(".") else escaped


def _unit_byte(byte: int) -> str:
    if byte == ord("/"):
        return "-"
    character = chr(byte)
    return character if character.isascii() and (character.isalnum() or character in ":_.") else f"\\x{byte:02x}"
