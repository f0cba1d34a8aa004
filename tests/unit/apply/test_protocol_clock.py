"""The clock of a host may jump by hours or years: it is written down, and nothing is decided by it (T49)."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from warren.apply.protocol import REMOTE


def body(name: str) -> str:
    """One function of the host's part."""
    found = re.search(rf"^{name}\(\) {{.*?^}}|^{name}\(\) {{.*?}}$", REMOTE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[0]


def test_nothing_is_decided_by_the_clock() -> None:
    """One function reads it, and what that says is only ever told to people."""
    assert re.findall(r"\bdate\b", REMOTE) == ["date"] and "date" in body("stamp")
    assert re.findall(r"(?m)^.*\bstamp\b.*$", REMOTE.replace(body("stamp"), "")) == [
        line for line in REMOTE.splitlines() if re.search(r'"\$\(stamp\)"|^ *stamp > ', line)
    ]
    assert "/proc/uptime" in body("uptime")
    assert "OnActiveSec" in body("set_timer") and "OnCalendar" not in REMOTE


@pytest.mark.parametrize("year", ["1970", "2038", "2096"])
def test_a_lease_lasts_as_long_as_it_lasts(tmp_path: Path, year: str) -> None:
    """Taken in one year and looked at in another."""
    text = REMOTE.replace("/var/lib/warren", f"{tmp_path}/w").replace("/run/warren", f"{tmp_path}/r")
    taken = f"{text}\nstamp() {{ echo {year}-01-01T00:00:00Z; }}\nlock c1 ada@pc 60\n"
    subprocess.run(["sh", "-s"], input=taken, text=True, check=True, capture_output=True, timeout=20)
    again = f"{text}\nlock c2 eve@pc 60\n"
    done = subprocess.run(["sh", "-s"], input=again, text=True, capture_output=True, timeout=20)
    assert done.stderr == f"ada@pc has been changing this host since {year}-01-01T00:00:00Z\n"
    ended = (tmp_path / "w" / "lock").read_text().splitlines()
    ended[3] = "1"
    (tmp_path / "w" / "lock").write_text("\n".join(ended) + "\n")
    subprocess.run(["sh", "-s"], input=again, text=True, check=True, capture_output=True, timeout=20)
