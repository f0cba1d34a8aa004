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
    assert codes(told("dns: cloudflare, program: /usr/local/bin/caddy") + line) == []


def told(https: str) -> str:
    """A file that says this of HTTPS."""
    return BASE.replace("dns: false", f"dns: false, https: {{{https}}}")


def test_what_caddy_is_told_by_variables() -> None:
    secret = "\nsecrets: {token: env:TOKEN}\n"
    own = "image: caddy.example/own:2, "
    assert codes(told(own + 'dns: "x {env.T}", secrets: {T: token}') + secret) == []
    [one] = found(told(own + 'dns: "x {env.T} {$T}"') + secret)
    assert (one.code, one.summary) == ("no-variable", "nothing gives Caddy the variable `T`")
    [one] = found(told(own + "secrets: {T: tokem}") + secret)
    assert (one.code, one.hint) == ("unknown-secret", "did you mean `token`?")


def test_a_module_needs_a_caddy_that_has_it() -> None:
    [one] = found(told("dns: desec"))
    assert (one.code, str(one.severity)) == ("no-module", "warning") and "`desec`" in one.summary
    assert codes(told("image: caddy.example/own:2, program: /usr/bin/caddy")) == ["two-caddies"]


def test_a_caddy_without_a_version_may_be_another_tomorrow() -> None:
    assert codes(told("image: docker.io/library/caddy")) == ["image-not-pinned"]
    assert codes(told("image: docker.io/library/caddy") + "\nacknowledge: {image-not-pinned: ours}\n") == []


def test_a_password_of_a_provider_is_not_for_this_file() -> None:
    own = "program: /usr/bin/caddy, "
    assert codes(told(own + 'dns: "cloudflare AbCdEf0123456789-abcdef_xyz"')) == ["secret-in-file"]
    assert codes(told(own + 'dns: "rfc2136 {\\n  server ns.example.org:53\\n  key_alg hmac-sha256\\n}"')) == []


def test_443_belongs_to_https_where_there_is_any() -> None:
    line = "  x: {host: vps, ports: {a: 80, b: 443}, expose: [{https: a.example.org, to: a}, {port: 443, to: b}]}\n"
    assert codes(BASE + line) == ["port-taken"]
