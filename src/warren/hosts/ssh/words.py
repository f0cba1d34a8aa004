"""What ssh and sudo say, in plain words.

In: their last words. Out: a sentence, a hint, and whether it is worth another attempt. Never guesses: what is not known
here is repeated as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from warren.hosts.base import Unreachable
from warren.hosts.ssh.session import Lost
from warren.hosts.ssh.target import CONNECT_SECONDS, Target

SUDO = "root's rights are needed: log in as root, or let `sudo -n sh` work there without a password"
NEW_KEY = r"No \S+ host key is known for (?P<place>\S+) and"
CHANGED_KEY = r"Host key for (?P<place>\S+) has changed|REMOTE HOST IDENTIFICATION HAS CHANGED"


@dataclass(frozen=True, slots=True)
class Saying:
    """`pattern` is how it is said; `passing` means that another attempt may succeed at once."""

    pattern: str
    sentence: str
    hint: str | None = None
    passing: bool = False


SAYINGS = (
    Saying(
        "Could not resolve hostname (?P<what>[^:]+)",
        "the name `{what}` is not known",
        "is it spelt right? An address works without names, and `warren lab up` without hosts",
    ),
    Saying("Connection refused", "nobody answers ssh there", "is sshd running, and is the port right?"),
    Saying(
        "(?:Connection|Operation) timed out(?! during banner)",
        "it does not answer",
        "is it switched on, and does its firewall let you in? Many attempts in a short time may have been limited",
    ),
    Saying(
        "timed out during banner|Timeout, server .* not responding|Broken pipe",
        "it has stopped answering",
        "`ssh {text}` shows whether it answers at all",
    ),
    Saying(
        "No route to host|Network is unreachable",
        "no way leads there from here",
        "is the address right, and this machine online?",
    ),
    Saying(
        "Permission denied|Too many authentication failures",
        "ssh was not let in",
        "`ssh {text}` must work without a question; `ssh-add` unlocks a key that has a passphrase",
    ),
    Saying("(?:password|terminal|authentication) is required|must have a tty", "sudo asks for a password", SUDO),
    Saying("not in the sudoers|not allowed to (?:execute|run)", "sudo does not let this user become root", SUDO),
    Saying("sudo: .*not found", "the login is not root, and there is no sudo", SUDO),
    Saying(
        "Bad configuration option|Bad owner or permissions|terminating, [0-9]+ bad",
        "ssh refuses its configuration: {said}",
    ),
    Saying(
        "kex_exchange_identification|Connection reset|Connection closed|closed by remote host|Session open refused",
        "the connection was closed: {said}",
        None,
        passing=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a host cannot be reached; `unknown` and `changed` name the place whose key is not the one that is known."""

    unreachable: Unreachable
    passing: bool = False
    unknown: str | None = None
    changed: str | None = None


def trouble(target: Target, lost: Lost, timeout: float) -> Trouble:
    """What a lost session means for the user."""
    if lost.late:
        return Trouble(_late(target, lost, timeout))
    if found := re.search(CHANGED_KEY, lost.said):
        changed = re.search(r"Host key for (\S+) has changed", lost.said)
        return Trouble(Unreachable(f"{target.name} is not trusted: {found[0]}"), changed=changed[1] if changed else "")
    if found := re.search(NEW_KEY, lost.said):
        return Trouble(Unreachable(f"{target.name} is not trusted yet"), unknown=found["place"])
    known = next(_known(lost.said), None)
    said = last_line(lost.said)
    if not known:
        return Trouble(_broken(target, lost, said or "the connection ended without a word"), passing=not said)
    saying, fields = known
    words = {"text": target.text, "said": said, **fields}
    hint = saying.hint.format(**words) if saying.hint else None
    return Trouble(_broken(target, lost, saying.sentence.format(**words), hint), saying.passing)


def _late(target: Target, lost: Lost, timeout: float) -> Unreachable:
    sentence = f"{target.name} did not finish within {timeout:g} seconds"
    if lost.stopped:
        return Unreachable(f"{sentence}, and was stopped there")
    if lost.begun:
        return Unreachable(f"{sentence}; it is not known how far it came, and it is stopped there by its own clock")
    return Unreachable(f"{target.name} did not answer within {timeout:g} seconds")


def _broken(target: Target, lost: Lost, why: str, hint: str | None = None) -> Unreachable:
    if lost.begun:
        sentence = f"the connection to {target.name} broke while a script ran: {why}"
        return Unreachable(sentence, "how far it came is not known; look before you repeat it")
    return Unreachable(f"{target.name} cannot be reached: {why}", hint)


def _known(said: str) -> Iterator[tuple[Saying, dict[str, str]]]:
    for saying in SAYINGS:
        if found := re.search(saying.pattern, said):
            yield saying, found.groupdict()


def last_line(said: str) -> str:
    """The last thing that was said, without the name of who says it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return re.sub(r"^(?:ssh|sudo): ", "", lines[-1]) if lines else ""


__all__ = ["CONNECT_SECONDS", "Trouble", "last_line", "trouble"]
