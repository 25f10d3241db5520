"""Digits, steps and ranges of what is let out, with values that follow from their definitions."""

from __future__ import annotations

import math
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from surveytool.disclosure_control import Protection
from surveytool.disclosure_control.model_support import too_few
from surveytool.disclosure_control.number_facts import NumberFacts
from surveytool.disclosure_control.number_rows import _digits, _hidden_sum
from surveytool.disclosure_control.passed_tables import called
from surveytool.disclosure_control.printed_precision import (
    Exposure,
    interval_of,
    printed_test,
    public_interval,
    stepped,
    tied,
)  # fmt: skip
from surveytool.disclosure_control.protected_codebook import _blurred, _reasons
from surveytool.disclosure_control.rounded_rows import _interval, _noise, _share
from surveytool.estimate import interval
from surveytool.estimate.result import Row, Support
from surveytool.estimate.result import Test as Contrast
from surveytool.notes import note
from surveytool.survey import Design, Level, Request, Variable
from surveytool.text import words


@pytest.mark.parametrize(("effect", "step"), [
    (0.0, 1.0), (1.0, 1.0), (1.01, 1.5), (1.5, 1.5), (1.5000001, 2.25), (2.25, 2.25), (3.0, 3.375), (1.0 + 1e-12, 1.0),
])  # fmt: skip
def test_a_design_effect_goes_up_by_half(effect: float, step: float) -> None:
    assert stepped(effect) == step


@pytest.mark.parametrize(("design", "told"), [
    (Design(), False), (Design(sample="quota"), False), (Design(weights="w"), True), (Design(strata="h"), True),
    (Design(psu="p"), True), (Design(lonely_psu="adjust"), False), (Design(nest=False), False), (Design(df=3), True),
])  # fmt: skip
def test_what_ties_errors_to_respondents(design: Design, told: bool) -> None:
    assert tied(design) is told


def row(samples: ModuleType, estimate: float = 0.3, n: int = 200, **changes: Any) -> Row:
    made: Row = samples.share("q", "Yes", {}, estimate, n, **changes)
    return made


@pytest.mark.parametrize(("pull", "guessable", "n_weighted", "step"), [
    (0.0, 0.0, 100.0, 0.001), (0.0001, 0.0, 100.0, 0.001), (0.001, 0.0, 100.0, 0.01), (0.01, 0.0, 100.0, 0.05),
    (0.02, 0.0, 100.0, 0.1), (0.03, 0.0, 100.0, 0.2), (0.05, 0.0, 100.0, None), (0.0, 2.0, 100.0, 0.05),
    (0.0, 1.0, 100.0, 0.02), (0.0, 0.5, 100.0, 0.01), (0.0, 11.0, 100.0, None), (0.0, 5.0, 0.0, 0.001),
])  # fmt: skip
def test_a_step_is_no_finer_than_a_respondent(
    samples: ModuleType, pull: float, guessable: float, n_weighted: float, step: float | None
) -> None:
    """Five times the pull, or twice the heaviest weight over all weights, up to the next of 0.1, 1, 2, 5, 10, 20%."""
    exposure = Exposure(bound=True, coarse=True, cell=5, guessable=guessable, pull=pull)
    assert exposure.step(row(samples, n_weighted=n_weighted), 0.001) == step
    if step is not None:
        assert exposure.step(row(samples, n_weighted=n_weighted), 0.02) == max(step, 0.02)
    assert exposure.lift(row(samples)) == 1.0


def held(samples: ModuleType, **changes: Any) -> Any:
    made = samples.shares("q", "Q", ("Yes", "No"))
    return replace(made, **changes)


@pytest.mark.parametrize(("p", "variance"), [(0.3, 0.001), (0.05, 0.0004), (0.97, 0.0005)])
def test_an_interval_is_rounded_outward_and_holds_its_share(samples: ModuleType, p: float, variance: float) -> None:
    made = row(samples, n=200, df=21.0)
    low, high = interval_of(p, variance, made, held(samples), 3)
    shares = interval.Shares(estimate=np.array([p]), se=np.array([math.sqrt(variance)]), df=np.array([20.0]),
                             n=np.array([200.0]), level=0.95)  # fmt: skip
    ends = interval.logit(shares)
    assert low is not None and high is not None
    assert low == pytest.approx(math.floor(ends[0][0] * 1000) / 1000) and low <= ends[0][0]
    assert high == pytest.approx(math.ceil(ends[1][0] * 1000) / 1000) and high >= ends[1][0]
    assert low <= p <= high


@pytest.mark.parametrize(("df", "used"), [(0.5, 1.0), (7.9, 5.0), (8.0, 8.0), (11.0, 8.0), (29.0, 20.0), (500.0, 30.0)])
def test_degrees_of_freedom_go_down_a_ladder(samples: ModuleType, df: float, used: float) -> None:
    asked: list[float] = []

    def spy(shares: interval.Shares) -> Any:
        asked.append(float(shares.df[0]))
        return interval.wald(shares)

    patched = {**interval.INTERVALS, "logit": spy}
    from surveytool.disclosure_control import printed_precision as module

    before = module.INTERVALS
    module.INTERVALS = patched
    module._outward.cache_clear()
    try:
        interval_of(0.3, 0.001, row(samples, df=df), held(samples), 3)
    finally:
        module.INTERVALS = before
        module._outward.cache_clear()
    assert asked == [used]


def test_a_public_interval_is_of_the_printed_share_and_a_raised_effect(samples: ModuleType) -> None:
    """A share of 30.4% printed as 30%: its effect of 1.2 becomes 1.5, and the step's own variance is added."""
    p = 0.304
    known = row(samples, estimate=p, n=200, se=math.sqrt(1.2 * p * (1 - p) / 200), df=100.0)
    made = replace(known, estimate=0.3)
    found = public_interval(made, known, held(samples), (2, 0.05, 1.0))
    assert found == interval_of(0.3, 0.3 * 0.7 / 200 * 1.5 + 0.05**2 / 12, known, held(samples), 2)
    fine = public_interval(made, known, held(samples), (2, 0.01, 1.0))
    assert fine == interval_of(0.3, 0.3 * 0.7 / 200 * 1.5, known, held(samples), 2)
    lifted = public_interval(made, known, held(samples), (2, 0.01, 1.3))
    assert lifted == interval_of(0.3, 0.3 * 0.7 / 200 * 2.25, known, held(samples), 2)
    nobody = public_interval(replace(known, estimate=0.0), known, held(samples), (2, 0.01, 1.0))
    assert nobody == interval_of(0.005, 0.005 * 0.995 / 200 * 1.5, known, held(samples), 2)
    everybody = public_interval(replace(known, estimate=1.0), known, held(samples), (2, 0.01, 1.0))
    assert everybody == interval_of(0.995, 0.995 * 0.005 / 200 * 1.5, known, held(samples), 2)


@pytest.mark.parametrize(("changes", "told"), [
    ({"df": 8.0}, True), ({"df": 7.9}, False), ({"df": None}, False), ({"se": None}, False),
    ({"estimate": None}, False),
])  # fmt: skip
def test_few_units_tell_no_interval(samples: ModuleType, changes: dict[str, Any], told: bool) -> None:
    known = replace(row(samples, df=50.0), **changes)
    found = public_interval(row(samples), known, held(samples), (2, 0.01, 1.0))
    assert (found != (None, None)) is told


def test_a_test_has_few_digits() -> None:
    test = Contrast(
        table="q", variable="q", by=("sex",), test="difference", statistic=2.3456, p=0.012345, p_adjusted=0.5,
        estimate=0.123456, ci_low=-0.00001, ci_high=0.234567, se=0.05, df1=1.0, df2=38.6,
    )  # fmt: skip
    estimates: Any = SimpleNamespace(decimals=1, statistic="proportion")
    made = printed_test(test, estimates)
    assert (made.statistic, made.p, made.p_adjusted, made.df2, made.se) == (2.35, 0.012, 0.5, 39.0, None)
    assert (made.estimate, made.ci_low, made.ci_high) == (0.123, 0.0, 0.235)
    number = printed_test(test, SimpleNamespace(decimals=1, statistic="mean"))  # type: ignore[arg-type]
    assert (number.estimate, number.ci_high) == (0.1, 0.2)


@pytest.mark.parametrize(("base", "value", "n", "variance"), [
    (5, 0.0, 100, 24 / 6 / 10_000), (5, 1.0, 100, 24 / 6 / 10_000 * 2), (3, 0.5, 10, 8 / 6 / 100 * 1.25),
])  # fmt: skip
def test_the_noise_of_rounding_is_that_of_two_counts(base: int, value: float, n: int, variance: float) -> None:
    """A count rounded up or down at random to a multiple of b has at most a variance of (b^2 - 1) / 6."""
    assert _noise(Protection(cell=1, rounding=base), value, n) == pytest.approx(variance)


@pytest.mark.parametrize("se", [0.0, None, 0.05])
def test_a_rounded_share_has_the_interval_of_what_is_printed(samples: ModuleType, se: float | None) -> None:
    known = row(samples, estimate=0.3, n=197, se=se)
    made = replace(known, estimate=0.305, n=200)
    effect = 1.0 if not se else 2.25 * 1.5  # .05^2 / (.21 / 197) = 2.35
    found = _interval(known, made, held(samples), 0.0001, 1)
    variance = 0.305 * 0.695 / 200 * effect + 0.0001
    assert found == interval_of(0.305, variance, replace(made, df=199.0), held(samples), 3)


def test_a_rounded_share_takes_respondents_as_heavy_as_they_are(samples: ModuleType) -> None:
    known = row(samples, estimate=0.36, n=100, count=30, ci_low=None)
    rules = (Protection(), 1, Design(weights="w"))
    assert _share(known, held(samples), (30, 100), rules).estimate == 0.36
    assert _share(known, held(samples), (25, 100), rules).estimate == 0.3
    assert _share(known, held(samples), (25, 100), (Protection(), 1, Design())).estimate == 0.25
    assert _share(replace(known, estimate=0.99, count=90), held(samples), (100, 100), rules).estimate == 1.0


@pytest.mark.parametrize(("told", "n", "digits", "mean", "found"), [
    ((10, 3), 50, 3, True, 1),  # 13 / 50 as 0.3 is 12.5 to 17.5: 3 to 7 are withheld
    ((100, 3), 100, 2, True, 1),  # 1.03: with one decimal the sum is 95 to 105, so 0 to 5 are withheld
    ((100, 3), 100, 0, True, 0),
    ((10, 3), 1, 1, False, -1),  # 13 as a total: to tens
    ((103, 30), 1, 0, False, -1),
])  # fmt: skip
def test_a_sum_of_withheld_counts_keeps_a_range_of_three(
    samples: ModuleType, told: tuple[int, int], n: int, digits: int, mean: bool, found: int | None
) -> None:
    assert _digits(row(samples, n=n), told, 3, digits, mean) == found


SEX = (("sex",), ("Male",))
ELSE = (("sex",), ("Female",))


@pytest.mark.parametrize(("place", "gone", "found"), [
    (SEX, {"b"}, (15, 5)),  # 20 answers in all: 3 of a and 12 of c are shown, 5 of b are not
    (SEX, {"a", "b"}, (12, 8)),
    (SEX, set(), None),  # what is withheld of the women tells nothing of the men
    (ELSE, {"b"}, None),  # no such group was counted
])  # fmt: skip
def test_a_number_that_counts_answers_tells_the_sum_of_those_withheld(
    samples: ModuleType, place: Any, gone: set[str], found: tuple[int, int] | None
) -> None:
    rows = [replace(samples.share("m", level, {"sex": sex}, 0.2, 50),
                    flag="suppressed" if sex == "Female" or level in gone else None)
            for sex in ("Male", "Female") for level in "abc"]  # fmt: skip
    facts = NumberFacts(values={SEX: np.array([1.0] * 16 + [2.0] * 2)}, parts={}, whole=True)
    scope = SimpleNamespace(family=("q", ("sex",)), groups=(("Male",),), count=np.array([[0, 0, 0], [3, 5, 12]]))
    counted: Any = SimpleNamespace(multiple=True, levels=("a", "b", "c"), scopes=[scope])
    asked = replace(row(samples), by=dict(zip(*place, strict=True)))
    other: Any = SimpleNamespace(rows=rows)
    assert _hidden_sum(asked, facts, (other, counted), 3) == found
    assert _hidden_sum(replace(asked, flag="suppressed"), facts, (other, counted), 3) is None


@pytest.mark.parametrize(("hidden", "rest", "open_"), [
    ([], 0, False), ([3], 0, False), ([3], 4, True), ([3, 4], 0, True), ([3, 2], 0, False), ([2, 2], 2, False),
    ([2, 3], 2, True), ([5], 1, True), ([4], 1, False),
])  # fmt: skip
def test_reasons_are_blurred_where_each_may_be_five(hidden: list[int], rest: int, open_: bool) -> None:
    """Each of them at least one: what is left for one is the sum less one for each other."""
    levels = [Level(code=float(place), label="", count=count) for place, count in enumerate(hidden)]
    assert _blurred(levels, rest, 5) is open_


@pytest.mark.parametrize(("counts", "missing", "few", "hidden"), [
    ((3,), 3, False, 0),  # the one reason of all who gave none
    ((3,), 20, False, 1), ((3, 20), 23, False, 2), ((3, 4, 20), 27, False, 2), ((6, 20), 26, False, 0),
    ((1, 20), 40, False, 1), ((6, 20), 26, True, 2), ((1, 1, 20), 22, False, 3),
])  # fmt: skip
def test_rare_reasons_take_others_with_them(counts: tuple[int, ...], missing: int, few: bool, hidden: int) -> None:
    levels = tuple(Level(code=float(c), label="r", missing="refused", count=n) for c, n in enumerate(counts))
    variable = Variable(name="q", kind="single", levels=levels, n_missing=missing, n=50)
    assert len(_reasons(variable, 5, few)) == hidden


def test_what_is_too_few_and_what_was_asked_earlier_in_words() -> None:
    model: Any = SimpleNamespace(outcome="work")
    groups = [Support(group=f"g{place}", n=3) for place in range(9)]
    told = too_few(groups, model)
    assert told.startswith("too few respondents to be published: g0, g1") and told.endswith(" and others.")
    assert too_few([Support(group="", n=3)], model) == "too few respondents to be published: work."
    assert called(Request(variable="q", by=(("a", "b"), ("c",)), where="x == 1")) == "q by a:b by c where x == 1"
    assert words("en").say(note("protected_none", cell=5, base=10)) == (
        "Respondents are protected: no count under 5 and no figure of fewer than 10 respondents is shown. "
        "Nothing had to be withheld."
    )
