"""Whatever of the unsynced the power takes: the old files or the new ones, never some of each (T44)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.laws.disks import Entry, Machine, moments
from warren.apply.bundle import Order, bundle
from warren.apply.protocol import REMOTE, archive, spoken
from warren.desired.items.file import File
from warren.desired.model import HostState
from warren.observe import Observed
from warren.plan.diff import diff_host

pytestmark = pytest.mark.slow

OLD = (
    File("/etc/warren/boot.sh", "exit 0 # old\n", 0o755),
    File("/etc/warren/a.conf", "a: old\n", 0o600),
    File("/etc/netns/db/resolv.conf", "nameserver old\n", in_place=True),
    File("/etc/netns/gone/hosts", "gone\n"),
)
NEW = (
    File("/etc/warren/boot.sh", "exit 0 # new\n", 0o755),
    File("/etc/warren/a.conf", "a: new\n", 0o640),
    File("/etc/netns/db/resolv.conf", "nameserver new\n", in_place=True),
    File("/etc/netns/come/hosts", "come\n"),
    File("/etc/systemd/system/warren.service", "[Service]\nExecStart=/bin/true new\n"),
)
PATHS = sorted({file.path for file in (*OLD, *NEW)})


def held(machine: Machine) -> dict[str, tuple[str, int]]:
    """The files that the change is about: content and mode."""
    places = {path: Path(machine.led(path)) for path in PATHS}
    return {path: (at.read_text(), at.stat().st_mode & 0o777) for path, at in places.items() if at.exists()}


def meant(files: tuple[File, ...]) -> dict[str, tuple[str, int]]:
    """The same, as they should be."""
    return {file.path: (file.content, file.mode) for file in files}


def tell(machine: Machine, verb: str, *words: object, stdin: bytes = b"", spied: bool = True) -> str:
    """One verb, as an apply tells it."""
    return machine.run(f"{REMOTE}\n{spoken(verb, *words)} || exit\n", stdin, spied)


def changing(machine: Machine) -> Iterator[str]:
    """A whole change, from the lock to its end."""
    before, after = HostState.of(OLD), HostState.of(NEW)
    observed = Observed(before, None, frozenset(), {})
    made = bundle(diff_host("home", after, before), after, observed, Order("c1", "ada@pc", 2, "a change"))
    files: Mapping[str, str] = {**made.files, "remote.sh": REMOTE}
    whole = archive({name: machine.led(text) for name, text in files.items()})
    yield tell(machine, "lock", "c1", "ada@pc", 60)
    yield tell(machine, "stage", "c1", 60, 0, 0, stdin=whole)
    yield tell(machine, "arm", "c1", 60, 60)
    for half in made.halves:
        yield tell(machine, "switch", "c1", 60, half, 20)
    yield tell(machine, "confirm", "c1", 60)
    # Whoever confirmed has been told so: from here on there is no way back.
    (machine.root / "confirmed").write_text(str(len(machine.log.read_text().splitlines())))
    yield tell(machine, "forget", "c1")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which everything was watched from the old files to the new ones."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    for file in OLD:
        place = Path(machine.led(file.path))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.content)
        place.chmod(file.mode)
    assert held(machine) == meant(OLD)
    machine.run(f"{REMOTE}\nsync /var/lib/\n", spied=True)
    said = [*changing(machine)]
    assert all(each.startswith("done 0") for each in said[3:-2]), said
    assert held(machine) == meant(NEW)
    return machine


def test_old_or_new_whatever_the_disk_has_lost(changed: Machine) -> None:
    old, new, wrong, seen = meant(OLD), meant(NEW), [], set[tuple[bool, str]]()
    confirmed = int((changed.root / "confirmed").read_text())
    for number, (moment, disk) in enumerate(moments(changed)):
        is_over = int(moment.split()[0]) >= confirmed - 1 and ": " in moment
        key = (is_over, repr(sorted(disk.items())))
        if key in seen:
            continue
        seen.add(key)
        allowed = (new,) if is_over else (old, new)
        changed.lay(disk)
        changed.boot()
        after_boot = held(changed)
        # Whoever comes next finds it whole as well, and can go on.
        said = tell(changed, "lock", f"next{number}", "eve@pc", 60, spied=False)
        remembered = {"generation 0": old, "generation 2": new}.get(said.strip())
        if remembered != held(changed):
            wrong.append(f"{moment}: {said.strip()} and {_odd(held(changed))}")
        if after_boot not in allowed or held(changed) not in allowed:
            wrong.append(f"{moment}: {_odd(after_boot)}, then {_odd(held(changed))}")
    assert wrong == [], f"{len(wrong)} of {len(seen)}\n" + "\n".join(wrong[:20])
    assert len(seen) > 80


def _odd(found: Mapping[str, tuple[str, int]]) -> str:
    """Which file is which, in short."""
    return ", ".join(f"{path} {mode:o} {text.split()[-1:]}" for path, (text, mode) in found.items())


@pytest.mark.parametrize("lost", ["armed$", "copies$", "remote.sh$", "/files/.", "service$"])
def test_each_thing_that_must_be_on_disk_is_missed(changed: Machine, lost: str) -> None:
    """The law would notice: without any one of these, a change that was struck in its middle does not go back."""
    middle = [disk for moment, disk in moments(changed) if moment.endswith(": everything") and is_armed(disk)][-1]
    changed.lay({path: entry for path, entry in middle.items() if not re.search(lost, path)})
    changed.boot()
    assert held(changed) != meant(OLD)
    changed.lay(middle)
    changed.boot()
    assert held(changed) == meant(OLD)


def is_armed(disk: Mapping[str, Entry]) -> bool:
    """Whether the way back stands."""
    return any(path.endswith("pending/armed") for path in disk)
