"""How many units are behind a figure, as factors of replicate weights tell: half samples, jackknives, calibrated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.linalg import hadamard

import surveytool as st
from surveytool.aggregate.collect import collect
from surveytool.estimate.clusters import clusters_of
from surveytool.estimate.freedom import by_group
from surveytool.tabulation import _question

UNITS, SIZE = 24, 5


def columns() -> dict[str, Any]:
    """24 units of 5 in 12 strata of two; group "one" lives in units 0 to 5."""
    dice = np.random.default_rng(8)
    psu = np.repeat(np.arange(UNITS), SIZE)
    w = dice.uniform(1, 3, UNITS * SIZE)
    made: dict[str, Any] = {"w": w, "psu": psu, "h": psu // 2, "g": np.where(psu < 6, "one", "two")}
    made["c"] = dice.choice(["a", "b"], UNITS * SIZE)
    signs = hadamard(16)[1:13]
    for half in range(16):
        sign = signs[psu // 2, half] * np.where(psu % 2, 1, -1)
        made[f"b{half}"], made[f"f{half}"] = w * (1 + sign), w * (1 + 0.7 * sign)
    for out in range(UNITS):
        made[f"s{out}"] = w * np.where(psu == out, 0.0, np.where(psu // 2 == out // 2, 2.0, 1.0))
        made[f"j{out}"] = w * np.where(psu == out, 0.0, UNITS / (UNITS - 1))
        made[f"k{out}"] = made[f"j{out}"] * dice.uniform(0.9, 1.1, UNITS * SIZE)
    return made


def units(design: st.Design) -> dict[str, float]:
    survey = st.read(pa.table(columns()), design=design, kinds={"c": "single", "g": "single"})
    question, _ = _question(survey, st.Request(variable="c", by=(("g",),)), "c")
    (tally,) = collect(survey, [question])[0]
    found = {}
    for cells in tally.cells:
        told = clusters_of(cells, by_group(cells), (len(cells.n), 2)).units[:, 0]
        found.update(
            {labels[-1] if labels else "": float(each) for labels, each in zip(_names(cells), told, strict=True)}
        )
    return found


def _names(cells: Any) -> list[tuple[str, ...]]:
    return [labels for _, labels in cells.breakdown.members()]


@pytest.mark.parametrize(
    ("columns_of", "method", "more"),
    [("b*", "brr", {}), ("f*", "fay", {"fay_rho": 0.3}), ("s*", "jkn", {}), ("j*", "jk1", {})],
)  # fmt: skip
def test_replicates_tell_as_many_units_as_the_design_has(columns_of: str, method: Any, more: dict[str, Any]) -> None:
    given = st.Replicates(columns=(columns_of,), method=method, **more)
    told = units(st.Design(weights="w", replicates=given))
    assert told == units(st.Design(weights="w", strata="h", psu=("psu",))) == {"": 24, "one": 6, "two": 18}


def test_calibrated_replicates_tell_their_degrees_of_freedom() -> None:
    told = units(st.Design(weights="w", replicates=st.Replicates(columns=("k*",), method="jk1")))
    assert told[""] == UNITS  # the rank of 24 replicates, not 120 respondents
    given = st.Replicates(columns=("k*",), method="jk1", df=9)
    assert units(st.Design(weights="w", replicates=given))[""] == 10


def test_groups_of_nobody_have_no_units() -> None:
    """A breakdown by answers that nobody gave."""
    made = columns() | {"nothing": pa.array([None] * (UNITS * SIZE), pa.string())}
    given = st.Replicates(columns=("j*",), method="jk1")
    survey = st.read(pa.table(made), design=st.Design(weights="w", replicates=given), kinds={"c": "single"})
    found = st.summarize(survey, "c", by="nothing")
    assert [row.by for row in found.rows] == [{}, {}] and all(row.ci_low is not None for row in found.rows)
