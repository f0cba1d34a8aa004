"""The benches say what they measured: figures, ratios, goals, and what could not be had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import __main__ as program
from bench.control import growth
from bench.path import paired
from bench.paths.traffic import undisturbed
from bench.paths.way import steady
from bench.permissions import arrived, text
from bench.result import Figure, Goal, Result, Row, as_json, versus
from bench.start import most_expensive
from bench.table import cells, score, table
from tests.repo.house import ROOT
from warren.spec.check import check
from warren.spec.load import Document, load


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(12_600_000_000, "bit/s"), "12.6 Gbit/s"),
        (Figure(33_500, "/s"), "33.5k/s"),
        (Figure(372, "/s"), "372 /s"),
        (Figure(0.0254, "s"), "25.4 ms"),
        (Figure(1.03, "s"), "1.03 s"),
        (Figure(6719), "6719"),
        (Figure(1.2234), "1.22"),
    ],
)
def test_figures_are_short(figure: Figure, words: str) -> None:
    assert str(figure) == words


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal("at least", 0.97), 0.97, True),
        (Goal("at least", 0.97), 0.96, False),
        (Goal("above", 1), 1, False),
        (Goal("under", 100, "ms"), 82, True),
        (Goal("at most", 1.1), 1.2, False),
    ],
)
def test_goals(goal: Goal, value: float, met: bool) -> None:
    assert goal.met(value) is met


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    row = versus("bulk", "pasta", [10, 20, 40], [5, 20, 10], "/s", Goal("above", 1))
    assert (row.warren.value, row.ratio, row.met) == (20, 2, True)
    assert row.rival == Figure(10, "/s")
    with pytest.raises(ValueError, match="no round of pasta"):
        versus("bulk", "pasta", [1], [0], "/s")


def test_a_goal_may_be_of_warrens_own_figure() -> None:
    assert Row("start", Figure(82, "ms"), goal=Goal("under", 100, "ms", "warren")).met is True
    assert Row("start", Figure(82, "ms"), goal=Goal("under", 100, "ms")).met is None
    assert Row("start", Figure(82, "ms")).met is None


def test_the_table_says_what_is_not_met_and_why_something_lacks() -> None:
    row = versus("requests", "by hand", [8.0], [10.0], "/s", Goal("at least", 0.97))
    result = Result("path", (row,), ("socat: it is not installed",), ("noisy",))
    printed = table([result])
    assert cells(row) == ("requests", "8 /s", "by hand 10 /s", "0.8", "at least 0.97", "NOT MET")
    assert "NOT MET" in printed
    assert "skipped: socat: it is not installed\nnote: noisy" in printed
    assert score([result]) == "0 of 1 goals met, 1 skipped"
    assert table([Result("empty", ())]) == "── empty ──\n"


def test_results_are_kept_as_json(tmp_path: Path) -> None:
    result = Result("path", (versus("bulk", "pasta", [3], [2], "/s", Goal("above", 1)),))
    program.keep([result], program.machine(), True, tmp_path / "deep" / "all.json")
    kept = json.loads((tmp_path / "deep" / "all.json").read_text())
    assert kept["benches"] == [as_json(result)]
    assert kept["benches"][0]["rows"][0] == {
        "work": "bulk", "warren": 3, "unit": "/s", "rival": "pasta", "rival_figure": 2, "ratio": 1.5,
        "goal": "ratio above 1", "met": True,
    }  # fmt: skip
    assert kept["quick"] is True
    assert "host" not in kept["machine"]


def test_a_bench_is_a_module_with_run() -> None:
    found = program.benches()
    assert list(found)[:7] == ["control", "start", "noop", "prove", "path", "permissions", "lab"]
    written = {path.stem for path in (ROOT / "bench").glob("*.py") if "\ndef run(quick: bool)" in path.read_text()}
    assert set(found) == written


def test_a_bench_that_breaks_does_not_end_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(quick: bool) -> Result:
        raise OSError("no such device\nmore")

    assert program.measure("path", broken, True).skipped == ("path: it broke: OSError: no such device",)
    assert "no such device" in capsys.readouterr().err


def test_growth_is_an_exponent() -> None:
    def sized(seconds: float) -> dict[str, object]:
        return {"seconds": {"import": 9, "understand": seconds, "lower": 0, "diff": 0}}

    linear, worse = growth({100: sized(0.1), 1_000: sized(1), 10_000: sized(20)})
    assert (round(linear.warren.value, 3), linear.met) == (1, True)
    assert (round(worse.warren.value, 1), worse.met) == (1.3, False)


def test_silent_rounds_pair_with_nothing() -> None:
    assert paired([1.0, None, 3.0, 4.0], [2.0, 2.0, None]) == ([1.0], [2.0])


def test_throughput_leaves_the_beginning_out() -> None:
    assert steady([99, 99, 1, 2, 3, 4, 5, 6, 7, 8]) == 7


def test_rates_come_from_undisturbed_batches() -> None:
    acts: list[int] = []
    rate = undisturbed(lambda: acts.append(1), 50, 0.01)
    assert len(acts) % 50 == 0
    assert rate > 1_000


def test_the_kernels_count_of_datagrams() -> None:
    lines = (
        "Ip: Forwarding",
        "Ip: 1",
        "Udp: InDatagrams NoPorts InErrors RcvbufErrors",
        "Udp: 5 1 70 70",
        "UdpLite: X",
    )
    assert arrived("\n".join(lines)) == 75


def test_slow_imports_are_named() -> None:
    report = "import time: self [us] | cumulative | imported package\nimport time:  900 |  900 |  re\n"
    assert most_expensive(report + "import time: 44000 | 50000 | pydantic\n", 2) == ["pydantic 44.0 ms", "re 0.9 ms"]


def test_files_with_many_permissions_are_accepted() -> None:
    spec = load(Document("warren.yaml", text(40)))
    check(spec)
    assert len(spec.services["near"].ports) == 40
