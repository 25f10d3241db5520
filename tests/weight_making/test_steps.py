"""A study's steps: what each does, that every replicate goes through all of them, and what stops them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv
import pytest

import surveytool as st
from surveytool.errors import SurveytoolError, UnusableDesign, UsageError
from surveytool.weight_making.made_weights import made_weights
from surveytool.weighting.weighting_plan import WeightingStep, WeightsPlan

_spec = util.spec_from_file_location("people_of_weights", Path(__file__).with_name("people.py"))
assert _spec is not None and _spec.loader is not None
people = util.module_from_spec(_spec)
_spec.loader.exec_module(people)


def plan_of(text: str = people.STEPS, **more: Any) -> WeightsPlan:
    import tomllib

    given = tomllib.loads(text)["weights"]["steps"]
    return WeightsPlan(base="w0", name="w", steps=tuple(WeightingStep(**each) for each in given), **more)


def survey_of(table: Any = None, **design: Any) -> st.Survey:
    given = {"weights": "w0", "strata": "stratum", "psu": ("psu",), **design}
    return st.read(people.sample() if table is None else table, design=st.Design(**given))


def made(plan: WeightsPlan | None = None, survey: st.Survey | None = None) -> Any:
    return made_weights(survey or survey_of(), plan or plan_of(), Path())


def test_each_step_does_what_it_says() -> None:
    table = people.sample()
    result = made()
    base, eligible, responding, met, cut = result.weighted.after
    here = np.array(table["status"]) == "here"
    done = here & (np.array(table["result"]) == "done")
    np.testing.assert_array_equal(eligible > 0, here)
    np.testing.assert_array_equal(responding > 0, done)
    age, sex = np.array(table["age"]), np.array(table["sex"])
    for group in np.unique(age):
        assert responding[age == group].sum() == pytest.approx(eligible[age == group].sum(), rel=1e-12)
    for weights in (met, cut):
        assert weights[sex == "female"].sum() / weights.sum() == pytest.approx(0.52, abs=1e-9)
        assert weights[age == "50+"].sum() / weights.sum() == pytest.approx(0.3, abs=1e-9)
    used = cut[cut > 0]
    assert met.max() > 1.9 * met[met > 0].mean(), "there was something to trim"
    assert used.max() <= 1.9 * used.mean() * (1 + 1e-7) and used.min() >= 0.3 * used.mean() * (1 - 1e-7)
    assert [step.kind for step in result.steps] == ["base", "eligibility", "nonresponse", "calibrate", "trim"]
    assert result.steps[-1].effective_n == pytest.approx(used.sum() ** 2 / (used**2).sum())
    assert base.sum() == pytest.approx(np.array(table["w0"]).sum())


def test_every_replicate_goes_through_every_step() -> None:
    """A replicate taken for the main weight comes out of the steps as it came out as a replicate."""
    result = made(plan_of(replicates="bootstrap:8", seed=5))
    from surveytool.weighting.first_stage import drawn_replicates
    from surveytool.weighting.workflow import grouping_of

    run = grouping_of(survey_of(), plan_of())
    drawn = drawn_replicates(run, plan_of(replicates="bootstrap:8", seed=5).replicated(), "w")
    for column in (0, 3, 7):
        table = people.sample()
        place = table.schema.get_field_index("w0")
        own = table.set_column(place, "w0", pyarrow.array(drawn.matrix[:, column]))
        alone = made(plan_of(), survey_of(own))
        np.testing.assert_allclose(result.weighted.replicates[:, column], alone.weighted.weights, rtol=1e-6, atol=1e-9)


def test_scaled_weights_and_shuffled_rows_change_nothing() -> None:
    table = people.sample()
    first = made().weighted.weights
    place = table.schema.get_field_index("w0")
    scaled = table.set_column(place, "w0", pyarrow.compute.multiply(table["w0"], 7.0))
    np.testing.assert_allclose(made(survey=survey_of(scaled)).weighted.weights, 7 * first, rtol=1e-6)
    order = np.random.default_rng(1).permutation(table.num_rows)
    shuffled = made(survey=survey_of(table.take(order))).weighted.weights
    np.testing.assert_allclose(shuffled, first[order], rtol=1e-6, atol=1e-9)


def test_the_order_of_steps_matters_and_is_kept() -> None:
    plan = plan_of()
    turned = replace(plan, steps=(plan.steps[0], plan.steps[2], plan.steps[1]))
    result = made(turned)
    assert [step.kind for step in result.steps] == ["base", "eligibility", "calibrate", "nonresponse"]
    assert result.steps[-1].n == made().steps[-1].n
    sex = np.array(people.sample()["sex"])
    weights = result.weighted.weights
    assert weights[sex == "female"].sum() / weights.sum() != pytest.approx(0.52, abs=1e-6)


def test_a_table_of_the_result_knows_the_replicates() -> None:
    result = made(plan_of(replicates="bootstrap:40"))
    rows = st.summarize(result.survey, "works", by="sex").rows
    weights, replicates = result.weighted.weights, result.weighted.replicates
    yes = np.array(people.sample()["works"]) == "yes"
    shares = replicates[yes].sum(axis=0) / replicates.sum(axis=0)
    total = next(row for row in rows if row.level == "yes" and not row.by)
    assert total.estimate == pytest.approx(weights[yes].sum() / weights.sum())
    assert total.se == pytest.approx(np.sqrt(((shares - shares.mean()) ** 2).sum() / 39))
    sex = next(row for row in st.summarize(result.survey, "sex").rows if row.level == "female")
    assert sex.estimate == pytest.approx(0.52) and sex.se == pytest.approx(0, abs=1e-7)


def test_the_dearest_margin_is_the_one_that_costs_most() -> None:
    costs = dict(made().weighted.costs)
    alone = '[[weights.steps]]\nkind = "calibrate"\nmargins = {MARGIN}\n'
    head, tail = people.STEPS.split('[[weights.steps]]\nkind = "calibrate"')[0], ""
    age = '{age = {"18-29" = 0.35, "30-49" = 0.35, "50+" = 0.3}}'
    only = made(plan_of(head + alone.replace("{MARGIN}", age) + tail))
    assert costs["sex"] == pytest.approx(made().steps[3].deff - only.steps[-1].deff, rel=1e-6)
    assert list(costs.values()) == sorted(costs.values(), reverse=True)


def test_balance_tells_of_what_was_not_calibrated_too() -> None:
    table, rows = people.sample(), made(plan_of(compare=("works",))).balance
    works = next(row for row in rows if row.variable == "works" and row.level == "yes")
    here, done = np.array(table["status"]) == "here", np.array(table["result"]) == "done"
    w0, yes = np.array(table["w0"]), np.array(table["works"]) == "yes"
    target = w0[here & yes].sum() / w0[here].sum()
    before = w0[here & done & yes].sum() / w0[here & done].sum()
    assert works.against == "sample" and works.target == pytest.approx(target) and works.before == pytest.approx(before)
    assert works.before_difference == pytest.approx((before - target) / np.sqrt(target * (1 - target)))
    assert all(abs(row.after_difference) < 1e-8 for row in rows if row.against == "margin")


@pytest.mark.parametrize(("steps", "words"), [
    ('kind = "trim"\nwhere = "x"', "belongs to a step of the kind eligibility"),
    ('kind = "trim"', "needs a limit"),
    ('kind = "calibrate"', "margins from one place"),
    ('kind = "calibrate"\nmargins = ["sex"]', "margins from one place"),
    ('kind = "nonresponse"\ncells = ["age"]', "says who answered"),
    ('kind = "nonresponse"\nrespondent = "a == 1"', "has cells, or a propensity"),
    ('kind = "nonresponse"\nrespondent = "a == 1"\ncells = ["a"]\nclasses = 5', "classes are of a propensity"),
    ('kind = "eligibility"', "says who is of the population"),
    ('kind = "rake"', "not known"),
    ('kind = "calibrate"\nmargins = {sex = {male = 0.5, female = 0.6}}', "sum to 1.1"),
])  # fmt: skip
def test_a_step_that_cannot_be_meant_is_refused(steps: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        plan_of(f"[[weights.steps]]\n{steps}")
    assert words in str(refused.value)


@pytest.mark.parametrize(("steps", "words"), [
    ('kind = "calibrate"\nmargins = {sex = {male = 0.5, other = 0.5}}', "has no group 'other'"),
    ('kind = "calibrate"\nmargins = {sex = {female = 6, male = 4}, age = {"18-29" = 5, "30-49" = 3, "50+" = 3}}',
     "different populations"),
    ('kind = "calibrate"\nmethod = "linear"\nbounds = [0.99, 1.01]\nmargins = {sex = {male = 0.9, female = 0.1}}',
     "no weights meet the margins within the bounds"),
    ('kind = "nonresponse"\nrespondent = "status == \'gone\'"\ncells = ["age"]', "no answer 'gone'"),
    ('kind = "nonresponse"\nrespondent = "age == \'50+\'"\ncells = ["age"]', "2 cells of the non-response step"),
    ('kind = "nonresponse"\nrespondent = "age == \'50+\'"\npropensity = ["age"]', "no propensities"),
])  # fmt: skip
def test_a_step_that_the_data_do_not_allow_stops_with_its_number(steps: str, words: str) -> None:
    with pytest.raises(SurveytoolError) as refused:
        made(plan_of(f"[[weights.steps]]\n{steps}"))
    assert words in str(refused.value) and "\n" not in str(refused.value)
    assert "[[weights.steps]] 1" in str(refused.value)


def test_limits_that_the_margins_do_not_allow_name_the_margin_farthest_off() -> None:
    steps = people.STEPS.replace("high = 1.9", "high = 1.02").replace("low = 0.3", "low = 0.99")
    with pytest.raises(UsageError, match=r"trimmed alone they miss 5 groups, (age|sex) = .* by \d"):
        made(plan_of(steps))


def test_replicates_need_units() -> None:
    table = people.sample()
    single = np.array(table["stratum"]).astype(object)
    single[np.array(table["psu"]) == "p0"] = "alone"
    place = table.schema.get_field_index("stratum")
    odd = table.set_column(place, "stratum", pyarrow.array(single))
    with pytest.raises(UnusableDesign, match="have one PSU \\(alone\\)"):
        made(plan_of(replicates="jkn"), survey_of(odd))
    result = made(plan_of(replicates="jkn"), survey_of(odd, lonely_psu="certainty"))
    assert result.weighted.replicates.shape[1] == 23


@pytest.fixture
def study(tmp_path: Path) -> Path:
    pyarrow.csv.write_csv(people.sample(), tmp_path / "people.csv")
    (tmp_path / "study.toml").write_text(people.HEAD + 'replicates = "bootstrap:20"\n' + people.STEPS, "utf-8")
    return tmp_path / "study.toml"


def test_the_command_writes_the_file_and_the_page(study: Path, run: Callable[..., Any]) -> None:
    out, page, record = (study.parent / name for name in ("out.csv", "page.html", "page.json"))
    done = run("weight", str(study), "-o", str(out), "--report", str(page))
    assert done.status == 0 and done.out == ""
    assert "20 replicates went through all 4 steps" in done.err and "svrepdesign(" in done.err and "svyset" in done.err
    html = page.read_text("utf-8")
    assert html.count("<svg") == 1 and "Trimming" in html and "works" in html and "<script" not in html
    assert run("weight", str(study), "--report", str(record)).status == 0
    told = json.loads(record.read_text("utf-8"))
    assert [step["kind"] for step in told["steps"]][1:] == ["eligibility", "nonresponse", "calibrate", "trim"]
    result = st.weight(study)
    assert told["steps"][-1]["deff"] == pytest.approx(result.steps[-1].deff)
    options = next(line for line in done.err.splitlines() if "--replicate-weights" in line).removeprefix("note: ")
    asked = [part.strip("'") for part in options.split()]
    table = run("summarize", str(out), "works", *asked, "--format", "json").json
    direct = {row.level: row for row in st.summarize(result.survey, "works").rows}
    for row in table["rows"]:
        assert row["se"] == pytest.approx(direct[row["level"]].se, rel=1e-9)
    assert run("weight", str(study), "-o", str(out)).status == 2, "never over a file"
    assert run("weight", str(study), "--report", str(study.parent / "page.pdf")).status == 2


def test_small_groups_of_a_protected_study_stay_off_the_page(study: Path) -> None:
    study.write_text(study.read_text("utf-8") + "[protect]\nactive = true\ncell = 200\nbase = 200\n", "utf-8")
    result = st.weight(study)
    assert not any(row.variable == "age" for row in result.balance)
    assert result.survey.gate is not None


def test_the_study_says_its_mistakes_with_their_line(study: Path, run: Callable[..., Any]) -> None:
    study.write_text(study.read_text("utf-8").replace('cells = ["age"]', 'cels = ["age"]'), "utf-8")
    done = run("weight", str(study))
    assert done.status == 2 and "cels" in done.err and "cells" in done.err


def test_conditions_of_steps_are_read_with_the_study(study: Path, run: Callable[..., Any]) -> None:
    study.write_text(study.read_text("utf-8").replace("status == 'here'", "status = here"), "utf-8")
    done = run("check", str(study))
    assert "where" in done.out + done.err and "line" in done.out + done.err


def test_a_study_is_a_source_of_margins(study: Path, tmp_path: Path) -> None:
    """Its own design counts: the same as the file with the design named."""
    other = tmp_path / "reference.toml"
    other.write_text(
        '[data]\npath = "people.csv"\n[design]\nweights = "w0"\nstrata = "stratum"\npsu = ["psu"]\n', "utf-8"
    )
    asked = {"replicates": "bootstrap:20", "name": "v"}
    whole = st.weight(survey_of(), ["sex", "age"], margins_from=other, **asked)
    named = st.weight(
        survey_of(), ["sex", "age"], margins_from=study.parent / "people.csv", reference_weights="w0",
        reference_strata="stratum", reference_psu="psu", **asked,
    )  # fmt: skip
    np.testing.assert_allclose(whole.weighted.replicates, named.weighted.replicates, rtol=1e-9)
    np.testing.assert_allclose(whole.weighted.weights, np.array(people.sample()["w0"]), rtol=1e-8)
    with pytest.raises(UsageError, match="reference survey has 24 replicates, and there are 20"):
        st.weight(survey_of(), ["sex"], margins_from=other, reference_method="opsomer", **asked)
