"""What a host gets before it is touched: the change, the way back, what is checked, what it remembers."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.memory import applied, fresh
from tests.topologies import two_hosts
from warren import pipeline
from warren.apply.bundle import Bundle, Order, bundle, is_last
from warren.desired import record
from warren.desired.items.file import QUADLETS, File
from warren.desired.items.rules import Rules
from warren.desired.items.secret import Secret
from warren.desired.items.user import User
from warren.desired.model import HostState, Item
from warren.formats.nft.model import Chain, Rule, Table, Unknown
from warren.observe import Observed
from warren.plan.diff import diff_host
from warren.plan.model import Action

ORDER = Order("c1", "ada@pc", 7, "1 change", 2, ("+ user:db",))
DB = User("db", 6001, (600000, 65536))


def bundled(new: HostState, old: HostState) -> Bundle:
    """For one host that goes from one state to another."""
    seen = Observed(old, None, frozenset(), {})
    return bundle(diff_host("home", new, old), new, seen, ORDER)


def of(*items: Item) -> HostState:
    """A state."""
    return HostState.of(items)


def test_all_scripts_are_shell() -> None:
    hosts = fresh(two_hosts())
    planned = pipeline.plan(two_hosts(), applied(two_hosts(), hosts))
    for name, state in planned.desired.items():
        for new, old in ((state, HostState()), (HostState(), state)):
            made = bundle(diff_host(name, new, old), new, planned.observed[name], ORDER).files
            for script in ("change.sh", "back.sh", "old.sh", "dismantle.sh"):
                subprocess.run(["sh", "-n"], input=made[script], text=True, check=True)


def test_halves_are_named_only_where_they_do_anything() -> None:
    a, b = File("/etc/a", "a\n"), File("/etc/b", "b\n")
    assert bundled(of(a, b), of(b)).halves == ("first",)
    assert bundled(of(a), of(b)).halves == ("first", "second")
    assert bundled(of(), of(b)).halves == ("second",)


def test_every_file_that_may_differ_is_kept() -> None:
    held, mine = File("/etc/a", "a\n"), File("/etc/netns/db/hosts", "b\n", in_place=True)
    secret = Secret("db", 6001, "key", "d1")
    touched = bundled(of(mine, secret), of(held)).files["touched"].splitlines()
    assert "file\t/etc/a" in touched and "in-place\t/etc/netns/db/hosts" in touched
    assert "file\t/var/lib/warren/owned" in touched
    storage = "/var/lib/warren/services/db/.local/share/containers/storage/secrets"
    assert f"file\t{storage}/secrets.json" in touched
    assert f"file\t{storage}/filedriver/secretsdata.json" in touched
    assert "file\t/var/lib/warren/secrets/6001/key" in touched
    touched = bundled(of(Secret("db", 6001, "key", "d1", as_file=True)), of()).files["touched"].splitlines()
    assert {"file\t/var/lib/warren/credentials/db/key", "file\t/var/lib/warren/secrets/6001/key%file"} < set(touched)


def test_units_and_rules_lie_ready_for_their_own_programs() -> None:
    unit = File("/etc/systemd/system/warren-heal.timer", "[Timer]\n")
    drop_in = File("/etc/systemd/system/user@6001.service.d/warren.conf", "[Service]\n")
    quadlet = File(f"{QUADLETS}6001/db.container", "[Container]\n")
    files = bundled(of(unit, drop_in, quadlet), of()).files
    assert {name for name in files if name.startswith("check/")} == {
        "check/units/warren-heal.timer",
        "check/quadlet/6001/db.container",
    }


def test_what_cannot_be_brought_back_goes_once_all_have_confirmed() -> None:
    plan = diff_host("home", of(), of(DB))
    assert [is_last(change) for change in plan] == [True]
    made = bundled(of(), of(DB))
    assert made.halves == () and "has-after" in made.files
    earlier, _, after = made.files["change.sh"].partition("after() (")
    assert "userdel" in after and "userdel" not in earlier
    assert not is_last(next(iter(diff_host("home", of(DB), of()))))


def test_the_host_remembers_the_state_and_a_line_without_its_end() -> None:
    files = bundled(of(DB), of()).files
    assert record.state(files["generation/state.json"]) == of(DB)
    entry = json.loads(files["entry"] + ', "outcome": "applied"}')
    named = {"generation": 7, "change": "c1", "who": "ada@pc", "summary": "1 change", "changes": ["+ user:db"]}
    assert entry == {**named, "outcome": "applied"}


@pytest.mark.parametrize("action", list(Action))
def test_no_value_of_a_secret_is_in_it(action: Action) -> None:
    new, old = Secret("db", 6001, "key", "d2"), Secret("db", 6001, "key", "d1")
    states = {Action.ADD: (of(new), of()), Action.CHANGE: (of(new), of(old)), Action.REMOVE: (of(), of(old))}
    text = "".join(bundled(*states[action]).files.values())
    assert "WARREN_SECRETS=/run/warren/secrets" in text and "podman secret inspect" not in text


def test_rules_in_strange_words_go_back_as_nft_listed_them() -> None:
    strange = Rules(Table("inet", "warren", chains=(Chain("c", (Rule((Unknown("osf"),)),)),)))
    text = bundled(of(File("/etc/a", "a\n")), of(strange)).files["old.sh"]
    assert text.startswith("printf 'table inet warren\\ndelete table inet warren\\n' | cat - /var/lib/warren/pending/")
    plain = Rules(Table("inet", "warren"))
    assert "printf" not in bundled(of(File("/etc/a", "a\n")), of(plain)).files["old.sh"].splitlines()[0]
