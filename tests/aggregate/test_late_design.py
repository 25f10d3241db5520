"""A design that comes after the reading: a stream that took its weights for answers gives the same figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.disclosure_control import Protection, guard
from surveytool.errors import UnusableDesign
from surveytool.reading import read
from surveytool.stream import Stream, TableSource
from surveytool.survey import Design, Request
from surveytool.tabulation import tabulate

ROWS = 400
DRAWN = np.random.default_rng(3)
DATA: dict[str, Any] = {
    "w": DRAWN.choice([1.5, 2.0, 4.0], ROWS), "whole": DRAWN.choice([1, 2, 5], ROWS),
    "q": DRAWN.choice(["a", "b"], ROWS), "g": DRAWN.choice(["x", "y"], ROWS), "p": DRAWN.integers(0, 20, ROWS) * 3,
}  # fmt: skip
DATA |= {f"r{place}": DATA["w"] * DRAWN.choice([0, 2], ROWS) for place in range(4)}
DESIGNS = {
    "weights": Design(weights="w"),
    "whole weights": Design(weights="whole", psu=("p",)),
    "replicates": Design(weights="w", replicates=st.Replicates(columns=("r*",), method="brr")),
}


def streamed(read_with: Design, **columns: Any) -> Any:
    """A survey whose frame is a stream that was opened with a design."""
    table = pa.table(columns)
    return replace(read(table), frame=Stream(TableSource(table), table.column_names, read_with))


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_may_come_after_the_reading(name: str, protected: bool) -> None:
    design, asked = DESIGNS[name], [Request(variable="q", by=(("g",),))]
    made = []
    for survey in (read(pa.table(DATA)), streamed(design, **DATA), streamed(Design(), **DATA)):
        own = replace(survey, design=design)
        made.append(tabulate(guard(own, Protection(active=True)) if protected else own, asked).estimates[0].rows)
    for other in made[1:]:
        for mine, theirs in zip(made[0], other, strict=True):
            assert (mine.n, mine.level, mine.by) == (theirs.n, theirs.level, theirs.by)
            assert (mine.n_weighted, mine.estimate, mine.se) == pytest.approx(
                (theirs.n_weighted, theirs.estimate, theirs.se), nan_ok=True
            )
    if name == "weights" and not protected:
        weights = DATA["w"]
        share = weights[DATA["q"] == "a"].sum() / weights.sum()
        assert made[2][0].estimate == pytest.approx(share) and made[2][0].n_weighted == pytest.approx(weights.sum())


def test_faults_of_late_weights_are_those_of_the_file() -> None:
    survey = replace(streamed(Design(), w=[1.0, None, -1.0] * 20, q=["a", "b", "c"] * 20), design=Design(weights="w"))
    with pytest.raises(UnusableDesign, match=r"weights are missing in 20 rows \(data row 2, 5, 8, 11, 14, \.\.\.\)"):
        tabulate(survey, [Request(variable="q")])
