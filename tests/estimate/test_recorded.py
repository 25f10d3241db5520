"""Rows and tests of every statistic, interval and design on invented respondents, to eight digits.

R, definitions and laws prove these numbers elsewhere; here nothing of them moves unseen.
"""

from __future__ import annotations

from typing import Any

import pytest
from aggregate.respondents import DESIGNS, REQUESTS, people
from recorded import plain, rows_text, same

import surveytool as st
from surveytool.errors import SurveytoolError
from surveytool.estimate.group_tests import Comparison
from surveytool.survey import Request
from surveytool.tabulation import compare, tabulate

TABLE = people(600, seed=11)
BY = (("sex",),)


def survey(design: str, **more: Any) -> st.Survey:
    from dataclasses import replace

    return st.read(TABLE, design=replace(DESIGNS[design], **more))


@pytest.mark.parametrize("design", DESIGNS)
def test_rows_of_every_request(design: str) -> None:
    same("estimate", f"rows-{design.replace(' ', '-')}.txt", rows_text(tabulate(survey(design), REQUESTS).estimates))


@pytest.mark.parametrize("ci", ["auto", "logit", "wilson", "beta", "nchs", "likelihood", "arcsine", "wald"])
def test_rows_under_every_interval(ci: str) -> None:
    asked = [
        Request(variable=name, by=BY, interval=ci, level=level, where=where)
        for name, level, where in (("work", 0.95, None), ("media", 0.9, None), ("age_group", 0.99, "work == 'formal'"))
    ]
    made = [
        rows_text(tabulate(survey(design), asked).estimates) for design in ("weights", "strata and psu", "replicates")
    ]
    same("estimate", f"interval-{ci}.txt", "\n".join(made))


@pytest.mark.parametrize("rule", ["math", "school", "hf3", "hf4", "hf7", "hf8", "hf9"])
def test_quantiles_under_every_rule(rule: str) -> None:
    asked = [
        Request(variable=name, by=BY, statistic=share, quantile_rule=rule, interval=ci)
        for name in ("age", "income")
        for share in ("p10", "median")
        for ci in ("wald", "logit", "beta", "arcsine")
    ]
    same("estimate", f"quantiles-{rule}.txt", rows_text(tabulate(survey("strata and psu"), asked).estimates))


@pytest.mark.parametrize("policy", ["fail", "remove", "certainty", "adjust", "average"])
def test_a_stratum_with_one_psu(policy: Any) -> None:
    made = []
    for where in ("psu != 3 and psu != 9 and psu != 15", "psu < 7", None):
        frame = (
            TABLE.filter((TABLE["psu"].to_numpy() % 6 != 2) | (TABLE["psu"].to_numpy() < 6)) if where is None else TABLE
        )
        held = st.read(frame, design=st.Design(weights="w", strata="stratum", psu=("psu",), lonely_psu=policy))
        for asked in (
            Request(variable="work", by=BY, where=where),
            Request(variable="age", statistic="mean", where=where),
        ):
            try:
                results = tabulate(held, [asked])
                made.append(rows_text(results.estimates) + plain(results.notes))
            except SurveytoolError as error:
                made.append(str(error))
    same("estimate", f"lonely-{policy}.txt", "\n".join(made))


@pytest.mark.parametrize("design", ["srs", "weights", "strata and psu", "fpc", "replicates"])
def test_tests_between_groups(design: str) -> None:
    asked = [
        Request(variable="work", by=(("sex",), ("age_group",))),
        Request(variable="age", statistic="mean", by=(("age_group",),)),
        Request(variable="media", by=BY),
        Request(variable="income", statistic="mean", by=BY, where="age > 40"),
    ]
    made = []
    for adjust in ("holm", "bonferroni", "none"):
        results = compare(
            survey(design), asked if adjust == "holm" else asked[:2], Comparison(tests=None, adjust=adjust)
        )
        made += [plain(test, 8) for test in results.tests]
    for names in (("rank",), ("t",), ("wald",), ("trend",)):
        for request in asked[:2]:
            try:
                made += [plain(test, 8) for test in compare(survey(design), [request], Comparison(tests=names)).tests]  # type: ignore[arg-type]
            except SurveytoolError as error:
                made.append(str(error))
    same("estimate", f"tests-{design.replace(' ', '-')}.txt", "\n".join(made))


REFUSED = (
    Request(variable="work", statistic="mean"),
    Request(variable="age", statistic="meen"),
    Request(variable="age", statistic="ratio"),
    Request(variable="media", statistic="mean"),
    Request(variable="age", statistic="p0"),
    Request(variable="age", statistic="p100"),
    Request(variable="work", interval="wilsn"),
    Request(variable="age", statistic="median", interval="nchs"),
    Request(variable="age", statistic="median", quantile_rule="hf77"),
    Request(variable="work", by=(("income",),)),
    Request(variable="work", by=(("media",),)),
    Request(variable="work", where="sexx == 'F'"),
    Request(variable="work", where="sex == 'X'"),
    Request(variable="work", where="sex == "),
    Request(variable="work", where="age > 200"),
    Request(variable="nothing"),
    Request(variable="age", statistic="ratio:nothing"),
)


def test_what_is_refused() -> None:
    told = []
    for request in REFUSED:
        try:
            told.append(f"{plain(request)}: {rows_text(tabulate(survey('weights'), [request]).estimates)}")
        except SurveytoolError as error:
            told.append(f"{plain(request)}: {type(error).__name__} {error}")
    same("estimate", "refused.txt", "\n".join(told))
