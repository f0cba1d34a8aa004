"""WireGuard at its ends and between them."""

from __future__ import annotations

import base64

from tests.faults import handshake
from tests.faults.bench import Bench, Fault, on
from warren.lab import faults

WEB = "blog -> cloud:80/tcp:"
KEY = "wg show wrn-vps public-key"


def peer(bench: Bench, host: str) -> str:
    """The public key of a host."""
    return bench.on(host, KEY)


def swapped(bench: Bench) -> None:
    """The prefixes of home and cabin exchanged at the gateway."""
    home, cabin = peer(bench, "home"), peer(bench, "cabin")
    six = [str(bench.topology.hosts[name].prefix6) for name in ("home", "cabin")]
    bench.on("vps", f"wg set wrn-vps peer {home} allowed-ips 192.0.2.1/32; "
                    f"wg set wrn-vps peer {cabin} allowed-ips 10.86.1.0/24,{six[0]}; "
                    f"wg set wrn-vps peer {home} allowed-ips 10.86.2.0/24,{six[1]}")  # fmt: skip


def lacking(bench: Bench) -> None:
    """The gateway takes nothing from home but IPv6."""
    home = peer(bench, "home")
    bench.on("vps", f"wg set wrn-vps peer {home} allowed-ips {bench.topology.hosts['home'].prefix6}")


def stranger(bench: Bench) -> None:
    """Home expects another key of the gateway."""
    vps = peer(bench, "vps")
    bench.on("home", f"wg set wrn-vps peer {vps} remove; wg set wrn-vps peer $(wg genkey | wg pubkey) "
                     "endpoint 203.0.113.10:51820 allowed-ips 0.0.0.0/0,::/0")  # fmt: skip


def elsewhere(bench: Bench) -> None:
    """Home looks for the gateway where it was once; a session outlives the address with which it was made."""
    vps = peer(bench, "vps")
    bench.on("home", f"wg set wrn-vps peer {vps} remove; wg set wrn-vps peer {vps} endpoint 198.51.100.99:51820 "
                     "persistent-keepalive 25 allowed-ips 0.0.0.0/0,::/0")  # fmt: skip


def taken(bench: Bench) -> None:
    """Somebody was faster than the gateway's WireGuard, which therefore is not there."""
    faults.kill_tunnel(bench.lab, "vps")
    bench.listen("vps", "udp", "0.0.0.0", 51820)


def clock_back(bench: Bench) -> None:
    """The gateway has seen a handshake of home that is stamped two hours ahead; now home's clock is two hours back."""
    key, vps = bench.on("home", "cat /etc/warren/wireguard.key"), peer(bench, "vps")
    ahead = int(bench.on("home", "date +%s")) + 7200
    message = base64.b64encode(handshake.initiation(key, vps, ahead)).decode()
    bench.on(
        "home", f"echo {message} | base64 -d > /run/message; bash -c 'cat /run/message > /dev/udp/203.0.113.10/51820'"
    )
    bench.on("home", "cp /usr/bin/date /run/date.real; chmod +x /run/date.real; printf '%s\\n' '#!/bin/sh' "
                     "'exec /run/date.real -d \"-2 hours\" \"$@\"' > /run/date; chmod +x /run/date; "
                     "mount --bind /run/date /usr/bin/date")  # fmt: skip
    bench.on("home", f"wg set wrn-vps peer {vps} remove; wg set wrn-vps peer {vps} endpoint 203.0.113.10:51820 "
                     "persistent-keepalive 25 allowed-ips 0.0.0.0/0,::/0")  # fmt: skip


def clock_right(bench: Bench) -> None:
    """The clock is set, and the gateway forgets what it saw."""
    bench.on("home", "umount /usr/bin/date")
    bench.on("vps", f"wg set wrn-vps peer {peer(bench, 'home')} remove")


def lost(what: str) -> str:
    """The provider drops something before the gateway."""
    chain = "add chain inet provider f { type filter hook forward priority 0; policy accept; }"
    return f"core: nft 'add table inet provider; {chain}; add rule inet provider f {what} drop'"


OPEN = on("core: nft delete table inet provider")

FAULTS = (
    Fault(
        "AllowedIPs lack a prefix", "blog cloud.web", "allowed-ips",
        f"{WEB} AllowedIPs of home on vps lack 10.86.1.0/24", lacking,
    ),
    Fault(
        "AllowedIPs swapped", "blog cloud.web", "allowed-ips-swapped",
        f"{WEB} on vps AllowedIPs of home belong to another peer (KEY): 10.86.1.0/24, HOME6", swapped,
    ),
    Fault(
        "another key of the peer", "blog cloud.web", "peer-key",
        f"{WEB} the tunnel on home does not know the key of vps: vps has KEY, home expects KEY", stranger,
    ),
    Fault(
        "another key of its own", "blog cloud.web", "own-key",
        f"{WEB} wrn-vps on home has another private key than the key file of home",
        on("home: wg genkey > /run/other.key; wg set wrn-vps private-key /run/other.key"),
        on("home: wg set wrn-vps private-key /etc/warren/wireguard.key"),
    ),
    Fault(
        "endpoint stale", "blog cloud.web", "endpoint-stale",
        f"{WEB} home looks for vps at 198.51.100.99:51820, and it is at 203.0.113.10:51820",
        elsewhere,
    ),
    Fault(
        "tunnel gone", "blog cloud.web", "tunnel-gone", f"{WEB} the tunnel wrn-vps is gone from home",
        lambda bench: faults.kill_tunnel(bench.lab, "home"),
    ),
    Fault(
        "tunnel down", "blog cloud.web", "tunnel-down", f"{WEB} the tunnel wrn-vps is down on home",
        on("home: ip link set wrn-vps down"),
    ),
    Fault(
        "tunnel takes small packets only", "blog cloud.web", "tunnel-mtu",
        f"{WEB} wrn-vps on home takes packets of 500 bytes only, not of 1420",
        on("home: ip link set wrn-vps mtu 500"),
    ),
    Fault(
        "gateway without a way back", "blog cloud.web", "no-uplink",
        f"{WEB} vps has no route to home at ROUTER: it cannot answer",
        on("vps: ip -4 route del default"), on("vps: ip route replace default via 198.19.255.1 dev eth0 onlink"),
    ),
    Fault(
        "another port of the gateway", "blog cloud.web", "tunnel-port",
        f"{WEB} WireGuard listens on port 51999 of vps, not on 51820",
        on("vps: wg set wrn-vps listen-port 51999"),
    ),
    Fault(
        "port of the tunnel taken", "blog cloud.web", "port-taken",
        f"{WEB} port 51820/udp of the tunnel on vps is taken by another program: 0.0.0.0:51820/udp (python3, pid PID)",
        taken,
    ),
    Fault(
        "clock back", "blog cloud.web", "clock-back",
        f"{WEB} the clock of home is 2 hours behind: vps refuses its handshakes as old", clock_back, clock_right,
    ),
    Fault(
        "line cut", "blog cloud.web", "line-cut",
        f"{WEB} home and vps do not hear each other, and home cannot even ping 203.0.113.10: the line is cut",
        lambda bench: faults.cut(bench.lab, "home"), lambda bench: faults.heal(bench.lab),
    ),
    Fault(
        "line cut asked from its end", "cam db", "line-cut",
        "cam -> db:5432/tcp: cabin and vps do not hear each other, and cabin cannot even ping 203.0.113.10: "
        "the line is cut",
        lambda bench: faults.cut(bench.lab, "cabin"), lambda bench: faults.heal(bench.lab),
    ),
    Fault(
        "line of the gateway cut", "internet game.query", "upstream-drop",
        "internet -> game:12346/tcp: nothing arrives at vps on port 12346/tcp: something before it drops the packets",
        lambda bench: faults.cut(bench.lab, "vps"), lambda bench: faults.heal(bench.lab),
    ),
    Fault(
        "provider drops WireGuard", "cam db", "tunnel-blocked",
        "cam -> db:5432/tcp: WireGuard's packets of cabin do not arrive at vps, although cabin can ping 203.0.113.10: "
        "UDP 51820 is dropped on the way",
        on(lost("udp dport 51820")), OPEN,
    ),
    Fault(
        "provider drops WireGuard asked from the gateway", "blog cloud.web", "tunnel-blocked",
        f"{WEB} WireGuard's packets of home do not arrive at vps, although home can ping 203.0.113.10: "
        "UDP 51820 is dropped on the way",
        on(lost("udp dport 51820")), OPEN,
    ),
    Fault(
        "WireGuard is dropped on the way back", "blog cloud.web", "tunnel-blocked",
        f"{WEB} WireGuard's packets of vps do not arrive at home, although home can ping 203.0.113.10: "
        "they are dropped on the way",
        on(lost("udp sport 51820")), OPEN,
    ),
    Fault(
        "WireGuard is dropped both ways", "blog cloud.web", "tunnel-blocked",
        f"{WEB} WireGuard's packets of home and vps do not arrive at each other, although home can ping 203.0.113.10: "
        "UDP 51820 is dropped",
        on(lost("udp dport 51820"), "core: nft add rule inet provider f udp sport 51820 drop"), OPEN,
    ),
    Fault(
        "provider drops the port", "internet game.query", "upstream-drop",
        "internet -> game:12346/tcp: nothing arrives at vps on port 12346/tcp: something before it drops the packets",
        on(lost("tcp dport 12346")), OPEN,
    ),
    Fault(
        "MTU black hole", "blog cloud.web", "mtu-black-hole",
        f"{WEB} packets of 1420 bytes are lost in the tunnel between vps and home, small ones pass",
        on(lost("meta length > 1400")), OPEN,
    ),
    Fault(
        "address of the gateway gone", "internet game.query", "address-gone",
        "internet -> game:12346/tcp: vps does not have the address 203.0.113.10",
        on("vps: ip addr del 203.0.113.10/32 dev eth0"), on("vps: ip addr add 203.0.113.10/32 dev eth0; "
           "ip route replace default via 198.19.255.1 dev eth0 onlink"),
    ),
)  # fmt: skip
