"""What a doctor says, on paper and as JSON."""

from __future__ import annotations

import click

from tests.topologies import two_hosts
from tests.unit.doctor.patients import survey, without
from warren.basis.diagnostic import Place
from warren.cli.rounds import Visit
from warren.cli.views.doctor import document, lines
from warren.doctor.examine import examine
from warren.doctor.model import Mend, block, note, ok, warning
from warren.survey.mend import Mended

ILL = Visit(
    "vps",
    (
        ok("distribution", "Debian GNU/Linux 13"),
        ok("kernel", "kernel 6.12.48"),
        ok("disk", "room to write"),
        note("tailscale", "Tailscale runs there"),
        block("no-nft", "nft is not there", Mend("apt-get install nftables", "do it"), Place("warren.yaml", 4, 3)),
        warning("lan-not-there", "no LAN\x1b[2J", Mend("correct `lan:` in the file")),
    ),
)
WELL = Visit("home", (ok("distribution", "Alpine"), ok("kernel", "kernel 6.6")))
GONE = Visit("far", trouble="far cannot be reached")


def shown(*visits: Visit, mended: tuple[Mended, ...] = (), verbose: bool = False) -> str:
    """Without colours."""
    return click.unstyle("\n".join(lines(visits, mended, verbose)))


def test_the_worst_first_and_what_mends_it() -> None:
    assert shown(ILL, WELL, GONE) == (
        "vps  Debian GNU/Linux 13, kernel 6.12.48\n"
        "  error    nft is not there (warren.yaml:4:3)\n"
        "           <- apt-get install nftables (`--fix` does it)\n"
        "  warning  no LAN�[2J\n"
        "           <- correct `lan:` in the file\n"
        "  note     Tailscale runs there\n"
        "home  Alpine, kernel 6.6\n"
        "  well\n"
        "far  not reachable: far cannot be reached\n"
        "3 hosts: 1 not reachable, 1 error, 1 warning, 1 note; `warren doctor --fix` mends 1 of them"
    )


def test_what_is_fine_is_told_to_who_asks() -> None:
    assert "  ok       room to write" in shown(ILL, verbose=True)
    assert "room to write" not in shown(ILL)


def test_a_network_that_is_well() -> None:
    visits = [Visit(name, examine(survey(name), two_hosts(), name)) for name in ("vps", "home")]
    assert shown(*visits) == (
        "vps  Debian GNU/Linux 13 (trixie), kernel 6.12.48, nft 1.1.3, WireGuard in the kernel\n  well\n"
        "home  Debian GNU/Linux 13 (trixie), kernel 6.12.48, nft 1.1.3, WireGuard in the kernel\n  well\n"
        "2 hosts: well"
    )


def test_repairs_are_told() -> None:
    done = (Mended("vps", "no-nft", "apt-get install nftables"), Mended("vps", "a", "do it", "E: no network"))
    assert shown(WELL, mended=done).splitlines()[:2] == [
        "vps  mended  apt-get install nftables",
        "vps  not mended  do it: E: no network",
    ]


def test_json() -> None:
    found = document([ILL, GONE], [Mended("vps", "no-nft", "x", "E")])
    hosts = found["hosts"]
    assert isinstance(hosts, dict)
    assert (hosts["vps"]["well"], hosts["far"]["reachable"], hosts["far"]["trouble"]) == (
        False,
        False,
        "far cannot be reached",
    )
    assert hosts["vps"]["findings"][4] == {
        "level": "error", "code": "no-nft", "summary": "nft is not there", "mend": "apt-get install nftables",
        "safe": True, "blocks": True, "file": "warren.yaml", "line": 4,
    }  # fmt: skip
    assert found["mended"] == [{"host": "vps", "code": "no-nft", "command": "x", "done": False, "trouble": "E"}]


def test_a_host_without_nft_says_so_beside_its_name() -> None:
    found = examine(survey(tools=without("tools", "nft=")), two_hosts(), "vps")
    assert shown(Visit("vps", found)).startswith("vps  Debian GNU/Linux 13 (trixie), kernel 6.12.48, WireGuard")
