"""dns: what each resolver tells to whom."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from tests.spec_texts import resolved
from warren.desired.items.file import File
from warren.desired.parts.dns import dns, reverse_zones
from warren.desired.view import views

FILE = """\
version: 1
network: {name: test, ipv6: "fd86:86:86::/48", dns: %s}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  cloud: {host: home, needs: [db.sql]}
  db: {host: home, ports: {sql: 5432}, egress: none}
"""


def files(settings: str = "true") -> dict[str, str]:
    """The files of the home by path."""
    view = views(resolved(FILE % settings), {})["home"]
    return {item.path: item.content for item in dns(view) if isinstance(item, File)}


def section(text: str, name: str) -> str:
    """The view of one service."""
    return next(part for part in text.split("view:\n") if part.startswith(f"  name: {name}\n"))


def test_a_service_asks_its_own_resolver_alone() -> None:
    found = files()
    assert (
        "nameserver 10.86.1.4\nnameserver fd86:86:86:1::4\nsearch test.internal\n"
        in (found["/etc/netns/cloud/resolv.conf"])
    )
    assert "nameserver 10.86.1.5\n" in found["/etc/netns/db/resolv.conf"]
    assert len([path for path in found if path.endswith("resolv.conf")]) == 2


def test_a_name_is_told_to_who_may_reach_it() -> None:
    found = files()
    cloud = section(found["/etc/warren/dns1-g0/unbound.conf"], "cloud")
    assert 'local-data: "db.test.internal. 60 IN A 10.86.1.3"' in cloud
    assert 'local-data: "3.1.86.10.in-addr.arpa. 60 IN PTR db.test.internal."' in cloud
    assert "cloud" not in section(found["/etc/warren/dns1/unbound.conf"], "db")


def test_what_may_not_leave_has_no_names_outside() -> None:
    found = files("{upstream: 192.0.2.53}")
    assert "local-zone: . static" in found["/etc/warren/dns1/unbound.conf"]
    assert "forward-zone" not in found["/etc/warren/dns1/unbound.conf"]
    assert "forward-addr: 192.0.2.53@53\n" in found["/etc/warren/dns1-g0/unbound.conf"]
    assert "local-zone: . static" not in found["/etc/warren/dns1-g0/unbound.conf"]


def test_over_tls_or_not_at_all() -> None:
    text = files('{upstream: ["tls://192.0.2.53#dns.example", 192.0.2.54]}')["/etc/warren/dns1-g0/unbound.conf"]
    assert "forward-tls-upstream: yes\n" in text and "forward-addr: 192.0.2.53@853#dns.example\n" in text
    assert "192.0.2.54" not in text


def test_answers_are_proved_and_never_private() -> None:
    text = files("{private: lan.example}")["/etc/warren/dns1-g0/unbound.conf"]
    assert "trust-anchor-file" in text and "private-address: 10.0.0.0/8" in text
    assert "private-domain: lan.example" in text
    assert "module-config: iterator" in files("{dnssec: false}")["/etc/warren/dns1-g0/unbound.conf"]


@pytest.mark.parametrize(
    ("public", "line"),
    [
        ("203.0.113.10", "do-not-query-address: ::/0"),
        ("2001:db8::10", "do-not-query-address: 0.0.0.0/0"),
        ("[203.0.113.10, 2001:db8::10]", "prefer-ip4: yes"),
    ],
)
def test_nobody_is_asked_where_no_way_leads(public: str, line: str) -> None:
    topology = resolved((FILE % "true").replace("203.0.113.10", f'"{public}"' if public[0] != "[" else public))
    text = next(one.content for one in dns(views(topology, {})["home"]) if one.path.endswith("dns1-g0/unbound.conf"))
    assert f"  {line}\n" in text


@pytest.mark.parametrize(
    ("prefix", "zones"),
    [
        ("10.86.0.0/16", ["86.10.in-addr.arpa"]),
        ("10.0.0.0/8", ["10.in-addr.arpa"]),
        ("172.16.0.0/15", ["16.172.in-addr.arpa", "17.172.in-addr.arpa"]),
        ("fd86:86:86::/48", ["6.8.0.0.6.8.0.0.6.8.d.f.ip6.arpa"]),
    ],
)
def test_the_zones_of_pointers(prefix: str, zones: list[str]) -> None:
    assert list(reverse_zones(ip_network(prefix))) == zones


def test_names_of_sites_are_written_once_for_all_who_visit_them() -> None:
    text = FILE % "true" + "  blog: {host: vps, ports: {web: 80}, expose: [{https: www.example.org, to: web}]}\n"
    view = views(resolved(text), {})["home"]
    found = {item.path: item.content for item in dns(view) if isinstance(item, File)}
    sites = "/etc/warren/dns1-g0/web0.conf"
    assert 'local-data: "www.example.org. 60 IN A 10.86.0.3"\n' in found[sites]
    assert f"  include: {sites}\n" in section(found["/etc/warren/dns1-g0/unbound.conf"], "cloud")
    # what may not leave visits nothing
    assert "www.example.org" not in "".join(text for path, text in found.items() if path != sites)
    assert "include" not in found["/etc/warren/dns1/unbound.conf"]
