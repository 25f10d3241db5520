"""What the gate lets out of linked tables, by suppression and by rounding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from recorded import plain, rows_text, same

from surveytool.disclosure_control import Protection, guard
from surveytool.disclosure_control.reliability_scheme import SCHEMES
from surveytool.errors import SurveytoolError
from surveytool.reading import read
from surveytool.survey import Design, Request, Survey
from surveytool.tabulation import compare, tabulate


def survey(rows: int = 240, seed: int = 4) -> Survey:
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        "q": random.choice(["a", "b", "c", "d"], rows, p=[0.6, 0.3, 0.08, 0.02]),
        "sex": random.choice(["Male", "Female"], rows, p=[0.7, 0.3]),
        "g": random.choice(["x", "y", "z"], rows, p=[0.6, 0.35, 0.05]),
        "site": random.choice(["s1", "s2", "s3", "s4"], rows, p=[0.7, 0.2, 0.07, 0.03]),
        "y": random.gamma(3, 100, rows).round(2),
        "w": random.uniform(0.5, 2.0, rows).round(3),
    }
    table = {name: values.tolist() for name, values in columns.items()}
    return read(pa.table(table), design=Design(weights="w"), kinds={"y": "number"})


ASKED = [
    Request(variable="q", by=(("sex",), ("g",))),
    Request(variable="g", by=(("sex",),)),
    Request(variable="q", by=(("sex", "g"),)),
    Request(variable="y", statistic="mean", by=(("g",), ("site",))),
    Request(variable="q", where="sex == 'Male'"),
    Request(variable="y", statistic="total", by=(("sex",),)),
    Request(variable="y", statistic="median", by=(("g",),)),
]
RULES: dict[str, Protection] = {
    "plain": Protection(active=True),
    "strict": Protection(active=True, cell=10, base=30),
    "dominance": Protection(active=True, dominance=0.6, site="site"),
    "rounding": Protection(active=True, method="rounding", dominance=1.0),
}


@pytest.mark.parametrize("name", RULES)
def test_what_is_let_out(name: str) -> None:
    results = tabulate(guard(survey(), RULES[name]), ASKED)
    same("disclosure_control", f"let-{name}.txt", f"{rows_text(results.estimates)}\n{plain(results.notes)}")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_reliability_schemes(scheme: str) -> None:
    rules = Protection(active=False, quality=scheme)
    results = tabulate(guard(survey(), rules), [*ASKED[:4], Request(variable="q", statistic="total", by=(("g",),))])
    same("disclosure_control", f"quality-{scheme}.txt", f"{rows_text(results.estimates)}\n{plain(results.notes)}")


def test_tests_and_later_tables_of_one_gate() -> None:
    from surveytool.estimate.group_tests import Comparison

    shut = guard(survey(), RULES["plain"])
    told = []
    for request in (*ASKED[:3], replace(ASKED[0], where="g == 'x' or g == 'y'"), replace(ASKED[0], where="g == 'z'")):
        results = tabulate(shut, [request])
        told.append(f"{rows_text(results.estimates)}\n{plain(results.notes)}")
    try:
        results = compare(shut, ASKED[:1], Comparison(tests=None))
        told.append(f"{plain(results.tests, 6)}\n{plain(results.notes)}")
    except SurveytoolError as error:
        told.append(str(error))
    same("disclosure_control", "later.txt", "\n".join(told))
