"""What the bench of names takes from dnsperf and h2load, and what it refuses to take."""

from __future__ import annotations

import pytest

from bench.naming.load import questions, requests

FULL = """\
  Queries sent:         1000
  Queries completed:    900
  Queries lost:         {lost} (0.00%)
  Queries per second:   5000.5
"""
CALM = "> NOERROR a.example A 0.000100\n> NXDOMAIN b.example A 0.000300\n" + FULL.format(lost=0)


def test_the_rate_is_that_of_the_full_burst_and_the_times_those_of_the_calm_one() -> None:
    found = questions(FULL.format(lost=0) + CALM.replace("5000.5", "100.0"))
    assert found.number == 1800 and found.rate == 5000.5 and abs(found.median - 0.2) < 1e-9


@pytest.mark.parametrize("said", [FULL.format(lost=21) + CALM, CALM + FULL.format(lost=500)])
def test_no_figure_where_too_much_was_lost(said: str) -> None:
    with pytest.raises(RuntimeError, match="too few answers"):
        questions(said)


def test_requests_are_counted_where_all_succeeded() -> None:
    said = "finished in 1.00s, 3.5 req/s, 1KB/s\nrequests: 3 total, 3 succeeded\n\n1000\n2000\n3000\n"
    found = requests(said, 3)
    assert (found.rate, found.median) == (3.5, 2.0) and found.slow >= 3
    with pytest.raises(RuntimeError, match="not all requests"):
        requests(said, 4)
    with pytest.raises(RuntimeError, match="no times"):
        requests(said.split("\n\n")[0], 3)
