"""Laws that numbers must obey whatever the data are, on drawn designs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

import surveytool as st
from surveytool.estimate.result import Row

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEWER = settings(SETTINGS, max_examples=12)  # for each of several designs, methods or frames
DESIGNS: dict[str, st.Design] = {
    "element": st.Design(weights="w"),
    "stratified": st.Design(weights="w", strata="h"),
    "clustered": st.Design(weights="w", strata="h", psu=("p",)),
    "fpc": st.Design(weights="w", strata="h", psu=("p",), fpc=("n1",)),
}
Data = dict[str, list[Any]]


@draw.composite
def surveys(choose: Callable[..., Any]) -> Data:
    """12 to 60 respondents in two strata of several PSUs, with a category, a number, groups and a domain."""
    n = choose(draw.integers(12, 60))
    rng = np.random.default_rng(choose(draw.integers(0, 2**32 - 1)))
    strata = np.arange(n) % 2
    return {
        "w": (0.2 + 5 * rng.random(n)).tolist(),
        "h": [f"s{h}" for h in strata],
        "p": [int(p) for p in np.arange(n) // 2 % 5],
        "n1": [30.0] * n,
        "y": (50 + 20 * rng.standard_normal(n)).tolist(),
        "x": (5 + rng.random(n)).tolist(),
        "c": [str(c) for c in rng.choice(["a", "b", "c"], n)],
        "g": [str(g) for g in rng.choice(["u", "v"], n)],
        "d": [str(d) for d in rng.choice(["in", "out"], n, p=[0.8, 0.2])],
    }


def rows(data: Any, design: st.Design, name: str, **asked: Any) -> tuple[Row, ...]:
    kinds = {"y": "number", "x": "number", "c": "single", "g": "single", "d": "single", "p": "single"}
    known = pa.table(data) if isinstance(data, dict) else data
    have = known.column_names if isinstance(known, pa.Table) else list(kinds)
    survey = st.read(known, design=design, kinds={key: kind for key, kind in kinds.items() if key in have})
    return st.summarize(survey, name, **asked).rows


def numbers(found: Sequence[Row], *names: str) -> np.ndarray:
    names = names or ("estimate", "se", "ci_low", "ci_high", "df")
    return np.array([[math.nan if getattr(row, n) is None else getattr(row, n) for n in names] for row in found])


def same(left: np.ndarray, right: np.ndarray, rel: float = 1e-9) -> None:
    np.testing.assert_allclose(left, right, rtol=rel, atol=1e-11)


ASKED = [("c", None), ("y", "mean"), ("y", "ratio:x")]


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@FEWER
@given(data=surveys(), factor=draw.floats(0.01, 1000))
def test_weights_may_be_scaled(design: st.Design, data: Data, factor: float) -> None:
    scaled = {**data, "w": [w * factor for w in data["w"]]}
    for name, stat in ASKED:
        same(numbers(rows(data, design, name, stat=stat)), numbers(rows(scaled, design, name, stat=stat)))
    totals = [numbers(rows(each, design, "y", stat="total"), "estimate", "se") for each in (data, scaled)]
    same(totals[0] * factor, totals[1])


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@FEWER
@given(data=surveys(), seed=draw.integers(0, 2**31))
def test_order_and_names_of_units_do_not_matter(design: st.Design, data: Data, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(data["w"]))
    shuffled = {name: [values[place] for place in order] for name, values in data.items()}
    renamed = {**data, "p": [f"site {7 * p % 5}" for p in data["p"]], "h": [h[::-1] for h in data["h"]]}
    for name, stat in ASKED:
        before = numbers(rows(data, design, name, stat=stat, by=["g"]))
        same(before, numbers(rows(shuffled, design, name, stat=stat, by=["g"])))
        same(before, numbers(rows(renamed, design, name, stat=stat, by=["g"])))


@pytest.mark.parametrize("design", [DESIGNS["clustered"], DESIGNS["fpc"]], ids=["clustered", "fpc"])
@FEWER
@given(data=surveys())
def test_a_respondent_may_be_split_within_a_psu(design: st.Design, data: Data) -> None:
    halves = {name: [value for value in values for _ in (0, 1)] for name, values in data.items()}
    halves["w"] = [w / 2 for w in halves["w"]]
    for name, stat in ASKED:
        before, after = (numbers(rows(each, design, name, stat=stat, by=["g"]), "estimate", "se", "df")
                         for each in (data, halves))  # fmt: skip
        same(before, after)


@FEWER
@given(data=surveys())
def test_respondents_as_units_are_psus_of_one(data: Data) -> None:
    """The element path against the clustered one: each respondent twice at half weight in a PSU of his own."""
    own = {name: [value for value in values for _ in (0, 1)] for name, values in data.items()}
    own["w"] = [w / 2 for w in own["w"]]
    own["id"] = [place for place in range(len(data["w"])) for _ in (0, 1)]
    for strata in (None, "h"):
        element = st.Design(weights="w", strata=strata)
        for name, stat in [*ASKED, ("y", "total"), ("c", "total")]:
            before = numbers(rows(data, element, name, stat=stat, by=["g"]), "estimate", "se", "df")
            after = numbers(rows(own, replace(element, psu=("id",)), name, stat=stat, by=["g"]), "estimate", "se", "df")
            same(before, after, 1e-8)


@pytest.mark.parametrize("method", ["logit", "beta", "arcsine", "wald"])
@FEWER
@given(data=surveys())
def test_a_share_and_its_complement_mirror_each_other(method: str, data: Data) -> None:
    two = {**data, "c": ["yes" if c == "a" else "no" for c in data["c"]]}
    for design in DESIGNS.values():
        found = rows(two, design, "c", ci=method, by=["g"])
        by_level = {(row.level, tuple(row.by.values())): row for row in found}
        for (level, group), row in by_level.items():
            other = by_level.get(("no" if level == "yes" else "yes", group))
            if other is None or row.ci_low is None or other.ci_high is None:
                continue
            assert row.estimate == pytest.approx(1 - other.estimate, abs=1e-12)
            assert row.se == pytest.approx(other.se, rel=1e-9, abs=1e-12)
            assert row.ci_low == pytest.approx(1 - other.ci_high, abs=1e-9)
            assert 0 <= row.ci_low <= row.estimate + 1e-12 and row.estimate - 1e-12 <= row.ci_high <= 1


@pytest.mark.parametrize("method", ["logit", "beta", "arcsine", "wald"])
@FEWER
@given(data=surveys(), low=draw.floats(0.5, 0.9))
def test_a_higher_level_is_wider(method: str, data: Data, low: float) -> None:
    narrow, wide = (rows(data, DESIGNS["clustered"], "c", ci=method, level=level) for level in (low, low + 0.09))
    for inner, outer in zip(narrow, wide, strict=True):
        assert outer.ci_low <= inner.ci_low + 1e-12 and inner.ci_high <= outer.ci_high + 1e-12


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@FEWER
@given(data=surveys())
def test_answers_outside_a_domain_change_nothing(design: st.Design, data: Data) -> None:
    changed = {**data, "y": [y if d == "in" else 1e6 for y, d in zip(data["y"], data["d"], strict=True)],
               "c": [c if d == "in" else "a" for c, d in zip(data["c"], data["d"], strict=True)]}  # fmt: skip
    for name, stat in [*ASKED, ("y", "total")]:
        before, after = (
            {row.level: row for row in rows(each, design, name, stat=stat, where="d == 'in'")}
            for each in (data, changed)
        )
        levels = [level for level in before if level in after]
        assert levels
        same(numbers([before[each] for each in levels]), numbers([after[each] for each in levels]))


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@FEWER
@given(data=surveys())
def test_a_group_is_a_domain_and_groups_add_up(design: st.Design, data: Data) -> None:
    found = rows(data, design, "y", by=["g"], stat="total")
    for row in found[1:]:
        alone = rows(data, design, "y", stat="total", where=f"g == '{row.by['g']}'")[0]
        same(numbers([row]), numbers([alone]))
    assert found[0].estimate == pytest.approx(sum(row.estimate for row in found[1:]), rel=1e-9)
    assert found[0].n == sum(row.n for row in found[1:])


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@FEWER
@given(data=surveys())
def test_a_share_is_the_mean_of_its_indicator(design: st.Design, data: Data) -> None:
    data = {**data, "y": [float(c == "a") for c in data["c"]]}
    share = next((row for row in rows(data, design, "c", ci="wald") if row.level == "a"), None)
    if share is None or share.estimate in (0, 1):
        return
    mean = rows(data, design, "y", stat="mean")[0]
    same(numbers([share], "estimate", "se", "df", "deff"), numbers([mean], "estimate", "se", "df", "deff"))


@pytest.mark.parametrize("design", [DESIGNS["element"], DESIGNS["clustered"]], ids=["element", "clustered"])
@FEWER
@given(data=surveys())
def test_zero_weights_are_units_without_a_voice(design: st.Design, data: Data) -> None:
    silent = {name: [*values, *values[:4]] for name, values in data.items()}
    silent["w"] = [*data["w"], 0, 0, 0, 0]
    silent["y"] = [*data["y"], 1e5, 1e5, 1e5, 1e5]
    before, after = (rows(each, design, "y", stat="mean", by=["g"]) for each in (data, silent))
    same(numbers(before, "estimate", "n"), numbers(after, "estimate", "n"))


@FEWER
@given(data=surveys())
def test_every_kind_of_frame_gives_the_same(data: Data) -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    table = pa.table(data)
    frames = [pd.DataFrame(data), pl.DataFrame(data), pl.LazyFrame(data), duckdb.from_arrow(table)]
    for name, stat in ASKED:
        expected = numbers(rows(table, DESIGNS["clustered"], name, stat=stat, by=["g"], where="d == 'in'"))
        for frame in frames:
            same(
                expected,
                numbers(rows(frame, DESIGNS["clustered"], name, stat=stat, by=["g"], where="d == 'in'")),
                1e-12,
            )


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@FEWER
@given(data=surveys())
def test_blocks_of_rows_do_not_matter(monkeypatch: pytest.MonkeyPatch, design: st.Design, data: Data) -> None:
    whole = [numbers(rows(data, design, name, stat=stat, by=["g"])) for name, stat in ASKED]
    with monkeypatch.context() as patch:
        patch.setattr("surveytool.aggregate.memory_pass.BLOCK", 7)
        patch.setattr("surveytool.aggregate.sums.BLOCK", 7)
        for (name, stat), expected in zip(ASKED, whole, strict=True):
            same(expected, numbers(rows(data, design, name, stat=stat, by=["g"])), 1e-10)


@SETTINGS
@given(data=surveys())
def test_the_jackknife_is_near_linearisation(data: Data) -> None:
    """JK1 replicates of clusters without strata; equal for totals, near for means."""
    clusters = sorted(set(data["p"]))
    count = len(clusters)
    replicates = {
        f"rw{r}": [0.0 if p == out else w * count / (count - 1) for p, w in zip(data["p"], data["w"], strict=True)]
        for r, out in enumerate(clusters)
    }
    taylor = st.Design(weights="w", psu=("p",))
    jackknife = st.Design(weights="w", replicates=st.Replicates(columns=("rw*",), method="jk1"))
    total = [rows({**data, **replicates}, design, "y", stat="total")[0] for design in (taylor, jackknife)]
    assert total[0].se == pytest.approx(total[1].se, rel=1e-9)
    mean = [rows({**data, **replicates}, design, "y", stat="mean")[0] for design in (taylor, jackknife)]
    assert mean[0].estimate == pytest.approx(mean[1].estimate, rel=1e-12)
    assert mean[1].se == pytest.approx(mean[0].se, rel=0.6)
    assert mean[1].df == count - 1


@SETTINGS
@given(size=draw.integers(20, 200), seed=draw.integers(0, 2**31))
def test_far_from_zero_a_mean_keeps_its_error(size: int, seed: int) -> None:
    y = 1e6 + np.random.default_rng(seed).standard_normal(size)
    row = rows({"y": y.tolist()}, st.Design(), "y", stat="mean")[0]
    assert row.se == pytest.approx(y.std(ddof=1) / math.sqrt(size), rel=1e-8)
    assert row.deff == pytest.approx(1.0, rel=1e-8)
