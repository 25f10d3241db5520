"""What a protected run prints, attacked on a few random studies; and the attack is a real one.

The volume is in ``results.md`` (``python tests/adversary/run.py``).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from attack import attack
from respondents import KINDS

FIRST = 1001


# 1062: several weighted tables, 14 counts came out once; 13020: one person without a group, by the digits of a step
SEEDS = [*range(FIRST, FIRST + len(KINDS)), 1062, 13020]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: KINDS[seed % len(KINDS)])
def test_no_withheld_count_and_no_single_answer_comes_out(seed: int) -> None:
    found = attack(seed)
    assert not found.failed, found.failed
    assert not found.wrong, found.wrong
    assert not found.pinned and not found.small and not found.singles and not found.values, found.pins


@pytest.mark.parametrize("seed", [2, 6, 8, 20])
def test_the_same_attack_takes_naive_suppression_apart(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small counts withheld, nothing else, every number in full: the adversary finds them."""
    import surveytool.disclosure_control.complementary_suppression as choice
    import surveytool.disclosure_control.gate as gate
    import surveytool.disclosure_control.passed_tables as passed_tables

    def primary(system: object, *given: object, fixed: frozenset[int] = frozenset(), **more: object) -> object:
        start = set(system.forced) - fixed  # type: ignore[attr-defined]
        return choice.Choice(withheld=start, cost=0.0)

    monkeypatch.setattr(passed_tables, "choose", primary)
    monkeypatch.setattr(gate, "printed", lambda estimates, *_: (replace(estimates, decimals=1), ()))
    monkeypatch.setattr(gate.Gate, "_frame", lambda *_: None)
    found = attack(seed)
    assert found.pinned or found.singles, found
