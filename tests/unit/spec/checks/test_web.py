"""web: names of HTTPS that clash."""

from __future__ import annotations

from tests.spec_texts import BASE, codes, found

TWO = """\
  x: {host: vps, ports: {a: 80}, expose: {https: a.example.org%s}}
  y: {host: home, ports: {a: 80}, expose: {https: a.example.org%s}}
"""


def test_a_name_is_given_away_once() -> None:
    [one] = found(BASE + TWO % ("", ""))
    assert one.summary == "`a.example.org` at `vps` is given away twice: to the service `x` and to `y`"
    assert codes(BASE + TWO % (", path: /a", ", path: [/b, /a]")) == ["domain-taken"]


def test_paths_of_one_name_lead_to_several_services() -> None:
    assert codes(BASE + TWO % ("", ", path: /y")) == []


def test_what_is_decrypted_at_home_has_the_gateway_for_itself() -> None:
    both = BASE + TWO.replace("a.example.org%s}}\n  y", "b.example.org%s}}\n  y")
    [one] = found(both % ("", ", tls: home"))
    assert (
        one.code == "tls-mixed" and one.hint == "give all names at `vps` one `tls`, or say `at:` with another gateway"
    )
    assert codes(both % (", tls: gateway", "")) == []


def test_many_names_in_one_need_a_proof_by_dns() -> None:
    line = '  x: {host: vps, ports: {a: 80}, expose: {https: "*.example.org"}}\n'
    assert codes(BASE + line) == ["wildcard-proof"]
    assert codes(BASE.replace("dns: false", 'dns: false, https: {dns: "cloudflare {env.T}"}') + line) == []


def test_443_belongs_to_https_where_there_is_any() -> None:
    line = "  x: {host: vps, ports: {a: 80, b: 443}, expose: [{https: a.example.org, to: a}, {port: 443, to: b}]}\n"
    assert codes(BASE + line) == ["port-taken"]
