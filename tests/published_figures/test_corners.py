"""Where a verdict turns: ends of intervals, halves, tolerances, covariances, counts, codes, lines of a file."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from scipy import stats

from surveytool.errors import UnreadableData, UsageError
from surveytool.notes import note
from surveytool.published_figures.arithmetic import MOST_N, granularity, possible, simple_margin
from surveytool.published_figures.claim_answers import Found
from surveytool.published_figures.claim_comparison import Side, _about, _apart, _most, covariance
from surveytool.published_figures.claim_families import Known
from surveytool.published_figures.claims import Claim, Comparison
from surveytool.published_figures.claims_file import parse_claims
from surveytool.published_figures.crossed import _crossable, _extended
from surveytool.published_figures.judge import _figure
from surveytool.published_figures.readings import _unknown
from surveytool.text import words

EN = words("en")


def claim(**given: Any) -> Claim:
    return Claim(**{"id": "c", "published": 0.47, **given})


@pytest.mark.parametrize(("low", "high", "verdict"), [
    (0.47, 0.6, "consistent"), (0.4, 0.47, "consistent"), (0.4700000001, 0.6, "consistent"),
    (0.471, 0.6, "not reproduced"),
    (0.4, 0.4699999999, "consistent"), (0.4, 0.469, "not reproduced"), (None, 0.6, "not reproduced"),
    (0.4, None, "not reproduced"),
])  # fmt: skip
def test_a_figure_at_the_end_of_an_interval_is_in_it(low: float | None, high: float | None, verdict: str) -> None:
    assert _figure(claim(), Found(estimate=0.5, ci_low=low, ci_high=high), None)[0] == verdict


@pytest.mark.parametrize(("estimate", "high", "verdict"), [
    (0.51, 0.6, "reproduced"), (0.5, 0.6, "consistent"), (0.45, 0.51, "consistent"), (0.45, 0.5, "not reproduced"),
    (0.45, None, "not reproduced"),
])  # fmt: skip
def test_most_is_more_than_half(estimate: float, high: float | None, verdict: str) -> None:
    assert _most(claim(), Found(estimate=estimate, ci_high=high))[0] == verdict


@pytest.mark.parametrize(("estimate", "low", "high", "verdict"), [
    (0.33, None, None, "reproduced"), (0.27, None, None, "reproduced"), (0.331, None, None, "not reproduced"),
    (0.36, 0.33, 0.4, "consistent"), (0.36, 0.331, 0.4, "not reproduced"), (0.2, 0.1, 0.27, "consistent"),
    (0.2, 0.1, 0.269, "not reproduced"),
])  # fmt: skip
def test_about_is_within_the_tolerance(estimate: float, low: float | None, high: float | None, verdict: str) -> None:
    own = Found(estimate=estimate, ci_low=low, ci_high=high)
    assert _about(claim(), own, 0.3, 0.03)[0] == verdict


def test_two_figures_are_apart_beyond_t_times_the_error_of_their_difference() -> None:
    t = float(stats.t.ppf(0.975, 20))
    one = Found(estimate=0.5, se=0.03, df=20.0)
    for together in (0.0, 0.0005):
        edge = t * math.sqrt(0.03**2 + 0.04**2 - 2 * together)
        for step, apart in ((-1e-6, False), (1e-6, True)):
            other = Found(estimate=0.5 - edge - step, se=0.04, df=50.0)
            assert _apart(one, other, together) is apart and _apart(other, one, together) is apart
    assert _apart(one, Found(estimate=0.499), 0.0) and _apart(one, replace(one, df=None, estimate=0.499), 0.0)
    assert _apart(replace(one, se=None), one, 0.0)


WOMEN, MEN, ALL = (("sex", "F"),), (("sex", "M"),), ()


def share(estimate: float, group: Any = ALL, **more: Any) -> Found:
    return Found(**{"estimate": estimate, "se": 0.02, "df": 50.0, "group": group, "size": 100.0, **more})


def test_covariances_of_groups_and_answers() -> None:
    assert covariance(share(0.5, WOMEN), share(0.4, MEN), answers=False) == 0.0
    assert covariance(share(0.5, WOMEN, overlapping=True), share(0.4, MEN), answers=False) is None
    part, whole = share(0.5, WOMEN, size=30.0), share(0.4, ALL, size=120.0, se=0.01)
    assert covariance(part, whole, answers=False) == pytest.approx(0.02**2 / 4)
    assert covariance(whole, part, answers=False) == pytest.approx(0.02**2 / 4)
    assert covariance(replace(part, size=None), whole, answers=False) is None
    assert covariance(replace(part, se=None), whole, answers=False) is None
    assert covariance(part, replace(whole, size=0.0), answers=False) is None
    assert covariance(share(0.5, WOMEN), share(0.4, (("area", "N"),)), answers=False) is None
    assert covariance(share(0.5, WOMEN), share(0.4, ALL), answers=True) is None
    assert covariance(share(0.5), share(0.4), answers=False) is None
    assert covariance(share(0.5, multiple=True), share(0.4), answers=True) is None


@pytest.mark.parametrize(("p", "q"), [(0.5, 0.3), (0.5, 0.5), (0.1, 0.1)])
def test_two_answers_of_one_question_are_as_in_a_multinomial(p: float, q: float) -> None:
    """-p q / n where the errors are those of simple random sampling."""
    n = 200
    one, other = (share(each, se=math.sqrt(each * (1 - each) / n)) for each in (p, q))
    assert covariance(one, other, answers=True) == pytest.approx(-p * q / n)


@pytest.mark.parametrize(("p", "q", "se"), [(0.6, 0.5, 0.02), (0.0, 0.5, 0.02), (1.0, 0.0, 0.02), (0.5, 0.3, None)])
def test_no_shares_of_one_question_have_no_such_covariance(p: float, q: float, se: float | None) -> None:
    assert covariance(share(p, se=se), share(q), answers=True) == 0.0
    assert covariance(share(q), share(p, se=se), answers=True) == 0.0


def test_a_side_is_a_group_unless_it_is_said_to_be_an_answer() -> None:
    assert Side(name="x", found=share(0.5)).answer is False
    assert (Comparison().most, Comparison().tolerance) == (False, 0.03)


@pytest.mark.parametrize(("published", "decimals", "n", "fits"), [
    (0.47, 0, 100, True), (0.47, 0, 10, False), (0.5, 0, 3, False), (0.33, 0, 3, True), (0.66, 0, 3, True),
    (0.67, 0, 3, True),
    (0.4701, 2, 20_000, True), (0.47, 0, 1_000_000, True), (0.333, 1, 3, True), (0.332, 1, 3, False),
])  # fmt: skip
def test_counts_that_a_figure_can_be(published: float, decimals: int, n: int, fits: bool) -> None:
    assert possible(claim(published=published, decimals=decimals), n) is fits


@pytest.mark.parametrize(("n", "weighted", "count"), [(10, False, 1), (10, True, 0), (0, False, 0), (None, False, 0)])
def test_counts_are_looked_at_where_figures_are_counts(n: int | None, weighted: bool, count: int) -> None:
    known = Known(book=None, weighted=weighted, groups={})
    made = list(granularity([claim(n=n, variable="q", level="a")], known))
    assert len(made) == count
    assert MOST_N == 1_000_000
    if made:
        values = dict(made[0].explanation[0].values)
        assert (values["below"], values["above"]) == (4, 5)


def test_the_margin_of_a_finite_population_is_cochrans() -> None:
    assert simple_margin(400) == pytest.approx(1.959963984540054 * 0.025)
    assert simple_margin(400, 1200) == pytest.approx(1.959963984540054 * 0.025 * math.sqrt(800 / 1199))
    assert simple_margin(400, 400) == 0.0 == simple_margin(400, 300)
    assert simple_margin(400, 1) == simple_margin(400, 0) == simple_margin(400)


@pytest.mark.parametrize(("labels", "gone"), [
    (["1", "2", "3", "9"], {"9"}), (["1", "2", "3", "98", "99"], {"98", "99"}), (["1", "2", "3", "4"], set()),
    (["7", "8", "9"], {"9"}), (["1", "9"], set()), (["1", "2", "8", "9"], {"8", "9"}), (["1", "2", "3", "-1"], {"-1"}),
    (["Yes", "No", "Don't know"], {"Don't know"}), (["1", "2", "No answer", "9"], {"No answer", "9"}),
])  # fmt: skip
def test_answers_that_read_as_none(labels: list[str], gone: set[str]) -> None:
    rows: Any = [SimpleNamespace(level=label) for label in labels]
    assert _unknown(rows) == gone


HEAD = "id,published,variable,level,stat,unit,decimals,n"


@pytest.mark.parametrize(("row", "published", "unit", "decimals"), [
    ("a,47%,q,x,,,,", 0.47, "percent", 0), ("a,47.5%,q,x,,,,", 0.475, "percent", 1),
    ("a,0.47,q,x,,,,", 0.47, "percent", 0),
    ("a,0.475,q,x,,,,", 0.475, "percent", 1), ("a,0.5,q,x,,,,", 0.5, "percent", 0),
    ("a,33.50,q,,mean,,,", 33.5, "number", 2),
    ("a,33,q,,mean,,,", 33.0, "number", 0), ("a,47%,q,x,,,1,", 0.47, "percent", 1), ("a,1,q,x,,,,", 1.0, "percent", 0),
    ("a,0.25,q,,ratio:z,,,", 0.25, "number", 2), ('a,"47,5 %",q,x,,,,', 0.475, "percent", 1),
])  # fmt: skip
def test_a_figure_as_it_is_written(row: str, published: float, unit: str, decimals: int) -> None:
    (made,) = parse_claims(f"{HEAD}\n{row}\n", "c.csv")
    assert (made.published, made.unit, made.decimals) == (pytest.approx(published), unit, decimals)


@pytest.mark.parametrize(("row", "words"), [
    ("a,47,q,x,,,,", "published = '47' is no percentage."), ("a,much,q,x,,,,", "published is 'much', no number"),
    ("a,47%,q,,mean,number,,", "published is '47%' of unit number"), ("a,47%,q,x,,,,²", "n is '²', no whole number"),
    ("a,47%,q,x,,,,1.5", "n is '1.5', no whole number"), ("a,47%,q,x,,,,5,6", "has 9 fields for 8 columns"),
])  # fmt: skip
def test_a_wrong_line_is_named(row: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_claims(f"{HEAD}\n{row}\n", "c.csv")
    assert f"line 2: {words}" in str(refused.value)


def test_an_n_may_have_separators_and_a_head_spaces() -> None:
    (made,) = parse_claims(' id , published,n,variable,level\nb,47%,"1,234",q,x\n', "c.csv")
    assert (made.id, made.n) == ("b", 1234)
    with pytest.raises(UnreadableData, match="holds no claims"):
        parse_claims(HEAD, "c.csv")


def test_only_questions_of_one_answer_are_crossed() -> None:
    import pyarrow as pa

    import surveytool as st

    data = {"a": ["x", "y", "x"], "b": ["u", "u", "v"], "y": [1.5, 2.5, 3.5]}
    survey = st.read(pa.table(data), kinds={"y": "number"})
    from surveytool.published_figures.crossed import CROSS

    both = CROSS.join(["a", "b"])
    assert _crossable(survey, both) and not _crossable(survey, "a")
    assert not _crossable(survey, CROSS.join(["a", "y"])) and not _crossable(survey, CROSS.join(["a", "zzz"]))
    assert _extended(survey, ["a", CROSS.join(["a", "y"])]) is survey
    assert both in _extended(survey, [both, "a"]).codebook


@pytest.mark.parametrize(("code", "values", "text"), [
    ("claim_cannot_ask", {"reason": "no such column"}, "It cannot be asked of these data: no such column"),
    ("claim_unless_several", {}, "That is possible only if several answers could be given."),
    ("claim_no_reading", {}, "No other reading that was tried gives the published figure."),
    ("claim_variable_missing", {}, "The claim names no variable."),
])  # fmt: skip
def test_sentences(code: str, values: dict[str, object], text: str) -> None:
    assert EN.say(note(code, **values)) == text


def test_figures_are_counts_unless_they_are_said_to_be_weighted() -> None:
    assert Known().weighted is False


@pytest.mark.parametrize(("n", "said"), [(1_000_000, True), (1_000_001, False)])
def test_of_more_than_a_million_no_count_is_sought(n: int, said: bool) -> None:
    """12.34567% of a million is no count, by a third of a respondent."""
    one = claim(published=0.1234567, decimals=5, n=n, variable="q", level="a")
    assert not possible(one, 1_000_000)
    assert bool(list(granularity([one], Known()))) is said
