"""The law of reading, naming and writing on a few surveys: the true number, a stop, or a note that says the doubt."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from oracle.judge import BROKEN, SILENT, Verdict
from oracle.known import KNOWN
from oracle.platforms import PLATFORMS
from oracle.run import file_verdicts

SURVEYS = (101, 102, 103)
EACH = 16


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    """A few surveys, each written as a file of every platform and asked."""
    return [each for seed in SURVEYS for platform in PLATFORMS for each in file_verdicts(seed, platform, None, EACH)]


def failed(verdicts: Iterable[Verdict], known: set[str]) -> list[str]:
    """Silent wrong figures and crashes that these known habits, and no other known one, explain."""
    return [
        f"{each.outcome}, {each.kind}: {each.words} (--survey {each.seed} --platform '{each.platform}'; "
        f"{', '.join(sorted(each.habits))}): got {each.got}, true {each.true}"
        for each in verdicts
        if each.outcome in (SILENT, BROKEN) and each.habits & set(KNOWN) == known
    ]


def test_every_figure_is_true_or_stopped_or_told(verdicts: list[Verdict]) -> None:
    assert len(verdicts) > 1000
    assert not failed(verdicts, set())


@pytest.mark.parametrize("habit", [pytest.param(habit, marks=pytest.mark.xfail(strict=True, reason=reason))
                                   for habit, reason in KNOWN.items()] or [""])  # fmt: skip
def test_a_habit_that_is_not_mended_yet(verdicts: list[Verdict], habit: str) -> None:
    assert not failed(verdicts, {habit})
