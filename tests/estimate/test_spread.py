"""Standard deviations, geometric means, ends and counts: R's numbers, definitions, and what has no error."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "data"
DESIGNS = {
    "apiclus1": ("apiclus1", st.Design(weights="pw", psu=("dnum",), fpc=("fpc",))),
    "apistrat": ("apistrat", st.Design(weights="pw", strata="stype", fpc=("fpc",))),
}


def theirs() -> list[dict[str, str]]:
    with (GOLDEN / "spread.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def jackknife() -> st.Survey:
    """The clusters' jackknife of R: a replicate a district, the fpc as the scale."""
    survey = st.read(GOLDEN / "apiclus1.csv", kinds={"api00": "number"})
    table = survey.frame
    units, weights = np.array(table["dnum"]), np.array(table["pw"], dtype=float)
    known = np.unique(units)
    share = len(known) / float(table["fpc"][0].as_py())
    made = {f"rep{place}": np.where(units == unit, 0.0, weights * len(known) / (len(known) - 1))
            for place, unit in enumerate(known)}  # fmt: skip
    whole = pa.table({**{name: table[name] for name in ("api00", "stype", "pw")}, **made})
    scale = (1 - share) * (len(known) - 1) / len(known)
    replicates = st.Replicates(columns=("rep*",), method="other", scale=scale, rscales=(1.0,) * len(known))
    return st.read(whole, design=st.Design(weights="pw", replicates=replicates), kinds={"api00": "number"})


def survey_of(name: str) -> st.Survey:
    if name == "jackknife":
        return jackknife()
    file, design = DESIGNS[name]
    return st.read(GOLDEN / f"{file}.csv", design=design, kinds={"api00": "number"})


@pytest.mark.parametrize("name", ["apiclus1", "apistrat", "jackknife"])
@pytest.mark.parametrize(("stat", "key"), [("sd", "sd"), ("geometric-mean", "geometric_mean")])
def test_spreads_and_geometric_means_are_r_s(name: str, stat: str, key: str) -> None:
    rows = st.summarize(survey_of(name), "api00", by="stype", stat=stat).rows
    expected = {row["group"]: row for row in theirs() if row["design"] == name}
    assert len(rows) == 4
    for row in rows:
        group = expected[row.by.get("stype", "")]
        assert row.estimate == pytest.approx(float(group[key]), rel=1e-10)
        assert row.se == pytest.approx(float(group[f"{key}_se"]), rel=1e-8)
        assert 0 < (row.ci_low or 0) < (row.estimate or 0) < (row.ci_high or 0)


def test_the_interval_of_what_is_above_0_is_that_of_its_logarithm() -> None:
    for stat in ("sd", "geometric-mean"):
        (row,) = st.summarize(survey_of("apiclus1"), "api00", stat=stat).rows
        assert row.ci_method == "log" and row.estimate and row.ci_low and row.ci_high
        assert row.ci_low * row.ci_high == pytest.approx(row.estimate**2)


def test_ends_are_values_of_respondents_who_count() -> None:
    data = pa.table({"y": [5.0, 1.0, 9.0, 3.0, 100.0, None], "w": [1.0, 2.0, 1.0, 1.0, 0.0, 1.0], "g": list("aabbbb")})
    survey = st.read(data, design=st.Design(weights="w"), kinds={"y": "number"})
    found = {stat: [row.estimate for row in st.summarize(survey, "y", by="g", stat=stat).rows]
             for stat in ("min", "max", "iqr", "count")}  # fmt: skip
    assert found["min"] == [1.0, 1.0, 3.0]
    assert found["max"] == [9.0, 5.0, 9.0]
    low, high = (st.summarize(survey, "y", by="g", stat=stat).rows for stat in ("p25", "p75"))
    assert found["iqr"] == [(b.estimate or 0) - (a.estimate or 0) for a, b in zip(low, high, strict=True)]
    assert found["count"] == [4, 2, 2]


def test_what_has_no_error_tells_none() -> None:
    for stat in ("min", "max", "iqr", "count"):
        for row in st.summarize(survey_of("apistrat"), "api00", by="stype", stat=stat).rows:
            assert row.estimate is not None and row.n > 0 and row.flag is None
            assert (row.se, row.ci_low, row.ci_high, row.df, row.deff, row.cv) == (None,) * 6


def test_one_respondent_has_no_spread_and_equal_answers_one_of_0() -> None:
    data = pa.table({"y": [5.0, 7.0, 7.0, 7.0], "g": list("abbb")})
    survey = st.read(data, kinds={"y": "number"})
    _, one, same = st.summarize(survey, "y", by="g", stat="sd").rows
    assert one.estimate is None and one.flag == "undefined"
    assert (same.estimate, same.se) == (0.0, 0.0)


def test_large_data_and_small_give_the_same(tmp_path: Path) -> None:
    """The sums of a stream's patterns, and those of rows."""
    rng = np.random.default_rng(5)
    rows = 60_000
    data = pa.table({"y": rng.integers(18, 90, rows).astype(float), "w": 1 + rng.random(rows),
                     "g": rng.choice(["a", "b", "c"], rows), "s": rng.integers(0, 4, rows),
                     "p": rng.integers(0, 40, rows)})  # fmt: skip
    design = st.Design(weights="w", strata="s", psu=("p",))
    large = st.read(data, design=design, kinds={"y": "number"})
    from surveytool.aggregate import collect

    for stat in ("sd", "min", "max", "iqr", "geometric-mean", "count"):
        streamed = st.summarize(large, "y", by="g", stat=stat).rows
        before, collect.LARGE = collect.LARGE, 10**9
        try:
            plain = st.summarize(large, "y", by="g", stat=stat).rows
        finally:
            collect.LARGE = before
        for one, other in zip(streamed, plain, strict=True):
            assert one.estimate == pytest.approx(other.estimate, rel=1e-10)
            assert one.se == (None if other.se is None else pytest.approx(other.se, rel=1e-8))


@pytest.mark.parametrize("stat", ["sd", "min", "max", "iqr", "geometric-mean"])
def test_nothing_of_single_answers_leaves_a_protected_run(stat: str, example: Path) -> None:
    survey = st.guard(st.read(example / "transit.sav", design=st.Design(weights="weight")), st.Protection(active=True))
    summary = st.summarize(survey, "age", by="sex", stat=stat)
    assert all(row.flag == "suppressed" and row.estimate is None and row.n == 0 for row in summary.rows)
    assert "a protected run" in summary.render("terminal", width=200)


def test_counts_of_a_protected_run_are_those_of_the_gate(example: Path) -> None:
    survey = st.read(example / "transit.sav", design=st.Design(weights="weight"))
    rules = st.Protection(active=True)
    shares = st.summarize(st.guard(survey, rules), "nationality", by="sex").rows
    counts = st.summarize(st.guard(survey, rules), "nationality", by="sex", stat="count").rows
    assert any(row.flag == "suppressed" for row in shares)
    for one, other in zip(shares, counts, strict=True):
        assert one.flag == other.flag
        assert other.estimate == (None if one.flag == "suppressed" else one.count)
