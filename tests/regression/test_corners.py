"""Corners of formulas, of solutions and of what coefficients rest on, with values that a definition gives."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.regression import Specification, fit
from surveytool.regression.fit import ROUNDING, without_spread
from surveytool.regression.formula import parse
from surveytool.regression.solve import mean_of, parted, slope_of, solution
from surveytool.text import words


@pytest.mark.parametrize(("text", "terms", "intercept"), [
    ("y ~ a", (("a",),), True),
    ("y ~ 1", (), True),
    ("y ~ a + 1", (("a",),), True),
    ("y ~ a - 1", (("a",),), False),
    ("y ~ a + 0", (("a",),), False),
    ("y ~ 0 + a", (("a",),), False),
    ("y ~ - 1 + a", (("a",),), False),
    ("y ~ a - 0", (("a",),), True),
    ("y ~ a*b", (("a",), ("b",), ("a", "b")), True),
    ("y ~ a*b*c", (("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c")), True),
    ("y ~ a:b + a + a", (("a", "b"), ("a",)), True),
    ("y ~ `a*b` * c", (("a*b",), ("c",), ("a*b", "c")), True),
    ("y ~ q1/a.b", (("q1/a.b",),), True),
])  # fmt: skip
def test_a_formula_is_its_terms(text: str, terms: tuple[tuple[str, ...], ...], intercept: bool) -> None:
    formula = parse(text)
    assert (formula.outcome, formula.event) == ("y", None)
    assert (formula.terms, formula.intercept) == (terms, intercept)


@pytest.mark.parametrize(("text", "outcome", "event"), [
    ("y == 'Yes, often' ~ a", "y", "Yes, often"), ('y == "No" ~ a', "y", "No"), ("y == -1.5 ~ a", "y", "-1.5"),
    ("`a b` == x ~ a", "a b", "x"), ("  y  ~ a", "y", None),
])  # fmt: skip
def test_the_outcome_may_be_one_answer(text: str, outcome: str, event: str | None) -> None:
    formula = parse(text)
    assert (formula.outcome, formula.event) == (outcome, event)
    assert formula.names() == [outcome, "a"]


@pytest.mark.parametrize(("text", "words"), [
    ("y ~ a +", "ends too early."),
    ("y ~ a:", "ends too early."),
    ("y ~ a b", "cannot be read from 'b' on."),
    ("y ~ * a", "cannot be read from '* a' on."),
    ("y ~ a * * b", "cannot be read from '* b' on."),
    ("y ~ a +* b", "cannot be read from '* b' on."),
    ("y ~ a, b", "cannot be read from ', b' on."),
    ("y = a", "'y = a' is not OUTCOME ~ TERMS."),
    ("y + x ~ a", "'y + x ~ a' is not OUTCOME ~ TERMS."),
    ("y ~ a - b", "'b' cannot be taken away."),
    ("y ~ 0", "no term is left."),
    ("y ~ a + a:y", "y stands on both sides."),
])  # fmt: skip
def test_what_is_no_formula_says_from_where(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert str(refused.value).startswith(f"the formula: {words}")


def table(**columns: Any) -> st.Survey:
    kinds = {name: "number" for name in columns if name.startswith("n_")}
    return st.read(pa.table(columns), kinds=kinds)  # type: ignore[arg-type]


def test_two_values_are_groups_and_three_are_not() -> None:
    """Counts by hand: of six, two have 1 and a yes; a number of two values is a category by another name."""
    answers = ["yes", "no", "yes", "no", "no", "yes"]
    two = table(y=answers, n_x=[1.0, 1.0, 2.0, 2.0, 2.0, 1.0])  # 1: yes no yes; 2: yes no no
    made = fit(two, Specification(formula="y == 'yes' ~ n_x", effects=False))
    assert [(each.group, each.n, each.gave) for each in made.support] == [
        ("", 6, 3),
        ("n_x: 1", 3, 2),
        ("n_x: 2", 3, 1),
    ]
    three = table(y=answers, n_x=[1.0, 3.0, 2.0, 1.0, 2.0, 3.0])
    made = fit(three, Specification(formula="y == 'yes' ~ n_x", effects=False))
    assert [(each.group, each.n, each.gave) for each in made.support] == [("", 6, 3)]


def test_crossed_groups_are_counted_cell_by_cell() -> None:
    """Two by three crossed: counts by hand, the first name slowest."""
    a = ["p", "p", "p", "q", "q", "q", "q", "p"]
    b = ["u", "v", "v", "w", "u", "v", "w", "w"]
    y = [1.0, 2.0, 4.0, 3.0, 5.0, 1.0, 2.0, 7.0]
    made = fit(table(n_y=y, a=a, b=b), Specification(formula="n_y ~ a:b - 1"))
    counts = {each.group: each.n for each in made.support}
    assert counts == {"": 8, "a: p × b: u": 1, "a: p × b: v": 2, "a: p × b: w": 1, "a: q × b: u": 1,
                      "a: q × b: v": 1, "a: q × b: w": 2}  # fmt: skip


@pytest.mark.parametrize(("values", "family", "event"), [
    ([0.0, 1.0, 1.0, 0.0, 1.0, 0.0], "logistic", "1"),
    ([0.0, 2.0, 2.0, 0.0, 2.0, 0.0], "linear", None),
    ([1.0, 2.0, 2.0, 1.0, 2.0, 1.0], "linear", None),
    ([0.0, 1.0, 0.5, 0.0, 1.0, 0.0], "linear", None),
])  # fmt: skip
def test_a_number_of_0_and_1_is_modelled_by_its_odds(values: list[float], family: str, event: str | None) -> None:
    made = fit(table(n_y=values, n_x=[1.0, 2.0, 1.5, 3.0, 2.5, 2.0]), Specification(formula="n_y ~ n_x"))
    assert (made.family, made.event) == (family, event)
    assert (made.support[0].gave is not None) == (family == "logistic")
    if family == "logistic":
        assert made.support[0].gave == 3
    else:
        with pytest.raises(UsageError, match="is not 0 and 1"):
            fit(
                table(n_y=values, n_x=[1.0, 2.0, 1.5, 3.0, 2.5, 2.0]),
                Specification(formula="n_y ~ n_x", family="logistic"),
            )


def test_one_value_of_a_number_is_the_answer_that_counts() -> None:
    made = fit(
        table(n_y=[3.0, 3.0, 5.0, 5.0, 4.0], n_x=[1.0, 2.0, 1.0, 3.0, 2.0]), Specification(formula="n_y == 3 ~ 1")
    )
    assert made.event == "3" and made.terms[0].estimate == pytest.approx(math.log(2 / 3))
    with pytest.raises(UsageError, match="n_y is a number"):
        fit(table(n_y=[3.0, 3.0, 5.0], n_x=[1.0, 2.0, 1.0]), Specification(formula="n_y == 'often' ~ 1"))


def test_nobody_with_every_answer_is_one_line() -> None:
    with pytest.raises(UsageError, match="no respondent has an answer to every variable"):
        fit(table(n_y=[1.0, 2.0, None, None], n_x=[None, None, 3.0, 4.0]), Specification(formula="n_y ~ n_x"))


def test_a_category_of_two_groups_is_a_difference_of_means() -> None:
    """A linear model of one category: the intercept is the first group's mean, the coefficient the difference."""
    made = fit(table(n_y=[1.0, 3.0, 10.0, 12.0, 14.0], g=["a", "a", "b", "b", "b"]), Specification(formula="n_y ~ g"))
    assert [each.estimate for each in made.terms] == pytest.approx([2.0, 10.0])
    assert [each.term for each in made.terms] == ["(Intercept)", "g: b"]
    squares = [1.0, 1.0, 4.0, 0.0, 4.0]  # residuals; each respondent is a PSU, so n/(n-1) times the sum
    spread = 5 / 4 * (sum(squares[:2]) / 4 + sum(squares[2:]) / 9)
    assert made.terms[1].se == pytest.approx(math.sqrt(spread))


X = np.column_stack([np.ones(8), [0.0, 1, 2, 3, 4, 5, 6, 7]])


@pytest.mark.parametrize(("family", "outcome", "apart"), [
    ("logistic", [0, 0, 0, 0, 1, 1, 1, 1], True),
    ("logistic", [1, 1, 1, 1, 0, 0, 0, 0], True),
    ("logistic", [0, 0, 0, 1, 0, 1, 1, 1], False),
    ("logistic", [1, 1, 1, 1, 1, 1, 1, 1], True),
    ("poisson", [0, 0, 0, 0, 0, 0, 0, 0], True),
    ("poisson", [1, 2, 1, 3, 1, 2, 1, 1], False),
    ("poisson", [0, 0, 2, 3, 1, 2, 1, 1], False),
    ("poisson", [0, 1, 0, 2, 0, 0, 0, 0], False),
])  # fmt: skip
def test_answers_that_a_line_parts(family: str, outcome: list[int], apart: bool) -> None:
    """A count above 0 at two places fixes the line, so zeros elsewhere have a finite answer."""
    assert parted(X, np.array(outcome, dtype=float), family) is apart


def test_counts_of_zero_in_a_whole_group_have_no_finite_solution() -> None:
    group = np.column_stack([np.ones(6), [0.0, 0, 0, 1, 1, 1]])
    assert parted(group, np.array([1.0, 2, 3, 0, 0, 0]), "poisson")
    assert parted(group, np.array([0.0, 0, 0, 1, 2, 0]), "poisson")
    assert not parted(group, np.array([1.0, 2, 3, 0, 0, 1]), "poisson")


@pytest.mark.parametrize("family", ["logistic", "poisson"])
@pytest.mark.parametrize("negative", [False, True])
def test_a_solution_has_a_score_of_zero(family: str, negative: bool) -> None:
    """Also with a replicate weight below zero, from the full sample's coefficients."""
    outcome = np.array([0.0, 1, 0, 0, 1, 0, 1, 1])
    weights = np.array([1.0, 2, 1, 3, 1, 2, 1, 2])
    start = solution(X, outcome, weights, family)
    assert start is not None
    if negative:
        weights = weights.copy()
        weights[3] = -0.25
    found = solution(X, outcome, weights, family, start)
    assert found is not None
    score = X.T @ (weights * (outcome - mean_of(family, X @ found)))
    np.testing.assert_allclose(score, 0, atol=1e-10)


@pytest.mark.parametrize("family", ["linear", "logistic", "poisson"])
def test_the_slope_of_a_mean_is_its_derivative(family: str) -> None:
    line = np.linspace(-3, 3, 7)
    numerical = (mean_of(family, line + 1e-6) - mean_of(family, line - 1e-6)) / 2e-6
    np.testing.assert_allclose(slope_of(family, mean_of(family, line)), numerical, rtol=1e-6)


def test_too_few_rows_or_a_term_said_twice_give_no_solution() -> None:
    twice = np.column_stack([X, 2 * X[:, 1]])
    assert solution(twice, np.arange(8.0), np.ones(8), "linear") is None
    assert solution(X[:1], np.ones(1), np.ones(1), "linear") is None
    assert solution(X, np.arange(8.0), np.zeros(8), "linear") is None
    assert solution(X[:2], np.array([1.0, 4.0]), np.ones(2), "linear") == pytest.approx([1.0, 3.0])


@pytest.mark.parametrize(("influence", "coefficient", "variance", "lonely"), [
    ([1.0, -1.0], 0.0, 2 * ROUNDING**2, True),  # residuals that vary, no variance between units: 0 within rounding of 2
    ([1.0, -1.0], 0.0, 8 * ROUNDING**2, False),
    ([1.0, -1.0], 0.5 / ROUNDING, 0.0, True), ([1.0, -1.0], 2 / ROUNDING, 0.0, False),  # nothing moves the coefficient
    ([2 * ROUNDING, -2 * ROUNDING], 1.0, 0.0, True), ([0.5 * ROUNDING, -0.5 * ROUNDING], 1.0, 0.0, False),
])  # fmt: skip
def test_a_coefficient_of_one_unit_has_no_spread(
    influence: list[float], coefficient: float, variance: float, lonely: bool
) -> None:
    fitted: Any = SimpleNamespace(
        weights=np.ones(2), influence=np.array(influence)[:, None], coefficients=np.array([coefficient])
    )
    made, alone = without_spread(fitted, np.array([[variance]]))
    assert alone.tolist() == [lonely] and made[0, 0] == (0.0 if lonely else variance)


def test_few_units_in_words() -> None:
    assert words("en").say(note("no_df", n=2)) == "2 figures have no interval: too few PSUs are behind them."
