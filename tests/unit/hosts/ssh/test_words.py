"""What ssh says, in plain words."""

from __future__ import annotations

import pytest

from warren.hosts.ssh import Target
from warren.hosts.ssh.session import Lost
from warren.hosts.ssh.words import last_line, trouble

VPS = Target("vps", "root@203.0.113.10")


@pytest.mark.parametrize(
    ("said", "sentence", "passing"),
    [
        ("ssh: Could not resolve hostname vps: Name or service not known", "the name `vps` is not known", False),
        ("ssh: connect to host 203.0.113.10 port 22: Connection refused", "nobody answers ssh there", False),
        ("ssh: connect to host 203.0.113.10 port 22: Connection timed out", "it does not answer", False),
        ("Connection timed out during banner exchange", "it has stopped answering", False),
        ("Timeout, server 203.0.113.10 not responding.", "it has stopped answering", False),
        ("ssh: connect to host x port 22: No route to host", "no way leads there from here", False),
        ("root@x: Permission denied (publickey).", "ssh was not let in", False),
        ("sudo: a password is required", "sudo asks for a password", False),
        ("sudo: interactive authentication is required", "sudo asks for a password", False),
        ("admin is not in the sudoers file.", "sudo does not let this user become root", False),
        ("sh: 1: exec: sudo: not found", "the login is not root, and there is no sudo", False),
        (
            "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 203.0.113.10 port 22",
            "the connection was closed: Connection reset by 203.0.113.10 port 22",
            True,
        ),
        ("something new", "something new", False),
        ("", "the connection ended without a word", True),
    ],
)
def test_a_sentence_for_each(said: str, sentence: str, passing: bool) -> None:
    found = trouble(VPS, Lost(said), 60)
    assert (str(found.unreachable), found.passing) == (f"vps cannot be reached: {sentence}", passing)


def test_a_hint_names_what_the_user_may_type() -> None:
    assert "`ssh root@203.0.113.10` must work" in str(trouble(VPS, Lost("Permission denied"), 60).unreachable.hint)


def test_a_script_that_may_have_run_is_never_passing_over_it() -> None:
    found = trouble(VPS, Lost("Connection reset", begun=True), 60)
    assert str(found.unreachable).startswith("the connection to vps broke while a script ran: ")
    assert "look before you repeat it" in str(found.unreachable.hint)


def test_time_that_ran_out() -> None:
    assert str(trouble(VPS, Lost("", late=True), 3).unreachable) == "vps did not answer within 3 seconds"
    begun = trouble(VPS, Lost("", begun=True, late=True), 3)
    assert str(begun.unreachable).startswith("vps did not finish within 3 seconds; it is not known how far it came")
    stopped = trouble(VPS, Lost("", begun=True, late=True, stopped=True), 3)
    assert str(stopped.unreachable) == "vps did not finish within 3 seconds, and was stopped there"


def test_keys() -> None:
    new = "No ED25519 host key is known for [203.0.113.10]:2222 and you have requested strict checking.\r\nHost key"
    assert trouble(VPS, Lost(new), 60).unknown == "[203.0.113.10]:2222"
    other = "REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key for 203.0.113.10 has changed and you have requested"
    assert trouble(VPS, Lost(other), 60).changed == "203.0.113.10"


def test_the_last_line_without_its_speaker() -> None:
    assert last_line("one\r\nssh: two\r\n\r\n") == "two"
    assert last_line("") == ""


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("ssh: Could not resolve hostname vps: Name or service not known", "is it spelt right?"),
        ("Connection timed out during banner exchange", "`ssh root@203.0.113.10` shows whether"),
        ("ssh: connect to host x port 22: No route to host", "is the address right"),
    ],
)
def test_what_leads_nowhere_has_a_hint(said: str, hint: str) -> None:
    assert hint in str(trouble(VPS, Lost(said), 60).unreachable.hint)
