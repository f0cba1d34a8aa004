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


def test_all_paths_of_a_name_are_decrypted_in_one_place() -> None:
    [one] = found(BASE + TWO % ("", ", path: /y, tls: home"))
    assert (one.code, one.summary) == (
        "tls-mixed",
        "`a.example.org` is decrypted on `vps`, and this line of it on `home`",
    )
    assert codes(BASE + TWO % ("", ", path: /y, tls: gateway")) == []


def test_each_name_is_decrypted_where_it_says() -> None:
    both = BASE + TWO.replace("a.example.org%s}}\n  y", "b.example.org%s}}\n  y")
    assert codes(both % ("", ", tls: home")) == []


def test_many_names_in_one_need_a_proof_by_dns() -> None:
    line = '  x: {host: vps, ports: {a: 80}, expose: {https: "*.example.org"}}\n'
    assert codes(BASE + line) == ["wildcard-proof"]
    assert codes(BASE.replace("dns: false", 'dns: false, https: {dns: "cloudflare {env.T}"}') + line) == []


def test_443_belongs_to_https_where_there_is_any() -> None:
    line = "  x: {host: vps, ports: {a: 80, b: 443}, expose: [{https: a.example.org, to: a}, {port: 443, to: b}]}\n"
    assert codes(BASE + line) == ["port-taken"]
