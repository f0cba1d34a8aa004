"""A place that is full: refused before anything is touched, and the way back needs nothing more (T12, T48)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.lab.running import running
from tests.netns.standing import difference
from tests.netns.test_safe_apply import FEWER, Safe, steps_of
from tests.topologies import two_hosts

pytestmark = pytest.mark.netns

# Where a change writes: what is remembered, what is running, and everything else.
PLACES = {"/var/lib/warren": "9m", "/run/warren": "3m", "/etc": "12m"}
FULL = "\n".join(f"dd if=/dev/zero of={place}/filler bs=4k 2>/dev/null" for place in PLACES)
INODES = "\n".join(
    f"n=0; while : > {place}/filler.$n; do n=$((n + 1)); done 2>/dev/null" for place in PLACES if place != "/run/warren"
)
EMPTY = "; ".join(f"rm -f {place}/filler*" for place in PLACES)
# A quick run strikes every so many steps.
EVERY = 12


@pytest.fixture(scope="module")
def safe() -> Iterator[Safe]:
    """Two hosts with everything, applied safely; what home writes to is small."""
    with running(two_hosts()) as lab:
        made = Safe(lab, two_hosts())
        outcome = made.safely(two_hosts())
        assert outcome.succeeded, outcome.failure
        with small(made):
            yield made


@contextmanager
def small(safe: Safe) -> Iterator[None]:
    """The same files, each place on a small disk of its own."""
    for number, (place, size) in enumerate(PLACES.items()):
        keep = (
            f"cp -a {place}/. /tmp/keep{number}/ && mount -t tmpfs -o size={size},nr_inodes=900,mode=755 tmpfs {place}"
        )
        safe.on("home", f"mkdir -p /tmp/keep{number} && {keep} && cp -a /tmp/keep{number}/. {place}/")
    try:
        yield
    finally:
        for number, place in enumerate(PLACES):
            safe.on("home", f"umount -l {place}; rm -rf /tmp/keep{number}")


@pytest.mark.parametrize("place", PLACES)
def test_a_full_place_is_refused_before_anything_is_touched(safe: Safe, place: str) -> None:
    before = safe.held()
    safe.on("home", f"dd if=/dev/zero of={place}/filler bs=4k 2>/dev/null || :")
    try:
        outcome = safe.safely(FEWER)
    finally:
        safe.on("home", EMPTY)
    assert outcome.failure and outcome.failure.host == "home" and place in outcome.failure.reason, outcome
    assert difference(before, safe.held()) == []


def test_a_disk_that_a_service_has_filled_does_not_keep_root_from_a_change(safe: Safe) -> None:
    """T12: what a file system keeps for root is enough to stop whoever filled the rest."""
    disk, keep = "/tmp/disk", "/tmp/kept"
    make = f"truncate -s 24M {disk} && mkfs.ext4 -q -m 40 -N 2000 {disk} && mkdir -p {keep}"
    lay = f"mount -o loop {disk} /var/lib/warren && cp -a {keep}/. /var/lib/warren/"
    move = f"cp -a /var/lib/warren/. {keep}/ && {lay}"
    fill = "setpriv --reuid=nobody --regid=nogroup --clear-groups dd if=/dev/zero of=/var/lib/warren/own/filler bs=4k"
    try:
        safe.on("home", f"{make} && {move} && install -d -o nobody /var/lib/warren/own; {fill} 2>/dev/null || :")
        # What is left is less than one more of his blocks.
        assert int(safe.on("home", "df -k /var/lib/warren | awk 'NR==2 {print $4}'")) < 4
        assert safe.safely(FEWER).succeeded
        assert safe.safely(two_hosts()).succeeded
    finally:
        safe.on("home", f"rm -rf /var/lib/warren/own; cp -a /var/lib/warren/. {keep}/; umount -l /var/lib/warren")
        safe.on("home", f"cp -a {keep}/. /var/lib/warren/; rm -rf {keep} {disk}")


@pytest.mark.parametrize("filling", [FULL, INODES], ids=["space", "inodes"])
def test_the_way_back_needs_no_room(safe: Safe, filling: str) -> None:
    """Everything becomes full in the middle of a change, and then the change dies."""
    steps = [each for each in steps_of(safe, FEWER) if each[0] == "home"]
    before, tried = safe.held(), steps[::EVERY]
    for _, half, step in tried:
        safe.fault("home", f'[ "$half $1" != "{half} {step}" ] || {{\n{filling}\nkill -9 -- -"$(cat {PID})"; }}')
        outcome = safe.safely(FEWER)
        state = safe.on(
            "home", "df -k /etc /var/lib/warren | awk 'NR>1 {print $4}'; cat /run/warren/back.said 2>&1 || :"
        )
        safe.on("home", EMPTY)
        safe.well()
        assert outcome.failure and outcome.failure.restored, (half, step, outcome, state)
        assert difference(before, safe.held()) == [], (half, step, state)
    assert tried


PID = "/run/warren/change.pid"
