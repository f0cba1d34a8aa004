"""Programs that the network runs for itself, and what keeps them from it."""

from __future__ import annotations

from tests.spec_texts import resolved
from tests.unit.doctor.patients import HEALTHY, codes, patient, troubles
from warren.doctor.checks.programs import own_programs

TEXT = """\
version: 1
network: {name: n}
hosts: {vps: {public: 203.0.113.10}, home: {egress: vps}, bare: {gateways: [vps]}}
services:
  a: {host: home, ports: {web: 80}, expose: {https: a.example}}
"""
TOPOLOGY = resolved(TEXT)
THERE = {"unbound": "Version 1.22.0", "caddy": "2.6.2", "rootkey": "/usr/share/dns/root.key"}


def found(host: str, tools: dict[str, str]) -> set[str]:
    """The codes of what is wrong with a host that has these."""
    return codes(own_programs(patient(host, TOPOLOGY), tools))


def test_each_host_needs_what_runs_there() -> None:
    assert found("vps", {}) == {"no-unbound", "no-caddy"}
    assert found("home", {}) == {"no-unbound"}
    assert found("bare", {}) == set()
    assert found("vps", THERE) == set()


def test_names_that_several_hosts_decrypt_need_haproxy_on_each() -> None:
    more = "  b: {host: bare, ports: {web: 80}, expose: {https: b.example, at: vps, tls: home}}\n"
    shared = resolved(TEXT.replace("https: a.example", "https: a.example, tls: home") + more)
    said = {host: codes(own_programs(patient(host, shared), {})) for host in ("vps", "home", "bare")}
    assert said["vps"] == {"no-unbound", "no-haproxy"}, "it decrypts nothing"
    assert said["home"] == said["bare"] == {"no-unbound", "no-caddy", "no-haproxy"}


def test_what_is_installed_does_not_start_by_itself() -> None:
    mend = troubles(own_programs(patient("vps", TOPOLOGY), {}))["no-caddy"].mend
    assert mend and mend.script and "systemctl mask --now caddy.service" in mend.script


def test_proofs_need_the_key_of_the_root() -> None:
    assert found("home", {"unbound": "Version 1.17.1"}) == {"no-root-key"}


def test_a_key_of_the_root_that_signs_no_more_is_replaced_and_read() -> None:
    one = troubles(own_programs(patient("home", TOPOLOGY), {**THERE, "oldkey": "yes"}))["old-root-key"]
    assert one.mend and one.mend.script
    assert "install -y --no-install-recommends dns-root-data" in one.mend.script
    assert "pkill -x -u dns1-g0 unbound" in one.mend.script
    unproved = resolved(TEXT.replace("name: n", "name: n, dns: {dnssec: false}"))
    assert not codes(own_programs(patient("home", unproved), {**THERE, "oldkey": "yes"}))


def test_apparmor_is_told() -> None:
    one = troubles(own_programs(patient("home", TOPOLOGY), {**THERE, "confined": "unbound"}))["unbound-confined"]
    assert one.blocks and one.mend and one.mend.script and "apparmor_parser -r" in one.mend.script
    assert "confined" not in HEALTHY["tools"]
