"""Steps become one script: many in one call of a tool, and no value becomes shell."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from warren.desired.steps import END, Ip, Nft, SetSysctl, Sh, Step, Write, script

HOSTILE = "$(touch owned) `touch owned` ; touch owned\n'\"\\ ${HOME}\n"


def body(*steps: Step) -> str:
    """The script without its first lines, which are always the same."""
    return script(steps).partition("at=0\n")[2].partition("\n")[2]


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh"], input=text, cwd=folder, capture_output=True, text=True, check=False)


def test_lines_of_ip_that_follow_each_other_are_one_batch() -> None:
    assert body(Ip("link set a up"), Ip("link set b up"), Ip("link set lo up", "db"), Ip("rule add x", family=6)) == (
        """\
at=0
ip -batch - <<'WARREN-END-OF-INPUT'
link set a up
link set b up
WARREN-END-OF-INPUT
at=2
ip -n db -batch - <<'WARREN-END-OF-INPUT'
link set lo up
WARREN-END-OF-INPUT
at=3
ip -6 -batch - <<'WARREN-END-OF-INPUT'
rule add x
WARREN-END-OF-INPUT
"""
    )


def test_the_order_of_steps_is_kept_although_batches_get_smaller() -> None:
    text = body(Ip("link add a"), Sh("wg set a"), Ip("link set a up"))
    assert text.count("ip -batch") == 2
    assert text.index("link add a") < text.index("wg set a") < text.index("link set a up")


def test_settings_of_one_place_are_one_call() -> None:
    given = [SetSysctl("a.b", "1"), SetSysctl("c.d", "0\t7"), SetSysctl("e.f", "1", "db")]
    assert body(*given) == "at=0\nsysctl -q -w a.b=1 'c.d=0\t7'\nat=2\nip netns exec db sysctl -q -w e.f=1\n"


def test_a_setting_that_the_kernel_refuses_falls_back_with_its_neighbours() -> None:
    given = [SetSysctl("a.b", "1", "db"), SetSysctl("c.d", "9", "db", fallback="0")]
    assert body(*given) == (
        "at=0\nip netns exec db sysctl -q -w a.b=1 c.d=9 2>/dev/null || ip netns exec db sysctl -q -w a.b=1 c.d=0\n"
    )


def test_each_change_of_rules_is_a_transaction_of_its_own() -> None:
    text = body(Nft("add table inet a\n"), Nft("add table inet b\n"))
    assert text.count("nft -f - <<'") == 2


def test_nothing_to_do_is_a_script_that_does_nothing(tmp_path: Path) -> None:
    done = run(script(()), tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_script_stops_at_the_first_failure_and_names_the_step(tmp_path: Path) -> None:
    done = run(script([Sh("touch one"), Sh("false"), Sh("touch three")]), tmp_path)
    assert done.returncode == 1
    assert done.stderr == "warren: failed at step 1\n"
    assert [each.name for each in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_a_file_is_written_byte_for_byte_whatever_it_and_its_path_hold(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "a $(touch owned) 'b'" / "-c;d"
    done = run(script([Write(str(target), HOSTILE, mode), Write(str(target.parent / "empty"), "")]), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert target.read_text() == HOSTILE
    assert target.stat().st_mode & 0o777 == mode
    assert sorted(each.name for each in target.parent.iterdir()) == ["-c;d", "empty"]
    assert (target.parent / "empty").read_text() == ""
    assert [each.name for each in tmp_path.iterdir()] == [target.parent.name]


def test_a_file_is_never_readable_to_others_before_it_has_its_mode() -> None:
    text = body(Write("/etc/secret", "x\n", 0o600))
    assert text.index("umask 077; cat > /etc/secret.warren-new") < text.index("chmod 0600") < text.index("mv -f")


def test_a_namespace_and_a_setting_are_quoted() -> None:
    assert "ip -n 'a; reboot' -batch" in body(Ip("link", "a; reboot"))
    assert body(SetSysctl("a", "$(reboot)", "b c")) == "at=0\nip netns exec 'b c' sysctl -q -w 'a=$(reboot)'\n"


@pytest.mark.parametrize("step", [Ip(f"link\n{END}"), Nft(f"a\n{END}\nreboot"), Write("/a", f"{END}\nreboot\n")])
def test_a_text_with_an_end_mark_gets_another_one(step: Step) -> None:
    lines = script([step]).splitlines()
    assert lines.count(f"{END}-OUTSIDE") == 1


def test_a_traced_script_says_how_far_it_has_come_before_it_goes_on() -> None:
    steps: list[Step] = [Ip("link set lo up"), Ip("link set eth0 up"), Sh("true")]
    lines = script(steps, traced=True).splitlines()
    assert [line for line in lines if line.startswith("at=") and "reached" in line] == [
        "at=0; reached 2",
        "at=2; reached 3",
    ]
