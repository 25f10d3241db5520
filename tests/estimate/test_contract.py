"""The contracts of statistics and intervals, run over their registries."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

import surveytool as st
from surveytool.estimate import STATISTICS, interval
from surveytool.estimate.statistic import Statistic

SHAPES = {"levels": (2, 4, 1), "options": (2, 1, 5), "values": (2, 1, 2), "pair": (2, 1, 3), "quantile": (2, 2, 1),
          "squares": (2, 1, 3)}  # fmt: skip
PLACES = sorted({place for forms in STATISTICS.values() for place in forms.values()})
WITHOUT_ERROR = ("min", "max", "iqr", "count")
FORMS = {"ratio": "ratio:x", "quantile": "median"}


def statistic(place: str) -> Statistic:
    module, _, name = place.partition(":")
    found: Statistic = getattr(import_module(f"surveytool.estimate.{module}"), name)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_a_gradient_is_the_derivative_and_scale_is_no_matter(place: str) -> None:
    found = statistic(place)
    totals = 5 + 4 * np.random.default_rng(3).random(SHAPES[found.measure])
    if found.measure == "squares":
        totals[..., 1] += 30  # squares are at least what their mean's square is
    gradient = found.gradient(totals, 0.0)
    for at in np.ndindex(*totals.shape):
        step = np.zeros_like(totals)
        step[at] = 1e-6
        slope = (found.value(totals + step, 0.0) - found.value(totals - step, 0.0)) / 2e-6
        np.testing.assert_allclose(slope[at[0]], gradient[at[0], :, at[1], at[2]], atol=2e-8, rtol=1e-6)
    factor = 3.0 if found.additive else 1.0
    np.testing.assert_allclose(found.value(totals * 3, 0.0), found.value(totals, 0.0) * factor, rtol=1e-12)


@pytest.mark.parametrize("name", STATISTICS)
def test_linearisation_is_near_the_jackknife(name: str) -> None:
    """Over every statistic that can be asked for; quantiles are no smooth function and have Woodruff's interval."""
    if name in ("quantile", *WITHOUT_ERROR):
        return
    asked = "y" if set(STATISTICS[name]) & {"values", "pair"} else "c"
    rng = np.random.default_rng(11)
    n = 40
    data = {"w": (1 + rng.random(n)).tolist(), "y": (20 + rng.standard_normal(n)).tolist(),
            "x": (5 + rng.random(n)).tolist(), "c": [str(each) for each in rng.choice(["a", "b"], n)]}  # fmt: skip
    for at in range(n):
        data[f"r{at:02}"] = [0.0 if row == at else w * n / (n - 1) for row, w in enumerate(data["w"])]
    kinds = {"y": "number", "x": "number", "c": "single"}
    replicates = st.Replicates(columns=("r*",), method="jk1")
    both = []
    for design in (st.Design(weights="w"), st.Design(weights="w", replicates=replicates)):
        import pyarrow as pa

        survey = st.read(pa.table(data), design=design, kinds=kinds)  # type: ignore[arg-type]
        both.append([row.se for row in st.summarize(survey, asked, stat=FORMS.get(name, name)).rows])
    np.testing.assert_allclose(*both, rtol=0.06)


@pytest.mark.parametrize("name", [*interval.INTERVALS, *interval.QUANTILE_INTERVALS])
def test_an_interval_holds_its_share_widens_with_the_level_and_mirrors(name: str) -> None:
    method = {**interval.QUANTILE_INTERVALS, **interval.INTERVALS}[name]
    p = np.array([0.02, 0.2, 0.5, 0.8, 0.98])

    def bounds(p: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        se = np.sqrt(p * (1 - p) / 60)
        shares = interval.Shares(estimate=p, se=se, df=np.full(5, 19.0), n=np.full(5, 80.0), level=level)
        return method(shares)

    low, high = bounds(p, 0.95)
    wide_low, wide_high = bounds(p, 0.99)
    assert np.all((low >= 0) & (low <= p) & (p <= high) & (high <= 1))
    assert np.all((wide_low <= low + 1e-12) & (high <= wide_high + 1e-12))
    other_low, other_high = bounds(1 - p, 0.95)
    np.testing.assert_allclose([low, high], [1 - other_high, 1 - other_low], atol=1e-9)
