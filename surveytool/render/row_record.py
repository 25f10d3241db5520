"""A row of estimates as a record: the keys that csv, json and data frames share, in their order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from surveytool.estimate.result import Results, Row, Term, Test, joint

BEFORE = ("table", "variable", "level", "level_code")
AFTER = ("estimate", "se", "ci_low", "ci_high", "df", "deff", "cv", "count", "n", "n_weighted", "flag")
TRIPS = "trips"  # of the legs of a route only
NUMBERS = frozenset({*AFTER, TRIPS}) - {"flag"}
WHOLE = frozenset({"count", "n", TRIPS})
SUPPRESSED = "suppressed"
MOST_EXPONENT = 700.0
TEST_NUMBERS = (
    "statistic", "df1", "df2", "p", "p_adjusted", "estimate", "se", "ci_low", "ci_high", "n",
)  # fmt: skip
TESTS = ("table", "variable", "by", "test", "level", "groups", *TEST_NUMBERS)


def record(row: Row) -> dict[str, Any]:
    """One row by key; undefined numbers are None, a suppressed row has none at all."""
    keys = AFTER if row.trips is None else (*AFTER, TRIPS)
    values = {key: getattr(row, key) for key in (*BEFORE, "by", *keys)}
    for key in NUMBERS & values.keys():
        values[key] = None if row.flag == SUPPRESSED else _number(key, values[key])
    return {**values, "by": dict(row.by)}


def test_record(test: Test) -> dict[str, Any]:
    """One test by key; undefined numbers are None."""
    values = {key: getattr(test, key) for key in TESTS} | {"by": ":".join(test.by)}
    for key in TEST_NUMBERS:
        values[key] = _number("df" if key in ("df1", "df2") else "n" if key == "n" else key, values[key])
    values |= {"order": test.order} if test.order else {}
    return values | ({"reason": test.reason} if test.reason is not None else {})


def finite(values: dict[str, Any]) -> dict[str, Any]:
    """A record without infinities and NaN; whole degrees of freedom as integers."""
    return {
        key: _number("df" if key in ("df", "df1", "df2") else key, value) if isinstance(value, float) else value
        for key, value in values.items()
    }


def term_record(term: Term) -> dict[str, Any]:
    """One coefficient; odds or rate ratios beside it where it has them."""
    keys = ("term", "estimate", "se", "t", "df", "p", "ci_low", "ci_high")
    values = {key: getattr(term, key) for key in keys}
    ends = [values[key] if term.exponential else None for key in ("estimate", "ci_low", "ci_high")]
    ratios = [None if end is None or end > MOST_EXPONENT else math.exp(end) for end in ends]
    return finite({**values, **dict(zip(("ratio", "ratio_low", "ratio_high"), ratios, strict=True))})


def flat_terms(results: Results) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the models' coefficients."""
    records = [term_record(term) for model in results.models for term in model.terms]
    head = list(records[0]) if records else ["term"]
    return head, [list(record_of_term.values()) for record_of_term in records]


def flat_tests(results: Results) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the tests, a pair's groups in two columns."""
    head = [head_name for key in TESTS for head_name in (("group_1", "group_2") if key == "groups" else (key,))]
    table = []
    for test in results.tests:
        values = test_record(test)
        values["group_1"], values["group_2"] = test.groups or (None, None)
        table.append([values[key] for key in head])
    return head, table


def rows(results: Results) -> Iterable[Row]:
    """Every row of every table, in order."""
    return (row for estimate in results.estimates for row in estimate.rows)


def breakdown_names(results: Results) -> list[str]:
    """Every variable of a breakdown, each once, in the order asked for."""
    asked = (name for estimate in results.estimates for names in estimate.request.by for name in names)
    named = (name for row in rows(results) for name in row.by)
    return list(dict.fromkeys([*asked, *named]))


def flat(results: Results) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the long form: ``by`` spread over ``by_NAME`` columns.

    Where a table has several statistics, a column says which one a row is.
    """
    names = breakdown_names(results)
    after = (*AFTER, TRIPS) if any(row.trips is not None for row in rows(results)) else AFTER
    told = ["statistic"] if any(estimate.request.joint for estimate in results.estimates) else []
    flat_rows = []
    for table in joint(results):
        for estimates in table:
            for row in estimates.rows:
                values = {**record(row), "table": table[0].id, "statistic": estimates.statistic}
                by = [values["by"].get(name) for name in names]
                flat_rows.append([*(values[key] for key in (*BEFORE, *told)), *by, *(values.get(key) for key in after)])
    return [*BEFORE, *told, *(f"by_{name}" for name in names), *after], flat_rows


def _number(key: str, value: float | None) -> float | int | None:
    """Counts, whole degrees of freedom and figures told without decimals as integers; no NaN, no infinity, no -0.0."""
    if value is None or not math.isfinite(value):
        return None
    if key in WHOLE or isinstance(value, int) or (key == "df" and float(value).is_integer()):
        return int(value)
    return float(value) + 0.0
