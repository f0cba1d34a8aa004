"""What may be a name, and the names made from names."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from warren.basis import names


@pytest.mark.parametrize("name", ["a", "blog", "time", "log", "fwd", "a1-b", "thirteen-long"])
def test_services(name: str) -> None:
    assert names.why_not_service(name) is None
    assert len(names.veth_name(name)) <= 15


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "the name of a service is empty"),
        ("Blog", "`Blog` cannot name a service: it has capital letters"),
        ("my_app", "`my_app` cannot name a service: it has an underscore, write `-`"),
        ("3d", "`3d` cannot name a service: it starts with a digit"),
        ("-a", "`-a` cannot name a service: it starts or ends with `-`"),
        ("a-", "`a-` cannot name a service: it starts or ends with `-`"),
        ("a b", "`a b` cannot name a service: only a-z, 0-9 and `-` are allowed"),
        ("a\n", "`a?` cannot name a service: only a-z, 0-9 and `-` are allowed"),
        ("größe", "`größe` cannot name a service: only a-z, 0-9 and `-` are allowed"),
        ("lan", "`lan` cannot name a service: the word has a meaning of its own"),
        ("root", "`root` cannot name a service: the word has a meaning of its own"),
        (
            "fourteen-longs",
            "`fourteen-longs` cannot name a service: it has 14 letters, and 13 are the most as its interface `v-NAME` "
            "may have 15 bytes",
        ),
    ],
)
def test_what_cannot_name_a_service(name: str, sentence: str) -> None:
    assert names.why_not_service(name) == sentence


def test_hosts_are_shorter() -> None:
    assert names.why_not_host("elevenlongs") is None
    assert names.tunnel_name("elevenlongs") == "wrn-elevenlongs"
    sentence = names.why_not_host("twelvelonger")
    assert sentence is not None and "12 letters, and 11 are the most as its interface `wrn-NAME`" in sentence


@pytest.mark.parametrize("name", sorted(names.RESERVED))
def test_reserved_words(name: str) -> None:
    assert names.why_not_service(name) and names.why_not_host(name)


def test_networks_and_ports_are_longer() -> None:
    assert names.why_not_network("n" * 32) is None
    assert (
        names.why_not_network("n" * 33) == f"`{'n' * 33}` cannot name a network: it has 33 letters, and 32 are the most"
    )
    assert names.why_not_port("metrics") is None
    assert names.why_not_port("x" * 1000) is not None


def test_users_of_the_system_are_known() -> None:
    assert names.why_not_user("mail") == "`mail` is a user or group that every Debian system has"
    assert names.why_not_user("blog") is None


def test_interface_names_never_grow_too_long() -> None:
    with pytest.raises(ValueError):
        names.veth_name("x" * 14)
    with pytest.raises(ValueError):
        names.tunnel_name("ü" * 6)


def test_chain_safe() -> None:
    assert names.chain_safe("a-b1") == "a_b1"


@pytest.mark.parametrize("name", ["example.org", "a", "xn--bcher-kva.example", "3d.example.org", "a" * 63 + ".org"])
def test_domains(name: str) -> None:
    assert names.is_valid_domain(name)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "the domain is empty"),
        ("a..b", "`a..b` has a dot too many"),
        ("a.org.", "`a.org.` has a dot too many"),
        ("Example.org", "`Example.org` has capital letters; write `example.org`"),
        ("bücher.example", "`bücher.example` is not ASCII; write `xn--bcher-kva.example`"),
        ("\u2028..", "`?..` is not ASCII"),
        ("a_b.org", "`a_b.org` has the part `a_b`: only a-z, 0-9 and, inside, `-` are allowed"),
        ("*.org", "`*.org` has the part `*`: only a-z, 0-9 and, inside, `-` are allowed"),
        ("-a.org", "`-a.org` has the part `-a`: only a-z, 0-9 and, inside, `-` are allowed"),
        ("10.0.0.1", "`10.0.0.1` ends in a number, as only an address does"),
        ("a" * 64, f"`{'a' * 39}…` has a part of more than 63 letters"),
        ("a." * 127, f"`{'a.' * 19}a…` is longer than 253 letters"),
    ],
)
def test_what_is_no_domain(name: str, sentence: str) -> None:
    assert names.why_not_domain(name) == sentence
    assert not names.is_valid_domain(name)


ESCAPED = [("a-b", "a\\x2db"), ("a/b", "a-b"), (".a", "\\x2ea"), ("a.b:c_d", "a.b:c_d"), ("ü", "\\xc3\\xbc"), ("", "")]


@pytest.mark.parametrize(("text", "escaped"), ESCAPED)
def test_unit_escape(text: str, escaped: str) -> None:
    assert names.unit_escape(text) == escaped


@pytest.mark.skipif(shutil.which("systemd-escape") is None, reason="no systemd-escape on this machine")
def test_unit_escape_is_systemd_s() -> None:
    samples = [text for text, _ in ESCAPED if text] + ["a b@c\\d", "..x", "x.", "A9"]
    printed = subprocess.run(["systemd-escape", "--", *samples], capture_output=True, text=True, check=True).stdout
    assert printed.split() == [names.unit_escape(text) for text in samples]


@pytest.mark.parametrize(("name", "own"), [("dns0", True), ("dns1-out", True), ("web12", True), ("dns", False)])
def test_names_that_the_network_has_for_itself(name: str, own: bool) -> None:
    assert names.is_networks_own(name) is own
