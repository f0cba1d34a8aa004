"""Services that do not listen, or not where they should."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.bench import Bench, Fault, on

CLOUD = "blog -> cloud:80/tcp:"


def only(place: str, protocol: str, address: str, port: int, *more: str) -> Callable[[Bench], None]:
    """A place at which nothing but this listens."""

    def inject(bench: Bench) -> None:
        bench.silence(place)
        bench.listen(place, protocol, address, port, *more)

    return inject


def carrier_taken(bench: Bench) -> None:
    """A program of the service itself has the port at which a need should answer."""
    bench.drop_carriers()
    bench.listen("cloud", "tcp", "127.0.0.1", 3306)


def nobody(*places: str) -> Callable[[Bench], None]:
    """Places at which nothing listens."""
    return lambda bench: bench.silence(*places)


FAULTS = (
    Fault(
        "loopback only", "blog cloud.web", "loopback-only",
        f"{CLOUD} cloud listens on loopback only: 127.0.0.1:80/tcp (python3, pid PID)",
        only("cloud", "tcp", "127.0.0.1", 80),
    ),
    Fault(
        "IPv4 only", "blog cloud.web", "one-family",
        f"{CLOUD} cloud listens in IPv4 only: 0.0.0.0:80/tcp (python3, pid PID)",
        only("cloud", "tcp", "0.0.0.0", 80),
    ),
    Fault(
        "IPv6 only", "blog cloud.web", "one-family",
        f"{CLOUD} cloud listens in IPv6 only: [::]:80/tcp (python3, pid PID)",
        only("cloud", "tcp", "::", 80),
    ),
    Fault(
        "not running", "blog cloud.web", "not-running",
        f"{CLOUD} nothing listens on port 80/tcp in the namespace of cloud", nobody("cloud"),
    ),
    Fault(
        "wrong port", "blog cloud.web", "wrong-port",
        f"{CLOUD} cloud listens on port 8080, not on 80: 0.0.0.0:8080/tcp (python3, pid PID)",
        only("cloud", "tcp", "0.0.0.0", 8080),
    ),
    Fault(
        "not running behind an exposure", "internet game.query", "not-running",
        "internet -> game:12346/tcp: nothing listens on port 12346/tcp in the namespace of game", nobody("game"),
    ),
    Fault(
        "datagrams that nobody takes", "internet cloud.calls", "not-running",
        "internet -> cloud:3478/udp: nothing listens on port 3478/udp in the namespace of cloud", nobody("cloud"),
    ),
    Fault(
        "program of the host on loopback", "cloud home.mysql", "loopback-only",
        "cloud -> home:3306/tcp: home listens on loopback only: 127.0.0.1:3306/tcp (python3, pid PID)",
        only("home", "tcp", "127.0.0.1", 3306),
    ),
    Fault(
        "program of the host not running", "cloud home.mysql", "not-running",
        "cloud -> home:3306/tcp: nothing listens on port 3306/tcp on home", nobody("home"),
    ),
    Fault(
        "nothing carries from loopback", "cloud 127.0.0.1:3306", "carrier-gone",
        "cloud -> home:3306/tcp: nothing listens at 127.0.0.1:3306 in cloud, to carry it to home",
        lambda bench: bench.drop_carriers(),
    ),
    Fault(
        "port of loopback taken", "cloud 127.0.0.1:3306", "port-taken",
        "cloud -> home:3306/tcp: 127.0.0.1:3306 in cloud is taken by another program: 127.0.0.1:3306/tcp "
        "(python3, pid PID)",
        carrier_taken,
    ),
    Fault(
        "hanging", "blog cloud.web", "target-silent", f"{CLOUD} cloud gets the packets and says nothing",
        only("cloud", "tcp", "0.0.0.0", 80, "full"),
    ),
    Fault(
        "firewall of its own", "blog cloud.web", "target-silent", f"{CLOUD} cloud gets the packets and says nothing",
        on("home: ip netns exec cloud nft 'add table inet own; add chain inet own in "
           "{ type filter hook input priority 0; policy drop; }'"),
        on("home: ip netns exec cloud nft delete table inet own"),
    ),
)  # fmt: skip
