"""Scores of special uniques by their formula, and where the way of changes stops."""

from __future__ import annotations

from itertools import combinations
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import pytest

from surveytool import Design, read
from surveytool.disclosure_risk import assess
from surveytool.disclosure_risk.classes import describe, individual, sizes
from surveytool.disclosure_risk.risk_measures import Quasi
from surveytool.disclosure_risk.suda import _score, suda


def quasi(table: np.ndarray) -> list[Quasi]:
    return [
        Quasi(name=f"v{place}", role="other", columns=(f"v{place}",), keys=column.astype(np.int64))
        for place, column in enumerate(table.T)
    ]


def scored(table: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores of respondents and of variables by the definition, set by set."""
    rows, variables = table.shape
    scores, parts = np.zeros(rows), np.zeros(variables)
    for row in range(rows):
        held: list[set[int]] = []
        for size in range(1, most + 1):
            for chosen in combinations(range(variables), size):
                same = (table[:, list(chosen)] == table[row, list(chosen)]).all(axis=1).sum()
                if same == 1 and not any(each <= set(chosen) for each in held):
                    held.append(set(chosen))
                    score = prod(variables - place for place in range(size, most + 1))
                    scores[row] += score
                    parts[list(chosen)] += score
    return scores, parts


@pytest.mark.parametrize(("size", "most", "count", "score"), [(1, 3, 5, 24), (2, 3, 5, 6), (3, 3, 5, 2), (1, 1, 2, 1)])
def test_a_set_scores_what_is_left_to_add(size: int, most: int, count: int, score: float) -> None:
    assert _score(size, most, count) == score


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fraction", [0.05, 0.5, 1.0])
def test_shares_and_high_risks_follow_from_the_scores(seed: int, fraction: float) -> None:
    table = np.random.default_rng(seed).integers(0, 4, (25, 5))
    found = suda(quasi(table), fraction)
    assert found is not None and found.most == 4
    scores, parts = scored(table, 4)
    np.testing.assert_allclose([share for _, share in found.shares], parts / parts.sum(), rtol=1e-12)
    own = sizes(np.unique(table, axis=0, return_inverse=True)[1].ravel())
    unique, pairs = (own == 1).sum(), (own == 2).sum()
    dis = fraction * unique / (fraction * unique + (1 - fraction) * pairs)
    assert found.dis == pytest.approx(dis)
    single = np.minimum(1.0, dis * unique * scores / scores.sum())
    assert found.high == int((single > 0.1).sum())


def test_without_a_unique_nobody_is_at_risk() -> None:
    found = suda(quasi(np.array([[0, 0], [0, 0], [1, 1], [1, 1]])), 0.2)
    assert found is not None
    assert (found.dis, found.high, found.special) == (0.0, 0, 0)
    assert suda(quasi(np.array([[0], [1]]))) is None


def frame(at_risk: int, rows: int = 200) -> Any:
    """``at_risk`` respondents alone in an age of their own; the others many in each class."""
    ages = [20 + 40 * (row % 2) for row in range(rows - at_risk)] + [18 + 3 * row for row in range(at_risk)]
    return pd.DataFrame({"sex": ["F"] * rows, "age": ages, "opinion": ["yes", "no"] * (rows // 2)})


@pytest.mark.parametrize(("at_risk", "goes"), [(9, False), (10, False), (11, True), (14, True)])
def test_the_way_goes_on_while_more_than_five_percent_are_at_risk(at_risk: int, goes: bool) -> None:
    found = assess(read(frame(at_risk)), ["sex", "age"])
    assert found.classes.below == at_risk
    assert bool(found.path) is goes


def test_the_risk_of_a_class() -> None:
    classes = np.array([0, 0, 0, 1, 1, 2], dtype=np.int64)
    found = describe(classes, 3)
    assert (found.smallest, found.unique, found.below, found.k, found.population) == (1, 1, 3, 3, None)
    assert found.mean == pytest.approx((3 / 3 + 2 / 2 + 1) / 6)


@pytest.mark.parametrize(
    ("f", "people", "risk"),
    [(1, 10.0, 0.1 / 0.9 * np.log(10)), (2, 20.0, 1 / 9 * (1 - 1 / 9 * np.log(10))), (5, 50.0, 0.1 / (5 - 0.9)),
     (1, 1.0, 1.0), (4, 4.0, 0.25)],
)  # fmt: skip
def test_the_risk_of_a_respondent_by_benedetti_and_franconi(f: int, people: float, risk: float) -> None:
    classes = np.zeros(f, dtype=np.int64)
    np.testing.assert_allclose(individual(classes, sizes(classes), np.full(f, people / f)), risk, rtol=1e-12)


@pytest.mark.parametrize(("total", "counts_people"), [(1.49, False), (1.51, True)])
def test_weights_count_people_where_they_sum_to_more_than_one_and_a_half_times_n(
    total: float, counts_people: bool
) -> None:
    data = frame(20)
    data["w"] = total
    found = assess(read(data, design=Design(weights="w")), ["sex", "age"])
    assert (found.fraction is not None) is counts_people
    if counts_people:
        assert found.fraction == pytest.approx(1 / total)
