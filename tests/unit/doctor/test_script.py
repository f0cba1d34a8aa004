"""The script by which a host describes itself, and its sections."""

from __future__ import annotations

import subprocess

from warren.doctor.script import PREFLIGHT, SECTIONS, script, sections


def test_it_is_posix_shell() -> None:
    done = subprocess.run(["sh", "-n"], input=script(), text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_section_is_there() -> None:
    text = "".join(f"\n%%warren {name}\nfound in {name}\n" for name in SECTIONS) + "\n%%warren end\n"
    found = sections(text)
    assert found is not None
    assert list(found) == list(SECTIONS)
    assert found["disk"] == "found in disk\n"


def test_what_was_cut_off_is_noticed() -> None:
    assert sections("\n%%warren system\nID=debian\n") is None
    assert sections("") is None


def test_an_apply_asks_for_less() -> None:
    assert set(PREFLIGHT) < set(SECTIONS)
    assert "nft -t -j list ruleset" not in script(PREFLIGHT)


def test_nothing_of_a_host_is_printed_that_is_secret() -> None:
    for word in ("private", "shadow", "preshared", "wg show all dump"):
        assert word not in script()


def test_a_host_without_any_tool_answers() -> None:
    emptied = script().replace('PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"', "PATH=/nowhere")
    done = subprocess.run(["/bin/sh", "-s"], input=emptied, text=True, capture_output=True, check=False)
    found = sections(done.stdout)
    assert found is not None
    assert "nft=" not in found["tools"]
