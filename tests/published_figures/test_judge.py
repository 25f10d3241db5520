"""Claims against the shipped example: figures, comparisons, readings, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

import surveytool as st
from surveytool.published_figures import Claim, Comparison, Verdict, asker, check, verify
from surveytool.published_figures.claim_answers import Found
from surveytool.published_figures.claim_comparison import covariance
from surveytool.published_figures.claim_words import sentences
from surveytool.survey import Survey
from surveytool.tabulation import tabulate
from surveytool.text import words

PLAN = Claim(id="men-plan", variable="social_media", level="Yes", by={"sex": "Male"}, published=0.47)
Judge = Callable[..., Verdict]


@pytest.fixture(scope="module")
def survey(example: Path) -> Survey:
    return st.read(example / "transit.sav", design=st.Design(weights="weight"))


@pytest.fixture(scope="module")
def judge(survey: Survey) -> Judge:
    unweighted = partial(tabulate, replace(survey, design=st.Design()))

    def run(claim: Claim = PLAN, **changes: object) -> Verdict:
        return verify([replace(claim, **changes)], partial(tabulate, survey), unweighted)[0]  # type: ignore[arg-type]

    return run


def said(verdict: Verdict, language: str = "en") -> str:
    return sentences(verdict.explanation, words(language))


PUBLISHED = [
    Claim(id="smartphone", variable="smartphone_internet", level="Yes", published=0.64, n=531),
    PLAN,
    Claim(id="women-plan", variable="social_media", level="Yes", by={"sex": "Female"}, published=0.35),
    Claim(id="none", variable="tech_none", level="Yes", published=0.18),
    Claim(id="none-not", variable="tech_none", level="not Yes", published=0.82),
    Claim(id="n", variable="sex", stat="n", base="all", unit="number", published=531),
    Claim(id="age-most", variable="tech_none", level="No", by={"age_group": "26-35"},
          comparison=Comparison(highest_of="age_group", most=True)),
    Claim(id="age-least", variable="tech_none", level="No", by={"age_group": "46 and over"},
          comparison=Comparison(lowest_of="age_group")),
    Claim(id="men-more", variable="social_media", level="Yes", by={"sex": "Male"},
          comparison=Comparison(more_than={"sex": "Female"})),
    Claim(id="relatives", variable="phone_purpose", level="Talk to relatives",
          comparison=Comparison(highest_of="phone_purpose")),
    Claim(id="maps", variable="phone_purpose", level="GPS and maps",
          comparison=Comparison(more_than={"phone_purpose": "News about routes"},
                                less_than={"phone_purpose": "Talk to relatives"})),
    Claim(id="news", variable="phone_purpose", level="News about routes",
          comparison=Comparison(more_than={"phone_purpose": "Entertainment"})),
    Claim(id="men", variable="sex", level="Male", comparison=Comparison(most=True, about=0.6)),
]  # fmt: skip


@pytest.mark.parametrize("weights", ["weight", None])
def test_what_is_published_comes_out_weighted_and_unweighted(survey: Survey, weights: str | None) -> None:
    ask = partial(tabulate, replace(survey, design=st.Design(weights=weights)))
    verdicts = verify(PUBLISHED, ask)
    assert [each.claim.id for each in verdicts if each.verdict != "reproduced"] == []
    assert all(each.n for each in verdicts)


def test_consistent_and_not_reproduced_and_the_numbers_behind(judge: Judge) -> None:
    near, far = judge(published=0.46), judge(published=0.30)
    assert (near.verdict, far.verdict) == ("consistent", "not reproduced")
    assert near.ci_low is not None and near.ci_high is not None and near.ci_low < 0.46 < near.ci_high
    assert near.n == 324 and near.rounding is None
    assert said(near).startswith("47.0% does not round to 46%, but the interval holds it.")
    assert "47.0" in said(near, "es") and "47,0" in said(near, "fr")


def test_a_figure_beside_a_tie_is_shown_with_the_digits_that_tell(judge: Judge) -> None:
    estimate = judge().estimate or 0.0
    assert judge(published=round(estimate, 4), decimals=2).rounding == "half up"
    verdict = judge(published=round(estimate, 4) + 0.0001, decimals=2)
    assert verdict.verdict == "consistent" and "one off in the last digit" in said(verdict)


def test_a_mean_without_weights_is_recognised(judge: Judge, survey: Survey) -> None:
    mean = Claim(id="age", variable="age", stat="mean", unit="number", decimals=2, published=0.0)
    plain = tabulate(replace(survey, design=st.Design()), [st.Request(variable="age")]).estimates[0].rows[0]
    weighted = judge(mean).estimate or 0.0
    assert plain.estimate is not None and abs(plain.estimate - weighted) > 0.005
    assert judge(mean, published=round(weighted, 2)).verdict == "reproduced"
    assert "comes out unweighted (" in said(judge(mean, published=round(plain.estimate, 2)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"published": 0.53}, "as the complement"), ({"published": 0.42}, "for everybody instead of the group"),
     ({"published": 0.29}, "as a share of all respondents"), ({"published": 0.68}, "row percent"),
     ({"published": 0.35}, 'for the group "Female"'),
     ({"published": 0.36, "where": "age_group == '46 and over'", "by": {}}, None),
     ({"published": 0.42, "where": "age_group == '46 and over'", "by": {}}, "without the condition")],
)  # fmt: skip
def test_readings_that_give_the_published_figure(judge: Judge, changes: dict[str, object], reason: str | None) -> None:
    verdict = judge(**changes)
    assert verdict.verdict in ("consistent", "not reproduced")
    assert (reason or "No other reading") in said(verdict)


def test_swapped_digits_are_told(judge: Judge) -> None:
    assert "same digits in another order" in said(judge(published=0.74))


def test_a_share_of_all_is_a_share_of_the_crossed_question(survey: Survey) -> None:
    """The interval is that of a mean of 0 and 1 made by hand."""
    import pyarrow as pa

    frame = survey.frame
    labels = {
        name: {level.code: level.label for level in survey.codebook[name].levels} for name in ("sex", "social_media")
    }
    pairs = zip(*(frame[name].to_pylist() for name in ("sex", "social_media")), strict=True)
    both = [
        None if plan is None else float((labels["sex"].get(sex), labels["social_media"].get(plan)) == ("Male", "Yes"))
        for sex, plan in pairs
    ]
    made = st.read(frame.append_column("both", pa.array(both)), design=survey.design, kinds={"both": "number"})
    row = st.summarize(made, "both").rows[0]
    claim = replace(PLAN, percent_of="all", published=0.287, decimals=1)
    verdict = verify([claim], asker(survey, interval="wald"))[0]
    assert verdict.estimate == pytest.approx(row.estimate, abs=1e-12)
    assert (verdict.ci_low, verdict.ci_high) == pytest.approx((row.ci_low, row.ci_high), abs=1e-12)
    assert verdict.n == 531
    beside = verify([replace(claim, published=0.27, decimals=0)], asker(survey))[0]
    assert beside.verdict == "consistent"


def test_shares_of_all_have_their_own_reading(judge: Judge) -> None:
    verdict = judge(percent_of="all", published=0.287, decimals=1)
    assert verdict.verdict == "reproduced" and verdict.n == 531
    wrong = judge(percent_of="all")
    assert wrong.verdict == "not reproduced" and "as a share of the group (column percent)" in said(wrong)


@pytest.mark.parametrize(
    ("comparison", "verdict", "words_said"),
    [(Comparison(less_than={"sex": "Female"}), "not reproduced", "Male (47.0%) is not below Female (35.0%)."),
     (Comparison(lowest_of="sex"), "not reproduced", "Male (47.0%) is not the lowest: Female has 35.0%."),
     (Comparison(most=True), "consistent", "47.0% is not more than half."),
     (Comparison(about=0.5), "reproduced", "47.0% is within 3.0% of 50.0%."),
     (Comparison(about=2 / 3), "not reproduced", "47.0% is not within 3.0% of 66.7%."),
     (Comparison(more_than={}), "reproduced", "Male (47.0%) is above Total (42.3%)."),
     (Comparison(highest_of="age_group"), "cannot", "names no group of age_group")],
)  # fmt: skip
def test_comparisons(judge: Judge, comparison: Comparison, verdict: str, words_said: str) -> None:
    found = judge(published=None, comparison=comparison)
    assert (found.verdict, words_said in said(found)) == (verdict, True), said(found)


def test_a_group_and_its_whole_vary_together(survey: Survey, judge: Judge) -> None:
    """Men against everybody is as certain as men against women; the error of the difference as by linearisation."""
    found = judge(published=None, comparison=Comparison(more_than={}))
    assert "within sampling error" not in said(found)
    frame = survey.frame.to_pandas()
    yes, male, w = frame["social_media"] == 1, frame["sex"] == 1, frame["weight"]
    men, all_ = (w * yes * male).sum() / (w * male).sum(), (w * yes).sum() / w.sum()
    pull = w * male * (yes - men) / (w * male).sum() - w * (yes - all_) / w.sum()
    exact = (((pull - pull.mean()) ** 2).sum() * len(pull) / (len(pull) - 1)) ** 0.5
    rows = st.summarize(survey, "social_media", by="sex").rows
    one, other = (
        Found(estimate=row.estimate or 0.0, se=row.se, df=row.df, group=tuple(row.by.items()), size=row.n_weighted)
        for row in (next(r for r in rows if r.level == "Yes" and dict(r.by) == by) for by in ({"sex": "Male"}, {}))
    )
    together = covariance(one, other, answers=False)
    assert together is not None and one.se is not None and other.se is not None
    assert (one.se**2 + other.se**2 - 2 * together) ** 0.5 == pytest.approx(exact, rel=0.05)
    assert covariance(other, one, answers=False) == together


@pytest.mark.parametrize(("changes", "shared"), [
    ({"by": {"sex": "Male"}, "comparison": Comparison(more_than={"sex": "Female"})}, False),
    ({"by": {"sex": "Male"}, "comparison": Comparison(more_than={})}, False),
    ({"by": {"sex": "Male"}, "comparison": Comparison(more_than={"age_group": "46 and over"})}, True),
    ({"by": {"platforms": "TikTok"}, "comparison": Comparison(highest_of="platforms")}, True),
    ({"variable": "platforms", "level": "TikTok", "by": {}, "comparison": Comparison(highest_of="platforms")}, True),
    ({"variable": "age_group", "level": "26-35", "by": {}, "comparison": Comparison(highest_of="age_group")}, False),
])  # fmt: skip
def test_it_is_said_where_the_same_respondents_are_on_both_sides(
    judge: Judge, changes: dict[str, object], shared: bool
) -> None:
    found = judge(published=None, **changes)
    for language, words_said in (("en", "on both sides"), ("es", "en ambos lados"), ("fr", "des deux côtés")):
        assert (words_said in said(found, language)) == shared, said(found)


def test_a_figure_and_a_comparison_must_both_hold(judge: Judge) -> None:
    assert judge(comparison=Comparison(more_than={"sex": "Female"})).verdict == "reproduced"
    assert judge(comparison=Comparison(less_than={"sex": "Female"})).verdict == "not reproduced"
    assert judge(published=0.3, comparison=Comparison(more_than={"sex": "Female"})).verdict == "not reproduced"


def test_an_ambiguous_claim_never_passes_bare(judge: Judge) -> None:
    verdict = judge(ambiguous=True)
    assert verdict.verdict == "reproduced" and not verdict.plain
    assert said(verdict).startswith("Only under this reading: a share of Male, respondents with an answer.")


def test_claims_that_contradict_each_other_never_pass_bare(survey: Survey) -> None:
    claims: Sequence[Claim] = [
        PLAN,
        replace(PLAN, id="women", by={"sex": "Female"}, published=0.35),
        Claim(id="none", variable="social_media", level="No", published=0.18),
    ]
    findings = check(claims, weighted=True, book=survey.codebook)
    assert [each.weight for each in findings] == ["contradiction"]
    men, women, none = verify(claims, partial(tabulate, survey), findings=findings)
    assert (men.verdict, women.verdict, none.verdict) == ("reproduced", "reproduced", "not reproduced")
    assert all(said(each).startswith("Only under this reading") for each in (men, women))


def test_another_base_is_told_and_does_not_decide(judge: Judge) -> None:
    verdict = judge(n=320)
    assert verdict.verdict == "reproduced" and "The published base is 320; here it is 324." in said(verdict)


@pytest.mark.parametrize(
    ("changes", "words_said"),
    [({"variable": None}, "names no variable"), ({"level": None}, "names no answer of social_media; it has Yes and No"),
     ({"published": None}, "neither a published figure nor a comparison"),
     ({"by": {"sex": "Men"}}, 'sex has no group "Men"'), ({"stat": "mode"}, "no statistic"),
     ({"where": "age > 200"}, "no respondent fulfils the condition")],
)  # fmt: skip
def test_what_cannot_be_asked_says_why(judge: Judge, changes: dict[str, object], words_said: str) -> None:
    verdict = judge(**changes)
    assert (verdict.verdict, verdict.estimate) == ("cannot", None)
    assert words_said in said(verdict)


def test_labels_in_another_dress_and_codes_are_found(judge: Judge) -> None:
    assert judge(level="yes", by={"sex": "male"}).verdict == "reproduced"
    assert judge(level="1").verdict == "reproduced"


NAMES = ["sex", "age", "social_media", "platforms", "phone_purpose", "resp_id", "route_1", "weight", "nosuch"]
CLAIMS = strategies.builds(
    Claim,
    id=strategies.just("x"),
    variable=strategies.sampled_from([*NAMES, None]),
    level=strategies.sampled_from([None, "Yes", "yes", "not Yes", "1", "Male", "WhatsApp", ""]),
    by=strategies.dictionaries(
        strategies.sampled_from(NAMES), strategies.sampled_from(["Male", "26-35", ""]), max_size=2
    ),
    where=strategies.sampled_from([None, "sex == 'Male'", "age >", "age < 0", "nosuch == 1"]),
    base=strategies.sampled_from(["asked", "answered", "all"]),
    stat=strategies.sampled_from([None, "proportion", "mean", "total", "ratio:age", "ratio:nosuch", "n", "median"]),
    unit=strategies.sampled_from(["percent", "number"]),
    published=strategies.sampled_from([None, 0.47, 0.0, 1.0, 0.42]),
    percent_of=strategies.sampled_from(["column", "all"]),
    comparison=strategies.none()
    | strategies.builds(
        Comparison,
        more_than=strategies.sampled_from([None, {}, {"sex": "Female"}, {"platforms": "Facebook"}, {"nosuch": "x"}]),
        highest_of=strategies.sampled_from([None, "sex", "platforms", "age_group", "nosuch"]),
        about=strategies.sampled_from([None, 0.5]),
    ),
)


@pytest.fixture(scope="module")
def judge_all(survey: Survey) -> Callable[[list[Claim]], list[Verdict]]:
    plain = asker(replace(survey, design=st.Design()))

    def run(claims: list[Claim]) -> list[Verdict]:
        return verify(claims, asker(survey), plain, check(claims, book=survey.codebook))

    return run


@settings(max_examples=60, deadline=None)
@given(strategies.lists(CLAIMS, min_size=1, max_size=5))
def test_any_claim_gets_a_verdict_and_words(
    judge_all: Callable[[list[Claim]], list[Verdict]], claims: list[Claim]
) -> None:
    named = [replace(each, id=str(place)) for place, each in enumerate(claims)]
    verdicts = judge_all(named)
    assert [each.claim for each in verdicts] == named
    for verdict in verdicts:
        assert said(verdict) and "claim_" not in said(verdict)
        assert (verdict.estimate is None) == (verdict.verdict == "cannot")


def test_a_share_of_a_scale_s_labelled_end_is_judged(tmp_path: Path) -> None:
    """Five points with labelled ends are a number; a claim about an end, or a point, is a share all the same."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"agree": [1.0, 1, 2, 2, 3, 3, 3, 4, 5, 5]})
    labels = {"agree": {1: "Disagree", 5: "Agree"}}
    path, measure = str(tmp_path / "scale.sav"), {"agree": "scale"}
    pyreadstat.write_sav(frame, path, variable_value_labels=labels, variable_measure=measure)
    survey = st.read(tmp_path / "scale.sav")
    assert survey.codebook["agree"].kind == "number"
    claim = Claim(id="a", variable="agree", level="Agree", published=0.2)
    claims = [claim, replace(claim, id="b", level="3", published=0.3), replace(claim, id="c", level="Nobody")]
    verdicts = verify(claims, partial(tabulate, survey), None)
    assert [each.verdict for each in verdicts] == ["reproduced", "reproduced", "cannot"]
