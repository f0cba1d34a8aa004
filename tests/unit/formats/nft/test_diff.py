"""What differs between two tables."""

from dataclasses import replace

import pytest

from warren.formats.nft import diff
from warren.formats.nft.model import Accept, Chain, Drop, Element, Hook, Rule, Set, Table, Timeout

A, B = Element((1,)), Element((2,))
MARKS = Set("marks", ("mark",), elements=frozenset((A,)))
FORWARD = Chain("forward", (), Hook("filter", "forward", 0))
OLD = Table("inet", "t", (MARKS,), (), (FORWARD, Chain("c")), ("hits",))


def test_a_table_does_not_differ_from_itself() -> None:
    assert not diff.tables(OLD, replace(OLD))


def test_elements_come_and_go() -> None:
    change = diff.tables(OLD, replace(OLD, sets=(replace(MARKS, elements=frozenset((B,))),)))
    assert change == diff.TableChange(sets=(diff.SetChange("marks", frozenset((B,)), frozenset((A,))),))
    assert bool(change)


def test_another_comment_comes_and_goes() -> None:
    said = Element((1,), None, "said")
    added, removed = diff.elements(MARKS, replace(MARKS, elements=frozenset((said,))))
    assert (added, removed) == (frozenset((said,)), frozenset((A,)))
    assert diff.elements(None, MARKS) == (frozenset((A,)), frozenset())


def test_names_come_and_go() -> None:
    new = Table(
        "inet", "t", (replace(MARKS, name="other"),), (), (FORWARD, Chain("d", (Rule((Drop(),)),))), ("misses",)
    )
    assert diff.tables(OLD, new) == diff.TableChange(
        added=("other",),
        removed=("marks",),
        sets=(diff.SetChange("other", frozenset((A,)), frozenset()),),
        added_chains=("d",),
        removed_chains=("c",),
        added_counters=("misses",),
        removed_counters=("hits",),
    )


def test_chains_change() -> None:
    ruled = replace(OLD, chains=(FORWARD, Chain("c", (Rule((Accept(),)),))))
    assert diff.tables(OLD, ruled) == diff.TableChange(changed_chains=("c",))
    closed = replace(OLD, chains=(replace(FORWARD, hook=Hook("filter", "forward", 0, "drop")), Chain("c")))
    assert diff.tables(OLD, closed) == diff.TableChange(changed_chains=("forward",))


def test_what_the_kernel_cannot_change_is_said() -> None:
    moved = replace(OLD, chains=(replace(FORWARD, hook=Hook("filter", "forward", 5)), Chain("c")))
    assert diff.tables(OLD, moved).rebuild == ("chain forward has another hook",)
    larger = replace(OLD, sets=(replace(MARKS, size=5),))
    assert diff.tables(OLD, larger).rebuild == ("set marks is declared otherwise",)


def test_two_tables_are_not_one() -> None:
    with pytest.raises(ValueError):
        diff.tables(OLD, replace(OLD, name="other"))


def test_time_outs_come_and_go_and_are_never_another() -> None:
    soon, late = (Timeout("questions", "udp", (("unreplied", seconds),)) for seconds in (5, 9))
    kept = replace(OLD, timeouts=(soon,))
    assert diff.tables(OLD, kept) == diff.TableChange(added_timeouts=("questions",))
    assert diff.tables(kept, OLD) == diff.TableChange(removed_timeouts=("questions",))
    assert diff.tables(kept, replace(OLD, timeouts=(late,))).rebuild == ("ct timeout questions is declared otherwise",)
