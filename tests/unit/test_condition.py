"""What runs: one question a host, and an answer for every unit of the file."""

from __future__ import annotations

import subprocess
from ipaddress import IPv4Address, IPv6Address

from warren.condition import MARK, NEXT, Condition, Update, decode, script
from warren.topology.model import Egress, EgressKind, Pair, Service
from warren.topology.workload import Container, Workload

PAIR = Pair(IPv4Address("10.86.0.2"), IPv6Address("fd86:86:86::2"))
CLOUD = Service(
    "cloud", "home", PAIR, (), Egress(EgressKind.NONE), uid=6001,
    workload=Workload((Container("app", "cloud-app", "nextcloud:31"), Container("cache", "cloud-cache", "redis:7"))),
)  # fmt: skip
ANSWER = f"""\
{MARK}cloud
Id=cloud-app.service
LoadState=loaded
ActiveState=active
SubState=running
ActiveEnterTimestamp=@1763664000
NRestarts=2
Result=success

Id=cloud-cache.service
LoadState=loaded
ActiveState=activating
SubState=auto-restart
ActiveEnterTimestamp=
NRestarts=7
Result=exit-code
{MARK}
cloud-app\trunning\tUp 2 hours (healthy)\tdocker.io/library/nextcloud:31\tde7748f3911a051d
{MARK}
{{"service": "cloud", "at": "2025-11-20T21:59:59Z", "result": "went-back", "units": "cloud-app.service", \
"reason": "the new image does not start"}}
"""


def test_it_is_shell() -> None:
    subprocess.run(["sh", "-n"], input=script([CLOUD]).encode(), check=True)


def test_users_are_asked_some_at_a_time() -> None:
    services = [CLOUD] * 17
    assert script(services).count("\nwait\n") == 3


def test_answers_are_told_apart_as_they_are_read() -> None:
    said = subprocess.run(["sh"], input=f"{NEXT}\n".encode(), capture_output=True, check=True).stdout.decode()
    assert said.startswith(MARK)


def test_every_unit_of_the_file_has_a_condition() -> None:
    app, cache = decode(ANSWER, [CLOUD])
    assert app == Condition(
        "cloud",
        "cloud-app",
        "running",
        1763664000,
        "healthy",
        "docker.io/library/nextcloud:31",
        "de7748f3911a",
        2,
        Update("went-back", 1763675999, ("cloud-app.service",), "the new image does not start"),
    )
    assert (cache.state, cache.since, cache.restarts, cache.image) == ("restarting", None, 7, None)


def test_a_host_that_says_nothing_knows_nothing() -> None:
    assert [each.state for each in decode("", [CLOUD])] == ["unknown", "unknown"]


def test_a_unit_that_is_not_there() -> None:
    gone = ANSWER.replace("LoadState=loaded\nActiveState=activating", "LoadState=not-found\nActiveState=inactive")
    assert [each.state for each in decode(gone, [CLOUD])][1] == "missing"


def test_an_update_that_was_written_by_halves_is_none() -> None:
    for text in ('{"result": "upd', "[]", '{"at": "x"}'):
        broken = ANSWER.replace(ANSWER[ANSWER.index('{"service"') :], text)
        assert next(iter(decode(broken, [CLOUD]))).update is None
