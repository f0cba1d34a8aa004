"""Rule sets as Docker, ufw, fail2ban and firewalld leave them, written by their own tools and read back."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from warren.formats.nft import model as nft
from warren.observe import PRINT_FOREIGN, PRINT_XTABLES
from warren.prove.doubt import assumed, doubts
from warren.verify.standing import tables

pytestmark = [pytest.mark.netns, pytest.mark.skipif(not shutil.which("iptables-nft"), reason="needs iptables")]

DOCKER = """
iptables-nft -P FORWARD DROP
iptables-nft -N DOCKER; iptables-nft -N DOCKER-USER; iptables-nft -N DOCKER-ISOLATION-STAGE-1
iptables-nft -A FORWARD -j DOCKER-USER
iptables-nft -A FORWARD -j DOCKER-ISOLATION-STAGE-1
iptables-nft -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables-nft -A FORWARD -o docker0 -j DOCKER
iptables-nft -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
iptables-nft -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
iptables-nft -A DOCKER-ISOLATION-STAGE-1 -j RETURN
iptables-nft -t nat -N DOCKER
iptables-nft -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables-nft -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables-nft -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
"""
UFW = """
iptables-nft -P INPUT DROP
iptables-nft -N ufw-before-input; iptables-nft -N ufw-user-input; iptables-nft -N ufw-user-limit
iptables-nft -A INPUT -j ufw-before-input
iptables-nft -A ufw-before-input -i lo -j ACCEPT
iptables-nft -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables-nft -A ufw-before-input -m conntrack --ctstate INVALID -j DROP
iptables-nft -A ufw-before-input -p icmp --icmp-type 8 -j ACCEPT
iptables-nft -A ufw-before-input -j ufw-user-input
iptables-nft -A ufw-user-input -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name DEFAULT
iptables-nft -A ufw-user-input -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 30 \
  --hitcount 6 -j ufw-user-limit
iptables-nft -A ufw-user-limit -m limit --limit 3/min -j LOG --log-prefix "[UFW LIMIT BLOCK] "
iptables-nft -A ufw-user-limit -j REJECT --reject-with icmp-port-unreachable
"""
FIREWALLD = """
nft -f - <<'END'
table inet firewalld {
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    ct state { established, related } accept
    ct status dnat accept
    iifname "lo" accept
    ct state invalid drop
    ip6 daddr { ::/96, ::ffff:0.0.0.0/96 } reject with icmpv6 type addr-unreachable
    jump filter_FORWARD_POLICIES
    reject with icmpx type admin-prohibited
  }
  chain filter_FORWARD_POLICIES { iifname "eth0" jump filter_FWD_public; }
  chain filter_FWD_public { tcp dport 22 ct helper "ftp" accept; numgen random mod 100 < 10 accept; }
}
table bridge beside { chain c { type filter hook forward priority 0; policy drop; }
}
END
"""


def read(script: str) -> dict[str, nft.Table]:
    """What a script leaves in a network namespace of its own, as a host is observed."""
    become_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    both = f"{PRINT_FOREIGN}; echo =; {PRINT_XTABLES}"
    done = subprocess.run(
        ["unshare", *become_root, "--net", "sh", "-c", f"exec 3>&1 >&2; set -e\n{script}\nset +e; exec >&3; {both}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    listing, _, text = done.stdout.partition("\n=\n")
    return {f"{each.family} {each.name}": each for each in tables(listing, text)}


def test_docker_is_understood_to_the_last_word() -> None:
    found = read(DOCKER)
    assert {name: doubts(table) for name, table in found.items()} == {"ip filter": (), "ip nat": ()}
    led = [each for each in statements(found["ip nat"]) if isinstance(each, nft.Dnat)]
    assert led == [nft.Dnat("ip", nft.Endpoint(nft.Prefix.of("172.17.0.2"), 80))]


def test_ufw_leaves_one_word_that_is_named() -> None:
    (table,) = read(UFW).values()
    assert doubts(table) == ("xt recent",)
    shut, opened = (last_jump(assumed(table, each)) for each in (True, False))
    assert shut == ["ufw-user-limit_shut"] and opened == ["ufw-user-limit_open"]
    assert any(isinstance(each, nft.Reject) for each in statements(table))


def test_firewalld_is_understood_but_for_its_odd_words() -> None:
    found = read(FIREWALLD)
    assert doubts(found["inet firewalld"]) == ("ct helper", "numgen")


def statements(table: nft.Table) -> list[nft.Statement]:
    return [each for chain in table.chains for rule in chain.rules for each in rule.statements]


def last_jump(table: nft.Table) -> list[str]:
    """Where the rule that only may hold leads to."""
    rules = [chain for chain in table.chains if chain.name == "ufw-user-input"][0].rules
    return [each.chain for rule in rules for each in rule.statements if isinstance(each, nft.Jump)]
