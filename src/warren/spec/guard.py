"""The ports that a host keeps for itself.

In: a host of the file. Out: where sshd and the tunnel listen, and whether the host is guarded. Never looks at services.
"""

from __future__ import annotations

from warren.basis.address import Ports
from warren.spec.model import Host

SSH_PORT = 22
TUNNEL_PORT = 51820
# A gateway gives these source ports to connections that it rewrites. A port that is exposed inside them could be taken
# over by somebody else's outgoing connection (port shadow, CVE-2021-3773).
SHADOW = Ports(61000, 65535)


def ssh_port(host: Host) -> int:
    """Where sshd listens: as the firewall says, else as `ssh:` connects, else 22."""
    guarded = host.firewall.ssh.port if host.firewall else None
    return guarded or (host.ssh.port if host.ssh else None) or SSH_PORT


def is_guarded(host: Host) -> bool:
    """Whether the host's own firewall is on: by default where it is public."""
    return host.firewall.enabled if host.firewall else bool(host.public)
