"""A plan is carried out on all hosts or undone on all."""

from __future__ import annotations

from dataclasses import replace

from tests.memory import applied, apply, changes, fresh
from tests.topologies import two_hosts
from warren import pipeline
from warren.apply import Failure, Outcome, make_keys
from warren.desired.items.tunnel import KEY_FILE
from warren.observe import OWNED
from warren.topology.model import Topology


def fewer() -> Topology:
    """Without the game, its exposures included."""
    services = {name: each for name, each in two_hosts().services.items() if name != "game"}
    exposures = tuple(each for each in two_hosts().exposures if each.service != "game")
    return replace(two_hosts(), services=services, exposures=exposures)


def test_a_first_apply_makes_keys_and_everything_else() -> None:
    hosts = fresh(two_hosts())
    outcome = apply(two_hosts(), hosts)
    assert outcome.succeeded and outcome.done > 80
    assert all(KEY_FILE in host.machine.files for host in hosts.values())
    assert changes(two_hosts(), hosts) == []


def test_no_change_is_one_round_trip_a_host() -> None:
    hosts = applied(two_hosts(), fresh(two_hosts()))
    before = {name: host.trips for name, host in hosts.items()}
    assert apply(two_hosts(), hosts) == Outcome(0)
    assert [host.trips - before[name] for name, host in hosts.items()] == [1, 1]


def test_a_small_change_is_a_small_script() -> None:
    hosts = applied(two_hosts(), fresh(two_hosts()))
    fewer_needs = replace(two_hosts(), permissions=two_hosts().permissions[1:])
    apply(fewer_needs, hosts)
    text = hosts["home"].scripts[-1]
    assert "delete element inet warren permit4 { 10.86.1.2 . 10.86.1.3 . tcp . 5432 }" in text
    assert len(text.splitlines()) < 20


def test_what_is_ours_is_written_down_before_it_is_made() -> None:
    hosts = applied(fewer(), fresh(two_hosts()))
    hosts["home"].leaves_at = 3
    apply(two_hosts(), hosts)
    assert "netns:game" in hosts["home"].machine.files[OWNED][0]


def test_an_apply_that_died_is_finished_by_the_next() -> None:
    hosts = applied(fewer(), fresh(two_hosts()))
    for steps in (3, 8, 12, 15, 20, 25):
        hosts["home"].leaves_at = steps
        apply(two_hosts(), hosts)
        hosts["home"].away, hosts["home"].leaves_at = False, None
    applied(two_hosts(), hosts)
    assert changes(two_hosts(), hosts) == []


def test_a_failure_says_where_and_why_and_that_all_is_as_before() -> None:
    hosts = applied(fewer(), fresh(two_hosts()))
    hosts["home"].fails_at = 5
    outcome = apply(two_hosts(), hosts)
    assert outcome == Outcome(0, Failure("home", "injected: No space left on device"))
    assert outcome.failure and outcome.failure.restored and not outcome.succeeded
    assert changes(fewer(), hosts) == []


def test_what_could_not_be_put_back_is_named() -> None:
    hosts = applied(fewer(), fresh(two_hosts()))
    hosts["home"].leaves_at = 5
    outcome = apply(two_hosts(), hosts)
    assert outcome.failure and outcome.failure.left == ("home cannot be reached: Connection refused",)
    hosts["home"].away, hosts["home"].leaves_at = False, None
    assert [line for line in changes(fewer(), hosts) if line.startswith("vps")] == [], "the other host is put back"


def test_progress_is_told_once_for_each_host_that_changes() -> None:
    hosts, told = applied(two_hosts(), fresh(two_hosts())), list[tuple[str, str]]()
    fewer_needs = replace(two_hosts(), permissions=two_hosts().permissions[1:])
    planned = pipeline.plan(fewer_needs, hosts)
    expected = {name: len(each) for name, each in planned.plan.hosts.items() if len(each)}
    assert expected["home"] == 2
    pipeline.apply(planned, hosts, lambda host, words: told.append((host, words)))
    assert told == [(name, f"{made} change{'s' * (made > 1)} made") for name, made in expected.items()]


def test_a_key_that_cannot_be_made_is_a_failure_like_any_other() -> None:
    hosts = fresh(two_hosts())
    hosts["home"].fails_at = 0
    assert apply(two_hosts(), hosts) == Outcome(0, Failure("home", "injected: No space left on device"))


def test_a_key_is_made_once() -> None:
    hosts = fresh(two_hosts())
    make_keys(hosts, ["home"])
    before = hosts["home"].machine.files[KEY_FILE]
    make_keys(hosts, ["home"])
    assert hosts["home"].machine.files[KEY_FILE] == before
    assert KEY_FILE not in hosts["vps"].machine.files
