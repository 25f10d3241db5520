"""Reliability schemes at each of their thresholds: on one side and on the other."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from surveytool.aggregate.cells import BaseCount
from surveytool.disclosure_control.quality import assess
from surveytool.disclosure_control.reliability_measures import measures
from surveytool.disclosure_control.reliability_scheme import SCHEMES, scheme
from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.survey import Design, Provenance, Request
from surveytool.text import LANGUAGES, words

GOOD = {
    "n": 500.0, "count": 200.0, "others": 300.0, "df": 60.0, "cv": 0.05, "cv_percent": 5.0, "deff": 1.2,
    "n_effective": 400.0, "width": 0.04, "relative": 0.1, "relative_complement": 0.1, "cv_log": 0.05,
    "se_limit": 0.5, "at_bounds": 0.0, "estimate": 0.4, "count_width": 0.4, "share": 1.0,
}  # fmt: skip
NUMBER = {"share": 0.0, "estimate": 12.0}
# scheme, statistic, changes that just pass, changes that just fail, the flag
EDGES = [
    ("nchs", "proportion", {"n_effective": 30.0}, {"n_effective": 29.999}, "nchs_suppress"),
    ("nchs", "proportion", {"width": 0.2999, "relative": 1.3}, {"width": 0.30, "relative": 1.0}, "nchs_suppress"),
    ("nchs", "proportion", {"width": 0.06, "relative": 1.30}, {"width": 0.06, "relative": 1.3001}, "nchs_suppress"),
    ("nchs", "proportion", {"width": 0.05, "relative": 2.0}, {"width": 0.0501, "relative": 2.0}, "nchs_suppress"),
    ("nchs", "proportion", {"df": 8.0}, {"df": 7.0}, "nchs_df"),
    ("nchs", "proportion", {"at_bounds": 0.0}, {"at_bounds": 1.0}, "nchs_bounds"),
    ("nchs", "proportion", {"width": 0.06, "relative_complement": 1.30},
     {"width": 0.06, "relative_complement": 1.3001}, "nchs_complement"),
    ("nchs-counts", "total", {"count": 10.0}, {"count": 9.0}, "nchs_counts_suppress"),
    ("nchs-counts", "total", {"n_effective": 10.0}, {"n_effective": 9.99}, "nchs_counts_suppress"),
    ("nchs-counts", "total", {"count_width": 1.60}, {"count_width": 1.6001}, "nchs_counts_suppress"),
    ("nchs-counts", "total", {"df": 8.0}, {"df": 7.9}, "nchs_counts_df"),
    ("cepal-2020", "proportion", {"n": 100.0}, {"n": 99.0}, "cepal_2020_suppress"),
    ("cepal-2020", "proportion", {"n_effective": 140.0}, {"n_effective": 139.9}, "cepal_2020_suppress"),
    ("cepal-2020", "proportion", {"count": 50.0}, {"count": 49.0}, "cepal_2020_suppress"),
    ("cepal-2020", "proportion", {"cv_log": 0.175}, {"cv_log": 0.1751}, "cepal_2020_suppress"),
    ("cepal-2020", "proportion", {"df": 9.0}, {"df": 8.0}, "cepal_2020_review"),
    ("cepal-2020", "mean", NUMBER | {"cv": 0.1999}, NUMBER | {"cv": 0.20}, "cepal_2020_review"),
    ("cepal-2023", "proportion", {"deff": 1.0}, {"deff": 0.99}, "cepal_2023_unreliable"),
    ("cepal-2023", "proportion", {"n_effective": 60.0}, {"n_effective": 59.9}, "cepal_2023_unreliable"),
    ("cepal-2023", "proportion", {"df": 9.0}, {"df": 8.0}, "cepal_2023_unreliable"),
    ("cepal-2023", "proportion", {"cv_log": 0.175}, {"cv_log": 0.1751}, "cepal_2023_unreliable"),
    ("cepal-2023", "proportion", {"estimate": 0.5, "cv_log": 0.175}, {"estimate": 0.5, "cv_log": 0.1751},
     "cepal_2023_weak"),
    ("cepal-2023", "proportion", {"count": 50.0}, {"count": 49.0}, "cepal_2023_weak"),
    ("cepal-2023", "proportion", {"count": 50.0}, {"count": 29.0}, "cepal_2023_unreliable"),
    ("cepal-2023", "mean", NUMBER | {"cv": 0.20}, NUMBER | {"cv": 0.2001}, "cepal_2023_weak"),
    ("cepal-2023", "mean", NUMBER | {"cv": 0.20}, NUMBER | {"cv": 0.3001}, "cepal_2023_unreliable"),
    ("ine-chile", "proportion", {"n": 60.0}, {"n": 59.0}, "ine_chile_unreliable"),
    ("ine-chile", "proportion", {"df": 9.0}, {"df": 8.0}, "ine_chile_unreliable"),
    ("ine-chile", "proportion", {"se_limit": 1.0}, {"se_limit": 1.0001}, "ine_chile_weak"),
    ("ine-chile", "mean", NUMBER | {"cv": 0.15}, NUMBER | {"cv": 0.1501}, "ine_chile_weak"),
    ("ine-chile", "mean", NUMBER | {"cv": 0.15}, NUMBER | {"cv": 0.3001}, "ine_chile_unreliable"),
    ("statcan", "mean", NUMBER | {"cv_percent": 16.5}, NUMBER | {"cv_percent": 16.6}, "statcan_e"),
    ("statcan", "total", NUMBER | {"cv_percent": 16.5}, NUMBER | {"cv_percent": 33.3}, "statcan_e"),
    ("statcan", "total", NUMBER | {"cv_percent": 16.5}, NUMBER | {"cv_percent": 33.4}, "statcan_f"),
    ("min-n", "proportion", {"n": 30.0}, {"n": 29.0}, "min_n_few"),
    ("min-n:50", "mean", NUMBER | {"n": 50.0}, NUMBER | {"n": 49.0}, "min_n_few"),
    ("min-n:100", "total", NUMBER | {"n": 100.0}, NUMBER | {"n": 99.0}, "min_n_few"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "statistic", "passes", "fails", "flag"), EDGES)
def test_each_threshold(name: str, statistic: str, passes: dict, fails: dict, flag: str) -> None:
    assert scheme(name).judge(statistic, GOOD | passes) is None
    found = scheme(name).judge(statistic, GOOD | fails)
    assert found is not None and found.flag == flag


def test_every_rule_has_an_edge() -> None:
    tested = {(name.partition(":")[0], flag) for name, *_, flag in EDGES}
    for name in SCHEMES[1:]:
        assert {(name, rule.flag) for rule in scheme(name).rules} <= tested
        assert scheme(name).source


def test_every_flag_has_words_and_a_symbol_in_each_language() -> None:
    flags = {rule.flag for name in SCHEMES[1:] for rule in scheme(name).rules}
    for language in LANGUAGES:
        terms = words(language).terms
        assert all(f"flag_{flag}" in terms and f"symbol_{flag}" in terms for flag in flags)
        own = {flag: terms[f"flag_{flag}"] for flag in flags}
        assert language == "en" or all(own[flag] != words("en").terms[f"flag_{flag}"] for flag in flags)


def test_none_judges_nothing_and_others_only_their_statistics() -> None:
    assert scheme("none").judge("proportion", GOOD | {"n_effective": 1.0}) is None
    assert scheme("nchs").judge("mean", GOOD | {"n_effective": 1.0}) is None
    assert scheme("nchs-counts").judge("proportion", GOOD | {"count": 1.0}) is None


def test_a_measure_that_a_figure_lacks_fails_no_rule() -> None:
    assert scheme("statcan").judge("mean", {"cv_percent": None}) is None


@pytest.mark.parametrize("name", ["nhcs", "min-n:x", "min-n:0", "nchs:30"])
def test_unknown_schemes_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="--quality"):
        scheme(name)


def share(p: float, se: float, n: int, count: int, **more: object) -> Row:
    row = Row(
        table="q", variable="q", level="yes", level_code="yes", estimate=p, se=se,
        ci_low=p - 2 * se, ci_high=p + 2 * se, df=60.0, deff=1.0,
        cv=se / p if p else None, count=count, n=n, n_weighted=float(n),
    )  # fmt: skip
    return replace(row, **more)


def table(*rows: Row, statistic: str = "proportion") -> Estimates:
    return Estimates(
        id="q", request=Request(variable="q"), label="Q", statistic=statistic, ci_method="logit", rows=rows,
        base=BaseCount(rows=1000, domain=1000, base=1000), levels=("yes",), codes=("yes",),
    )  # fmt: skip


def test_measures_are_those_of_their_sources() -> None:
    row = share(0.2, 0.02, 400, 80)
    found = measures(row, table(row))
    assert found["n_effective"] == pytest.approx(0.2 * 0.8 / 0.02**2)
    assert found["cv_log"] == pytest.approx(0.02 / 0.2 / -math.log(0.2))
    assert found["se_limit"] == pytest.approx(0.02 / (0.2 ** (2 / 3) / 9))
    assert found["cv_percent"] == 10.0 and found["share"] == 1.0 and found["others"] == 320.0
    # Clopper-Pearson on 80 of 400 (df correction is near 1): about 0.16 to 0.24
    assert 0.07 < found["width"] < 0.09
    assert found["relative"] == pytest.approx(found["width"] / 0.2)
    mirrored = share(0.8, 0.02, 400, 320)
    assert measures(mirrored, table(mirrored))["cv_log"] == found["cv_log"]
    assert measures(mirrored, table(mirrored))["relative_complement"] == pytest.approx(found["relative"])


def test_effective_n_is_never_above_n_and_all_of_it_at_the_ends() -> None:
    small = share(0.5, 0.001, 40, 20)
    assert measures(small, table(small))["n_effective"] == 40.0
    nobody = share(0.0, 0.0, 29, 0)
    assert measures(nobody, table(nobody))["n_effective"] == 29.0
    assert measures(nobody, table(nobody))["at_bounds"] == 1.0


def results(*rows: Row) -> Results:
    return Results(estimates=(table(*rows),), source=Provenance(rows=1000), design=Design())


def test_withheld_figures_keep_their_n_and_marked_ones_their_number() -> None:
    few, none, fine = share(0.3, 0.1, 20, 6), share(0.0, 0.0, 50, 0), share(0.4, 0.01, 900, 360)
    made = assess(results(few, none, fine), "nchs").estimates[0].rows
    assert made[0].flag == "nchs_suppress" and made[0].estimate is None and made[0].count is None and made[0].n == 20
    assert made[1].flag == "nchs_bounds" and made[1].estimate == 0.0
    assert made[2] == fine
    noted = assess(results(few, none, fine), "nchs").notes[0]
    assert dict(noted.values) == {"scheme": "nchs", "n": 1, "withheld": 1}
    assert assess(results(few), "none") == results(few)


def test_a_row_that_is_flagged_already_keeps_its_flag() -> None:
    held = share(0.3, 0.1, 20, 6, flag="suppressed")
    assert assess(results(held), "min-n").estimates[0].rows == (held,)


def test_signs_stand_in_the_table(run, example) -> None:
    ran = run(
        "summarize", example / "transit.sav", "education", "--by", "sex:nationality", "-w", "weight",
        "--quality", "statcan",
    )  # fmt: skip
    assert ran.status == 0 and "E Flagged: use with caution" in ran.out and "F Flagged: withheld" in ran.out
    flags = {row["flag"] for row in run(
        "summarize", example / "transit.sav", "education", "--by", "sex:nationality", "-w", "weight",
        "--quality", "statcan", "--format", "json",
    ).json["rows"]}  # fmt: skip
    assert {"statcan_e", "statcan_f"} <= flags
