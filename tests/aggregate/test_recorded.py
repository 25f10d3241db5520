"""Sums, bases and refusals of the grouped pass on odd designs and conditions, from rows and from streams."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from aggregate.respondents import BY, DESIGNS, REQUESTS, people
from recorded import plain, rows_text, same

import surveytool as st
from surveytool.aggregate import collect as corridor
from surveytool.aggregate.collect import collect
from surveytool.aggregate.question import Question
from surveytool.errors import SurveytoolError
from surveytool.estimate import find_statistic
from surveytool.survey import Request
from surveytool.tabulation import tabulate

TABLE = people(300, seed=21)


def cells_text(survey: st.Survey, requests: Any) -> str:
    """Every sum of every breakdown, with its notes."""
    questions = []
    for place, request in enumerate(requests):
        _, denominator, held = find_statistic(request.statistic, survey.codebook[request.variable].kind)
        questions.append(
            Question(request=request, id=str(place), statistic=held.name, measure=held.measure, denominator=denominator)
        )
    tallies, notes = collect(survey, questions)
    told = [plain(notes)]
    for tally in tallies:
        told.append(f"## {tally.id} {tally.statistic} {plain(tally.base)} {plain(tally.notes)} {plain(tally.levels)}")
        for cells in tally.cells:
            told.append(
                " ".join(plain(each) for each in (cells.breakdown, cells.n, cells.n_weighted, cells.weights_squared))
            )
            told.append(plain(np.asarray(cells.totals()).ravel(), 8))
            told.append(plain(np.asarray(cells.first).std(axis=0).ravel(), 8))
            told.append(f"{plain(np.asarray(cells.cross).ravel()[:40], 8)} present {int((cells.present > 0).sum())}")
            if cells.second is not None:
                told.append(plain(np.asarray(cells.second).sum(axis=0).ravel()[:40], 8))
    return "\n".join(told)


@pytest.mark.parametrize("design", ["weights", "strata and psu", "replicates"])
@pytest.mark.parametrize("large", [False, True], ids=["rows", "stream"])
def test_sums(design: str, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corridor, "LARGE", 0 if large else 10**9)
    chosen = [each for each in REQUESTS if each.standard is None][:12]
    text = cells_text(st.read(TABLE, design=DESIGNS[design]), chosen)
    same("aggregate", f"sums-{design.replace(' ', '-')}-{'stream' if large else 'rows'}.txt", text)


CONDITIONS = (
    "age > 40",
    "age >= 40 and age <= 50",
    "not (sex == 'F')",
    "sex != 'F' or age < 20",
    "work in ('formal', 'other')",
    "work is missing",
    "work is not missing",
    "trust in (1, 2)",
    "age == 40",
    "sex == 'F' and (age < 30 or trust == 5)",
    "`age` > 60",
    "media == 'wa'",
    "income > 100 and income < 200",
    "not work in ('none')",
    "age > -1 and age != 50",
)


@pytest.mark.parametrize("large", [False, True], ids=["rows", "stream"])
def test_bases_of_conditions(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corridor, "LARGE", 0 if large else 10**9)
    survey = st.read(TABLE, design=DESIGNS["weights"])
    told = []
    for condition in CONDITIONS:
        for base in ("answered", "all"):
            made = tabulate(survey, [Request(variable="work", where=condition, base=base)])  # type: ignore[arg-type]
            told.append(f"# {condition} {base}\n{rows_text(made.estimates)}")
    same("aggregate", "conditions.txt", "\n".join(told))


WRONG = (
    "age >",
    "age > 'x",
    "(age > 3",
    "age > 3)",
    "age >> 3",
    "age 3",
    "and age > 3",
    "age > 3 and",
    "age in 3",
    "age in (3",
    "age in ()",
    "is missing",
    "age is",
    "age is nothing",
    "agee > 3",
    "sex > 3",
    "sex == 'X'",
    "age == 'x'",
    "`age > 3",
    "age > 3 age",
    "not",
    "",
    "income == 'much'",
    "media > 3",
    "age > 1e999",
)


def test_conditions_that_cannot_be_meant() -> None:
    survey = st.read(TABLE, design=DESIGNS["weights"])
    told = []
    for condition in WRONG:
        try:
            told.append(
                f"{condition!r}: {rows_text(tabulate(survey, [Request(variable='work', where=condition)]).estimates)}"
            )
        except SurveytoolError as error:
            told.append(f"{condition!r}: {type(error).__name__}: {error}")
    same("aggregate", "wrong-conditions.txt", "\n".join(told))


def changed(name: str, values: Any) -> pa.Table:
    return TABLE.set_column(TABLE.column_names.index(name), name, pa.array(values))


def with_value(name: str, value: Any, rows: tuple[int, ...] = (3, 77)) -> pa.Table:
    held = TABLE.column(name).to_pylist()
    for row in rows:
        held[row] = value
    return changed(name, held)


W, STRATA = "w", st.Design(weights="w", strata="stratum", psu=("psu",))
ODD: dict[str, tuple[Callable[[], pa.Table], st.Design]] = {
    "weight missing": (lambda: with_value(W, None), st.Design(weights=W)),
    "weight negative": (lambda: with_value(W, -1.0), st.Design(weights=W)),
    "weight infinite": (lambda: with_value(W, float("inf")), st.Design(weights=W)),
    "weights zero": (lambda: changed(W, np.zeros(300)), st.Design(weights=W)),
    "weights text": (lambda: TABLE, st.Design(weights="sex")),
    "weights unknown": (lambda: TABLE, st.Design(weights="wieght")),
    "weights sum to n": (lambda: changed(W, np.tile([0.5, 1.5], 150)), st.Design(weights=W)),
    "stratum missing": (lambda: with_value("stratum", None), STRATA),
    "psu missing": (lambda: with_value("psu", None), STRATA),
    "reused": (lambda: changed("psu", np.arange(300) % 5), STRATA),
    "reused not nested": (lambda: changed("psu", np.arange(300) % 5), replace(STRATA, nest=False)),
    "fpc fraction": (lambda: changed("fpc", np.full(300, 0.2)), replace(STRATA, fpc=("fpc",))),
    "fpc above one and below": (lambda: with_value("fpc", 0.5), replace(STRATA, fpc=("fpc",))),
    "fpc too small": (lambda: changed("fpc", np.full(300, 3.0)), replace(STRATA, fpc=("fpc",))),
    "fpc negative": (lambda: with_value("fpc", -3.0), replace(STRATA, fpc=("fpc",))),
    "fpc missing": (lambda: with_value("fpc", None), replace(STRATA, fpc=("fpc",))),
    "fpc varies": (lambda: with_value("fpc", 61.0), replace(STRATA, fpc=("fpc",))),
    "fpc of two stages": (lambda: TABLE, replace(STRATA, fpc=("fpc", "fpc"))),
    "two stages": (lambda: TABLE, st.Design(weights=W, psu=("stratum", "psu"), fpc=("fpc", "fpc"))),
    "replicates none": (lambda: TABLE, st.Design(weights=W, replicates=st.Replicates(columns=("xx*",), method="brr"))),
    "replicates brr": (lambda: TABLE, st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="brr"))),
    "replicates fay": (
        lambda: TABLE,
        st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="fay", fay_rho=0.3)),
    ),
    "replicates jk1": (lambda: TABLE, st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="jk1"))),
    "replicates jkn": (lambda: TABLE, st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="jkn"))),
    "replicates sdr": (
        lambda: TABLE,
        st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="sdr", mse=False)),
    ),
    "replicates other": (
        lambda: TABLE,
        st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="other")),
    ),
    "replicates other scaled": (
        lambda: TABLE,
        st.Design(
            weights=W,
            replicates=st.Replicates(
                columns=("rw*",), method="other", scale=0.2, rscales=tuple(0.1 * k for k in range(8)), mse=True, df=5
            ),
        ),
    ),
    "replicate missing": (
        lambda: with_value("rw3", None),
        st.Design(weights=W, replicates=st.Replicates(columns=("rw*",), method="brr")),
    ),
    "fixed df": (lambda: TABLE, replace(STRATA, df=12.0)),
}


@pytest.mark.parametrize("large", [False, True], ids=["rows", "stream"])
def test_odd_designs(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corridor, "LARGE", 0 if large else 10**9)
    told = []
    for name, (table, design) in ODD.items():
        try:
            results = tabulate(
                st.read(table(), design=design),
                [Request(variable="work", by=BY[:1]), Request(variable="age", statistic="mean")],
            )
            told.append(f"# {name}: {plain(results.notes)}\n{rows_text(results.estimates)}")
        except SurveytoolError as error:
            told.append(f"# {name}: {type(error).__name__}: {error}")
    text = "\n".join(told)
    if not large:
        same(
            "aggregate",
            "odd-designs-errors.txt",
            "\n".join(line for line in text.splitlines() if "Error: " in line or "UnusableDesign: " in line),
        )
    same("aggregate", "odd-designs.txt", re.sub(r" \(data row [^)]*\)", "", text))
