"""The course of a change over two hosts: who is told what, when, and what becomes of it when one refuses."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.memory import Hosts, applied, fresh
from tests.topologies import two_hosts
from tests.unit.apply.told import Answer, Told, both, gone
from warren import pipeline
from warren.apply import Confirm, Failure, Outcome, Terms, ending, protocol, safe
from warren.apply.protocol import Code
from warren.desired.items.secret import Secret
from warren.desired.model import HostState
from warren.observe import script
from warren.plan.diff import diff_host

BARE = replace(two_hosts(), permissions=two_hosts().permissions[1:])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses, no probes but those that a test brings."""
    monkeypatch.setattr(protocol, "PAUSE", 0)
    monkeypatch.setattr(ending, "GRACE", 0)
    monkeypatch.setattr(safe, "SETTLING", 0)
    monkeypatch.setattr(safe, "default_probes", lambda *words: ())


@functools.cache
def memory() -> Hosts:
    """Hosts on which a permission lacks; only looked at."""
    return applied(BARE, fresh(two_hosts()))


@pytest.fixture(scope="module")
def planned() -> pipeline.Planned:
    """The permission comes, at home."""
    return pipeline.plan(two_hosts(), memory())


def told(planned: pipeline.Planned, **answers: dict[str, Answer | list[Answer]]) -> dict[str, Told]:
    """Two hosts that are as the plan has seen them, and do what they are told but for these answers."""
    hosts = both(answers)
    for name, host in hosts.items():
        seen = memory()[name].run(script(planned.desired[name])).stdout.decode()
        usual: dict[str, Answer | list[Answer]] = {
            "lock": f"generation 3\n{seen}",
            "switch": "done 0\n",
            "back": "went back: told\n",
        }
        host.answers = {**usual, **host.answers}
    return hosts


def carried_out(planned: pipeline.Planned, hosts: dict[str, Told], **more: object) -> Outcome:
    """What came of it."""
    terms = Terms("c1", "ada@pc", **more)  # type: ignore[arg-type]
    return pipeline.apply(planned, hosts, terms=terms)


def verbs(host: Told) -> list[str]:
    """What it was told."""
    return [verb for verb, *_ in host.verbs]


def test_all_stages_in_their_order(planned: pipeline.Planned) -> None:
    hosts, stages = told(planned), list[str]()
    assert carried_out(planned, hosts, stage=stages.append).succeeded
    assert verbs(hosts["home"]) == ["lock", "stage", "arm", "switch", "confirm", "forget"]
    assert stages == ["lock", "stage", "first", "second", "probe", "confirm", "forget"]
    assert hosts["home"].connections == 2 and hosts["home"].closed == 1


def test_a_host_that_does_not_change_is_held_and_let_go(planned: pipeline.Planned) -> None:
    assert [name for name, plan in planned.plan.hosts.items() if len(plan)] == ["home"]
    hosts = told(planned)
    carried_out(planned, hosts)
    assert verbs(hosts["vps"]) == ["lock", "forget"]


def test_the_number_is_one_more_than_any_host_has(planned: pipeline.Planned) -> None:
    hosts = told(planned)
    lock = hosts["vps"].answers["lock"]
    assert isinstance(lock, str)
    hosts["vps"].answers["lock"] = lock.replace("generation 3", "generation 8")
    carried_out(planned, hosts)
    stage = next(words for words in hosts["home"].verbs if words[0] == "stage")
    assert stage[1:] == ("c1", "120", "3", "0"), "the host's own number is what the plan was made on"


@pytest.mark.parametrize(
    ("verb", "words"),
    [("lock", "eve@pc has been changing this host since T"), ("stage", "/etc has 3 KiB left"), ("arm", "no")],
)
def test_what_refuses_before_anything_is_touched_is_a_failure_with_nothing_left(
    planned: pipeline.Planned, verb: str, words: str
) -> None:
    hosts = told(planned, home={verb: (Code.NO_ROOM, words)})
    assert carried_out(planned, hosts) == Outcome(0, Failure("home", words))
    assert hosts["home"].told("switch") == 0 and hosts["vps"].told("back") == 1


def test_a_step_that_fails_takes_the_host_back(planned: pipeline.Planned) -> None:
    hosts = told(planned, home={"switch": "done 1\nRTNETLINK answers: No such device\nwarren: failed at step 4\n"})
    outcome = carried_out(planned, hosts)
    assert outcome.failure and outcome.failure.restored
    assert outcome.failure.reason == "RTNETLINK answers: No such device\nwarren: failed at step 4"
    assert verbs(hosts["home"])[-2:] == ["switch", "back"]


def test_a_change_that_was_killed_there_is_told(planned: pipeline.Planned) -> None:
    outcome = carried_out(planned, told(planned, home={"switch": "lost\n"}))
    assert outcome.failure and outcome.failure.reason == "the change was ended there before it was done"


def test_a_long_change_is_waited_for(planned: pipeline.Planned) -> None:
    hosts = told(planned, home={"switch": ["running first 3\n", "running first 9\n", "done 0\n"]})
    assert carried_out(planned, hosts).succeeded
    assert hosts["home"].told("switch") == 3


def test_a_lost_answer_is_asked_for_again(planned: pipeline.Planned) -> None:
    hosts = told(planned, home={"switch": [gone("home"), "done 0\n"], "confirm": [gone("home"), ""]})
    assert carried_out(planned, hosts).succeeded


def test_a_host_that_is_gone_is_said_to_go_back_alone(planned: pipeline.Planned) -> None:
    hosts = told(planned, home={"switch": gone("home"), "back": gone("home")})
    outcome = carried_out(planned, hosts, window=0)
    assert outcome.failure and not outcome.failure.restored
    assert outcome.failure.left[0].startswith("home does not answer, and goes back by itself within 0 seconds")


def test_a_probe_that_does_not_hold_takes_all_back(planned: pipeline.Planned) -> None:
    hosts = told(planned)
    outcome = carried_out(planned, hosts, probes=(lambda found: ["home: db does not answer", "vps: nor that"],))
    assert outcome == Outcome(0, Failure("home", "db does not answer\nnor that"))
    assert verbs(hosts["home"])[-1] == "back"


def test_a_probe_is_asked_until_it_holds(planned: pipeline.Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe, "SETTLING", 30)
    answers: Iterator[list[str]] = iter([["home: not yet"], []])
    assert carried_out(planned, told(planned), probes=(lambda found: next(answers),)).succeeded


def test_a_person_confirms(planned: pipeline.Planned) -> None:
    hosts = told(planned)
    assert carried_out(planned, hosts, confirm=Confirm.MANUAL, window=30).window == 30
    assert verbs(hosts["home"])[-1] == "renew" and verbs(hosts["vps"]) == ["lock", "unlock"]


def test_one_that_cannot_confirm_takes_all_back(planned: pipeline.Planned) -> None:
    outcome = carried_out(planned, told(planned, home={"confirm": (Code.WENT_BACK, "it went back already")}))
    assert outcome.failure and outcome.failure.reason == "it went back already"


def test_an_interrupt_takes_all_back_and_goes_on(planned: pipeline.Planned) -> None:
    def interrupted(*words: str) -> Answer:
        raise KeyboardInterrupt

    hosts = told(planned, home={"switch": interrupted})
    with pytest.raises(KeyboardInterrupt):
        carried_out(planned, hosts)
    assert verbs(hosts["home"])[-1] == "back"


def test_a_host_that_has_changed_since_is_refused(planned: pipeline.Planned) -> None:
    hosts = told(planned)
    other = fresh(two_hosts())["home"].run(script(planned.desired["home"])).stdout.decode()
    hosts["home"].answers["lock"] = f"generation 3\n{other}"
    outcome = carried_out(planned, hosts)
    assert outcome.failure and outcome.failure.reason.startswith("it has changed since the plan was made: ")
    assert hosts["home"].told("stage") == 0


def test_what_a_host_has_mended_meanwhile_is_not_made_again(planned: pipeline.Planned) -> None:
    hosts = told(planned)
    mended = applied(two_hosts(), fresh(two_hosts()))["home"].run(script(planned.desired["home"])).stdout.decode()
    hosts["home"].answers["lock"] = f"generation 3\n{mended}"
    assert carried_out(planned, hosts) == Outcome(0)
    assert carried_out(planned, hosts, confirm=Confirm.MANUAL) == Outcome(0), "there is nothing to wait for"
    assert verbs(hosts["home"]) == ["lock", "forget"] * 2


def test_only_secrets_that_change_travel() -> None:
    new, same = Secret("db", 6001, "new", "d2"), Secret("db", 6001, "same", "d1")
    plan = diff_host("home", HostState.of([new, same]), HostState.of([same]))
    assert safe.fed(plan) == {"6001.new"}
