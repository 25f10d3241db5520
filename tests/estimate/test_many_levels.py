"""Questions of very many answers: the same numbers as the whole gradient gives, without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.estimate import gradient
from surveytool.estimate.gradient import Dense, Shares, gradient_of
from surveytool.estimate.statistic import COUNT, PROPORTION

ROWS = 4000
DESIGNS = {
    "element": {},
    "strata": {"strata": "h", "lonely_psu": "adjust"},
    "clusters": {"strata": "h", "psu": ("p",)},
    "stages": {"strata": "h", "psu": ("p", "s"), "fpc": ("np", "ns"), "lonely_psu": "average"},
}


def survey(**design: Any) -> st.Survey:
    rng = np.random.default_rng(5)
    town = rng.zipf(1.3, ROWS) % 300
    return st.read(pa.table({
        "town": [f"t{each}" for each in town], "g": rng.choice(["a", "b", "c"], ROWS, p=[0.6, 0.39, 0.01]).tolist(),
        "w": (0.2 + rng.random(ROWS)).tolist(), "h": (np.arange(ROWS) % 5).tolist(),
        "p": (np.arange(ROWS) % 60).tolist(), "s": (np.arange(ROWS) % 1200).tolist(),
        "np": [40] * ROWS, "ns": [50] * ROWS,
    }), design=st.Design(weights="w", **design), kinds={"town": "single"})  # fmt: skip


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("statistic", ["proportion", "total"])
def test_many_levels_have_the_numbers_of_few(design: str, statistic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows() -> list[Any]:
        return list(st.summarize(survey(**DESIGNS[design]), "town", by="g", stat=statistic).rows)

    lean = rows()
    monkeypatch.setattr(gradient, "MANY", 10**6)
    whole = rows()
    assert len(lean) == len(whole) == 4 * len({row.level for row in whole}) > 400
    for one, other in zip(lean, whole, strict=True):
        for key in ("estimate", "se", "ci_low", "ci_high", "df", "deff", "cv"):
            a, b = getattr(one, key), getattr(other, key)
            assert (a is None) == (b is None) and (a is None or a == pytest.approx(b, rel=1e-9, abs=1e-14)), (one, key)
        assert (one.count, one.n, one.flag, one.ci_method) == (other.count, other.n, other.flag, other.ci_method)


def test_the_square_of_many_levels_is_never_made() -> None:
    totals = np.ones((1, 50_000, 1))  # whole: 20 GB
    for statistic in (PROPORTION, COUNT):
        made = gradient_of(statistic, totals, 0.0)
        assert isinstance(made, Shares)
        assert made.of(totals[None]).shape == (1, 1, 50_000)
    assert isinstance(gradient_of(PROPORTION, totals[:, :50], 0.0), Dense)
