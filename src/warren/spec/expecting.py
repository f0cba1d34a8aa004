"""What the words of `expect` stand for.

In: the words of one line. Out: the places they mean, as `warren lab exec` names them, and ports there; or the sentence
why they mean nothing. Never says whether the line holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from warren.spec.expectation import ANYONE, Expected
from warren.spec.fields import Mistake, shorten
from warren.spec.notation import Listening, read_port
from warren.spec.reference import Directory, LanOf, Outside, Problem, Program, Target, closest

OUTSIDE = ("internet", "internet2")
LAN = "lan:"


@dataclass(frozen=True, slots=True)
class Goal:
    """A port at a place; `name` is that of the port, or its number where it has none."""

    place: str
    name: str
    port: Listening


@dataclass(frozen=True, slots=True)
class Sides:
    """What a line speaks of: places, and ports at places. With `anyone`, hosts are not asked of their own services."""

    sources: tuple[str, ...]
    goals: tuple[Goal, ...]
    anyone: bool


def sides(directory: Directory, line: Expected) -> Sides | tuple[Problem, ...]:
    """Both sides of a line, without what it leaves out."""
    problems: list[Problem] = []
    left = [sources(directory, word) for word in line.sources]
    not_left = [sources(directory, word) for word in line.but_sources]
    right = [targets(directory, word) for word in line.targets]
    not_right = [targets(directory, word) for word in line.but_targets]
    problems.extend(each for each in (*left, *not_left, *right, *not_right) if isinstance(each, Problem))
    gone = {place for found in not_left if not isinstance(found, Problem) for place in found}
    cut = {goal for found in not_right if not isinstance(found, Problem) for goal in found}
    places = dict.fromkeys(one for found in left if not isinstance(found, Problem) for one in found if one not in gone)
    goals = dict.fromkeys(one for found in right if not isinstance(found, Problem) for one in found if one not in cut)
    if not problems and not (places and goals):
        problems.append(Problem("bad-expectation", f"nothing is left of {shorten(line.text)}"))
    return tuple(problems) or Sides(tuple(places), tuple(goals), ANYONE in line.sources)


def sources(directory: Directory, word: str) -> tuple[str, ...] | Problem:
    """The places that a word on the left stands for."""
    if word in OUTSIDE or word in directory.spec.hosts:
        return (word,)
    if word.startswith(LAN):
        return _neighbour(directory, word)
    members = directory.members(word)
    if members is not None:
        return members
    if word == ANYONE and word not in directory.groups:
        return everybody(directory)
    known = (ANYONE, *OUTSIDE, *directory.spec.hosts, *directory.spec.services, *directory.groups)
    hint = (
        closest(word, known) or "connections come from `anyone`, `internet`, `lan:HOST`, a service, a group or a host"
    )
    return Problem("unknown-name", f"there is no place {shorten(word)}", hint)


def everybody(directory: Directory) -> tuple[str, ...]:
    """The Internet, the LANs, the hosts and the services."""
    spec = directory.spec
    lans = [
        LAN + (name if number == 0 else f"{name}/{lan}")
        for name, host in spec.hosts.items()
        for number, lan in enumerate(host.lan or (() if host.public else ("",)))
    ]
    return (OUTSIDE[0], *lans, *spec.hosts, *spec.services)


def _neighbour(directory: Directory, word: str) -> tuple[str, ...] | Problem:
    """The LAN beside a host; its first one is meant where none is named, and has the host's name alone."""
    name, _, lan = word.removeprefix(LAN).partition("/")
    host = directory.spec.hosts.get(name)
    if host is None:
        return Problem("unknown-host", f"there is no host {shorten(name)}", closest(name, directory.spec.hosts))
    if (not lan and not host.public) or (lan and next(iter(host.lan), None) == lan) or (not lan and host.lan):
        return (LAN + name,)
    if lan in host.lan:
        return (word,)
    if not host.lan:
        return Problem("no-lan", f"the host `{name}` has no LAN")
    return Problem("unknown-lan", f"the host `{name}` has no LAN {shorten(lan)}", closest(lan, host.lan))


def targets(directory: Directory, word: str) -> tuple[Goal, ...] | Problem:
    """The ports that a word on the right stands for."""
    place, colon, number = word.partition(":")
    if colon:
        return _numbered(directory, place, number)
    if word in directory.spec.hosts:
        hint = f"name a program of it or a port, `{word}:22/tcp`"
        return Problem("host-alone", f"`{word}` is a host: it is not said which port is meant", hint)
    found = directory.find(word)
    if isinstance(found, Problem):
        return found
    goals = tuple(goal for target in found if (goal := _goal(directory, target)))
    return goals or Problem("bad-target", f"{shorten(word)} is not a port of a service or host")


def _numbered(directory: Directory, place: str, number: str) -> tuple[Goal, ...] | Problem:
    try:
        port = read_port(number)
    except Mistake as mistake:
        return Problem(mistake.code, mistake.sentence, mistake.hint)
    members = (place,) if place in directory.spec.hosts else directory.members(place)
    if members is None:
        return directory.unknown(place)
    return tuple(Goal(member, str(port.ports), port) for member in members)


def _goal(directory: Directory, target: Target) -> Goal | None:
    match target:
        case Program(host, program):
            return Goal(host, program, directory.spec.hosts[host].programs[program])
        case LanOf() | Outside():
            return None
    return Goal(target.service, target.port, directory.spec.services[target.service].ports[target.port])
