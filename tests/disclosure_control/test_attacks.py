"""The benchmark's attacks on a few sets: nothing that the gate withholds comes out, and the attack is a real one."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def attacks() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "benchmarks" / "attacks.py"
    spec = importlib.util.spec_from_file_location("attacks_on_the_gate", path)
    assert spec is not None and spec.loader is not None
    import sys

    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 4, 10, 28, 30, 33])
def test_withheld_counts_stay_uncertain(attacks: ModuleType, seed: int) -> None:
    found = attacks.attack(seed)
    assert found.attacked and not found.pinned and not found.narrow
    assert found.narrowest >= attacks.CELL - 1e-6


def test_the_same_attack_takes_naive_suppression_apart(attacks: ModuleType) -> None:
    assert attacks.attack(10, control=True).pinned > 0
