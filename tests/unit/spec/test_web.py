"""web: words of HTTPS, and what they refuse."""

from __future__ import annotations

import pytest

from tests.spec_texts import BASE, codes, loaded

HASH = "$2a$14$4lEXRUNczW.4ZYIJZAJnSeR4iS7XS8RlxFrYYGxL3CUPCgTvpMTVu"


def line(words: str) -> str:
    """A file with a line that exposes HTTPS with these words."""
    return BASE + f"  x: {{host: vps, ports: {{web: 80}}, expose: {{https: x.example.org, {words}}}}}\n"


def test_everything_that_can_be_said() -> None:
    words = (
        "path: [/a, /b], strip: true, headers: {X-Frame-Options: DENY}, request_headers: {X-A: b}, max_body: 10m,"
        f" auth: {{basic: {{alice: {HASH}}}, forward: {{to: blog.web, uri: /check, copy: Remote-User}}}}, raw: abort"
    )
    found = loaded(line(words)).services["x"].expose[0]
    assert (found.path, found.strip, found.tls) == (("/a", "/b"), True, None)
    assert found.auth and found.auth.basic == {"alice": HASH}
    assert found.auth.forward and found.auth.forward.copy_ == ("Remote-User",)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("path: api", "wrong-value"),
        ("path: '/a*'", "wrong-value"),
        ("auth: {basic: {alice: secret}}", "wrong-value"),
        ("headers: {'a b': c}", "wrong-value"),
        ("headers: {a: 'b`c'}", "wrong-value"),
        ("tls: nowhere", "wrong-value"),
        ("limit: 3/second", "expose-word"),
        ("client_address: hide", "expose-word"),
    ],
)
def test_what_is_refused(words: str, code: str) -> None:
    assert codes(line(words)) == [code]


def test_words_of_https_belong_to_https() -> None:
    text = BASE + "  x: {host: vps, ports: {web: 80}, expose: {port: 80, strip: true}}\n"
    assert codes(text) == ["expose-word"]
