"""A few of the random requests; the command of ``fuzz_requests.py`` asks as many as one has time for."""

from __future__ import annotations

from hostile.fuzz_requests import fuzz


def test_random_requests_are_answered_or_refused_in_one_line() -> None:
    ended, faults, shown = fuzz(60, 7)
    assert not faults, shown
    assert set(ended) <= {0, 1, 2, 3, 4}  # 1: a claim that is not reproduced
    assert ended[0] > 10
