"""https: entries are services like any other."""

from __future__ import annotations

import pytest

from tests.spec_texts import resolved
from warren.basis.diagnostic import Refused
from warren.topology.model import Egress, EgressKind, ForwardAuth, Role, ServicePermission, Topology

FILE = """\
version: 1
network: {name: test, https: {email: me@example.org}}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}}
services:
  blog: {host: vps, ports: {web: 80}, expose: {https: [www.example.org, example.org]%s}}
  cloud: {host: home, ports: {web: 80, api: 81}, expose: {https: cloud.example.org, path: [/a, /b], to: api%s}}
  auth: {host: home, ports: {web: 9000, sip: 5060/udp}, egress: none}
"""


def topology(blog: str = "", cloud: str = "") -> Topology:
    """The network of the file."""
    return resolved(FILE % (blog, cloud))


def test_an_entry_is_exposed_at_its_gateway_with_the_clients_address() -> None:
    found = topology()
    entry = found.services["web0"]
    assert (entry.role, entry.host, entry.egress) == (Role.ENTRY, "vps", Egress(EgressKind.DIRECT))
    exposed = {(e.service, e.at, str(e.protocol), e.ports.first, e.keep) for e in found.exposures}
    assert exposed == {
        ("web0", "vps", "tcp", 80, True),
        ("web0", "vps", "tcp", 443, True),
        ("web0", "vps", "udp", 443, True),
    }


def test_it_reaches_its_targets_and_nothing_else() -> None:
    found = topology(cloud=", auth: {forward: auth.web}")
    needs = {
        (p.target, p.ports.first) for p in found.permissions if isinstance(p, ServicePermission) and p.source == "web0"
    }
    assert needs == {("blog", 80), ("cloud", 81), ("auth", 9000), ("dns0-out", 53)}


def test_each_name_and_path_is_a_site() -> None:
    found = topology(cloud=", strip: true, headers: {X-A: b}, max_body: 1m")
    assert [(one.name, one.path, one.service, one.entry) for one in found.https] == [
        ("www.example.org", "/", "blog", "web0"),
        ("example.org", "/", "blog", "web0"),
        ("cloud.example.org", "/a", "cloud", "web0"),
        ("cloud.example.org", "/b", "cloud", "web0"),
    ]
    site = found.https[2].site
    assert (site.strip, site.headers, site.max_body) == (True, (("X-A", "b"),), 1 << 20)
    assert found.web.email == "me@example.org"


def test_what_is_decrypted_at_home_stands_there() -> None:
    only = resolved(
        (FILE % ("", ", tls: home")).replace("expose: {https: [www.example.org, example.org]}", "needs: []")
    )
    entry = only.services["web1-g0"]
    assert (entry.host, entry.egress) == ("home", Egress(EgressKind.GATEWAY, "vps"))
    assert {(e.at, e.service) for e in only.exposures} == {("vps", "web1-g0")}


def test_who_could_ask_from_outside_asks_nearer() -> None:
    found = topology()
    near = [one.addresses for one in found.known("cloud") if one.name == "www.example.org"]
    assert near == [found.services["web0"].addresses]
    assert not any("example.org" in one.name for one in found.known("auth"))
    assert {(p.source, p.target, str(p.protocol), p.ports.first) for p in found.visiting("cloud")} == {
        ("cloud", "web0", "tcp", 80),
        ("cloud", "web0", "tcp", 443),
        ("cloud", "web0", "udp", 443),
    }
    assert not list(found.visiting("auth")) and not list(found.visiting("web0")) and not list(found.visiting("home"))


def test_visits_are_said_once_a_host_and_not_once_a_service() -> None:
    found = topology()
    assert {host: [visit.entry for visit in held] for host, held in found.visits.items()} == {
        "vps": ["web0"],
        "home": ["web0"],
    }
    assert not any(getattr(one, "target", "") == "web0" for one in found.permissions)


def test_who_is_asked_about_visitors_is_one_tcp_port() -> None:
    found = topology(cloud=", auth: {forward: {to: auth.web, uri: /v, copy: Remote-User}}").https[2].site.forward
    assert isinstance(found, ForwardAuth) and (found.service, found.uri, found.copied) == (
        "auth",
        "/v",
        ("Remote-User",),
    )
    for words in ("auth.sip", "auth", "nobody.web"):
        with pytest.raises(Refused):
            topology(cloud=f", auth: {{forward: {words}}}")


def test_a_caddy_of_ones_own_and_what_it_is_told_by_variables() -> None:
    said = "email: me@example.org, dns: 'x {env.T}', secrets: {T: token}, image: a.example/caddy:2"
    text = FILE.replace("email: me@example.org", said) % ("", "") + "secrets: {token: file:t.txt}\n"
    found = resolved(text)
    workload = found.services["web0"].workload
    assert (
        workload and workload.unit and (workload.unit.image, workload.unit.command[0]) == ("a.example/caddy:2", "caddy")
    )
    assert [(one.name, one.variable, one.reference) for one in workload.secrets] == [("web0.env.T", "T", ("t.txt",))]
    assert (found.web.dns, found.web.image) == ("x {env.T}", "a.example/caddy:2")
    other = resolved(FILE.replace("email: me@example.org", "program: /opt/caddy") % ("", "")).services["web0"].workload
    assert other and other.unit and other.unit.command[0] == "/opt/caddy" and not other.unit.image
    assert other.unit.raw[0].startswith("ExecStartPre=/bin/sh -c '/opt/caddy adapt ")
    assert other.unit.raw[2].startswith("ExecReload=/opt/caddy reload ")
