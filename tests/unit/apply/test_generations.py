"""What hosts remember is read, and what waits is kept by all or by none."""

from __future__ import annotations

import json

import pytest

from tests.unit.apply.told import Told, both, gone
from warren.apply import ending, generations, protocol
from warren.apply.generations import Entry, Waiting
from warren.apply.outcome import Outcome
from warren.apply.protocol import Stopped
from warren.desired import record
from warren.desired.items.netns import Netns
from warren.desired.items.secret import Secret
from warren.desired.model import HostState

LOG = (
    '{"generation": 3, "change": "c1", "who": "ada@pc", "summary": "+ netns:db", "outcome": "applied", "when": "T1"}\n'
    '{"generation": 4, "chan'
)
STATE = HostState.of([Netns("db")])


def status(state: str, change: str = "", hosts: int = 2, generation: int = 3) -> str:
    """As a host tells it."""
    return f"generation {generation}\nstate {state}\nid {change}\nhosts {hosts or ''}\nleft 41\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses."""
    monkeypatch.setattr(protocol, "PAUSE", 0)
    monkeypatch.setattr(ending, "GRACE", 0)
    monkeypatch.setattr(generations, "WINDOW", 0)


def test_a_torn_line_of_a_log_is_none() -> None:
    assert generations.history({"home": Told("home", {"history": LOG})}) == {
        "home": (Entry(3, "T1", "ada@pc", "+ netns:db", "applied"),)
    }


def test_what_a_change_was_made_of_is_read_where_it_was_written() -> None:
    line = json.dumps({"generation": 4, "when": "T2", "who": "a", "summary": "+1 service", "outcome": "applied",
                       "changes": ["+ netns:db"]})  # fmt: skip
    [entry, _] = generations.history({"home": Told("home", {"history": f"{line}\n{LOG}"})})["home"]
    assert entry == Entry(4, "T2", "a", "+1 service", "applied", ("+ netns:db",))


def test_a_generation_is_a_state() -> None:
    host = Told("home", {"recall": f"3\n{record.text(STATE)}"})
    assert generations.recall({"home": host}, 5) == {"home": (3, STATE)}
    assert host.verbs == [("recall", "5")]


def test_without_a_number_it_is_before_the_last_change_of_all() -> None:
    hosts = both({"vps": {"status": status("", generation=7)}, "home": {"status": status("", generation=5)}})
    for host in hosts.values():
        host.answers["recall"] = f"4\n{record.text(STATE)}"
    generations.recall(hosts)
    assert [host.verbs[-1] for host in hosts.values()] == [("recall", "6"), ("recall", "6")]


def test_a_state_that_cannot_be_read_names_its_host() -> None:
    with pytest.raises(Stopped, match="home: its state cannot be read"):
        generations.recall({"home": Told("home", {"recall": "3\n{}}"})}, 3)


def test_secrets_of_now_stay() -> None:
    then = HostState.of([Netns("db"), Secret("db", 6001, "key", "old"), Secret("db", 6001, "gone", "old")])
    now = HostState.of([Secret("db", 6001, "key", "new")])
    assert generations.with_secrets_of(now, then) == HostState.of([Netns("db"), Secret("db", 6001, "key", "new")])


def test_what_waits_is_found_by_new_connections() -> None:
    hosts = both({"vps": {"status": status("armed", "c1")}, "home": {"status": status("armed", "c1")}})
    assert generations.waiting(hosts) == Waiting("c1", ("vps", "home"), 2, 41)
    assert [host.connections for host in hosts.values()] == [2, 2]
    assert [host.closed for host in hosts.values()] == [1, 1]


def test_nothing_waits() -> None:
    assert generations.waiting({"home": Told("home", {"status": status("", hosts=0)})}) is None


def test_two_changes_that_wait_are_none_to_confirm() -> None:
    hosts = both({"vps": {"status": status("armed", "c1")}, "home": {"status": status("armed", "c2")}})
    with pytest.raises(Stopped, match="different changes wait"):
        generations.waiting(hosts)


def test_all_keep_it() -> None:
    hosts = both({})
    assert generations.keep(hosts, Waiting("c1", ("vps", "home"), 2, 41)) == Outcome(2)
    assert [[verb for verb, *_ in host.verbs] for host in hosts.values()] == [["confirm", "forget"]] * 2


def test_one_that_went_back_takes_the_others_back() -> None:
    hosts = both({"vps": {"back": "went back: told\n"}})
    kept = generations.keep(hosts, Waiting("c1", ("vps",), 2, 41))
    assert kept.failure and (kept.failure.host, kept.failure.restored) == ("home", True)
    assert [verb for verb, *_ in hosts["vps"].verbs] == ["back"]


def test_one_that_cannot_confirm_takes_the_others_back() -> None:
    hosts = both({"home": {"confirm": gone("home"), "back": gone("home")}, "vps": {"back": "went back: told\n"}})
    kept = generations.keep(hosts, Waiting("c1", ("vps", "home"), 2, 41))
    assert kept.failure and not kept.failure.restored
    assert hosts["vps"].told("back") == 1
