"""Invented respondents and a way to hold two ways of computing against each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

import surveytool as st
from surveytool.estimate.result import Results
from surveytool.survey import Standard
from surveytool.tabulation import tabulate

BOOK = ("sex", "age_group", "work", "trust", "age", "income")


def people(rows: int = 1500, seed: int = 3) -> pa.Table:
    """Respondents in six strata and sixty PSUs, with blanks, zero weights and two select-multiple questions."""
    rng = np.random.default_rng(seed)
    psu = rng.integers(0, 60, rows)
    blank = lambda values, share=0.06: pa.array(list(values), mask=rng.random(rows) < share)  # noqa: E731
    picks = rng.random((rows, 3)) < (0.5, 0.3, 0.15)
    asked = rng.random(rows) < 0.8
    words = np.array(["wa", "fb", "tt"])
    return pa.table({
        "w": np.where(rng.random(rows) < 0.02, 0.0, np.round(rng.gamma(3, 0.4, rows) + 0.1, 4)),
        "stratum": pa.array([f"s{each}" for each in psu % 6]),
        "psu": psu,
        "fpc": (psu % 6 * 10 + 40).astype(float),
        "sex": blank(np.array(["F", "M"])[rng.integers(0, 2, rows)]),
        "age_group": blank(np.array(["18-25", "26-35", "36+"])[rng.integers(0, 3, rows)]),
        "work": blank(np.array(["none", "formal", "informal", "other"])[rng.integers(0, 4, rows)], 0.2),
        "trust": blank(rng.integers(1, 6, rows)),
        "age": blank(rng.integers(18, 90, rows)),
        "income": blank(np.round(np.exp(rng.normal(5, 1, rows)), 6)),
        "media": pa.array([" ".join(words[row]) for row in picks], mask=~asked),
        **{f"media/{word}": pa.array(np.where(asked, picks[:, place], 0)) for place, word in enumerate(words)},
        **{f"rw{place}": rng.gamma(3, 0.4, rows) for place in range(8)},
    })  # fmt: skip


DESIGNS = {
    "srs": st.Design(),
    "weights": st.Design(weights="w"),
    "strata": st.Design(weights="w", strata="stratum"),
    "psu": st.Design(weights="w", psu=("psu",)),
    "strata and psu": st.Design(weights="w", strata="stratum", psu=("psu",)),
    "fpc": st.Design(weights="w", strata="stratum", psu=("psu",), fpc=("fpc",)),
    "replicates": st.Design(weights="w", replicates=st.Replicates(columns=("rw*",), method="bootstrap")),
    "factors": st.Design(
        weights="w", replicates=st.Replicates(columns=("rw*",), method="other", scale=0.1, combined=False)
    ),
}
SHARES = (("1", 1.0), ("2", 2.0), ("3", 1.0), ("4", 1.0), ("5", 0.0))
BY = (("sex",), ("age_group",), ("sex", "age_group"))
REQUESTS = (
    st.Request(variable="work", by=BY),
    st.Request(variable="work", by=BY[:1], base="all"),
    st.Request(variable="work", by=BY[:2], statistic="total", where="age >= 30 and sex == 'F'"),
    st.Request(variable="trust", by=BY[1:]),
    st.Request(variable="trust", by=BY[:1], statistic="mean"),
    st.Request(variable="income", by=BY, statistic="mean"),
    st.Request(variable="income", by=BY[:2], statistic="total", where="work != 'none'"),
    st.Request(variable="income", by=BY[:1], statistic="ratio:age"),
    st.Request(variable="age", by=BY[:2], statistic="median"),
    st.Request(variable="age", by=BY[:1], statistic="p90", where="income > 100"),
    st.Request(variable="income", by=BY[:1], statistic="median"),
    st.Request(variable="media", by=BY),
    st.Request(variable="media", base="all", statistic="total"),
    st.Request(variable="age_group", by=BY[:1], standard=Standard(variable="trust", shares=SHARES)),
    st.Request(variable="age", by=BY[:1], statistic="mean", where="age >= 30 and trust != 2"),
    st.Request(variable="age", by=(("trust",), ("sex",)), statistic="ratio:trust", where="trust > 1"),
    st.Request(variable="income", statistic="ratio:age", where="age < 60"),
)  # fmt: skip


def results(survey: st.Survey, requests: Sequence[st.Request] = REQUESTS) -> Results:
    return tabulate(survey, requests)


def numbers(row: Any) -> dict[str, float | None]:
    return {name: getattr(row, name) for name in ("estimate", "se", "ci_low", "ci_high", "df", "deff", "n_weighted")}


def told(notes: Any) -> list[str]:
    """Notes in one order."""
    return sorted(map(str, notes))


def differences(mine: Results, theirs: Results, relative: float = 1e-9) -> list[str]:
    """Every row, count, base and note in which two results differ."""
    found = []
    for own, other in zip(mine.estimates, theirs.estimates, strict=True):
        where = f"{own.id} {own.statistic}"
        if own.base != other.base:
            found.append(f"{where}: base {own.base} {other.base}")
        if told(own.notes) != told(other.notes):
            found.append(f"{where}: notes {own.notes} {other.notes}")
        if own.levels != other.levels or own.breakdowns != other.breakdowns:
            found.append(f"{where}: levels or groups {own.levels} {other.levels}")
        for left, right in zip(own.rows, other.rows, strict=True):
            place = f"{where} {left.by} {left.level}"
            if (left.by, left.level, left.n, left.count, left.flag) != (
                right.by, right.level, right.n, right.count, right.flag
            ):  # fmt: skip
                found.append(f"{place}: {left} {right}")
            for name, value in numbers(left).items():
                wanted = numbers(right)[name]
                near = value is not None and wanted is not None
                if near:
                    size = max(abs(wanted or 0.0), abs(right.estimate or 0.0) if name == "se" else 0.0)
                    near = abs((value or 0.0) - (wanted or 0.0)) <= relative * size + 1e-13
                if not near and value != wanted:
                    found.append(f"{place}: {name} {value} {wanted}")
    if told(mine.notes) != told(theirs.notes):
        found.append(f"notes {mine.notes} {theirs.notes}")
    return found
